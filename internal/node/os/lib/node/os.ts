// node:os: https://nodejs.org/docs/latest-v24.x/api/os.html

import { Buffer } from 'internal:buffer';
import { SystemError } from 'internal:errors';
import { constants } from 'internal:os/constants';
import { load } from 'internal:load';
import { validateInt32, validateObject } from 'internal:validators';
import * as native from 'native:os';

const { defineProperties, defineProperty } = Object;

// Node reports failures here as ERR_SYSTEM_ERROR with the system's error in `info`.
function attempt<T>(site: Function, work: () => T): T {
  try {
    return work();
  } catch (error: any) {
    if (typeof error?.errno !== 'number') throw error;
    const { errno, code, syscall } = error;
    const start = `${code}: `.length;
    const end = error.message.lastIndexOf(`, ${syscall}`);
    const failure = new SystemError('ERR_SYSTEM_ERROR', 'A system error occurred',
      { errno, code, message: error.message.slice(start, end === -1 ? undefined : end), syscall });
    Error.captureStackTrace?.(failure, site);
    throw failure;
  }
}

let names: string[] | undefined;

function uname(): string[] {
  names ??= native.uname();
  return names;
}

// `${os.hostname}` gives the host's name, and so on: functions without arguments convert to what they return.
function primitive(get: any): any {
  defineProperty(get, Symbol.toPrimitive, { value: () => get(), configurable: true, writable: true, enumerable: true });
  return get;
}

/** Processors that the program may use. */
const availableParallelism = primitive(function availableParallelism(): number {
  return native.availableParallelism();
});

/** The load of the last 1, 5 and 15 minutes. */
function loadavg(): number[] {
  return native.loadavg();
}

/** The processors with their times in milliseconds. */
function cpus(): any[] {
  const flat = attempt(cpus, native.cpus);
  const out = [];
  for (let i = 0; i < flat.length; i += 7) {
    out.push({
      model: flat[i],
      speed: flat[i + 1],
      times: { user: flat[i + 2], nice: flat[i + 3], sys: flat[i + 4], idle: flat[i + 5], irq: flat[i + 6] },
    });
  }
  return out;
}

const arch = primitive(function arch(): string {
  return load('node:process').default.arch;
});

const platform = primitive(function platform(): string {
  return load('node:process').default.platform;
});

/** The folder for temporary files, without a slash at the end. */
const tmpdir = primitive(function tmpdir(): string {
  const { env } = load('node:process').default;
  const path = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
});

const endianness = primitive(function endianness(): string {
  return 'LE';
});

/** Addresses by interface, of interfaces that are up. */
function networkInterfaces(): any {
  const flat = attempt(networkInterfaces, native.networkInterfaces);
  const out: any = {};
  for (let i = 0; i < flat.length; i += 8) {
    const [name, address, netmask, family, mac, internal, scopeid, prefix] = flat.slice(i, i + 8) as any[];
    const entry: any = { address, netmask, family: family === 6 ? 'IPv6' : 'IPv4', mac, internal, cidr: prefix === -1 ? null : `${address}/${prefix}` };
    if (family === 6) entry.scopeid = scopeid;
    (out[name] ??= []).push(entry);
  }
  return out;
}

function setPriority(pid: any, priority?: any): void {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', -20, 19);
  attempt(setPriority, () => native.setPriority(pid, priority));
}

function getPriority(pid?: any): number {
  if (pid === undefined) pid = 0;
  else validateInt32(pid, 'pid');
  return attempt(getPriority, () => native.getPriority(pid));
}

/** The effective user, from the system's list of users and not from the environment. */
function userInfo(options?: any): any {
  let encoding: any = 'utf8';
  if (options !== undefined) {
    validateObject(options, 'options');
    if (options.encoding === 'buffer') encoding = 'buffer';
    else if (options.encoding !== undefined && Buffer.isEncoding(options.encoding)) encoding = options.encoding;
  }
  const [uid, gid, username, homedir, shell] = attempt(userInfo, native.userInfo);
  const convert = (text: any) => encoding === 'utf8' ? text : encoding === 'buffer' ? Buffer.from(text) : Buffer.from(text).toString(encoding);
  return { __proto__: null, uid, gid, username: convert(username), homedir: convert(homedir), shell: convert(shell) };
}

const freemem = primitive(function freemem(): number { return attempt(freemem, native.freemem); });
const totalmem = primitive(function totalmem(): number { return attempt(totalmem, native.totalmem); });
const homedir = primitive(function homedir(): string { return attempt(homedir, native.homedir); });
const hostname = primitive(function hostname(): string { return attempt(hostname, native.hostname); });
const uptime = primitive(function uptime(): number { return attempt(uptime, native.uptime); });
const type = primitive(function type(): string { return uname()[0]; });
const release = primitive(function release(): string { return uname()[1]; });
const version = primitive(function version(): string { return uname()[2]; });
const machine = primitive(function machine(): string { return uname()[3]; });

const os: any = {
  arch, availableParallelism, cpus, endianness, freemem, getPriority, homedir, hostname, loadavg, networkInterfaces, platform, release,
  setPriority, tmpdir, totalmem, type, userInfo, uptime, version, machine,
};

defineProperties(os, {
  constants: { configurable: false, enumerable: true, value: constants },
  EOL: { configurable: true, enumerable: true, writable: false, value: '\n' },
  devNull: { configurable: true, enumerable: true, writable: false, value: '/dev/null' },
});

export default os;
