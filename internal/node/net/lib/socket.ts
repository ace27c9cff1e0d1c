// net.Socket. https://nodejs.org/docs/latest-v24.x/api/net.html#class-netsocket
import * as native from 'native:net';
import { hold, holdText, tickInfo } from 'native:engine';
import { Buffer, FastBuffer } from 'internal:buffer';
import { channel } from 'internal:diagnosticschannel';
import { Duplex } from 'internal:stream';
import { Handle, isIP } from 'internal:net/handle';
import { commandLineFlag, commandLineOption } from 'internal:net/options';
import { finishEntry, now, observed } from 'internal:perfhooks/observed';
import { asOperation, beginOperation } from 'internal:asynchooks/operation';
import { clearTimeout, setTimeout, setUnrefTimeout } from 'internal:timers';
import { nextTick } from 'internal:process/task';
import { load } from 'internal:load';
import { AbortError, ErrnoException, ExceptionWithHostPort, NodeAggregateError, codes } from 'internal:errors';
import {
  validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateNumber, validatePort, validateString,
} from 'internal:validators';

const { setPrototypeOf, defineProperty } = Object;


const kTimeoutTimer = Symbol('timeout');
const kEmittedFor = Symbol('emittedFor');
const kWriteCallback = Symbol('writeCallback');
const kShutdownCallback = Symbol('shutdownCallback');
const kSockname = Symbol('sockname');
const kPeername = Symbol('peername');
const kBytesRead = Symbol('bytesRead');
const kBytesWritten = Symbol('bytesWritten');
const kOnread = Symbol('onread');
/** Takes what is read in place of the readable side: a TLS socket's, whose chunks nobody else sees. */
export const kTap = Symbol('tap');
/**
 * A method of sockets with a session in Go: lets another read and write through it, which takes the events of the stream below.
 * @returns their handles, and how they are given back; null when somebody reads or writes the socket
 */
export const kLend = Symbol('lend');
export const kSetNoDelay = Symbol('setNoDelay');
export const kSetKeepAlive = Symbol('setKeepAlive');
export const kSetKeepAliveInitialDelay = Symbol('setKeepAliveInitialDelay');
const kPendingData = Symbol('pendingData');
const kConnectOptions = Symbol('connectOptions');
const kUnrefOnConnect = Symbol('unrefOnConnect');
export const kAttempt = Symbol('attempt');
const kStart = Symbol('start');

// How connect() picks among the addresses of a name, unless its options say otherwise: whether it tries the families in turn, and for how
// long each. The command line is read at first use.
let inTurn: boolean | undefined;
let attemptTime: number | undefined;

export function getDefaultAutoSelectFamily(): boolean {
  return (inTurn ??= commandLineFlag('network-family-autoselection', commandLineFlag('enable-network-family-autoselection', true)));
}
export function getDefaultAutoSelectFamilyAttemptTimeout(): number {
  return (attemptTime ??= Number(commandLineOption('network-family-autoselection-attempt-timeout')) || 250);
}
export function setDefaultAutoSelectFamily(value: boolean): void {
  validateBoolean(value, 'value');
  inTurn = value;
}
export function setDefaultAutoSelectFamilyAttemptTimeout(value: number): void {
  validateInt32(value, 'value', 1);
  // A shorter time than this would cut off peers that answer.
  attemptTime = Math.max(value, 10);
}

/** Whether value is a path for listen and connect: a string that is no port number. */
export function isPipeName(value: any): boolean {
  return typeof value === 'string' && !(Number(value) >= 0);
}

export const kNormalized = Symbol('normalizedArgs');

/** The arguments of connect and listen as [options, callback]: (options), (path) or (port[, host]), each with a callback behind it. */
export function normalizeArgs(args: any): any {
  const last = args[args.length - 1];
  const normalized: any = [optionsOf(args), typeof last === 'function' ? last : null];
  normalized[kNormalized] = true;
  return normalized;
}
function optionsOf(args: any): any {
  const first = args[0];
  if (args.length === 0) return {};
  if (first !== null && typeof first === 'object') return first;
  if (isPipeName(first)) return { path: first };
  return typeof args[1] === 'string' ? { port: first, host: args[1] } : { port: first };
}

/** On a socket that carries another one: what the program sees of the two. */
export const kShownAs = Symbol('shownAs');

const clientSocket = channel('net.client.socket');

