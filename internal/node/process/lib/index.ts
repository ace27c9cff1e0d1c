// The process object. https://nodejs.org/docs/latest-v24.x/api/process.html
//
// Bootstrap needs little of it; what is rarely used is loaded when it is called.
import { flushDestroyHooks } from 'internal:asynchooks/state';
import { EventEmitter } from 'internal:events';
import { abort, config, v8Version, writeSync } from 'native:runtime';
import * as native from 'native:process';
import { setSourceMapper, usesSourceMaps } from 'internal:bootstrap/stack';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { nextTick, stopTicks } from 'internal:process/task';
import { hasUncaughtExceptionCaptureCallback, setUncaughtExceptionCaptureCallback } from 'internal:process/capture';
import { env } from 'internal:process/env';

const { defineProperty } = Object;
const settings = config();

const constructor = (function process() {}) as any;
const prototype = Object.create(EventEmitter.prototype, {
  constructor: { value: constructor, writable: true, enumerable: false, configurable: true },
});
defineProperty(constructor, 'prototype', { value: prototype });
export const process: any = Object.create(prototype);
EventEmitter.call(process);
defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true, enumerable: false, writable: false });

const ROOST_VERSION = '0.1.0';
process.version = 'v24.12.0';
const versions: any = {
  node: '24.12.0',
  acorn: '8.15.0',
  ada: '3.3.0',
  ares: '1.34.5',
  brotli: '1.1.0',
  cldr: '47.0',
  icu: '77.1',
  llhttp: '9.3.0',
  modules: '137',
  napi: '10',
  openssl: '3.5.4',
  roost: ROOST_VERSION,
  simdjson: '4.1.0',
  sqlite: '3.53.3',
  tz: '2025b',
  undici: '7.16.0',
  unicode: '16.0',
  uv: '1.51.0',
  v8: `${v8Version()}-node.37`,
  zlib: '1.3.1',
  zstd: '1.5.7',
};
// Nobody changes a version, but loaders add theirs (Yarn's PnP).
for (const name of Object.keys(versions)) {
  defineProperty(versions, name, { writable: false });
}
defineProperty(process, 'versions', { value: versions, enumerable: true, configurable: true, writable: false });
process.arch = settings.arch;
process.platform = settings.platform;
const release: any = { name: 'node', lts: 'Krypton', sourceUrl: 'https://nodejs.org/download/release/v24.12.0/node-v24.12.0.tar.gz',
  headersUrl: 'https://nodejs.org/download/release/v24.12.0/node-v24.12.0-headers.tar.gz' };
defineProperty(process, 'release', { value: release, enumerable: true, configurable: true, writable: false });
process.title = 'node';
let title: string = settings.title;
defineProperty(process, 'title', {
  enumerable: true,
  configurable: true,
  get: () => title,
  set(value) {
    title = String(value);
    native.setTitle(title);
  },
});

