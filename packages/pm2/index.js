'use strict';
// PM2's programmatic interface over the control socket of Roost's process manager. Every function takes a callback, or gives a promise without one.
// https://pm2.keymetrics.io/docs/usage/pm2-api/

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { call } = require('./connection.js');
const { Bus } = require('./bus.js');

/** Calls back, or gives the promise. */
function settle(promise, callback) {
  if (typeof callback !== 'function') return promise;
  promise.then((value) => setImmediate(callback, null, value), (err) => setImmediate(callback, err));
  return undefined;
}

/** A function whose last argument may be a callback. */
function both(work) {
  return function(...args) {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    return settle(work.apply(this, args), callback);
  };
}

const isEcosystem = (name) => /\.(json5?|ya?ml)$|(^|[./\\])(config|pm2|ecosystem)\.[cm]?[jt]s$/.test(name);

/** Nobody listens, or the one who did is ending. */
const isGone = ({ code }) => code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'CLOSED';

class Manager {
  #home;
  #bus = null;
  #ownDaemon = false;

  /** @param {{pm2_home?: string, roost_home?: string}} [options] */
  constructor(options = {}) {
    const home = options.roost_home ?? options.pm2_home ?? process.env.ROOST_HOME;
    this.#home = home ? path.resolve(home) : path.join(os.homedir(), '.roost');
  }

  get #socket() {
    return path.join(this.#home, 'control.sock');
  }