export function connect(...args: any[]): any {
  const normalized = normalizeArgs(args);
  const { timeout } = normalized[0];
  const socket = new (Socket as any)(normalized[0]);
  if (timeout) socket.setTimeout(timeout);
  return socket.connect(normalized);
}

export function Socket(this: any, options?: any): any {
  if (!(this instanceof (Socket as any))) return new (Socket as any)(options);
  if (options?.objectMode) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.objectMode', options.objectMode, 'is not supported');
  } else if (options?.readableObjectMode || options?.writableObjectMode) {
    throw new codes.ERR_INVALID_ARG_VALUE(`options.${options.readableObjectMode ? 'readableObjectMode' : 'writableObjectMode'}`,
      options.readableObjectMode || options.writableObjectMode, 'is not supported');
  }
  if (options?.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }

  this.connecting = false;
  this._hadError = false;
  this._parent = null;
  this._host = null;
  this._handle = null;
  this[kTimeoutTimer] = null;
  this[kWriteCallback] = null;
  this[kTap] = null;
  this[kShutdownCallback] = null;
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  this[kPendingData] = null;
  this[kSockname] = undefined;
  this[kPeername] = undefined;
  this[kOnread] = undefined;
  this[kAttempt] = null;
  this[kUnrefOnConnect] = false;

  // What a stream may not choose here: 'close' comes when the handle has closed, text goes over with its encoding.
  const given = typeof options === 'number' ? { fd: options } : options;
  options = { ...given, allowHalfOpen: Boolean(given?.allowHalfOpen), emitClose: false, autoDestroy: true, decodeStrings: false };
  const { signal } = options;
  options.signal = undefined;
  (Duplex as any).call(this, options);
  if (signal) {
    addAbort(this, signal);
  }

  if (options.handle) {
    const h = options.handle;
    this._handle = h instanceof Handle ? h : h._handle ?? h;
    if (this._handle instanceof Handle) this._handle.owner = this;
  } else if (options.fd !== undefined) {
    validateInt32(options.fd, 'options.fd', 0);
    const id = native.streamOpen(options.fd);
    if (id < 0) {
      throw ErrnoException(id, 'open');
    }
    this._handle = new Handle(id, this);
  }

  this[kOnread] = readInto(options.onread);
  this.on('end', onReadableStreamEnd);
  this[kSetNoDelay] = Boolean(options.noDelay);
  this[kSetKeepAlive] = Boolean(options.keepAlive);
  this[kSetKeepAliveInitialDelay] = ~~(options.keepAliveInitialDelay / 1000);

  if (this._handle && options.readable !== false && !options.manualStart) {
    if (options.pauseOnCreate) {
      this._handle.reading = false;
      native.readStop(this._handle.id);
      this._readableState.flowing = false;
    } else {
      this.read(0);
    }
  }
  return undefined;
}
setPrototypeOf(Socket.prototype, Duplex.prototype);
setPrototypeOf(Socket, Duplex);

/** The option `onread`: data goes into a buffer of the program's and to its callback, not through the stream. */
function readInto(onread: any): any {
  if (onread === null || typeof onread !== 'object' || typeof onread.callback !== 'function') return undefined;
  const { buffer, callback } = onread;
  if (typeof buffer === 'function') return { buffer: buffer(), next: buffer, callback };
  return buffer instanceof Uint8Array ? { buffer, next: null, callback } : undefined;
}