process.argv = settings.hasEval ? [settings.execPath, ...settings.argv] : [settings.execPath, settings.script, ...settings.argv];
process.argv0 = settings.argv0;
process.execPath = settings.execPath;
process.execArgv = settings.execArgv;
process.env = env;
process.pid = settings.pid;
defineProperty(process, 'ppid', { enumerable: true, configurable: true, get: () => settings.ppid });
let debugPort: number | undefined; // undefined: what the command line says
/** The inspector listens there. */
export function setDebugPort(port: number): void {
  debugPort = port;
}
defineProperty(process, 'debugPort', {
  enumerable: true,
  configurable: true,
  get: () => (debugPort ??= load('internal:inspector/start').initialPort(settings.options)),
  set(value) {
    const number = Number(value);
    const port = Number.isFinite(number) ? Math.trunc(number) : 0;
    if (port !== 0 && (port < 1024 || port > 65535)) {
      throw new RangeError('process.debugPort must be 0 or in range 1024 to 65535');
    }
    debugPort = port;
  },
});
if (settings.worker === '') {
  process._debugEnd = () => load('internal:inspector').close();
  process._debugProcess = (pid: any) => {
    process.kill(pid, 'SIGUSR1');
  };
}
process._exiting = false;
// What node-gyp and its like read. Frozen, as in Node.
process.config = Object.freeze({
  target_defaults: Object.freeze({ cflags: Object.freeze([]), default_configuration: 'Release', defines: Object.freeze([]), include_dirs: Object.freeze([]), libraries: Object.freeze([]) }),
  variables: Object.freeze({ host_arch: settings.arch, target_arch: settings.arch, napi_build_version: '10', node_module_version: 137, node_shared: false, v8_enable_i18n_support: 1, v8_enable_pointer_compression: 1 }),
});
process.features = {
  inspector: true, debug: false, uv: false, ipv6: true, tls_alpn: true, tls_sni: true, tls_ocsp: false, tls: true, openssl_is_boringssl: false,
  get cached_builtins() { return true; },
  get require_module() { return true; },
  get typescript() { return 'transform'; },
};
defineProperty(process, 'allowedNodeEnvironmentFlags', {
  enumerable: true,
  configurable: true,
  get() {
    const value = load('internal:process/flags').makeFlags(settings.environmentFlags);
    defineProperty(process, 'allowedNodeEnvironmentFlags', { value, writable: true, enumerable: true, configurable: true });
    return value;
  },
  set(value) {
    defineProperty(process, 'allowedNodeEnvironmentFlags', { value, writable: true, enumerable: true, configurable: true });
  },
});
process.moduleLoadList = [];
if (settings.hasEval) {
  process._eval = settings.eval;
  process._print_eval = settings.print;
}
process.noDeprecation = settings.options['no-deprecation'] !== undefined || undefined;
process.throwDeprecation = settings.options['throw-deprecation'] !== undefined || undefined;
process.traceDeprecation = settings.options['trace-deprecation'] !== undefined || undefined;
for (const flag of ['noDeprecation', 'throwDeprecation', 'traceDeprecation']) {
  if (process[flag] === undefined) {
    delete process[flag];
  }
}

// What Node keeps user code from assigning.
for (const name of ['arch', 'config', 'moduleLoadList', 'pid', 'platform', 'version']) {
  defineProperty(process, name, { writable: false });
}
for (const name of ['argv0', 'features']) {
  defineProperty(process, name, { writable: false, configurable: false });
}
defineProperty(process, 'sourceMapsEnabled', { enumerable: true, configurable: true, get: usesSourceMaps });
if (settings.options['enable-source-maps'] !== undefined) {
  setSourceMapper((file, line, column) => load('internal:module/sourcemap').originOf(file, line, column));
}

// ---- exit ----
let exitCode: number | string | undefined;
function validExitCode(value: any, name: string): any {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (typeof value === 'string' && value !== '' && Number.isInteger(+value)) {
    return +value;
  }
  load('internal:validators').validateInteger(value, name);
  return value;
}
defineProperty(process, 'exitCode', {
  enumerable: true,
  configurable: false,
  get: () => exitCode,
  set(value) {
    if (value !== null && value !== undefined) {
      let integer = value;
      if (typeof integer === 'string' && integer !== '' && Number(integer) === Number(integer)) {
        integer = Number(integer);
      }
      load('internal:validators').validateInteger(integer, 'code');
    }
    exitCode = value;
  },
});
process.exit = function exit(code?: any): void {
  if (arguments.length !== 0) {
    process.exitCode = validExitCode(code, 'code');
  }
  if (!process._exiting) {
    flushDestroyHooks(); // there is no later turn for them
    process._exiting = true;
    stopTicks();
    process.emit('exit', process.exitCode === undefined || process.exitCode === null ? 0 : process.exitCode);
  }
  process.reallyExit(process.exitCode === undefined || process.exitCode === null ? 0 : process.exitCode);
};
process._fatalException = (error: any, fromPromise?: any) => load('internal:process/lifecycle').fatalException(error, Boolean(fromPromise));
process.reallyExit = (code: any) => {
  if (settings.options['trace-exit'] !== undefined) {
    const trace: any = {};
    Error.captureStackTrace(trace, process.reallyExit);
    const thread = settings.worker === '' ? '' : `, thread:${load('internal:workerthreads/state').state.threadId}`;
    process._rawDebug(`(node:${process.pid}${thread}) WARNING: Exited the environment with code ${(code as any) | 0}${String(trace.stack).slice(String(trace.stack).indexOf('\n'))}`);
  }
  if (settings.worker !== '') {
    load('internal:process/lifecycle').leaveWorker((code as any) | 0);
  }
  const { reallyExit, runEnds } = load('internal:process/lifecycle');
  runEnds();
  reallyExit((code as any) | 0);
};
process.abort = () => abort();
process.nextTick = nextTick;
process.setUncaughtExceptionCaptureCallback = setUncaughtExceptionCaptureCallback;
process.hasUncaughtExceptionCaptureCallback = hasUncaughtExceptionCaptureCallback;
process.setSourceMapsEnabled = (value: any): void => {
  load('internal:validators').validateBoolean(value, 'val');
  load('internal:module/sourcemap').setSupport({ enabled: value, nodeModules: value, generatedCode: value });
};