  #call(method, params, onnote) {
    return call(this.#socket, method, params ?? null, onnote).answer.catch((err) => {
      if (err.code === 'NOT_FOUND' && method !== 'message' && method !== 'send') err.message = 'process or namespace not found';
      throw err;
    });
  }

  async #ensure() {
    try {
      return await this.#call('ping');
    } catch (err) {
      if (!isGone(err)) throw err;
    }
    await this.#startDaemon();
    return this.#call('ping');
  }

  #startDaemon() {
    const program = process.env.ROOST_BIN || (process.versions.roost ? process.execPath : 'roost');
    return new Promise((resolve, reject) => {
      const child = spawn(program, ['pm2', 'ping'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ROOST_HOME: this.#home } });
      let said = '';
      child.stderr.on('data', (text) => { said += text; });
      child.on('error', (err) => reject(new Error(`the daemon can't be started, ${program}: ${err.message}; set ROOST_BIN`)));
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`the daemon can't be started: ${said.trim() || `exit code ${code}`}`));
      });
    });
  }

  async #list() {
    return this.#call('shape');
  }

  async #byIDs(ids) {
    const wanted = new Set(ids);
    return (await this.#list()).filter(({ pm_id }) => wanted.has(pm_id));
  }

  #environment() {
    return { ...process.env };
  }

  async #kill() {
    try {
      await this.#call('kill');
    } catch (err) {
      if (!isGone(err)) throw err;
    }
    // It answers before it has ended.
    while (this.#isDaemonThere()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #isDaemonThere() {
    try {
      return process.kill(Number(fs.readFileSync(path.join(this.#home, 'daemon.pid'), 'utf8')) || NaN, 0);
    } catch {
      return false;
    }
  }

  /** connect([noDaemon]): starts the daemon when there is none; with noDaemon it ends with disconnect(). */
  connect = both(async (noDaemon = false) => {
    await this.#ensure();
    this.#ownDaemon = noDaemon === true;
  });

  disconnect = both(async () => {
    this.#bus?.close();
    this.#bus = null;
    if (this.#ownDaemon) {
      this.#ownDaemon = false;
      await this.#kill();
    }
  });

  /** start(script | ecosystem file | options | list of options | {apps}, [options]) */
  start = both(async (what, options) => {
    await this.#ensure();
    const launch = { cwd: options?.cwd ? path.resolve(options.cwd) : process.cwd(), env: this.#environment(), existing: 'restart' };
    if (typeof what === 'string' && isEcosystem(what)) {
      launch.file = path.resolve(launch.cwd, what);
      if (options?.env && typeof options.env === 'string') launch.environment = options.env;
      if (options?.only) launch.only = [].concat(options.only);
    } else if (typeof what === 'string') {
      if (!fs.existsSync(path.resolve(launch.cwd, what)) && (await this.#describe(what)).length > 0) return this.#operate('restart', what, options);
      launch.document = { ...options, script: what };
      launch.existing = '';
      launch.force = options?.force === true;
    } else {
      launch.document = what;
    }
    return this.#byIDs((await this.#call('launch', launch)).map(({ id }) => id));
  });

  async #operate(method, target, options) {
    const params = { target: String(target) };
    if (options?.updateEnv) params.env = this.#environment();
    const before = method === 'delete' ? await this.#list() : undefined;
    const ids = (await this.#call(method, params)).map(({ id }) => id);
    if (before === undefined) return this.#byIDs(ids);
    const gone = before.filter((p) => target === 'all' || p.name === target || String(p.pm_id) === String(target) || p.pm2_env.namespace === target);
    return gone.map((p) => ({ ...p, pid: 0, pm2_env: { ...p.pm2_env, status: 'stopped' } }));
  }

  stop = both((target) => this.#operate('stop', target));
  restart = both((target, options) => this.#operate('restart', target, options));
  reload = both((target, options) => this.#operate('reload', target, options));
  gracefulReload = this.reload;
  delete = both((target) => this.#operate('delete', target));

  async #describe(target) {
    return (await this.#list()).filter((p) => p.name === target || String(p.pm_id) === String(target));
  }

  list = both(() => this.#list());
  describe = both((target) => this.#describe(target));
  getProcessIdByName = both(async (name) => (await this.#list()).filter((p) => p.name === name).map((p) => p.pm_id));
  getPID = both(async (name) => (await this.#list()).filter((p) => name === undefined || p.name === name).map((p) => p.pid));
  getVersion = both(async () => require('./package.json').version);
  ping = both(async () => { await this.#ensure(); return { msg: 'pong' }; });

  scale = both(async (name, number) => {
    const text = String(number);
    const ids = (await this.#call('scale', { name, count: Number(text), relative: /^[+-]/.test(text) })).map(({ id }) => id);
    return this.#byIDs(ids);
  });

  /** reset(target): counters */
  reset = both(async (target) => this.#byIDs((await this.#call('reset', { target: String(target) })).map(({ id }) => id)));

  /** launchBus(callback(err, bus)) */
  launchBus = both(async () => {
    this.#bus ??= await Bus.open(this.#socket);
    this.#bus.once('close', () => { this.#bus = null; });
    return this.#bus;
  });

  /** sendDataToProcessId(id, packet), or (packet) with its id: a message for process.on('message'). */
  sendDataToProcessId = both(async (id, packet) => {
    if (typeof id === 'object' && id !== null) [id, packet] = [id.id, id];
    if (packet === null || typeof packet !== 'object' || packet.data === undefined) throw new Error('pm_id, data or topic missing');
    const message = { ...packet, id: Number(id) };
    await this.#call('message', { id: Number(id), message });
    return { success: true, data: message };
  });

  /** sendLineToStdin(id, line, [separator]) */
  sendLineToStdin = both(async (id, line, separator = '\n') => {
    await this.#call('send', { id: Number(id), line: line + separator });
    return { pm_id: Number(id), line };
  });

  sendSignalToProcessName = both(async (signal, name) => {
    const ids = (await this.#call('signal', { target: String(name), signal: String(signal) })).map(({ id }) => id);
    return this.#byIDs(ids);
  });
  sendSignalToProcessId = this.sendSignalToProcessName;

  /** trigger(target, action, [parameter]): the replies */
  trigger = both(async (target, action, parameter) => {
    const replies = [];
    const params = { target: String(target), action };
    if (parameter !== undefined) params.param = String(parameter);
    await this.#call('trigger', params, (reply) => replies.push({ process: { pm_id: reply.id, name: reply.name, namespace: reply.namespace }, return: reply.return }));
    return replies;
  });

  dump = both(async () => { await this.#call('save'); return { success: true }; });
  resurrect = both(async () => { await this.#ensure(); return this.#byIDs((await this.#call('revive')).map(({ id }) => id)); });
  reloadLogs = both(async () => { await this.#call('reopen'); return { success: true }; });
  flush = both(async (target) => {
    await this.#call('flush', { target: target === undefined ? '' : String(target) });
    return target === undefined || target === 'all' ? this.#list() : this.#describe(target);
  });

  /** Ends every process and the daemon. */
  killDaemon = both(async () => {
    this.#bus?.close();
    this.#bus = null;
    this.#ownDaemon = false;
    await this.#kill();
    return { success: true };
  });
}

module.exports = new Manager();
module.exports.custom = Manager;