function addAbort(socket: any, signal: any): void {
  validateAbortSignal(signal, 'options.signal');
  const abort = () => {
    socket.destroy(new AbortError(undefined, { cause: signal.reason }));
  };
  if (signal.aborted) {
    nextTick(abort);
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
}

const S: any = Socket.prototype;

function onReadableStreamEnd(this: any): void {
  if (!this.allowHalfOpen) {
    this.write = writeAfterFIN;
  }
}

function writeAfterFIN(this: any, chunk: any, encoding: any, callback: any): boolean {
  if (!this.writableEnded) {
    return (Duplex as any).prototype.write.call(this, chunk, encoding, callback);
  }
  if (typeof encoding === 'function') {
    callback = encoding;
  }
  const error: any = new Error('This socket has been ended by the other party');
  error.code = 'EPIPE';
  if (typeof callback === 'function') {
    nextTick(callback, error);
  }
  this.destroy(error);
  return false;
}

// ------------------------------------------------------------------------------------------------ events of Go

S.onhandle = function(this: any, event: number, value: any): void {
  switch (event) {
    case 1: onRead(this, new FastBuffer(value)); break; // an ArrayBuffer: its view is made cheaper here than in Go
    case 2: onEnd(this); break;
    case 3: this.destroy(ErrnoException(value, 'read')); break;
    case 4: onDrain(this, value); break;
    case 5: onConnect(this, value); break;
    case 6: {
      const callback = this[kShutdownCallback];
      this[kShutdownCallback] = null;
      if (callback !== null) callback();
      break;
    }
  }
};

function onRead(socket: any, chunk: any): void {
  socket[kBytesRead] += chunk.length;
  const tap = socket[kTap];
  if (tap !== null) {
    tap(chunk);
    return;
  }
  const onread = socket[kOnread];
  if (onread !== undefined) {
    let at = 0;
    while (at < chunk.length) {
      const n = Math.min(onread.buffer.length, chunk.length - at);
      if (n === 0) break;
      onread.buffer.set(chunk.subarray(at, at + n), 0);
      at += n;
      const goOn = onread.callback.call(socket, n, onread.buffer);
      if (onread.next !== null) onread.buffer = onread.next();
      if (socket._handle === null) return;
      if (goOn === false) socket._handle.readStop();
      if (!socket._handle.reading) {
        if (at < chunk.length) socket.unshiftRest = chunk.subarray(at);
        return;
      }
    }
    return;
  }
  if (!socket.push(chunk)) {
    const h = socket._handle;
    if (h !== null && h.reading) {
      h.readStop();
    }
  }
}

function onEnd(socket: any): void {
  if (socket._handle !== null) {
    socket._handle.reading = false;
  }
  if (socket[kOnread] !== undefined) {
    socket.push(null);
    socket.resume();
    return;
  }
  // 'end' comes when what was read before is consumed; for a socket that nobody reads, at once.
  socket.push(null);
  socket.read(0);
}

function onDrain(socket: any, errno: number): void {
  const callback = socket[kWriteCallback];
  if (callback === null) return;
  socket[kWriteCallback] = null;
  callback(errno < 0 ? ErrnoException(errno, 'write') : undefined);
}

// ------------------------------------------------------------------------------------------------ reading

S._read = function(this: any, n: number): void {
  if (this.connecting || !this._handle) {
    this.once('connect', () => this._read(n));
  } else if (!this._handle.reading) {
    tryReadStart(this);
  }
};

function tryReadStart(socket: any): void {
  const rest = socket.unshiftRest;
  if (rest !== undefined) {
    socket.unshiftRest = undefined;
    nextTick(onRead, socket, rest);
  }
  const err = socket._handle.readStart();
  if (err < 0) {
    socket.destroy(ErrnoException(err, 'read'));
  }
}

// With `onread` nothing is read ahead: the handle starts and stops as the program says.
function direct(socket: any): any {
  return socket[kOnread] === undefined || socket.connecting ? undefined : socket._handle;
}
for (const name of ['pause', 'resume', 'read']) {
  const inherited = (Duplex as any).prototype[name];
  S[name] = { [name](this: any, n?: any): any {
    const handle = direct(this);
    if (handle) {
      if (name === 'pause' && handle.reading) handle.readStop();
      else if (name !== 'pause' && !handle.reading) tryReadStart(this);
    }
    return inherited.call(this, n);
  } }[name];
}

// ------------------------------------------------------------------------------------------------ writing

function whenConnected(socket: any, then: () => void, callback: any): void {
  function onClose(): void {
    callback(new codes.ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
  }
  socket.once('connect', () => {
    socket.off('close', onClose);
    then();
  });
  socket.once('close', onClose);
}

function encoded(chunk: any, encoding: any): any {
  if (typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8' && encoding !== undefined && encoding !== null && encoding !== 'buffer') {
    return Buffer.from(chunk, encoding);
  }
  return chunk;
}

S._write = function(this: any, data: any, encoding: any, callback: any): void {
  if (this.connecting) {
    this[kPendingData] = data;
    whenConnected(this, () => this._write(data, encoding, callback), callback);
    return;
  }
  this[kPendingData] = null;
  const h = this._handle;
  if (!h) {
    callback(new codes.ERR_SOCKET_CLOSED());
    return;
  }
  data = encoded(data, encoding);
  if (tickInfo[3] !== 0 && (typeof data === 'string' ? holdText(h.id, data) : hold(h.id, data, undefined))) callback();
  else finishWrite(this, native.write(h.id, data), callback);
};

S._writev = function(this: any, chunks: any[], callback: any): void {
  if (this.connecting) {
    this[kPendingData] = chunks;
    whenConnected(this, () => this._writev(chunks, callback), callback);
    return;
  }
  this[kPendingData] = null;
  const h = this._handle;
  if (!h) {
    callback(new codes.ERR_SOCKET_CLOSED());
    return;
  }
  let result = 0;
  if (chunks.length === 2) { // the usual number: a header and what follows it
    const first = encoded(chunks[0].chunk, chunks[0].encoding);
    const second = encoded(chunks[1].chunk, chunks[1].encoding);
    if (tickInfo[3] !== 0 && typeof first !== 'string' && typeof second !== 'string' && hold(h.id, first, second)) callback();
    else finishWrite(this, native.write(h.id, first, second), callback);
    return;
  }
  for (let i = 0; i < chunks.length && result >= 0; i += 12) {
    const part = [];
    for (let k = i; k < chunks.length && k < i + 12; k++) {
      part.push(encoded(chunks[k].chunk, chunks[k].encoding));
    }
    result = native.write(h.id, ...part);
  }
  finishWrite(this, result, callback);
};

function finishWrite(socket: any, result: number, callback: any): void {
  if (result < 0) {
    callback(ErrnoException(result, 'write'));
  } else if (result === 0) {
    callback();
  } else {
    const told = asOperation('WRITEWRAP', callback, socket._handle?.asyncId);
    // A TLS socket writes past the writable side; both are told when all is written.
    const before = socket[kWriteCallback];
    socket[kWriteCallback] = before === null ? told : (error: any) => {
      before(error);
      told(error);
    };
  }
}

S._final = function(this: any, callback: any): void {
  if (this.connecting) {
    this.once('connect', () => this._final(callback));
    return;
  }
  if (!this._handle) {
    callback();
    return;
  }
  const err = native.shutdown(this._handle.id);
  if (err < 0) {
    // The other side is gone already: nothing is left to end.
    callback();
    return;
  }
  this[kShutdownCallback] = asOperation('SHUTDOWNWRAP', callback, this._handle.asyncId);
};

S.end = function(this: any, data?: any, encoding?: any, callback?: any): any {
  (Duplex as any).prototype.end.call(this, data, encoding, callback);
  return this;
};

// ------------------------------------------------------------------------------------------------ end of life

S.destroySoon = function(this: any): void {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

S.resetAndDestroy = function(this: any): any {
  if (this._handle) {
    if (this.connecting) {
      this.once('connect', () => resetSocket(this));
    } else {
      resetSocket(this);
    }
  } else {
    this.destroy(new codes.ERR_SOCKET_CLOSED());
  }
  return this;
};

function resetSocket(socket: any): void {
  socket.resetAndClosing = true;
  socket.destroy();
}

S._destroy = function(this: any, exception: any, callback: any): void {
  this.connecting = false;
  for (let s = this; s !== null && s !== undefined; s = s._parent) {
    clearTimeout(s[kTimeoutTimer]);
  }
  const attempt = this[kAttempt];
  if (attempt !== null) {
    clearTimeout(attempt.timer);
    this[kAttempt] = null;
  }
  const h = this._handle;
  if (h) {
    const isException = Boolean(exception);
    const counts = h.id ? native.counts(h.id) : undefined;
    if (counts !== undefined) {
      this[kBytesRead] = counts[0];
      this[kBytesWritten] = counts[1];
    }
    if (h.id && this[kPeername] === undefined) this._getpeername();
    if (this.resetAndClosing) {
      this.resetAndClosing = false;
      h.closing = true;
      h.onclose = () => this.emit('close', isException);
      const err = native.reset(h.id);
      if (err) this.emit('error', new ErrnoException(err, 'reset'));
    } else {
      h.close(() => this.emit('close', isException));
    }
    h.owner = null;
    this._handle = null;
    this[kSockname] = undefined;
    const pending = this[kWriteCallback];
    this[kWriteCallback] = null;
    this[kShutdownCallback] = null;
    callback(exception);
    if (pending !== null) pending(ErrnoException(-125, 'write'));
  } else {
    callback(exception);
    nextTick(emitClose, this);
  }
  const server = this._server;
  if (server) {
    server._connections--;
    server._emitCloseIfDrained?.();
  }
};

function emitClose(socket: any): void {
  socket.emit('close', Boolean(socket._readableState?.errored || socket._writableState?.errored));
}

// ------------------------------------------------------------------------------------------------ timeouts

const TIMEOUT_MAX = 2 ** 31 - 1;

/** A delay in milliseconds for a timer. */
export function timerDuration(msecs: any, name: string): number {
  validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) {
    throw new codes.ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  }
  if (msecs <= TIMEOUT_MAX) return msecs;
  load('internal:process').process.emitWarning(`${msecs} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${TIMEOUT_MAX}.`,
    'TimeoutOverflowWarning');
  return TIMEOUT_MAX;
}

S.setTimeout = function(this: any, msecs: any, callback?: any): any {
  if (this.destroyed) return this;
  const duration = timerDuration(msecs, 'msecs');
  clearTimeout(this[kTimeoutTimer]);
  this.timeout = duration;
  this[kEmittedFor] = -1;
  // Go notes when something was read or written; the timer looks there when it fires, so traffic costs nothing here.
  this[kTimeoutTimer] = duration > 0 ? setUnrefTimeout(() => this._onTimeout(), duration) : null;
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    if (duration > 0) this.once('timeout', callback);
    else this.removeListener('timeout', callback);
  }
  return this;
};

S._onTimeout = function(this: any): void {
  const h = this._handle;
  this[kTimeoutTimer] = null;
  if (h && h.id && this.timeout > 0) {
    const last = native.lastActive(h.id);
    const left = this.timeout - native.idle(h.id);
    // After the event the socket is watched on: traffic starts the time anew.
    this[kTimeoutTimer] = setUnrefTimeout(() => this._onTimeout(), left >= 1 ? left : this.timeout);
    if (left >= 1 || this[kEmittedFor] === last) return;
    this[kEmittedFor] = last;
  }
  this.emit('timeout');
};

S._unrefTimer = function(this: any): void {
  for (let s = this; s !== null && s !== undefined; s = s._parent) {
    s[kTimeoutTimer]?.refresh?.();
  }
};

// ------------------------------------------------------------------------------------------------ options

// Options of the connection are remembered until it stands, and go to the kernel only when they change.
S.setNoDelay = function(this: any, enable: any = true): any {
  const on = Boolean(enable);
  const changes = on !== this[kSetNoDelay];
  this[kSetNoDelay] = on;
  if (changes) this._handle?.setNoDelay?.(on);
  return this;
};

S.setKeepAlive = function(this: any, enable?: any, initialDelay?: any): any {
  const on = Boolean(enable);
  const seconds = Math.trunc(initialDelay / 1000) | 0;
  const changes = on !== this[kSetKeepAlive] || (on && seconds !== this[kSetKeepAliveInitialDelay]);
  if (changes || !this._handle) {
    this[kSetKeepAlive] = on;
    this[kSetKeepAliveInitialDelay] = seconds;
  }
  if (changes) this._handle?.setKeepAlive?.(on, seconds);
  return this;
};

S.ref = function(this: any): any {
  if (this._handle) {
    this._handle.ref?.();
  } else {
    this[kUnrefOnConnect] = false;
    this.once('connect', this.ref);
  }
  return this;
};

S.unref = function(this: any): any {
  if (this._handle) this._handle.unref?.();
  else this.once('connect', this.unref);
  return this;
};

S.address = function(this: any): any {
  return this._getsockname();
};

S._getpeername = function(this: any): any {
  const known = this[kPeername];
  if (known !== undefined) return known;
  if (!this._handle || !this._handle.id || this.connecting) return {};
  const got = native.remoteAddress(this._handle.id);
  if (typeof got === 'number') return {};
  return (this[kPeername] = { address: got[0], family: got[1], port: got[2] });
};

S._getsockname = function(this: any): any {
  if (!this._handle || !this._handle.id) return {};
  const known = this[kSockname];
  if (known !== undefined) return known;
  const got = native.localAddress(this._handle.id);
  if (typeof got !== 'object') return {};
  return (this[kSockname] = { address: got[0], family: got[1], port: got[2] });
};

function getter(name: string, get: (this: any) => any): void {
  defineProperty(S, name, { __proto__: null, get, configurable: true, enumerable: true } as any);
}
getter('_connecting', function() { return this.connecting; });
getter('pending', function() { return !this._handle || this.connecting; });
getter('readyState', function() {
  if (this.connecting) return 'opening';
  if (this.readable && this.writable) return 'open';
  if (this.readable && !this.writable) return 'readOnly';
  if (!this.readable && this.writable) return 'writeOnly';
  return 'closed';
});
getter('bufferSize', function() { return this._handle ? this.writableLength : undefined; });
getter('bytesRead', function() { return this._handle?.id ? this._handle.bytesRead : this[kBytesRead]; });
getter('_bytesDispatched', function() { return this._handle?.id ? this._handle.bytesWritten + this._handle.writeQueueSize : this[kBytesWritten]; });
getter('bytesWritten', function() {
  let bytes = this._bytesDispatched;
  const data = this[kPendingData];
  const state = this._writableState;
  if (!state) return undefined;
  for (const entry of this.writableBuffer ?? []) {
    bytes += entry.chunk instanceof Uint8Array ? entry.chunk.length : Buffer.byteLength(entry.chunk, entry.encoding);
  }
  if (Array.isArray(data)) {
    for (const { chunk, encoding } of data) bytes += chunk instanceof Uint8Array ? chunk.length : Buffer.byteLength(chunk, encoding);
  } else if (data !== null && data !== undefined) {
    bytes += typeof data === 'string' ? Buffer.byteLength(data, state.defaultEncoding) : data.length;
  }
  return bytes;
});
getter('remoteAddress', function() { return this._getpeername().address; });
getter('remoteFamily', function() { return this._getpeername().family; });
getter('remotePort', function() { return this._getpeername().port; });
getter('localAddress', function() { return this._getsockname().address; });
getter('localPort', function() { return this._getsockname().port; });
getter('localFamily', function() { return this._getsockname().family; });

// ------------------------------------------------------------------------------------------------ connecting

S.connect = function(this: any, ...args: any[]): any {
  const normalized = Array.isArray(args[0]) && (args[0] as any)[kNormalized] ? args[0] : normalizeArgs(args);
  const [options, callback] = normalized;
  if (clientSocket.hasSubscribers) clientSocket.publish({ socket: this[kShownAs] ?? this });
  if (callback !== null) {
    this.once('connect', callback);
  }
  if (this.destroyed || this.writableFinished && this.closed) {
    this._handle = null;
    this[kPeername] = undefined;
    this[kSockname] = undefined;
    this[kBytesRead] = 0;
    this[kBytesWritten] = 0;
  }
  if (this.write !== S.write) {
    this.write = S.write;
  }
  if (this._parent?.connecting) {
    return this;
  }
  const { path } = options;
  const pipe = Boolean(path);
  if (!pipe) {
    checkConnectOptions(options);
  } else {
    validateString(path, 'options.path');
  }
  if (this.destroyed) {
    this._undestroy();
  }
  if (!this._handle) {
    this._handle = new Handle(native.streamNew(), this, pipe ? 'PIPEWRAP' : 'TCPWRAP');
  }
  this.connecting = true;
  this.writable = true;
  if (pipe) {
    nextTick(connectPath, this, path);
  } else {
    lookupAndConnect(this, options);
  }
  return this;
};

function checkConnectOptions(options: any): void {
  const { localAddress, localPort } = options;
  let { port } = options;
  if (localAddress && !isIP(localAddress)) throw new codes.ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) validateNumber(localPort, 'options.localPort');
  if (port === undefined) {
    throw new codes.ERR_MISSING_ARGS(['options', 'port', 'path']);
  }
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
  }
  validatePort(port);
  if (options.autoSelectFamily != null) validateBoolean(options.autoSelectFamily, 'options.autoSelectFamily');
  if (options.autoSelectFamilyAttemptTimeout != null) {
    validateInt32(options.autoSelectFamilyAttemptTimeout, 'options.autoSelectFamilyAttemptTimeout', 1);
  }
  if (options.lookup != null) validateFunction(options.lookup, 'options.lookup');
  if (options.hints !== undefined && options.hints !== null) validateNumber(options.hints, 'options.hints');
}