// ---- clocks ----
const words = new Uint32Array(3);
process.hrtime = function hrtime(time?: any): [number, number] {
  native.hrtime(words);
  if (time !== undefined) {
    if (!Array.isArray(time)) {
      throw new codes.ERR_INVALID_ARG_TYPE('time', 'Array', time);
    }
    if (time.length !== 2) {
      throw new codes.ERR_OUT_OF_RANGE('time', 2, time.length);
    }
    const seconds = words[0] * 0x100000000 + words[1] - time[0];
    const nanoseconds = words[2] - time[1];
    return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1e9] : [seconds, nanoseconds];
  }
  return [words[0] * 0x100000000 + words[1], words[2]];
};
process.hrtime.bigint = function bigint(): bigint {
  native.hrtime(words);
  return (BigInt(words[0] * 0x100000000 + words[1]) * 1000000000n) + BigInt(words[2]);
};
process.uptime = () => native.uptime();

// ---- usage ----
process.memoryUsage = function memoryUsage() {
  const [rss, heapTotal, heapUsed, external, arrayBuffers] = native.memory();
  return { rss, heapTotal, heapUsed, external, arrayBuffers };
};
process.memoryUsage.rss = () => native.memory()[0];
function cpuUsage(read: () => Float64Array, previous: any): { user: number; system: number } {
  if (previous !== undefined) {
    const { validateObject } = load('internal:validators');
    validateObject(previous, 'prevValue');
    for (const key of ['user', 'system']) {
      if (typeof previous[key] !== 'number') {
        throw new codes.ERR_INVALID_ARG_TYPE(`prevValue.${key}`, 'number', previous[key]);
      }
      if (!(previous[key] >= 0 && previous[key] <= Number.MAX_SAFE_INTEGER)) {
        throw new codes.ERR_INVALID_ARG_VALUE.RangeError(`prevValue.${key}`, previous[key]);
      }
    }
  }
  const [user, system] = read();
  return previous === undefined ? { user, system } : { user: user - previous.user, system: system - previous.system };
}
process.cpuUsage = (previous?: any) => cpuUsage(native.cpuUsage, previous);
process.threadCpuUsage = (previous?: any) => cpuUsage(native.threadCpuUsage, previous);
process.resourceUsage = function resourceUsage() {
  const v = native.resourceUsage();
  return {
    userCPUTime: v[0], systemCPUTime: v[1], maxRSS: v[2], sharedMemorySize: v[3], unsharedDataSize: v[4], unsharedStackSize: v[5],
    minorPageFault: v[6], majorPageFault: v[7], swappedOut: v[8], fsRead: v[9], fsWrite: v[10], ipcSent: v[11], ipcReceived: v[12],
    signalsCount: v[13], voluntaryContextSwitches: v[14], involuntaryContextSwitches: v[15],
  };
};
process.availableMemory = () => native.availableMemory();
process.constrainedMemory = () => native.constrainedMemory();
process.getActiveResourcesInfo = (): string[] => load('internal:process/resources').activeResources();
process._getActiveHandles = (): any[] => load('internal:process/resources').handleOwners();
process._getActiveRequests = (): any[] => load('internal:request').activeRequests().map((type: string) => ({ type }));

// ---- working directory, identity ----
let cachedCwd = '';
process.cwd = function cwd(): string {
  if (cachedCwd === '' || settings.sharesProcess) { // the others may change it
    cachedCwd = native.cwd();
  }
  return cachedCwd;
};
process.chdir = function chdir(directory: any): void {
  load('internal:validators').validateString(directory, 'directory');
  native.chdir(directory);
  cachedCwd = '';
};
process.umask = function umask(mask?: any): number {
  if (mask === undefined) {
    return native.umask();
  }
  return native.umask(load('internal:validators').parseFileMode(mask, 'mask'));
};
process.getuid = () => native.ids()[0];
process.geteuid = () => native.ids()[1];
process.getgid = () => native.ids()[2];
process.getegid = () => native.ids()[3];
process.getgroups = () => native.groups();
for (const name of ['setuid', 'seteuid', 'setgid', 'setegid']) {
  process[name] = (id: any) => load('internal:process/credentials').setID(name, id);
}
process.setgroups = (groups: any) => load('internal:process/credentials').setGroups(groups);
process.initgroups = (user: any, extraGroup: any) => load('internal:process/credentials').initGroups(user, extraGroup);

