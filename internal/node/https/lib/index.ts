// https: http over tls. https://nodejs.org/docs/latest-v24.x/api/https.html
import * as http from 'internal:http';
import * as tls from 'internal:tls';
import { storeOptions } from 'internal:http/server';
import { urlToHttpOptions } from 'internal:http/client';
import { load } from 'internal:load';
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
    if (o.ALPNProtocols === undefined) o.ALPNProtocols = ['http/1.1'];
  }
  storeOptions(this, o);
  (tls.Server as any).call(this, { ...o, noDelay: o.noDelay ?? true });
  http.setUpServer(this, o, listener);
  this.on('secureConnection', http._connectionListener);
  this.on('tlsClientError', (err: any, socket: any) => {
    if (!this.emit('clientError', err, socket)) socket.destroy();
  });
  return undefined;
}
setPrototypeOf(Server.prototype, tls.Server.prototype);
setPrototypeOf(Server, tls.Server);

const S: any = Server.prototype;
for (const name of ['closeAllConnections', 'closeIdleConnections', 'setTimeout', 'keepAliveTimeout', 'keepAliveTimeoutBuffer', 'headersTimeout', 'requestTimeout']) {
  Object.defineProperty(S, name, Object.getOwnPropertyDescriptor(http.Server.prototype, name) as PropertyDescriptor);
}
S.close = function(this: any, ...args: any[]): any {
  this.closeIdleConnections();
  (tls.Server as any).prototype.close.apply(this, args);
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
  this._sessionCache = { map: {}, list: [] };
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
  const callback = args[args.length - 1];
  const socket = (tls.connect as any)(options);
  void callback;
  return socket;
};

// What of the options makes a connection of another kind.
const keys = ['ca', 'cert', 'clientCertEngine', 'ciphers', 'key', 'pfx', 'rejectUnauthorized', 'servername', 'minVersion', 'maxVersion', 'secureProtocol',
  'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions', 'sessionIdContext', 'sigalgs', 'privateKeyIdentifier', 'privateKeyEngine'];
A.getName = function(this: any, options: any = {}): string {
  let name = (http.Agent as any).prototype.getName.call(this, options);
  for (const key of keys) {
    name += ':';
    const value = options[key];
    if (key === 'servername') {
      if (value && value !== options.host) name += value;
    } else if (key === 'rejectUnauthorized' || key === 'honorCipherOrder') {
      if (value !== undefined) name += value;
    } else if (value) {
      name += value;
    }
  }
  return name;
};

let globalAgent: any;
export function getGlobalAgent(): any {
  return (globalAgent ??= new (Agent as any)({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }));
}
export function setGlobalAgent(agent: any): void {
  globalAgent = agent;
}

export function request(...args: any[]): any {
  let options: any = {};
  if (typeof args[0] === 'string') {
    const { URL } = load('internal:url');
    options = urlToHttpOptions(new URL(args.shift()));
  } else if (args[0]?.href && args[0].protocol && args[0].auth === undefined && args[0].path === undefined) {
    options = urlToHttpOptions(args.shift());
  }
  if (args[0] && typeof args[0] !== 'function') Object.assign(options, args.shift());
  options._defaultAgent = getGlobalAgent();
  args.unshift(options);
  return new (http.ClientRequest as any)(...args);
}

export function get(...args: any[]): any {
  const req = request(...args);
  req.end();
  return req;
}
