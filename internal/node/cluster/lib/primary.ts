// node:cluster in the process that forks. https://nodejs.org/docs/latest-v24.x/api/cluster.html
import { fork } from 'internal:childprocess';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { Correspondence } from 'internal:cluster/messages';
import { type Member, RoundRobin, type Share, Shared, sharedServer } from 'internal:cluster/shares';
import { Worker } from 'internal:cluster/worker';

const { values } = Object;

const SCHED_NONE = 1;
const SCHED_RR = 2;

function processObject(): any {
  return load('internal:process').process;
}

function policyFromEnvironment(): number {
  switch (processObject().env.NODE_CLUSTER_SCHED_POLICY) {
    case 'none': return SCHED_NONE;
    case 'rr': return SCHED_RR;
    default: return SCHED_RR;
  }
}

/** A place to listen, as the query of a worker names it. */
function placeOf({ address, port, fd, flags, backlog, readableAll, writableAll }: any): any {
  const path = port !== null && port < 0 && typeof address === 'string' ? shortest(address) : null;
  return {
    address: path === null ? address : null, port: path === null && port !== null ? port : -1, path,
    fd: typeof fd === 'number' ? fd : -1, backlog: backlog || 511, flags: flags | 0,
    mode: (readableAll ? 0o444 : 0) | (writableAll ? 0o222 : 0),
  };
}

/** The system limits the length of a socket's path: relative to where we are it may be shorter. */
function shortest(path: string): string {
  const relative = load('internal:path').posix.relative(processObject().cwd(), path);
  return relative.length < path.length ? relative : path;
}

// ---------------------------------------------------------------------------------------------------------------
// What is shared
// ---------------------------------------------------------------------------------------------------------------

const shares = new Map<string, Share>();
let extraKeys = 0;

function isDatagram({ addressType }: any): boolean {
  return addressType === 'udp4' || addressType === 'udp6';
}

function openShare(key: string, query: any): Share {
  if (isDatagram(query)) {
    const { address, port, addressType, fd, flags } = query;
    return new Shared(() => load('internal:dgram/handle').openAt(address, port, addressType === 'udp6', fd, flags));
  }
  return cluster.schedulingPolicy === SCHED_RR ? new RoundRobin(key, placeOf(query)) : sharedServer(placeOf(query));
}

/** A worker wants to listen. */
function query(worker: any, member: Member, message: any): void {
  if (worker.exitedAfterDisconnect) return; // it is on its way out
  const { address, port, addressType, fd, index } = message;
  // Servers on port 0 get the same port when they are each worker's first, second, ...
  let key = `${address}:${port}:${addressType}:${fd}${port === 0 ? `:${index}` : ''}`;
  let share = shares.get(key);
  // A worker's second server on one place competes for it, as in a process alone.
  if (share?.has(member)) {
    key += `#${++extraKeys}`;
    share = undefined;
  }
  if (share === undefined) shares.set(key, share = openShare(key, message));
  share.data ??= message.data;
  const { data } = share;
  share.add(member, (errno, fields, handle) => {
    if (errno) shares.delete(key); // who comes next may try again
    member.post({ errno, key, ack: message.seq, data: data ?? null, ...fields }, { handle });
  });
}

function leaveShare(member: Member, key: string): void {
  if (shares.get(key)?.remove(member)) shares.delete(key);
}

function leaveShares(member: Member): void {
  for (const key of [...shares.keys()]) leaveShare(member, key);
}

// ---------------------------------------------------------------------------------------------------------------
// Workers
// ---------------------------------------------------------------------------------------------------------------

const members = new WeakMap<object, Correspondence>();
/** Workers whose process has a channel, or runs: what disconnect() waits for. */
const connected = new Set<object>();
let waiting: (() => void)[] = [];

function forget(worker: any): void {
  delete cluster.workers[worker.id];
}

function left(worker: any): void {
  connected.delete(worker);
  if (connected.size > 0) return;
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) nextTick(callback);
}

/** Tells the worker's listeners and the cluster's. */
function tell(worker: any, event: string, ...args: any[]): void {
  worker.emit(event, ...args);
  cluster.emit(event, worker, ...args);
}

