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
import { validateAbortSignal, validateFunction, validateNumber, validatePort, validateString } from 'internal:validators';

const { setPrototypeOf, defineProperty } = Object;

const EINVAL = -22;
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
  if (typeof options === 'function') {
    listener = options;
    options = {};
    this.on('connection', listener);
  } else if (options == null || typeof options === 'object') {
    options = { ...options };
    if (typeof listener === 'function') {
      this.on('connection', listener);
    }
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }
  if (options.highWaterMark !== undefined) {
    validateNumber(options.highWaterMark, 'options.highWaterMark');
    if (options.highWaterMark < 0) options.highWaterMark = load('internal:stream').getDefaultHighWaterMark();
  }
  this._connections = 0;
  this._handle = null;
  this._usingWorkers = false;
  this._workers = [];
  this._unref = false;
  this._listeningId = 1;
  this.allowHalfOpen = options.allowHalfOpen || false;
  this.pauseOnConnect = Boolean(options.pauseOnConnect);
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = ~~(options.keepAliveInitialDelay / 1000);
  this.highWaterMark = options.highWaterMark ?? load('internal:stream').getDefaultHighWaterMark();
  if (options.blockList) this.blockList = options.blockList;
  return undefined;
}
setPrototypeOf(Server.prototype, EventEmitter.prototype);
setPrototypeOf(Server, EventEmitter);

const S: any = Server.prototype;

defineProperty(S, 'listening', { __proto__: null, get(this: any) { return Boolean(this._handle); }, configurable: true, enumerable: true } as any);

S.listen = function(this: any, ...args: any[]): any {
  const [first, callback] = normalizeArgs(args);
  let options = first;
  if (this._handle) {
    throw new codes.ERR_SERVER_ALREADY_LISTEN();
  }
  if (listenTrace.hasSubscribers) listenTrace.asyncStart.publish({ server: this, options });
  if (callback !== null) {
    this.once('listening', callback);
  }
  const backlogFromArgs = toNumber(args.length > 1 && args[1]) || toNumber(args.length > 2 && args[2]);
  options = options._handle || options.handle || options;
  const flags = (options.ipv6Only ? 1 : 0) | (options.reusePort ? 2 : 0);

  if (options instanceof Handle) {
    const errno = options.listen(backlogFromArgs || 511);
    started(this, errno === 0 ? options : errno, nowhere, 'listen');
    return this;
  }
  addServerAbort(this, options);
  // In a worker of a cluster servers share their places, unless this one doesn't want to.
  const exclusive = Boolean(options.exclusive || options.reusePort);
  if (typeof options.fd === 'number' && options.fd >= 0) {
    listenAt(this, { ...nowhere, fd: options.fd, backlog: backlogFromArgs || 511 }, exclusive);
    return this;
  }
  if (args.length === 0 || typeof args[0] === 'function' || (options.port === undefined && 'port' in options) || options.port === null) {
    options.port = 0;
  }
  if (typeof options.port === 'number' || typeof options.port === 'string') {
    const port = validatePort(options.port, 'options.port');
    const backlog = options.backlog || backlogFromArgs || 511;
    const place = { ...nowhere, address: options.host || null, port, backlog, flags };
    if (!options.host) {
      listenAt(this, place, exclusive);
    } else if (isIP(options.host)) {
      // As a lookup would have it: the server listens after the caller's ticks.
      const listening = this._listeningId;
      nextTick(() => {
        if (this._listeningId === listening) listenAt(this, place, exclusive);
      });
    } else {
      lookupAndListen(this, options.host, place, exclusive);
    }
    return this;
  }
  if (options.path && isPipeName(options.path)) {
    if (options.path[0] === '\0' && (options.readableAll || options.writableAll)) {
      throw new codes.ERR_INVALID_ARG_VALUE('options', options, 'can not set readableAll or writableAllt to true when path is abstract unix socket');
    }
    this._pipeName = options.path;
    const backlog = options.backlog || backlogFromArgs || 511;
    listenAt(this, { ...nowhere, path: options.path, backlog, mode: (options.readableAll ? 0o444 : 0) | (options.writableAll ? 0o222 : 0) }, exclusive);
    return this;
  }
  if (!('port' in options || 'path' in options)) {
    throw new codes.ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  }
  throw new codes.ERR_INVALID_ARG_VALUE('options', options);
};

function toNumber(value: any): number | false {
  return (value = Number(value)) >= 0 ? value : false;
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

void EINVAL;
void validateFunction;
void validateString;
