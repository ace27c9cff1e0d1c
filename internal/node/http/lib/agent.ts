// http.Agent: the pool of a client's connections. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpagent
//
// Three public tables, key to list, hold everything: `sockets` (a request uses them), `freeSockets` (they wait for one) and `requests`
// (they wait for a socket). A Lease ties a socket to its agent and knows whether it is idle; a Ticket is what a waiting request needs to
// go on later. Programs replace single methods (createSocket, createConnection, getName, keepSocketAlive, ...), therefore every step
// calls the others through `this`.
import * as net from 'internal:net';
import { EventEmitter } from 'internal:events';
import { AsyncResource } from 'internal:asynchooks';
import { load } from 'internal:load';
import { debug } from 'internal:http/observe';
import { type Proxy, connectToProxy, proxyFrom, rewrite, usesEnvironment } from 'internal:http/proxy';
import { validateNumber, validateOneOf, validateString } from 'internal:validators';

const { keys, setPrototypeOf } = Object;

const kKeylogTap = Symbol('keylogTap');
const kLease = Symbol('lease');
const kTicket = Symbol('ticket');
/** The agent's proxy, null for none. */
export const kProxy = Symbol('proxy');

type Table = Record<string, any[]>;

function table(): Table {
  return { __proto__: null } as never;
}
function put(lists: Table, key: string, item: any): void {
  const list = lists[key];
  if (list === undefined) lists[key] = [item];
  else list.push(item);
}
function takeOut(lists: Table, key: string, item: any): void {
  const list = lists[key];
  const at = list === undefined ? -1 : list.indexOf(item);
  if (at < 0) return;
  list.splice(at, 1);
  if (list.length === 0) delete lists[key];
}
function sizeOf(lists: Table, key: string): number {
  return lists[key]?.length ?? 0;
}

/** What a request that waits keeps: how it wants to be connected, and the async context in which it goes on. */
class Ticket {
  options: any;
  resource = new AsyncResource('QueuedRequest');
  constructor(options: any) {
    this.options = options;
  }
}

/** A socket in the hands of an agent, from its creation until it closes or somebody takes it away ('agentRemove'). */
class Lease {
  agent: any;
  socket: any;
  options: any;
  idle = false;