function connectPath(socket: any, path: string): void {
  if (!socket.connecting) return;
  socket[kConnectOptions] = { address: path, port: undefined };
  const err = native.connectPipe(socket._handle.id, path);
  if (err < 0) {
    socket.destroy(ExceptionWithHostPort(err, 'connect', path));
    return;
  }
  socket._handle.operation = beginOperation('PIPECONNECTWRAP', socket._handle.asyncId);
}

function lookupAndConnect(socket: any, options: any): void {
  if (options.host) validateString(options.host, 'options.host');
  const host = options.host || 'localhost';
  const port = options.port | 0;
  const type = isIP(host);
  if (type) {
    nextTick(() => {
      if (socket.connecting) connectAddress(socket, host, port, type, options);
    });
    return;
  }
  const dns = load('internal:dns');
  const lookup = options.lookup || dns.lookup;
  const dnsOptions: any = { family: socket._dnsFamily ?? options.family, hints: options.hints || 0 };
  if (dnsOptions.family !== 4 && dnsOptions.family !== 6 && dnsOptions.hints === 0) dnsOptions.hints = dns.ADDRCONFIG;
  socket._host = host;
  const autoSelect = options.autoSelectFamily ?? getDefaultAutoSelectFamily();
  if (autoSelect && dnsOptions.family !== 4 && dnsOptions.family !== 6 && !options.localAddress) {
    dnsOptions.all = true;
    lookup(host, dnsOptions, (err: any, addresses: any) => {
      if (!socket.connecting) return;
      if (err) {
        socket.emit('lookup', err, undefined, undefined, host);
        nextTick(failLookup, socket, err);
        return;
      }
      const valid = [[], []] as any[][];
      let firstFamily = 0;
      for (const { address, family } of addresses) {
        socket.emit('lookup', null, address, family, host);
        if (!socket.connecting) return;
        if (isIP(address) && (family === 4 || family === 6)) {
          firstFamily ||= family;
          valid[family === firstFamily ? 0 : 1].push({ address, family });
        }
      }
      if (valid[0].length === 0) {
        const { address, family } = addresses[0] ?? {};
        nextTick(failLookup, socket, isIP(address)
          ? new codes.ERR_INVALID_ADDRESS_FAMILY(family, options.host, options.port)
          : new codes.ERR_INVALID_IP_ADDRESS(address));
        return;
      }
      const order = [];
      for (let i = 0; i < Math.max(valid[0].length, valid[1].length); i++) {
        if (i < valid[0].length) order.push(valid[0][i]);
        if (i < valid[1].length) order.push(valid[1][i]);
      }
      if (order.length === 1) {
        connectAddress(socket, order[0].address, port, order[0].family, options);
        return;
      }
      let timeout = options.autoSelectFamilyAttemptTimeout ?? getDefaultAutoSelectFamilyAttemptTimeout();
      if (timeout < 10) timeout = 10;
      socket.autoSelectFamilyAttemptedAddresses = [];
      socket[kAttempt] = { order, at: 0, port, options, timeout, errors: [], timer: undefined, others: [] };
      nextAttempt(socket);
    });
    return;
  }
  lookup(host, dnsOptions, (err: any, ip: any, addressType: any) => {
    socket.emit('lookup', err, ip, addressType, host);
    if (!socket.connecting) return;
    if (err) {
      nextTick(failLookup, socket, err);
    } else if ((typeof ip === 'object' && ip !== null) || !isIP(ip)) {
      nextTick(failLookup, socket, new codes.ERR_INVALID_IP_ADDRESS(ip));
    } else if (addressType !== 4 && addressType !== 6) {
      nextTick(failLookup, socket, new codes.ERR_INVALID_ADDRESS_FAMILY(addressType, options.host, options.port));
    } else {
      connectAddress(socket, ip, port, addressType, options);
    }
  });
}

