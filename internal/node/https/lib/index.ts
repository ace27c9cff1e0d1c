// https: http over tls. https://nodejs.org/docs/latest-v24.x/api/https.html
import * as http from 'internal:http';
import * as tls from 'internal:tls';
import { restartWatch, storeOptions, unwatchConnections } from 'internal:http/settings';
import { environmentProxies, kProxy } from 'internal:http/agent';
import { openTunnel } from 'internal:http/proxy';
import { validateObject } from 'internal:validators';

const { setPrototypeOf } = Object;

export function Server(this: any, options?: any, listener?: any): any {
  if (!(this instanceof (Server as any))) return new (Server as any)(options, listener);
  let o: any = { ALPNProtocols: ['http/1.1'] };
  if (typeof options === 'function') {
    listener = options;
  } else if (options != null) {
    validateObject(options, 'options');
    o = { ...options };
    if (!o.ALPNProtocols && !o.ALPNCallback) o.ALPNProtocols = ['http/1.1'];
  }
  storeOptions(this, o);
  (tls.Server as any).call(this, { ...o, noDelay: o.noDelay ?? true, allowHalfOpen: true });
  http.setUpServer(this, o, listener);
  this.on('secureConnection', http._connectionListener);
  this.on('listening', () => {
    http.openNative(this);
    restartWatch(this);
  });
  this.on('tlsClientError', (err: any, socket: any) => {
    if (!this.emit('clientError', err, socket)) socket.destroy();
  });
  return undefined;
}
setPrototypeOf(Server.prototype, tls.Server.prototype);
setPrototypeOf(Server, tls.Server);

const S: any = Server.prototype;
for (const name of ['closeAllConnections', 'closeIdleConnections', 'setTimeout', 'keepAliveTimeout', 'keepAliveTimeoutBuffer', 'headersTimeout', 'requestTimeout', 'httpAllowHalfOpen']) {
  Object.defineProperty(S, name, Object.getOwnPropertyDescriptor(http.Server.prototype, name) as PropertyDescriptor);
}
S.close = function(this: any, ...args: any[]): any {
  this.closeIdleConnections();
  unwatchConnections(this);
  (tls.Server as any).prototype.close.apply(this, args);
  http.closeNative(this);
  return this;
};

export function createServer(options?: any, listener?: any): any {
  return new (Server as any)(options, listener);
}

export function Agent(this: any, options?: any): any {
  if (!(this instanceof (Agent as any))) return new (Agent as any)(options);
  options = { __proto__: null, ...options };
  options.defaultPort ??= 443;
  options.protocol ??= 'https:';
  (http.Agent as any).call(this, options);
  this.maxCachedSessions = this.options.maxCachedSessions ?? 100;
  this._sessionCache = { map: { __proto__: null }, list: [] };
  return undefined;
}
setPrototypeOf(Agent.prototype, http.Agent.prototype);
setPrototypeOf(Agent, http.Agent);

const A: any = Agent.prototype;
A.createConnection = function(this: any, ...args: any[]): any {
  let [options] = args;
  if (typeof args[0] === 'number' || typeof args[0] === 'string') {
    options = { port: args[0] };
    if (typeof args[1] === 'object' && args[1] !== null) options = { ...args[1], ...options };
    else if (typeof args[1] === 'string') options.host = args[1];
    if (typeof args[2] === 'object' && args[2] !== null) options = { ...args[2], ...options };
  }
  // A session of the same kind of connection makes the handshake short.
  const key = options._agentKey;
  if (key && !options.session) {
    const session = this._getSession(key);
    if (session) options = { ...options, session };
  }
  const connect = (below?: any): any => {
    const socket = tls.connect(below === undefined ? options : { ...options, socket: below });
    if (key) {
      socket.on('session', (session: any) => this._cacheSession(key, session));
      socket.once('close', (hadError: boolean) => { if (hadError) this._evictSession(key); });
    }
    return socket;
  };
  const proxy = this[kProxy];
  if (!proxy || !proxy.covers(options)) return connect();
  const callback = args.findLast((arg) => typeof arg === 'function');
  openTunnel(proxy, options, this.keepAlive || Number.isFinite(this.maxSockets), (err, below) => {
    if (err) callback(err);
    else callback(null, connect(below));
  });
  return undefined;
};

A._getSession = function(this: any, key: string): any {
  return this._sessionCache.map[key];
};
A._cacheSession = function(this: any, key: string, session: any): void {
  if (this.maxCachedSessions === 0) return;
  const { map, list } = this._sessionCache;
  if (map[key] === undefined) {
    if (list.length >= this.maxCachedSessions) delete map[list.shift()];
    list.push(key);
  }
  map[key] = session;
};
A._evictSession = function(this: any, key: string): void {
  const { map, list } = this._sessionCache;
  const at = list.indexOf(key);
  if (at < 0) return;
  list.splice(at, 1);
  delete map[key];
};

// What of the options makes a connection of another kind: those that count when true, and those that count when given.
const whenTrue = ['ca', 'cert', 'clientCertEngine', 'ciphers', 'key', 'pfx'];
const rest = ['minVersion', 'maxVersion', 'secureProtocol', 'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions', 'sessionIdContext', 'sigalgs',
  'privateKeyIdentifier', 'privateKeyEngine'];
const whenGiven = new Set(['honorCipherOrder', 'secureOptions']);
A.getName = function(this: any, options: any = {}): string {
  let name = (http.Agent as any).prototype.getName.call(this, options);
  for (const key of whenTrue) name += `:${options[key] || ''}`;
  name += `:${options.rejectUnauthorized ?? ''}`;
  name += `:${options.servername && options.servername !== options.host ? options.servername : ''}`;
  for (const key of rest) {
    const value = options[key];
    if (key === 'sigalgs') name += `:${value ? JSON.stringify(value) : ''}`;
    else name += `:${whenGiven.has(key) ? value ?? '' : value || ''}`;
  }
  return name;
};

let globalAgent: any;
export function getGlobalAgent(): any {
  return (globalAgent ??= new (Agent as any)({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: environmentProxies() }));
}
export function setGlobalAgent(agent: any): void {
  globalAgent = agent;
}
