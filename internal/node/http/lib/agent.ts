// http.Agent. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpagent
import * as net from 'internal:net';
import { EventEmitter } from 'internal:events';
import { AsyncResource } from 'internal:asynchooks';
import { nextTick } from 'internal:process/task';
import { codes } from 'internal:errors';
import { validateNumber, validateOneOf, validateString } from 'internal:validators';

const { setPrototypeOf, defineProperty } = Object;

export const kOnKeylog = Symbol('onkeylog');
const kRequestOptions = Symbol('requestOptions');
const kRequestAsyncResource = Symbol('requestAsyncResource');

function onFree(this: any, socket: any, options: any): void {
  const agent = this;
  const name = agent.getName(options);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requests = agent.requests[name];
  if (requests?.length) {
    const req = requests.shift();
    const resource = req[kRequestAsyncResource];
    if (resource) {
      resource.runInAsyncScope(() => setRequestSocket(agent, req, socket));
      req[kRequestAsyncResource] = null;
    } else {
      setRequestSocket(agent, req, socket);
    }
    if (requests.length === 0) delete agent.requests[name];
    return;
  }
  const req = socket._httpMessage;
  if (!req || !req.shouldKeepAlive || !agent.keepAlive) {
    socket.destroy();
    return;
  }
  const freeSockets = agent.freeSockets[name] || [];
  const freeLength = freeSockets.length;
  let count = freeLength;
  if (agent.sockets[name]) count += agent.sockets[name].length;
  if (agent.totalSocketCount > agent.maxTotalSockets || count > agent.maxSockets || freeLength >= agent.maxFreeSockets || !agent.keepSocketAlive(socket)) {
    socket.destroy();
    return;
  }
  agent.freeSockets[name] = freeSockets;
  socket._httpMessage = null;
  agent.removeSocket(socket, options);
  socket.once('error', onFreeSocketError);
  freeSockets.push(socket);
}

function onFreeSocketError(this: any): void {
  this.destroy();
  this.emit('agentRemove');
}

export function Agent(this: any, options?: any): any {
  if (!(this instanceof (Agent as any))) return new (Agent as any)(options);
  (EventEmitter as any).call(this);
  this.options = { __proto__: null, ...options };
  this.defaultPort = this.options.defaultPort || 80;
  this.protocol = this.options.protocol || 'http:';
  if (this.options.noDelay === undefined) this.options.noDelay = true;
  // Don't confuse net with a path of its own.
  this.options.path = null;
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000;
  this.keepAlive = this.options.keepAlive || false;
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets || 256;
  this.scheduling = this.options.scheduling || 'lifo';
  this.maxTotalSockets = this.options.maxTotalSockets;
  this.totalSocketCount = 0;
  const buffer = this.options.agentKeepAliveTimeoutBuffer;
  this.agentKeepAliveTimeoutBuffer = typeof buffer === 'number' && buffer >= 0 && Number.isFinite(buffer) ? buffer : 1000;
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets !== undefined) validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
  else this.maxTotalSockets = Infinity;
  this.on('free', onFree);
  this.on('newListener', maybeEnableKeylog);
  return undefined;
}
setPrototypeOf(Agent.prototype, EventEmitter.prototype);
setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;

function maybeEnableKeylog(this: any, event: any): void {
  if (event !== 'keylog') return;
  this.removeListener('newListener', maybeEnableKeylog);
  const agent = this;
  this[kOnKeylog] = function onkeylog(this: any, keylog: any): void {
    agent.emit('keylog', keylog, this);
  };
  for (const list of Object.values(this.sockets) as any[]) for (const socket of list) socket.on('keylog', this[kOnKeylog]);
}

const A: any = Agent.prototype;

A.createConnection = function(this: any, ...args: any[]): any {
  return (net.connect as any)(...args);
};

/** The key under which connections of the same kind are pooled. */
A.getName = function(this: any, options: any = {}): string {
  let name = options.host || 'localhost';
  name += ':';
  if (options.port) name += options.port;
  name += ':';
  if (options.localAddress) name += options.localAddress;
  if (options.family === 4 || options.family === 6) name += `:${options.family}`;
  if (options.socketPath) name += `:${options.socketPath}`;
  return name;
};

function serverName(options: any, req: any): string {
  let name = options.host;
  const host = req.getHeader('host');
  if (host) {
    validateString(host, 'options.headers.host');
    name = host.startsWith('[') ? (host.indexOf(']') === -1 ? host : host.slice(1, host.indexOf(']'))) : host.split(':', 1)[0];
  }
  // Server names are for names alone.
  return net.isIP(name) ? '' : name;
}

A.addRequest = function(this: any, req: any, options: any, port?: any, localAddress?: any): void {
  if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress };
  options = { __proto__: null, ...options, ...this.options };
  if (options.socketPath) options.path = options.socketPath;
  normalizeServerName(options, req);
  const name = this.getName(options);
  this.sockets[name] ||= [];
  const freeSockets = this.freeSockets[name];
  let socket;
  if (freeSockets) {
    while (freeSockets.length > 0 && freeSockets[0].destroyed) freeSockets.shift();
    socket = this.scheduling === 'fifo' ? freeSockets.shift() : freeSockets.pop();
    if (freeSockets.length === 0) delete this.freeSockets[name];
  }
  const freeLength = freeSockets ? freeSockets.length : 0;
  const count = freeLength + this.sockets[name].length;
  if (socket) {
    socket.removeListener('error', onFreeSocketError);
    this.reuseSocket(socket, req);
    setRequestSocket(this, req, socket);
    this.sockets[name].push(socket);
  } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
    this.createSocket(req, options, (err: any, s: any) => {
      if (err) req.onSocket(null, err);
      else setRequestSocket(this, req, s);
    });
  } else {
    this.requests[name] ||= [];
    req[kRequestOptions] = options;
    req[kRequestAsyncResource] = new AsyncResource('QueuedRequest');
    this.requests[name].push(req);
  }
};