function failLookup(socket: any, err: any): void {
  if (!socket.destroyed) socket.destroy(err);
}

// Only what the program asked for is told.
function localDetails(options: any): string | undefined {
  const { localAddress, localPort } = options;
  return localAddress && localPort ? `${localAddress}:${localPort}` : undefined;
}

function connectAddress(socket: any, address: string, port: number, family: number, options: any): void {
  const { blockList } = options;
  if (blockList?.check(address, `ipv${family}`)) {
    socket.destroy(new codes.ERR_IP_BLOCKED(address));
    return;
  }
  if (observed.net > 0) socket[kStart] = now();
  const err = startConnect(socket._handle, address, port, family, options);
  socket.emit('connectionAttempt', address, port, family);
  if (!socket.connecting) return;
  socket[kConnectOptions] = { address, port, family, localAddress: options.localAddress, localPort: options.localPort };
  if (err < 0) {
    const error = ExceptionWithHostPort(err, 'connect', address, port, localDetails(options));
    socket.destroy(error);
  }
}

function startConnect(h: any, address: string, port: number, family: number, options: any): number {
  const { localAddress, localPort } = options;
  if (localAddress || localPort) {
    const err = native.bind(h.id, localAddress || (family === 4 ? '0.0.0.0' : '::'), localPort || 0);
    if (err < 0) return err;
  }
  const err = native.connectTcp(h.id, address, port);
  if (err === 0) h.operation = beginOperation('TCPCONNECTWRAP', h.asyncId);
  return err;
}