  constructor(agent: any, socket: any, options: any) {
    this.agent = agent;
    this.socket = socket;
    this.options = options;
    socket[kLease] = this;
    socket.on('free', this.#offer);
    socket.on('close', this.#account);
    socket.on('timeout', this.#rest);
    socket.on('agentRemove', this.#end);
    const tap = agent[kKeylogTap];
    if (tap) socket.on('keylog', tap);
  }

  #offer = (): void => {
    this.agent.emit('free', this.socket, this.options);
  };

  #account = (): void => {
    this.agent.totalSocketCount--;
    this.agent.removeSocket(this.socket, this.options);
  };

  // A timeout while a request uses the socket is the request's business.
  #rest = (): void => {
    if (this.idle) this.socket.destroy();
  };

  #end = (): void => {
    const { socket } = this;
    socket.off('agentRemove', this.#end);
    socket.off('timeout', this.#rest);
    socket.off('close', this.#account);
    socket.off('free', this.#offer);
    socket[kLease] = undefined;
    this.#account();
  };
}

// The connection breaks while nobody uses it: nobody hears of the error, the pool forgets the socket.
function failIdle(this: any): void {
  this.destroy();
  this.emit('agentRemove');
}

export function Agent(this: any, options?: any): any {
  if (!(this instanceof (Agent as any))) return new (Agent as any)(options);
  (EventEmitter as any).call(this);
  const own: any = { __proto__: null, ...options };
  own.noDelay ??= true;
  // To net a path means a socket of the file system.
  own.path = null;
  validateOneOf(own.scheduling || 'lifo', 'scheduling', ['fifo', 'lifo']);
  if (own.maxTotalSockets !== undefined) validateNumber(own.maxTotalSockets, 'maxTotalSockets', 1);

  this.options = own;
  this.protocol = own.protocol || 'http:';
  this.defaultPort = own.defaultPort || 80;
  for (const name of ['requests', 'sockets', 'freeSockets']) this[name] = table();
  this[kProxy] = own.proxyEnv ? proxyFrom(own.proxyEnv, this.protocol) : null;
  this.scheduling = own.scheduling || 'lifo';
  this.keepAlive = own.keepAlive || false;
  this.keepAliveMsecs = own.keepAliveMsecs || 1000;
  this.agentKeepAliveTimeoutBuffer = isDuration(own.agentKeepAliveTimeoutBuffer) ? own.agentKeepAliveTimeoutBuffer : 1000;
  this.maxFreeSockets = own.maxFreeSockets || 256;
  this.maxSockets = own.maxSockets || Agent.defaultMaxSockets;
  this.maxTotalSockets = own.maxTotalSockets ?? Infinity;
  this.totalSocketCount = 0;
  this.on('free', whenFree);
  this.on('newListener', whenListened);
  return undefined;
}
setPrototypeOf(Agent.prototype, EventEmitter.prototype);
setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;

function isDuration(value: any): boolean {
  return Number.isFinite(value) && value >= 0;
}

// Sockets report their TLS secrets only after somebody asked the agent for them.
function whenListened(this: any, event: any): void {
  if (event !== 'keylog') return;
  const agent = this;
  agent.off('newListener', whenListened);
  const tap = function(this: any, line: any): void {
    agent.emit('keylog', line, this);
  };
  agent[kKeylogTap] = tap;
  for (const key of keys(agent.sockets)) {
    for (const socket of agent.sockets[key]) socket.on('keylog', tap);
  }
}

// A request gave its socket back: it goes to the next one in the queue of its key, to the idle ones, or ends.
function whenFree(this: any, socket: any, options: any): void {
  const key = this.getName(options);
  const queue = this.requests[key];
  if (socket.writable && queue !== undefined && queue.length > 0) {
    const req = queue[0];
    takeOut(this.requests, key, req);
    const ticket: Ticket | null = req[kTicket];
    req[kTicket] = null;
    if (ticket) ticket.resource.runInAsyncScope(assign, null, this, req, socket);
    else assign(this, req, socket);
  } else if (socket.writable && this.keepAlive && socket._httpMessage?.shouldKeepAlive && hasRoom(this, key) && this.keepSocketAlive(socket)) {
    store(this, key, socket, options);
  } else {
    socket.destroy();
  }
}

function hasRoom(agent: any, key: string): boolean {
  const idle = sizeOf(agent.freeSockets, key);
  return idle < agent.maxFreeSockets && idle + sizeOf(agent.sockets, key) <= agent.maxSockets && agent.totalSocketCount <= agent.maxTotalSockets;
}

function store(agent: any, key: string, socket: any, options: any): void {
  const lease: Lease | undefined = socket[kLease];
  if (lease) lease.idle = true;
  socket._httpMessage = null;
  // The list is kept over removeSocket, which may start a waiting request and runs code of the program.
  const list = (agent.freeSockets[key] ??= []);
  agent.removeSocket(socket, options);
  socket.once('error', failIdle);
  list.push(socket);
}

// Takes an idle socket of the key, or undefined. Those that broke in the meantime fall out.
function takeIdle(agent: any, key: string): any {
  const list = agent.freeSockets[key];
  if (list === undefined) return undefined;
  while (list.length > 0 && list[0].destroyed) list.shift();
  const socket = agent.scheduling === 'lifo' ? list.pop() : list.shift();
  if (list.length === 0) delete agent.freeSockets[key];
  if (socket === undefined) return undefined;
  socket.off('error', failIdle);
  const lease: Lease | undefined = socket[kLease];
  if (lease) lease.idle = false;
  return socket;
}

function assign(agent: any, req: any, socket: any): void {
  req.onSocket(socket);
  const { timeout } = req;
  if (timeout !== undefined && timeout !== (agent.options.timeout || 0)) socket.setTimeout(timeout);
}

// The options of one connection: the agent's own win.
function connectionOptions(agent: any, req: any, options: any): any {
  const merged = { __proto__: null, ...options, ...agent.options };
  if (merged.socketPath) merged.path = merged.socketPath;
  merged.servername ||= merged.servername === '' ? '' : serverName(merged.host, req.getHeader('host'));
  return merged;
}

// SNI names the host that the Host header asks for; an address is no name.
function serverName(host: any, header: any): string {
  if (header) {
    validateString(header, 'options.headers.host');
    const [, inBrackets, plain] = /^\[([^\]]*)\]|^([^:]*)/.exec(header) as any;
    host = inBrackets ?? plain;
  }
  return net.isIP(host) === 0 ? host : '';
}

const methods: any = {
  createConnection(...args: any[]): any {
    return (net.connect as any)(...args);
  },

  /** The key under which connections of the same kind are pooled. */
  getName({ host, port, localAddress, family, socketPath }: any = {}): string {
    let key = `${host || 'localhost'}:${port || ''}:${localAddress || ''}`;
    if (family === 6 || family === 4) key = `${key}:${family}`;
    return socketPath ? `${key}:${socketPath}` : key;
  },

  addRequest(req: any, options: any, port?: any, localAddress?: any): void {
    const asked = typeof options === 'string' ? { host: options, port, localAddress } : options;
    const merged = connectionOptions(this, req, asked);
    const proxy: Proxy | null = this[kProxy];
    if (proxy && this.protocol === 'http:' && proxy.covers(merged)) rewrite(req, merged, proxy);
    const key = this.getName(merged);
    const idle = takeIdle(this, key);
    if (idle !== undefined) {
      this.reuseSocket(idle, req);
      put(this.sockets, key, idle);
      assign(this, req, idle);
      return;
    }
    const open = sizeOf(this.sockets, key) + sizeOf(this.freeSockets, key);
    if (open >= this.maxSockets || this.totalSocketCount >= this.maxTotalSockets) {
      req[kTicket] = new Ticket(merged);
      put(this.requests, key, req);
      return;
    }
    // The key shows before the socket is there: programs look for it right after request().
    this.sockets[key] ??= [];
    this.createSocket(req, merged, (err: any, socket: any) => {
      if (err) refuse(req, err);
      else assign(this, req, socket);
    });
  },

  createSocket(req: any, options: any, callback: any): void {
    const merged = connectionOptions(this, req, options);
    const key = this.getName(merged);
    merged._agentKey = key;
    merged.encoding = null;
    // A timeout of the request alone takes the place of the agent's.
    if (merged.timeout !== undefined) merged.timeout = req.timeout ?? merged.timeout;
    if (this.keepAlive) Object.assign(merged, { keepAlive: this.keepAlive, keepAliveInitialDelay: this.keepAliveMsecs });

    // createConnection() answers by its result, by the callback, or (wrongly) by both.
    let answered = false;
    const answer = (err: any, socket: any): void => {
      if (answered) return;
      answered = true;
      if (err) return callback(err);
      put(this.sockets, key, socket);
      this.totalSocketCount++;
      new Lease(this, socket, merged);
      callback(null, socket);
    };
    debug('agent connects', key);
    const proxy: Proxy | null = this[kProxy];
    const throughProxy = proxy && this.protocol === 'http:' && proxy.covers(merged);
    const socket = throughProxy ? connectToProxy(proxy, merged) : this.createConnection(merged, answer);
    if (socket) answer(null, socket);
  },

  removeSocket(socket: any, options: any): void {
    const key = this.getName(options);
    debug('agent: socket leaves', key, 'writable:', socket.writable);
    takeOut(this.sockets, key, socket);
    if (!socket.writable) takeOut(this.freeSockets, key, socket);
    const next = nextInQueue(this, key, options);
    if (next === undefined) return;
    const { req, wanted } = next;
    this.createSocket(req, wanted, (err: any, fresh: any) => {
      if (err) refuse(req, err);
      else fresh.emit('free');
    });
  },

  keepSocketAlive(socket: any): boolean {
    socket.setKeepAlive(true, this.keepAliveMsecs);
    socket.unref();
    const own = this.options.timeout || 0;
    const servers = serverPatience(socket._httpMessage?.res) - this.agentKeepAliveTimeoutBuffer;
    if (servers <= 0) return false;
    const patience = own === 0 || servers < own ? (servers === Infinity ? 0 : servers) : own;
    if (socket.timeout !== patience) socket.setTimeout(patience);
    return true;
  },

  reuseSocket(socket: any, req: any): void {
    socket.ref();
    req.reusedSocket = true;
  },

  destroy(): void {
    const all: any[] = [];
    for (const lists of [this.freeSockets, this.sockets]) {
      for (const key of keys(lists)) all.push(...lists[key]);
    }
    for (const socket of all) socket.destroy();
  },
};

// There is no connection for the request. A tunnel that took too long is a timeout of the request, too.
function refuse(req: any, err: any): void {
  if (err.proxyTunnelTimeout) req.emit('timeout');
  req.onSocket(null, err);
}

// The request that a place which became free serves: of the same key, or of a key that has no socket at all and is not being connected.
function nextInQueue(agent: any, key: string, options: any): { req: any, wanted: any } | undefined {
  const { requests, sockets } = agent;
  if (sizeOf(requests, key) > 0) return options ? { req: requests[key][0], wanted: options } : undefined;
  const other = keys(requests).find((name) => sizeOf(requests, name) > 0);
  if (other === undefined || sizeOf(sockets, other) > 0) return undefined;
  const req = requests[other][0];
  const wanted = req[kTicket]?.options;
  if (!wanted) return undefined;
  req[kTicket].options = undefined;
  return { req, wanted };
}

// How many milliseconds the server says it keeps an idle connection; Infinity when it says nothing.
function serverPatience(res: any): number {
  const hint = res?.headers?.['keep-alive'];
  const seconds = hint ? /timeout=(\d+)/.exec(hint) : null;
  return seconds === null ? Infinity : Number(seconds[1]) * 1000;
}

const proto: any = Agent.prototype;
for (const name of keys(methods)) proto[name] = methods[name];
proto[Symbol.dispose] = function(this: any): void {
  this.destroy();
};

/** `proxyEnv` of the agents that everybody shares. */
export function environmentProxies(): any {
  return usesEnvironment() ? load('node:process').default.env : undefined;
}

let globalAgent: any;
/** http.globalAgent, made at first use. */
export function getGlobalAgent(): any {
  return (globalAgent ??= new (Agent as any)({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: environmentProxies() }));
}
export function setGlobalAgent(agent: any): void {
  globalAgent = agent;
}