// ---- signals ----
process.kill = function kill(pid: any, signal?: any): true {
  return load('internal:process/signals').kill(pid, signal);
};
process._kill = (pid: number, signal: number) => native.kill(pid, signal);
process.on('newListener', (type: any) => {
  if (typeof type === 'string' && type.startsWith('SIG') && settings.worker === '') {
    load('internal:process/signals').listening(type);
  }
});
process.on('removeListener', (type: any) => {
  if (typeof type === 'string' && type.startsWith('SIG') && settings.worker === '') {
    load('internal:process/signals').unlistening(type);
  }
});

// ---- warnings, modules, the rest ----
if (settings.options['no-warnings'] === undefined && env.NODE_NO_WARNINGS !== '1') {
  // A listener like any other: programs take it away to be silent.
  process.on('warning', (warning: any) => load('internal:process/warning').print(warning));
}
process.emitWarning = (...args: any[]) => load('internal:process/warning').emitWarning(...args);
process.getBuiltinModule = function getBuiltinModule(id: any): any {
  load('internal:validators').validateString(id, 'id');
  const { Module, builtinExports } = load('internal:module/cjs');
  return (Module as any).isBuiltin(id) ? builtinExports(id.startsWith('node:') ? id.slice(5) : id) : undefined;
};
process.loadEnvFile = function loadEnvFile(path: any = '.env'): void {
  load('internal:process/envfile').loadEnvFile(path);
};
process.execve = (path: any, args: any, environment: any) => load('internal:process/credentials').execve(path, args, environment);
process.dlopen = (module: any, filename: any, flags?: any) => load('internal:process/addons').dlopen(module, filename, flags);
// Deprecated (DEP0111): what packages still read of it. Node's other internals don't exist here.
process.binding = (name: any): any => {
  if (name === 'constants') {
    const { UV_UDP_REUSEADDR, ...os } = load('node:os').default.constants;
    return { __proto__: null, os: { __proto__: null, UV_UDP_REUSEADDR, ...os }, fs: load('node:fs').default.constants,
      crypto: load('node:crypto').default.constants, zlib: load('node:zlib').default.constants, trace: { __proto__: null } };
  }
  if (name === 'natives') {
    return Object.fromEntries(load('internal:module/cjs').Module.builtinModules.map((module: string) => [module, '']));
  }
  if (name === 'fs') {
    return load('internal:process/fsbinding').fsBinding;
  }
  if (name === 'spawn_sync') {
    return load('internal:childprocess').spawnSyncBinding;
  }
  throw new Error(`No such module: ${String(name)}`);
};
process.ref = (value: any) => {
  (value?.[Symbol.for('nodejs.ref')] ?? value?.ref)?.call(value);
};
process.unref = (value: any) => {
  (value?.[Symbol.for('nodejs.unref')] ?? value?.unref)?.call(value);
};
process.openStdin = () => {
  process.stdin.resume();
  return process.stdin;
};
process._tickCallback = () => load('internal:process/task').runTicks();
process._rawDebug = (...args: any[]) => writeSync(2, `${load('internal:util/inspect').format(...args)}\n`);
process._linkedBinding = process.binding;
defineProperty(process, 'report', { enumerable: true, configurable: true, get: () => load('internal:process/report').report });
defineProperty(process, 'finalization', { enumerable: true, configurable: true, get: () => load('internal:process/finalization').finalization });
defineProperty(process, 'permission', { enumerable: true, configurable: true, value: undefined, writable: true });
delete process.permission;
for (const name of ['stdin', 'stdout', 'stderr']) {
  defineProperty(process, name, {
    enumerable: true,
    configurable: true,
    get() {
      if (name === 'stderr') stderrTaken = true;
      return load('internal:tty/stdio')[name]();
    },
  });
}
const stderrGetter = Object.getOwnPropertyDescriptor(process, 'stderr')!.get;
let stderrTaken = false;
/** Whether the program has process.stderr, and may have changed it. */
export function hasStderr(): boolean {
  return stderrTaken || Object.getOwnPropertyDescriptor(process, 'stderr')?.get !== stderrGetter;
}