// Happy eyeballs: one address after the other, each with a short time before the next is tried.
function nextAttempt(socket: any): void {
  const attempt = socket[kAttempt];
  clearTimeout(attempt.timer);
  if (attempt.at >= attempt.order.length) {
    socket[kAttempt] = null;
    socket.destroy(attempt.errors.length === 1 ? attempt.errors[0] : new NodeAggregateError(attempt.errors));
    return;
  }
  const { address, family } = attempt.order[attempt.at++];
  const { port, options } = attempt;
  if (attempt.at > 1) {
    const old = socket._handle;
    old.owner = null;
    old.close();
    const h = new Handle(native.streamNew(), socket);
    if (!old.hasRef()) { /* the new one follows unref() of the program on 'connect' */ }
    socket._handle = h;
  }
  socket.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`);
  socket.emit('connectionAttempt', address, port, family);
  if (!socket.connecting || socket[kAttempt] !== attempt) return;
  if (options.blockList?.check(address, `ipv${family}`)) {
    attempt.errors.push(new codes.ERR_IP_BLOCKED(address));
    nextAttempt(socket);
    return;
  }
  socket[kConnectOptions] = { address, port, family };
  if (observed.net > 0) socket[kStart] = now();
  const err = startConnect(socket._handle, address, port, family, options);
  if (err < 0) {
    attemptFailed(socket, err);
    return;
  }
  if (attempt.at < attempt.order.length) {
    attempt.timer = setTimeout(() => {
      if (socket[kAttempt] !== attempt) return;
      attempt.errors.push(ExceptionWithHostPort(-110, 'connect', address, port));
      socket.emit('connectionAttemptTimeout', address, port, family);
      if (socket[kAttempt] === attempt) nextAttempt(socket);
    }, attempt.timeout);
  }
}

function attemptFailed(socket: any, errno: number): void {
  const attempt = socket[kAttempt];
  const { address, port, family } = socket[kConnectOptions];
  const error = ExceptionWithHostPort(errno, 'connect', address, port, localDetails(socket[kConnectOptions]));
  attempt.errors.push(error);
  socket.emit('connectionAttemptFailed', address, port, family, error);
  if (socket[kAttempt] === attempt) nextAttempt(socket);
}

function onConnect(socket: any, errno: number): void {
  if (socket.destroyed) return;
  const { operation } = socket._handle;
  if (operation === undefined) {
    connected(socket, errno);
    return;
  }
  socket._handle.operation = undefined;
  operation.enter();
  connected(socket, errno);
  operation.leave();
  operation.destroy();
}

function connected(socket: any, errno: number): void {
  if (errno < 0) {
    if (socket[kAttempt] !== null) {
      attemptFailed(socket, errno);
      return;
    }
    socket.connecting = false;
    const { address, port } = socket[kConnectOptions];
    const error = ExceptionWithHostPort(errno, 'connect', address, port, localDetails(socket[kConnectOptions]));
    if (port !== undefined) socket.emit('connectionAttemptFailed', address, port, socket[kConnectOptions].family, error);
    socket.destroy(error);
    return;
  }
  if (socket[kAttempt] !== null) {
    clearTimeout(socket[kAttempt].timer);
    socket[kAttempt] = null;
  }
  socket.connecting = false;
  if (socket[kStart] !== undefined) {
    const { address: host, port } = socket[kConnectOptions];
    finishEntry('connect', 'net', socket[kStart], { host, port });
    socket[kStart] = undefined;
  }
  socket[kSockname] = undefined;
  if (socket[kSetNoDelay]) socket._handle.setNoDelay(true);
  if (socket[kSetKeepAlive]) socket._handle.setKeepAlive(true, socket[kSetKeepAliveInitialDelay]);
  socket._unrefTimer();
  socket.emit('connect');
  socket.emit('ready');
  // Start the first read, or get an immediate EOF.
  if (socket.readable && !socket.isPaused() && socket._handle) {
    socket.read(0);
  }
}
