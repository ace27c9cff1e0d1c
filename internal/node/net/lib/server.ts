// net.Server. https://nodejs.org/docs/latest-v24.x/api/net.html#class-netserver
import * as native from 'native:net';
import { EventEmitter, addAbortListener } from 'internal:events';
import { worker } from 'internal:cluster/role';
import { Handle, events, isIP } from 'internal:net/handle';
import { Socket, isPipeName, kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay, normalizeArgs } from 'internal:net/socket';
import { channel, tracingChannel } from 'internal:diagnosticschannel';
import { nextTick } from 'internal:process/task';
import { load } from 'internal:load';
import { ErrnoException, ExceptionWithHostPort, UVExceptionWithHostPort, codes } from 'internal:errors';
import { validateAbortSignal, validateNumber, validatePort } from 'internal:validators';

const { setPrototypeOf, defineProperty } = Object;

const EADDRINUSE = -98;

const serverSocket = channel('net.server.socket');
const listenTrace = tracingChannel('net.server.listen');

/** A method of subclasses that take connections in Go: called with the new listener's handle. */
export const kListening = Symbol('listening');

export function createServer(options?: any, listener?: any): any {
  return new (Server as any)(options, listener);
}

export function Server(this: any, options?: any, listener?: any): any {
  if (!(this instanceof (Server as any))) return new (Server as any)(options, listener);
  (EventEmitter as any).call(this);
  const onConnection = typeof options === 'function' ? options : listener;
  const given = typeof options === 'function' ? {} : options ?? {};
  if (typeof given !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  const usual = load('internal:stream').getDefaultHighWaterMark();
  const keepAliveInitialDelay = amount(given, 'keepAliveInitialDelay', 0) / 1000;
  const highWaterMark = amount(given, 'highWaterMark', usual);
  if (typeof onConnection === 'function') this.on('connection', onConnection);

  // What the server is doing.
  this._handle = null;
  this._pipeName = undefined;
  this._connections = 0;
  this._listeningId = 1; // of the listen() that counts
  this._unref = false;
  this._usingWorkers = false;
  this._workers = [];

  // What its sockets get.
  this.highWaterMark = highWaterMark;
  this.allowHalfOpen = given.allowHalfOpen || false;
  for (const name of ['pauseOnConnect', 'noDelay', 'keepAlive']) this[name] = Boolean(given[name]);
  this.keepAliveInitialDelay = keepAliveInitialDelay | 0; // seconds
  if (given.blockList) this.blockList = given.blockList;
  return undefined;
}

// An option that is a number; absent or below zero it is `usual`.
function amount(options: any, name: string, usual: number): number {
  const value = options[name];
  if (value === undefined) return usual;
  validateNumber(value, `options.${name}`);
  return value < 0 ? usual : value;
}
setPrototypeOf(Server.prototype, EventEmitter.prototype);
setPrototypeOf(Server, EventEmitter);

const S: any = Server.prototype;

defineProperty(S, 'listening', { __proto__: null, get(this: any) { return Boolean(this._handle); }, configurable: true, enumerable: true } as any);

const BACKLOG = 511; // as listen(2) is asked for when nobody says

S.listen = function(this: any, ...args: any[]): any {
  const [first, callback] = normalizeArgs(args);
  if (this._handle) throw new codes.ERR_SERVER_ALREADY_LISTEN();
  if (listenTrace.hasSubscribers) listenTrace.asyncStart.publish({ server: this, options: first });
  if (callback !== null) this.once('listening', callback);

  // (..., backlog) and (..., host, backlog)
  const backlog = [args[1], args[2]].map(Number).find((n) => n > 0);
  const where = first._handle || first.handle || first;
  if (where instanceof Handle) {
    const errno = where.listen(backlog ?? BACKLOG);
    started(this, errno === 0 ? where : errno, nowhere, 'listen');
  } else {
    addServerAbort(this, where);
    listenWhere(this, where, portOf(where, args), backlog);
  }
  return this;
};

// The port that is asked for; 0 when any will do; undefined when it is no port that is asked for.
function portOf(options: any, args: any[]): number | undefined {
  const { port } = options;
  if (args.length === 0 || typeof args[0] === 'function' || port === null || (port === undefined && 'port' in options)) return 0;
  return typeof port === 'number' || typeof port === 'string' ? validatePort(port, 'options.port') : undefined;
}

function listenWhere(server: any, options: any, port: number | undefined, given: number | undefined): void {
  const { fd, host, path } = options;
  // In a worker of a cluster servers share their places, unless this one doesn't want to.
  const exclusive = Boolean(options.exclusive || options.reusePort);
  if (typeof fd === 'number' && fd >= 0) {
    listenAt(server, { ...nowhere, fd, backlog: given ?? BACKLOG }, exclusive);
    return;
  }
  const backlog = options.backlog || given || BACKLOG;
  if (port !== undefined) {
    listenAtPort(server, { ...nowhere, address: host || null, port, backlog, flags: (options.ipv6Only ? 1 : 0) | (options.reusePort ? 2 : 0) }, exclusive);
  } else if (path && isPipeName(path)) {
    const mode = (options.readableAll ? 0o444 : 0) | (options.writableAll ? 0o222 : 0);
    if (mode !== 0 && path[0] === '\0') {
      throw new codes.ERR_INVALID_ARG_VALUE('options', options, 'can not set readableAll or writableAllt to true when path is abstract unix socket');
    }
    server._pipeName = path;
    listenAt(server, { ...nowhere, path, backlog, mode }, exclusive);
  } else if ('port' in options || 'path' in options) {
    throw new codes.ERR_INVALID_ARG_VALUE('options', options);
  } else {
    throw new codes.ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  }
}

function listenAtPort(server: any, place: any, exclusive: boolean): void {
  const { address } = place;
  if (address === null) {
    listenAt(server, place, exclusive);
  } else if (isIP(address) === 0) {
    lookupAndListen(server, address, place, exclusive);
  } else {
    // As a lookup would have it: the server listens after the caller's ticks.
    const listening = server._listeningId;
    nextTick(() => {
      if (server._listeningId === listening) listenAt(server, place, exclusive);
    });
  }
}

function addServerAbort(server: any, options: any): void {
  if (options?.signal === undefined) return;
  validateAbortSignal(options.signal, 'options.signal');
  const { signal } = options;
  const abort = () => server.close();
  if (signal.aborted) {
    nextTick(abort);
  } else {
    const disposable = addAbortListener(signal, abort);
    server.once('close', disposable[Symbol.dispose]);
  }
}

/** Where a server listens: at an address (null for all of them) and port, at a path, or over a descriptor. */
export interface Place {
  address: string | null;
  port: number;
  path: string | null;
  fd: number; // -1: none
  backlog: number;
  flags: number; // 1 IPv6 only, 2 the port may be shared
  mode: number; // what a path allows beyond its owner's rights
}
const nowhere: Place = { address: null, port: -1, path: null, fd: -1, backlog: 511, flags: 0, mode: 0 };

/** The handle of a bound listener, or a negative errno. */
export function bindAt(place: Place): Handle | number {
  let id: number;
  if (place.fd >= 0) {
    id = native.bindFd(place.fd);
  } else if (place.path !== null) {
    id = native.bindPipe(place.path, place.mode === 0 ? 0 : place.mode | 0o600);
  } else if (place.address !== null) {
    id = native.bindTcp(place.address, place.port, place.flags);
  } else {
    id = native.bindTcp('::', place.port, place.flags);
    if (id < 0 && id !== EADDRINUSE) id = native.bindTcp('0.0.0.0', place.port, place.flags);
  }
  return id < 0 ? id : new Handle(id, null, place.path === null ? 'TCPSERVERWRAP' : 'PIPESERVERWRAP');
}

/** The handle of a listener that accepts, or a negative errno. */
export function openAt(place: Place): Handle | number {
  const handle = bindAt(place);
  if (typeof handle === 'number') return handle;
  const errno = handle.listen(place.backlog);
  if (errno === 0) return handle;
  handle.close();
  return errno;
}

function listenAt(server: any, place: Place, exclusive: boolean): void {
  if (worker === undefined || exclusive) {
    started(server, openAt(place), place, 'listen');
    return;
  }
  const listening = server._listeningId;
  worker.shareServer(server, place, (handle, syscall = 'bind') => {
    if (server._listeningId === listening) started(server, handle, place, syscall);
    else if (typeof handle !== 'number') handle.close(); // closed meanwhile
  });
}

// What connections of one listening place have in common, as "family:address:port".
function connectionKey(place: Place): string {
  if (place.path !== null) return `-1:${place.path}:-1`;
  if (place.fd >= 0) return `null:null:${place.fd}`;
  const address = place.address ?? '::';
  return `${isIP(address) || 6}:${address}:${place.port}`;
}

function started(server: any, handle: Handle | number, place: Place, syscall: string): void {
  if (typeof handle !== 'number') {
    server._connectionKey = connectionKey(place);
    takeHandle(server, handle);
    if (listenTrace.hasSubscribers) listenTrace.asyncEnd.publish({ server });
    return;
  }
  const { address, path, port } = place;
  const host = path ?? address ?? (place.fd >= 0 ? null : '::');
  // What the primary of a cluster says has no explanation.
  const error: any = (syscall === 'bind' ? ExceptionWithHostPort : UVExceptionWithHostPort)(handle, syscall, host as any, place.fd >= 0 ? undefined : port);
  if (path !== null) error.port = -1;
  server._handle = null;
  if (listenTrace.hasSubscribers) listenTrace.error.publish({ server, error });
  nextTick(() => server.emit('error', error));
}

function takeHandle(server: any, h: Handle): void {
  server._handle = h;
  h.owner = server;
  if (typeof server[kListening] === 'function') {
    native.listenerOptions(h.id, server.noDelay === true, server.keepAlive ? Math.max(server.keepAliveInitialDelay, 1) : 0);
    server[kListening](h);
  }
  if (server._unref) server.unref();
  const id = ++server._listeningId;
  nextTick(() => {
    if (server._handle && server._listeningId === id) server.emit('listening');
  });
}

function lookupAndListen(server: any, host: string, place: Place, exclusive: boolean): void {
  const listening = server._listeningId;
  load('internal:dns').lookup(host, (err: any, ip: string) => {
    if (server._listeningId !== listening) return;
    if (err) {
      server.emit('error', err);
      return;
    }
    listenAt(server, { ...place, address: ip ?? null }, exclusive);
  });
}

S.onhandle = function(this: any, event: number, id: number): void {
  if (event === events.connection) this._handle.onconnection(0, new Handle(id, null, this._handle.type === 'PIPESERVERWRAP' ? 'PIPEWRAP' : 'TCPWRAP'));
};

// A connection has come, unless err says that accepting failed.
S.onconnection = function(this: any, err: number, h: Handle): void {
  if (err) {
    this.emit('error', ErrnoException(err, 'accept'));
    return;
  }
  const { id } = h;
  if (this.maxConnections != null && this._connections >= this.maxConnections) {
    const local = native.localAddress(id);
    const remote = native.remoteAddress(id);
    h.close();
    if (typeof remote === 'object' && typeof local === 'object') {
      this.emit('drop', {
        localAddress: local[0], localPort: local[2], localFamily: local[1],
        remoteAddress: remote[0], remotePort: remote[2], remoteFamily: remote[1],
      });
    } else {
      this.emit('drop');
    }
    return;
  }
  if (this.blockList) {
    const remote = native.remoteAddress(id);
    if (typeof remote === 'object' && this.blockList.check(remote[0], remote[1].toLowerCase())) {
      h.close();
      return;
    }
  }
  const socket = new (Socket as any)({
    handle: h, allowHalfOpen: this.allowHalfOpen, pauseOnCreate: this.pauseOnConnect, readable: true, writable: true,
    readableHighWaterMark: this.highWaterMark, writableHighWaterMark: this.highWaterMark,
  });
  if (this.noDelay) {
    socket[kSetNoDelay] = true;
    h.setNoDelay(true);
  }
  if (this.keepAlive) {
    socket[kSetKeepAlive] = true;
    socket[kSetKeepAliveInitialDelay] = this.keepAliveInitialDelay;
    h.setKeepAlive(true, this.keepAliveInitialDelay);
  }
  this._connections++;
  socket.server = this;
  socket._server = this;
  this.emit('connection', socket);
  if (serverSocket.hasSubscribers) serverSocket.publish({ socket });
};

S.address = function(this: any): any {
  if (this._handle?.id) {
    const out: any = {};
    const errno = this._handle.getsockname(out);
    if (errno) throw ExceptionWithHostPort(errno, 'address');
    return out.path ?? out;
  }
  return null;
};

S.getConnections = function(this: any, callback: any): any {
  const own = this._connections;
  if (!this._usingWorkers) {
    nextTick(callback, null, own);
    return this;
  }
  // Other processes have some of them.
  let left = this._workers.length;
  let total = own;
  let failed = false;
  for (const worker of [...this._workers]) {
    worker.getConnections((err: any, n: number) => {
      if (failed) return;
      if (err) {
        failed = true;
        callback(err);
        return;
      }
      total += n;
      if (--left === 0) callback(null, total);
    });
  }
  return this;
};

/** Internal: another process has connections of this server. */
S._setupWorker = function(this: any, worker: any): void {
  this._usingWorkers = true;
  this._workers.push(worker);
};

S._dropWorker = function(this: any, worker: any): void {
  this._workers = this._workers.filter((other: any) => other !== worker);
  this._usingWorkers = this._workers.length > 0;
};

S.close = function(this: any, callback?: any): any {
  if (typeof callback === 'function') {
    if (!this._handle) {
      this.once('close', () => callback(new codes.ERR_SERVER_NOT_RUNNING()));
    } else {
      this.once('close', callback);
    }
  }
  this._listeningId++;
  if (this._handle) {
    this._handle.close();
    this._handle = null;
  }
  if (!this._usingWorkers) {
    this._emitCloseIfDrained();
    return this;
  }
  let left = this._workers.length;
  this._connections++; // those elsewhere, until they are closed
  for (const worker of [...this._workers]) {
    worker.whenClosed(() => {
      if (--left > 0) return;
      this._connections--;
      this._emitCloseIfDrained();
    });
  }
  return this;
};

S._emitCloseIfDrained = function(this: any): void {
  if (this._handle || this._connections > 0) return;
  nextTick(() => this.emit('close'));
};

S[Symbol.asyncDispose] = function(this: any): Promise<void> {
  if (!this._handle) return Promise.resolve();
  return new Promise((resolve, reject) => {
    this.close((err: any) => (err ? reject(err) : resolve()));
  });
};

S[Symbol.for('nodejs.rejection')] = function(this: any, err: any, event: any, socket: any): void {
  if (event === 'connection') socket.destroy(err);
  else this.emit('error', err);
};

S.ref = function(this: any): any {
  this._unref = false;
  this._handle?.ref();
  return this;
};

S.unref = function(this: any): any {
  this._unref = true;
  this._handle?.unref();
  return this;
};