const acts: Record<string, (worker: any, member: Correspondence, message: any) => void> = {
  __proto__: null as never,
  online(worker) {
    worker.state = 'online';
    tell(worker, 'online');
  },
  listening(worker, _member, { addressType, address, port, fd }) {
    worker.state = 'listening';
    tell(worker, 'listening', { addressType, address, port, fd });
  },
  queryServer: query,
  close(_worker, member, { key }) {
    leaveShare(member, key);
  },
  exitedAfterDisconnect(worker, member, { seq }) {
    worker.exitedAfterDisconnect = true;
    member.post({ ack: seq });
  },
};

/** Follows the process of a worker to its end. */
function follow(worker: any): void {
  const child = worker.process;
  const member = new Correspondence(child, (message) => acts[message.act]?.(worker, member, message));
  members.set(worker, member);
  if (child.connected) connected.add(worker); // else it could not be started
  worker.on('message', (message: any, handle: any) => cluster.emit('message', worker, message, handle));
  child.once('exit', (code: any, signal: any) => {
    // While the channel is open there may still be messages.
    if (!worker.isConnected()) {
      leaveShares(member);
      forget(worker);
    }
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'dead';
    tell(worker, 'exit', code, signal);
  });
  child.once('disconnect', () => {
    leaveShares(member);
    if (worker.isDead()) forget(worker);
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'disconnected';
    tell(worker, 'disconnect');
    left(worker);
  });
}

const methods = Worker.prototype as any;

methods.disconnect = function disconnect(this: any): any {
  this.exitedAfterDisconnect = true;
  const member = members.get(this);
  if (member !== undefined) {
    member.post({ act: 'disconnect' });
    leaveShares(member);
  }
  forget(this);
  return this;
};

methods.destroy = function destroy(this: any, signal: any): void {
  this.process.kill(signal || 'SIGTERM');
};

// ---------------------------------------------------------------------------------------------------------------
// The module
// ---------------------------------------------------------------------------------------------------------------

let lastId = 0;
let inspectPort: ((wanted: any) => number) | undefined; // of the next worker

function optionsOf({ execArgv = [], ...settings }: any): any[] {
  const options = [...execArgv];
  const { newPorts, opensInspector } = load('internal:inspector/ports');
  if (opensInspector(options)) options.push(`--inspect-port=${(inspectPort ??= newPorts())(settings.inspectPort)}`);
  return options;
}

export const cluster: any = new (EventEmitter as any)();
Object.assign(cluster, {
  isWorker: false,
  isMaster: true, // deprecated
  isPrimary: true,
  Worker,
  workers: {},
  settings: {},
  SCHED_NONE,
  SCHED_RR,
  schedulingPolicy: policyFromEnvironment(),

  setupPrimary(options?: any): void {
    const process = processObject();
    cluster.settings = {
      args: process.argv.slice(2), exec: process.argv[1], execArgv: process.execArgv, silent: false, ...cluster.settings, ...options,
    };
    const { settings } = cluster;
    nextTick(() => cluster.emit('setup', settings));
  },

  fork(env?: any): any {
    cluster.setupPrimary();
    const { settings } = cluster;
    const id = ++lastId;
    const { cwd, serialization, silent, windowsHide, stdio, uid, gid } = settings;
    const child = fork(settings.exec, settings.args, {
      cwd, serialization, silent, windowsHide, stdio, uid, gid, execArgv: optionsOf(settings),
      env: { ...processObject().env, ...env, NODE_UNIQUE_ID: `${id}` },
    });
    const worker = new (Worker as any)({ id, process: child });
    follow(worker);
    cluster.workers[id] = worker;
    nextTick(() => cluster.emit('fork', worker));
    return worker;
  },

  disconnect(callback?: any): void {
    const workers = values(cluster.workers) as any[];
    if (typeof callback === 'function') {
      if (connected.size === 0) nextTick(() => callback.call(cluster));
      else waiting.push(() => callback.call(cluster));
    }
    for (const worker of workers) {
      if (worker.isConnected()) worker.disconnect();
    }
  },
});
cluster.setupMaster = cluster.setupPrimary; // deprecated
