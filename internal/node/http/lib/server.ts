// http.Server. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpserver
//
// A server that listens has its connections in Go (connection.ts); what comes through server.emit('connection', duplex) is a StreamConnection.
import * as native from 'native:http';
import { getContext } from 'native:engine';
import { adopt, release } from 'internal:handle';
import { Server as NetServer, kListening, localAddress, remoteAddress } from 'internal:net';
import { validateObject } from 'internal:validators';
import { STATUS_CODES, getMaxHeaderSize, isLenient } from 'internal:http/common';
import { Connection, kContext, kFast } from 'internal:http/connection';
import { kConnections, kNative, kTimes, restartWatch, storeOptions, unwatchConnections } from 'internal:http/settings';
import { takeOver } from 'internal:http/layered_connection';
import { StreamConnection } from 'internal:http/stream_connection';

const { setPrototypeOf, defineProperty } = Object;

const kHalfOpen = Symbol('httpAllowHalfOpen');

/** What a server of http or https has besides what it listens with. */
export function setUpServer(server: any, options: any, listener: any): void {
  server.timeout = 0;
  server.maxHeadersCount = null;
  server.maxRequestsPerSocket = 0;
  server[kNative] = 0;
  if (typeof listener === 'function') server.on('request', listener);
  void options;
}

export function Server(this: any, options?: any, listener?: any): any {
  if (!(this instanceof (Server as any))) return new (Server as any)(options, listener);
  if (typeof options === 'function') {
    listener = options;
    options = {};
  } else if (options == null) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  storeOptions(this, options);
  (NetServer as any).call(this, {
    allowHalfOpen: true, noDelay: options.noDelay ?? true, keepAlive: options.keepAlive, keepAliveInitialDelay: options.keepAliveInitialDelay,
    highWaterMark: options.highWaterMark,
  });
  setUpServer(this, options, listener);
  this.on('connection', _connectionListener);
  this.on('listening', watch);
  return undefined;
}
setPrototypeOf(Server.prototype, NetServer.prototype);
setPrototypeOf(Server, NetServer);

const S: any = Server.prototype;

function watch(this: any): void {
  restartWatch(this);
}

for (const name of ['keepAliveTimeout', 'keepAliveTimeoutBuffer', 'headersTimeout', 'requestTimeout']) {
  defineProperty(S, name, {
    __proto__: null, configurable: true, enumerable: true,
    get(this: any) { return this[kTimes]?.[name]; },
    set(this: any, value: any) {
      this[kTimes] ??= {};
      this[kTimes][name] = value;
      if (this[kNative]) tellOptions(this);
    },
  } as any);
}

defineProperty(S, 'httpAllowHalfOpen', {
  __proto__: null, configurable: true, enumerable: true,
  get(this: any) { return this[kHalfOpen] ?? false; },
  set(this: any, value: any) {
    this[kHalfOpen] = value;
    if (this[kNative]) tellOptions(this);
  },
} as any);

function tellOptions(server: any): void {
  const t = server[kTimes];
  const keep = Number(t.keepAliveTimeout) || 0;
  native.serverOptions(server[kNative], server.maxHeaderSize || getMaxHeaderSize(), server.insecureHTTPParser ?? isLenient(), server.httpAllowHalfOpen === true,
    keep > 0 ? keep + (Number(t.keepAliveTimeoutBuffer) || 0) : 0, Number(t.headersTimeout) || 0, Number(t.requestTimeout) || 0);
}

// The listener is there: its connections go to Go.
S[kListening] = function(this: any, handle: any): void {
  native.serverListen(openNative(this), handle.id);
};

/** Makes Go's side of a server that listens. */
export function openNative(server: any): number {
  const id = native.serverNew();
  server[kNative] = id;
  server[kContext] = getContext();
  server[kConnections] = new Set();
  adopt(id, { onevent: (event: number, conn: number) => { if (event === 10) onConnection(server, conn); } });
  tellOptions(server);
  return id;
}

/** Ends Go's side, once the last connection is gone. */
export function closeNative(server: any): void {
  const id = server[kNative];
  if (!id) return;
  server[kNative] = 0;
  server[kConnections].id = id;
  native.serverClose(id);
}

function onConnection(server: any, id: number): void {
  if (server.maxConnections != null && server._connections >= server.maxConnections) {
    const local = localAddress(id);
    const remote = remoteAddress(id);
    adopt(id, { onevent(event: number) { if (event === 7) release(id); } });
    native.closeNow(id);
    if (typeof local === 'object' && typeof remote === 'object') {
      server.emit('drop', { localAddress: local[0], localPort: local[2], localFamily: local[1], remoteAddress: remote[0], remotePort: remote[2], remoteFamily: remote[1] });
    } else {
      server.emit('drop');
    }
    return;
  }
  server._connections++;
  const conn = new Connection(server, id);
  adopt(id, conn);
  if (server.timeout > 0) conn.makeSocket().setTimeout(server.timeout);
  // Nobody but this module listens, as a rule; then the event would tell nobody anything.
  if (server._events.connection !== _connectionListener) announce(server, conn);
}

function announce(server: any, conn: Connection): void {
  const socket = conn.makeSocket();
  // A program that has taken the listener away wants the bytes for itself.
  if (!server.listeners('connection').includes(_connectionListener)) conn.giveAway();
  server.emit('connection', socket);
}

S.close = function(this: any, ...args: any[]): any {
  this.closeIdleConnections();
  unwatchConnections(this);
  (NetServer as any).prototype.close.apply(this, args);
  closeNative(this);
  return this;
};

function nativeOf(server: any): number {
  return server[kNative] || server[kConnections]?.id || 0;
}
S.closeAllConnections = function(this: any): void {
  const id = nativeOf(this);
  if (id) native.closeConnections(id, true);
  for (const conn of this[kConnections] ?? []) conn.socket.destroy();
};
S.closeIdleConnections = function(this: any): void {
  const id = nativeOf(this);
  if (id) native.closeConnections(id, false);
  for (const conn of this[kConnections] ?? []) {
    if (conn.isIdle()) conn.socket.destroy();
  }
};

S.setTimeout = function(this: any, msecs?: any, callback?: any): any {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

const kRejection = Symbol.for('nodejs.rejection');

// captureRejections: an async listener of 'request' that fails answers 500, where that is still possible.
S[kRejection] = function(this: any, err: any, event: any, ...args: any[]): void {
  if (event !== 'request') {
    (NetServer as any).prototype[kRejection].call(this, err, event, ...args);
    return;
  }
  const res = args[1];
  if (res.headersSent || res.writableEnded) {
    res.destroy();
    return;
  }
  res.getHeaderNames().forEach((name: string) => res.removeHeader(name));
  res.statusCode = 500;
  res.end(STATUS_CODES[res.statusCode]);
};

/** A listener of 'connection': takes what Go doesn't have already. */
export function _connectionListener(this: any, socket: any): void {
  if (!socket[kFast] && !takeOver(this, socket, this._events.secureConnection !== _connectionListener)) new StreamConnection(this, socket);
}