function normalizeServerName(options: any, req: any): void {
  if (!options.servername && options.servername !== '') options.servername = serverName(options, req);
}

A.createSocket = function(this: any, req: any, options: any, callback: any): void {
  options = { __proto__: null, ...options, ...this.options };
  if (options.socketPath) options.path = options.socketPath;
  normalizeServerName(options, req);
  // Make sure that the connection of a pool stays out of the request's timeout.
  if (options.timeout !== undefined && req.timeout !== undefined) options.timeout = req.timeout;
  const name = this.getName(options);
  options._agentKey = name;
  options.encoding = null;
  if (this.keepAlive) {
    options.keepAlive = this.keepAlive;
    options.keepAliveInitialDelay = this.keepAliveMsecs;
  }
  let called = false;
  const oncreate = (err: any, s: any): void => {
    if (called) return;
    called = true;
    if (err) {
      callback(err);
      return;
    }
    this.sockets[name] ||= [];
    this.sockets[name].push(s);
    this.totalSocketCount++;
    installListeners(this, s, options);
    callback(null, s);
  };
  const created = this.createConnection(options, oncreate);
  if (created) oncreate(null, created);
};

function installListeners(agent: any, s: any, options: any): void {
  function onFreeEvent(): void {
    agent.emit('free', s, options);
  }
  s.on('free', onFreeEvent);
  function onClose(): void {
    agent.totalSocketCount--;
    agent.removeSocket(s, options);
  }
  s.on('close', onClose);
  function onTimeout(): void {
    // Only sockets that no request uses end by themselves.
    const { freeSockets } = agent;
    for (const name of Object.keys(freeSockets)) {
      if (freeSockets[name].includes(s)) {
        s.destroy();
        return;
      }
    }
  }
  s.on('timeout', onTimeout);
  function onRemove(): void {
    agent.totalSocketCount--;
    agent.removeSocket(s, options);
    s.removeListener('close', onClose);
    s.removeListener('free', onFreeEvent);
    s.removeListener('timeout', onTimeout);
    s.removeListener('agentRemove', onRemove);
  }
  s.on('agentRemove', onRemove);
  if (agent[kOnKeylog]) s.on('keylog', agent[kOnKeylog]);
}

A.removeSocket = function(this: any, s: any, options: any): void {
  const name = this.getName(options);
  const sets = [this.sockets];
  // A socket that is not writable any more leaves the free ones too.
  if (!s.writable) sets.push(this.freeSockets);
  for (const sockets of sets) {
    const at = sockets[name] ? sockets[name].indexOf(s) : -1;
    if (at !== -1) {
      sockets[name].splice(at, 1);
      if (sockets[name].length === 0) delete sockets[name];
    }
  }
  let req;
  if (this.requests[name]?.length) {
    req = this.requests[name][0];
  } else {
    // Another host may have waited for the total.
    for (const key of Object.keys(this.requests)) {
      if (this.sockets[key]?.length) break;
      req = this.requests[key]?.[0];
      if (req) {
        options = req[kRequestOptions];
        break;
      }
    }
  }
  if (req && options) {
    req[kRequestOptions] = undefined;
    this.createSocket(req, options, (err: any, socket: any) => {
      if (err) req.onSocket(null, err);
      else socket.emit('free');
    });
  }
};

A.keepSocketAlive = function(this: any, socket: any): boolean {
  socket.setKeepAlive(true, this.keepAliveMsecs);
  socket.unref();
  let timeout = this.options.timeout || 0;
  let canKeep = true;
  // The server says how long it keeps the connection.
  const hint = socket._httpMessage?.res?.headers?.['keep-alive'];
  if (hint) {
    const found = /^timeout=(\d+)/.exec(hint) ?? /timeout=(\d+)/.exec(hint);
    if (found) {
      const server = Number.parseInt(found[1], 10) * 1000 - this.agentKeepAliveTimeoutBuffer;
      if (server <= 0) canKeep = false;
      else if (timeout === 0 || server < timeout) timeout = server;
    }
  }
  if (canKeep && socket.timeout !== timeout) socket.setTimeout(timeout);
  return canKeep;
};

A.reuseSocket = function(this: any, socket: any, req: any): void {
  req.reusedSocket = true;
  socket.ref();
};

A.destroy = function(this: any): void {
  for (const set of [this.freeSockets, this.sockets]) {
    for (const key of Object.keys(set)) {
      for (const socket of [...set[key]]) socket.destroy();
    }
  }
};
A[Symbol.dispose] = function(this: any): void {
  this.destroy();
};

function setRequestSocket(agent: any, req: any, socket: any): void {
  req.onSocket(socket);
  const agentTimeout = agent.options.timeout || 0;
  if (req.timeout === undefined || req.timeout === agentTimeout) return;
  socket.setTimeout(req.timeout);
}

let globalAgent: any;
/** http.globalAgent, made at first use. */
export function getGlobalAgent(): any {
  return (globalAgent ??= new (Agent as any)({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }));
}
export function setGlobalAgent(agent: any): void {
  globalAgent = agent;
}

void nextTick;
void codes;
void defineProperty;
