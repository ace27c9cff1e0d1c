// TLSSocket and tls.connect. https://nodejs.org/docs/latest-v24.x/api/tls.html#class-tlstlssocket
//
// A TLSSocket is a net.Socket whose handle is the session in Go: the stream below brings and takes encrypted bytes, the session the plain ones.
// The stream below is any Duplex; of a net.Socket the session shows addresses, timeouts and references as its own.
import * as native from 'native:tls';
import { adopt, release } from 'internal:handle';
import { Buffer } from 'internal:buffer';
import { Socket, isIP, kLend, kShownAs, kTap, normalizeArgs } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { load } from 'internal:load';
import { ConnResetException, ErrnoException, codes, unavailable } from 'internal:errors';
import { validateBuffer, validateFunction, validateInt32, validateNumber, validateObject, validateString, validateUint32 } from 'internal:validators';
import { alpnList, convertALPNProtocols, createSecureContext, defaults, handleOf, isNativeContext, logKeys } from 'internal:tls/context';
import { checkServerIdentity } from 'internal:tls/identity';

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;

const kSession = Symbol('session');
const kBelow = Symbol('below');
const kStarted = Symbol('started');
const kReading = Symbol('reading');
const kPumping = Symbol('pumping');
const kThrottled = Symbol('throttled');
const kEnded = Symbol('ended');
const kShutdown = Symbol('shutdown');
const kLazy = Symbol('lazy');
const kPending = Symbol('pending');
const kPendingCallback = Symbol('pendingCallback');
const kInfo = Symbol('info');
const kQueued = Symbol('queued');
const kBytesIn = Symbol('bytesIn');
const kBytesOut = Symbol('bytesOut');
const kOffer = Symbol('offer');
const kHeld = Symbol('heldSessions');
const kOnread = Symbol('onread');
const kConnectOptions = Symbol('connectOptions');
const kSurplus = Symbol('surplus');
const kFed = Symbol('fed'); // texts that came out of one chunk and wait, or null
const kTapped = Symbol('tapped'); // the socket below is one of net's, and gives its chunks to this one alone
const kDrained = Symbol('drained'); // nothing to read until more is fed
const kLent = Symbol('lent'); // another reads and writes through the session
/** Of a server's connections: called with what goes wrong before the connection is the program's. */
export const kEarlyError = Symbol('earlyError');

// What starts a session, as in tls.go.
const HELLO = 1;
const KEYLOG = 2;
const STORE = 4;
const FETCH = 8;
const ASK_CERTIFICATE = 16;
const NEED_CERTIFICATE = 32;

interface Info {
  protocol: string; cipher: string; standard: string; resumed: boolean; group: string; bits: number;
}

// What tlsSocket._handle and tlsSocket.ssl show. The number of the stream below lets net.Socket's own methods work on it.
class SessionHandle {
  #tls: any;
  #wrap: any = undefined;
  constructor(tls: any) { this.#tls = tls; }
  get #below(): any { return this.#tls[kBelow]?._handle; }
  get id(): number { return this.#below?.id ?? 0; }
  get reading(): boolean { return this.#tls[kReading]; }
  get fd(): number { return this.#below?.fd ?? -1; }
  /** The session in Go: HTTP/2 reads and writes through it. */
  get session(): number { return this.#tls[kSession]; }
  get bytesRead(): number { return this.#tls.bytesRead; }
  get bytesWritten(): number { return this.#tls._bytesDispatched; }
  get writeQueueSize(): number { return this.#tls[kQueued]; }
  get _parent(): any { return this.#below; }
  /** The stream below as a net.Socket. */
  get _parentWrap(): any {
    const below = this.#tls[kBelow];
    if (below === null || below instanceof (Socket as any)) return below ?? undefined;
    return (this.#wrap ??= new (load('internal:tls/streamsocket').JSStreamSocket)(below));
  }
  getAsyncId(): number { return this.#below?.getAsyncId?.() ?? 0; }
  hasRef(): boolean { return this.#below?.hasRef?.() ?? false; }
  ref(): void { this.#tls[kBelow]?.ref?.(); }
  unref(): void { this.#tls[kBelow]?.unref?.(); }
  setNoDelay(on: boolean): number { return this.#below?.setNoDelay?.(on) ?? 0; }
  setKeepAlive(on: boolean, seconds: number): number { return this.#below?.setKeepAlive?.(on, seconds) ?? 0; }
  readStart(): number {
    this.#tls._read();
    return 0;
  }
  readStop(): number {
    this.#tls[kReading] = false;
    return 0;
  }
  /** What went through the session otherwise has ended, or failed: the socket hears of it. */
  readOn(): void {
    const tls = this.#tls;
    tls[kReading] = true;
    tls[kDrained] = false;
    pump(tls);
  }
  verifyError(): any { return verifyError(this.#tls); }
  getServername(): any { return this.#tls.servername; }
  close(callback?: () => void): void {
    if (callback) this.#tls.once('close', callback);
    this.#tls.destroy();
  }
}

export function TLSSocket(this: any, socket?: any, opts?: any): void {
  const o = { ...opts };
  if (o.ALPNProtocols) convertALPNProtocols(o.ALPNProtocols, o);
  if (o.SNICallback !== undefined && o.SNICallback !== null && o.isServer) validateFunction(o.SNICallback, 'options.SNICallback');
  if (o.enableTrace) unavailable('options.enableTrace of tls');
  if (socket && (typeof socket.pause !== 'function' || typeof socket.write !== 'function')) {
    throw new codes.ERR_INVALID_ARG_TYPE('socket', 'Duplex', socket);
  }
  this._tlsOptions = o;
  this._secureEstablished = false;
  this._securePending = false;
  this._newSessionPending = false;
  this._controlReleased = false;
  this.secureConnecting = true;
  this._SNICallback = null;
  this.servername = null;
  this.alpnProtocol = null;
  this.authorized = false;
  this.authorizationError = null;
  this[kStarted] = this[kReading] = this[kPumping] = this[kThrottled] = this[kEnded] = this[kShutdown] = this[kLazy] = false;
  this[kPending] = this[kPendingCallback] = this[kInfo] = this[kBelow] = null;
  this[kQueued] = this[kBytesIn] = this[kBytesOut] = 0;
  this[kHeld] = [];
  this[kOnread] = this[kConnectOptions] = this[kSurplus] = this[kFed] = null;
  this[kDrained] = this[kTapped] = this[kLent] = false;
  this[kSession] = 0;
  const { onread } = o;
  const allowHalfOpen = socket ? socket.allowHalfOpen : o.allowHalfOpen;
  (Socket as any).call(this, {
    allowHalfOpen, manualStart: true, signal: o.signal,
    highWaterMark: o.highWaterMark, readableHighWaterMark: socket?.readableHighWaterMark, writableHighWaterMark: socket?.writableHighWaterMark,
  });
  if (onread !== null && typeof onread === 'object' && (isView(onread.buffer) || typeof onread.buffer === 'function') && typeof onread.callback === 'function') {
    this[kOnread] = { buffer: typeof onread.buffer === 'function' ? onread.buffer() : onread.buffer,
      next: typeof onread.buffer === 'function' ? onread.buffer : null, callback: onread.callback };
  }
  // Throws for options that are wrong, before anything is kept.
  const context = o.secureContext ?? createSecureContext(o);
  if (!isNativeContext(context?.context)) throw new codes.ERR_TLS_INVALID_CONTEXT('options.secureContext');
  o.secureContext = context;
  this[kOffer] = undefined;
  if (o.session) this[kOffer] = sessionOf(o.session);
  this[kSession] = native.sessionNew(o.isServer === true);
  adopt(this[kSession], this);
  this._handle = this.ssl = new SessionHandle(this);
  if (o.isServer) this._SNICallback = o.SNICallback ?? null;
  if (o.pauseOnConnect) this.pause();
  if (socket) {
    // As Node: a client begins when it is told to, by _start() or the first write.
    this[kLazy] = o.isServer !== true;
    setBelow(this, socket);
  }
}
setPrototypeOf(TLSSocket.prototype, Socket.prototype);
setPrototypeOf(TLSSocket, Socket);

const T: any = TLSSocket.prototype;
defineProperty(T, 'encrypted', { __proto__: null, configurable: true, enumerable: true, writable: true, value: true } as any);

function sessionOf(session: any): Uint8Array | undefined {
  if (typeof session === 'string') return Buffer.from(session, 'latin1');
  return isView(session) ? Buffer.from(session.buffer, session.byteOffset, session.byteLength) : undefined;
}

// ------------------------------------------------------------------------------------------------ the stream below

function setBelow(tls: any, below: any): void {
  tls[kBelow] = below;
  const isSocket = below instanceof (Socket as any);
  tls._parent = isSocket ? below : null;
  // The session tells when its side may end.
  if (isSocket) below.allowHalfOpen = true;
  tls.connecting = below.connecting === true;
  // After close_notify nobody needs to hear that the peer didn't wait for it.
  below.on('error', (err: any) => tls.destroy(tls[kShutdown] && err?.syscall === 'write' ? undefined : err));
  below.on('close', () => belowClosed(tls, below));
  if (below.destroyed && (below.closed || below._handle === null)) {
    nextTick(belowClosed, tls, below);
    return;
  }
  // A net.Socket that isn't connected at all may be so later.
  if (below.connecting || (isSocket && !below._handle)) {
    below.once('connect', () => {
      if (tls.destroyed) return;
      tls.connecting = false;
      tls.emit('connect');
      if (tls[kConnectOptions] !== null) tls.emit('ready');
      begin(tls);
    });
  } else {
    nextTick(begin, tls);
  }
}

function begin(tls: any): void {
  const below = tls[kBelow];
  if (tls.destroyed || tls[kStarted] || tls[kSession] === 0 || tls[kLazy]) return;
  tls[kStarted] = true;
  const o = tls._tlsOptions;
  const { server } = o;
  let flags = 0;
  if (tls.listenerCount('keylog') > 0 || (server && server.listenerCount('keylog') > 0) || defaults().keylog) flags |= KEYLOG;
  if (o.isServer) {
    if (tls._SNICallback || o.ALPNCallback || server?._contexts?.length > 0 || (server && server.listenerCount('OCSPRequest') > 0)) flags |= HELLO;
    if (server && server.listenerCount('newSession') > 0) flags |= STORE;
    if (server && server.listenerCount('resumeSession') > 0) flags |= FETCH;
    if (o.requestCert) flags |= ASK_CERTIFICATE;
    if (o.requestCert && o.rejectUnauthorized !== false) flags |= NEED_CERTIFICATE;
  }
  const name = typeof o.servername === 'string' && !isIP(o.servername) ? o.servername : '';
  native.start(tls[kSession], handleOf(o.secureContext.context), name, alpnList(o.ALPNProtocols), tls[kOffer], flags);
  const take = (chunk: any): void => fed(tls, chunk);
  below.on('data', take);
  if (below instanceof Socket && (below as any)[kTap] === null) {
    (below as any)[kTap] = take; // what was read before comes as data, the rest without the stream's detour
    tls[kTapped] = true;
  }
  below.on('end', () => {
    if (tls[kSession] === 0) return;
    tls[kDrained] = false;
    native.feedEnd(tls[kSession]);
    if (tls._secureEstablished) pump(tls);
  });
  if (below.readableEnded) native.feedEnd(tls[kSession]);
  below.resume();
}

function fed(tls: any, chunk: any): void {
  const id = tls[kSession];
  if (id === 0) return;
  const wanted = tls[kReading] && tls._secureEstablished && !tls[kPumping] && !tls[kEnded] && tls[kSurplus] === null && tls[kFed] === null;
  const got = native.feed(id, typeof chunk === 'string' ? Buffer.from(chunk) : chunk, wanted);
  tls[kDrained] = false;
  if (tls._handle !== null && tls._handle.id === 0) tls._unrefTimer();
  if (got === true || got === undefined) return;
  if (!wanted) {
    if (tls[kReading]) pump(tls);
  } else if (got === false) {
    tls[kDrained] = true;
  } else if (!isArray(got)) {
    tls[kDrained] = true;
    tls[kBytesIn] += got.length;
    deliver(tls, got);
  } else {
    if (got.length > 0) tls[kFed] = got;
    pump(tls);
  }
  if (!tls[kReading] && tls[kSession] !== 0 && !tls[kEnded]) {
    tls[kThrottled] = true;
    hold(tls, true);
  }
}

// Stops and starts what comes from below.
function hold(tls: any, on: boolean): void {
  const below = tls[kBelow];
  const handle = tls[kTapped] ? below._handle : null;
  if (!handle) {
    if (on) below.pause();
    else below.resume();
  } else if (on) {
    handle.readStop();
  } else if (!handle.reading) {
    handle.readStart();
  }
}

function belowClosed(tls: any, below: any): void {
  if (tls.destroyed || tls[kSession] === 0) return;
  if (below.readableEnded === true && tls[kStarted]) {
    // What was read before may still come.
    tls[kDrained] = false;
    native.feedEnd(tls[kSession]);
    if (tls._secureEstablished) pump(tls);
    return;
  }
  if (tls._secureEstablished) tls.destroy();
  else endedEarly(tls);
}

// The peer has gone in the midst of the handshake.
function endedEarly(tls: any): void {
  // As Node: of a socket that was made for a stream, a program hears that it ended, of no error; a server tells of its connections itself.
  if (tls[kEarlyError] !== undefined || tls[kBelow].readableEnded !== true && tls[kConnectOptions] === null) {
    tls.destroy();
    return;
  }
  // As Node: 'end' comes first.
  tls.push(null);
  tls.read(0);
  if (tls[kConnectOptions] === null) {
    nextTick(() => tls.destroy());
    return;
  }
  const { path, host, port, localAddress } = tls[kConnectOptions];
  tls.destroy(Object.assign(new ConnResetException('Client network socket disconnected before secure TLS connection was established'),
    { path, host, port, localAddress }));
}

function failed(tls: any, error: any): void {
  sendRest(tls);
  tls.emit('_tlsError', error);
  if (tls[kEarlyError] !== undefined && !tls._controlReleased) {
    tls[kEarlyError](error);
    tls.destroy();
  } else if (tls._tlsOptions.isServer && !tls._tlsOptions.server) {
    tls.destroy();
  } else {
    tls.destroy(error);
  }
}

// An alert, mostly.
function sendRest(tls: any): void {
  const rest = tls[kSession] === 0 ? undefined : native.take(tls[kSession]);
  const below = tls[kBelow];
  if (rest !== undefined && below !== null && !below.destroyed && below.writable) below.write(rest);
}

// ------------------------------------------------------------------------------------------------ events of the session

T.onevent = function(this: any, event: number, a: any, b: any, c: any): void {
  switch (event) {
    case 1: {
      const [protocol, cipher, standard, alpn, name, resumed, group, bits] = a;
      secured(this, { protocol, cipher, standard, resumed, group, bits }, alpn, name);
      break;
    }
    case 2:
      if (a === null) endedEarly(this);
      else failed(this, a);
      break;
    case 3: {
      const below = this[kBelow];
      if (below !== null && !below.destroyed && below.writable) below.write(a);
      break;
    }
    case 4: onHello(this, a, b, c); break;
    case 5: {
      logKeys(a);
      this.emit('keylog', a);
      const { server } = this._tlsOptions;
      if (this._tlsOptions.isServer && server) server.emit('keylog', a, this);
      break;
    }
    case 6:
      if (this._secureEstablished) this.emit('session', a);
      else this[kHeld].push(a);
      break;
    case 7: case 8: {
      const { server } = this._tlsOptions;
      const id = this[kSession];
      let called = false;
      const done = (err?: any, data?: any): void => {
        if (called || this[kSession] !== id) return;
        called = true;
        if (err && event === 8) {
          native.answer(id, undefined, undefined, -1);
          failed(this, err);
          return;
        }
        native.answer(id, undefined, undefined, 0, event === 8 && isView(data) ? data as Uint8Array : undefined);
      };
      if (!(event === 7 ? server.emit('newSession', a, b, done) : server.emit('resumeSession', a, done))) done();
      break;
    }
  }
};

// The contexts of server.addContext, the last that fits.
function contextFor(server: any, name: string): any {
  const list = server?._contexts ?? [];
  for (let i = list.length - 1; i >= 0; i--) {
    if (list[i][0].test(name)) return list[i][1];
  }
  return undefined;
}

function onHello(tls: any, name: string, protocols: string[], asksOCSP: boolean): void {
  const o = tls._tlsOptions;
  const id = tls[kSession];
  const drop = (err: any): void => {
    if (tls[kSession] !== id) return;
    native.answer(id, undefined, undefined, -1);
    failed(tls, err);
  };
  tls.servername = name === '' ? false : name;

  function withContext(context: any): void {
    if (tls[kSession] !== id) return;
    const { server } = o;
    if (asksOCSP && server && server.listenerCount('OCSPRequest') > 0) {
      const serving = context ?? o.secureContext.context;
      let called = false;
      server.emit('OCSPRequest', serving.getCertificate(), serving.getIssuer(), (err: any, response: any) => {
        if (called || tls[kSession] !== id) return;
        called = true;
        if (err) drop(err);
        else withOCSP(context, response);
      });
      return;
    }
    withOCSP(context, undefined);
  }

  function withOCSP(context: any, response: any): void {
    const handle = context === undefined ? undefined : handleOf(context);
    const staple = isView(response) ? response as Uint8Array : undefined;
    if (!o.ALPNCallback || protocols.length === 0) {
      native.answer(id, handle, undefined, 0, staple);
      return;
    }
    // No protocol has an empty name: this one fits none.
    let selected: any = '';
    try {
      const result = o.ALPNCallback.call(tls, { servername: name, protocols });
      if (result !== undefined) {
        if (!protocols.includes(result)) throw new codes.ERR_TLS_ALPN_CALLBACK_INVALID_RESULT(result, protocols);
        selected = result;
      }
    } finally {
      if (tls[kSession] === id) {
        // The session fails of it once the alert is made, and tells so as for a list without a common protocol.
        if (selected === '') native.answer(id, handle, undefined, 120);
        else native.answer(id, handle, selected, 0, staple);
      }
    }
  }

  const callback = tls._SNICallback;
  if (name === '' || (!callback && !(o.server?._contexts?.length > 0))) {
    withContext(undefined);
    return;
  }
  if (!callback) {
    withContext(contextFor(o.server, name));
    return;
  }
  let called = false;
  callback.call(tls, name, (err: any, context: any) => {
    if (called) {
      tls.destroy(new codes.ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (tls[kSession] !== id) return;
    if (err) {
      drop(err);
      return;
    }
    if (context === null || context === undefined) {
      withContext(undefined);
      return;
    }
    const inner = context.context ?? context;
    if (isNativeContext(inner)) withContext(inner);
    else drop(new TypeError('Invalid SNI context'));
  });
}

function secured(tls: any, info: Info, alpn: string, name: string): void {
  const o = tls._tlsOptions;
  tls[kInfo] = info;
  tls._secureEstablished = true;
  tls.secureConnecting = false;
  tls.alpnProtocol = alpn === '' ? false : alpn;
  tls.servername = name === '' ? false : name;
  if (!o.isServer && o.requestOCSP) tls.emit('OCSPResponse', native.ocspResponse(tls[kSession]) ?? null);
  if (tls.destroyed) return;
  tls.emit('secure');
  if (tls.destroyed) return;
  const held = tls[kHeld];
  tls[kHeld] = [];
  for (const session of held) tls.emit('session', session);
  const pending = tls[kPending];
  if (pending !== null) {
    tls[kPending] = tls[kPendingCallback] = null;
    pending();
  }
  if (tls.destroyed || tls[kLent]) return;
  // What came before is there already, and the stream may have asked for it.
  if (tls[kReading]) pump(tls);
  else tls.read(0);
}

// ------------------------------------------------------------------------------------------------ reading

T._read = function(this: any): void {
  this[kReading] = true;
  if (this._secureEstablished && !this[kPumping]) pump(this);
};

function pump(tls: any): void {
  if (tls[kPumping] || tls[kEnded]) return;
  tls[kPumping] = true;
  try {
    if (tls[kSurplus] !== null && tls[kReading]) {
      const rest = tls[kSurplus];
      tls[kSurplus] = null;
      deliver(tls, rest);
    }
    while (tls[kReading] && tls[kSession] !== 0) {
      let chunk;
      try {
        chunk = tls[kFed] !== null ? fedBefore(tls) : tls[kDrained] ? undefined : native.read(tls[kSession]);
      } catch (err) {
        sendRest(tls);
        tls.destroy(err);
        return;
      }
      if (chunk === undefined) {
        tls[kDrained] = true;
        break;
      }
      if (chunk === null) {
        tls[kEnded] = true;
        tls.push(null);
        tls.read(0);
        break;
      }
      tls[kBytesIn] += chunk.length;
      deliver(tls, chunk);
    }
  } finally {
    tls[kPumping] = false;
  }
  if (tls[kThrottled] && tls[kReading] && !tls.destroyed) {
    tls[kThrottled] = false;
    hold(tls, false);
  }
}

// The next of several texts that came out of one chunk.
function fedBefore(tls: any): any {
  const chunk = tls[kFed].shift();
  if (tls[kFed].length === 0) tls[kFed] = null;
  return chunk;
}

function deliver(tls: any, chunk: any): void {
  const onread = tls[kOnread];
  if (onread === null) {
    if (tls.push(chunk) === false) tls[kReading] = false;
    return;
  }
  for (let at = 0; at < chunk.length;) {
    const n = Math.min(onread.buffer.length, chunk.length - at);
    if (n === 0) break;
    onread.buffer.set(chunk.subarray(at, at + n), 0);
    at += n;
    const goOn = onread.callback.call(tls, n, onread.buffer);
    if (onread.next !== null) onread.buffer = onread.next();
    if (goOn === false) {
      tls[kReading] = false;
      if (at < chunk.length) tls[kSurplus] = chunk.subarray(at);
      return;
    }
  }
}

for (const name of ['pause', 'resume', 'read']) {
  const inherited = (Socket as any).prototype[name];
  T[name] = function(this: any, n?: any): any {
    if (this[kOnread] && this._secureEstablished) {
      if (name === 'pause') this[kReading] = false;
      else if (!this[kReading]) nextTick(() => this._read());
    }
    return inherited.call(this, n);
  };
}

// ------------------------------------------------------------------------------------------------ lending

T[kLend] = function(this: any): any {
  const below = this[kBelow];
  if (!this._secureEstablished || this.destroyed || !this[kTapped] || !below._handle?.id || this[kEnded] || !isUntouched(this)) return null;
  this[kLent] = true;
  this[kReading] = false;
  return { stream: below._handle.id, layer: this[kSession], takeBack: () => takeBack(this) };
};

// Whether nothing was read or written, and nobody wants to.
function isUntouched(tls: any): boolean {
  const readable = tls._readableState;
  return tls[kOnread] === null && tls[kFed] === null && tls[kSurplus] === null && tls[kPending] === null && tls[kQueued] === 0 &&
    readable.length === 0 && tls.readableFlowing === null && !tls.readableEnded && tls.writableLength === 0 && !tls.writableEnded &&
    tls[kBelow].writableLength === 0 && tls.listenerCount('data') === 0 && tls.listenerCount('readable') === 0 && tls.listenerCount('drain') === 0;
}

function takeBack(tls: any): void {
  tls[kLent] = tls[kDrained] = false;
  tls[kBelow]?._handle?.readStart();
}

// ------------------------------------------------------------------------------------------------ writing

function encoded(chunk: any, encoding: any): any {
  if (typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer' || !encoding) return chunk;
  return Buffer.from(chunk, encoding);
}

// Whether the session can encrypt; otherwise action waits for it.
function ready(tls: any, action: () => void, callback: any): boolean {
  if (tls._secureEstablished) return true;
  tls[kPending] = action;
  tls[kPendingCallback] = callback;
  if (tls[kLazy]) tls._start();
  return false;
}

function send(tls: any, chunks: any[], callback: any): void {
  const below = tls[kBelow];
  if (tls[kSession] === 0 || below === null) {
    callback(new codes.ERR_SOCKET_CLOSED());
    return;
  }
  let size = 0;
  for (const chunk of chunks) size += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength;
  let out;
  try {
    out = native.write(tls[kSession], ...chunks);
  } catch (err) {
    callback(err);
    return;
  }
  tls[kBytesOut] += size;
  if (out === undefined || out.length === 0) {
    callback();
    return;
  }
  tls[kQueued] += out.length;
  tls[kPendingCallback] = callback;
  const done = (err: any): void => {
    tls[kQueued] -= out.length;
    if (tls[kPendingCallback] !== callback) return;
    tls[kPendingCallback] = null;
    callback(err);
  };
  // Nothing else writes to a tapped socket: while its writable side is empty there is nothing to wait for.
  if (tls[kTapped] && below.writableLength === 0 && below.writableCorked === 0 && below._handle && !below.connecting && !below.writableEnded) {
    let atOnce = true;
    below._write(out, 'buffer', (err: any) => {
      if (atOnce) nextTick(done, err); // as a stream tells it
      else done(err);
    });
    atOnce = false;
  } else {
    below.write(out, done);
  }
}

T._write = function(this: any, data: any, encoding: any, callback: any): void {
  if (ready(this, () => this._write(data, encoding, callback), callback)) send(this, [encoded(data, encoding)], callback);
};

T._writev = function(this: any, chunks: any[], callback: any): void {
  if (!ready(this, () => this._writev(chunks, callback), callback)) return;
  let list = chunks.map(({ chunk, encoding }) => encoded(chunk, encoding));
  if (list.length > 8) list = [Buffer.concat(list.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))];
  send(this, list, callback);
};

T._final = function(this: any, callback: any): void {
  if (this[kSession] === 0 || this[kBelow] === null) {
    callback();
    return;
  }
  if (!ready(this, () => this._final(callback), null)) return;
  const out = native.end(this[kSession]);
  this[kShutdown] = true;
  const below = this[kBelow];
  if (below.destroyed || below.writableEnded || below.writable === false) {
    callback();
    return;
  }
  let called = false;
  const done = (): void => {
    if (called) return;
    called = true;
    callback();
  };
  below.once('close', done);
  if (out !== undefined && out.length > 0) below.end(out, done);
  else below.end(done);
};

// ------------------------------------------------------------------------------------------------ end of life

T.destroy = function(this: any, ...args: any[]): any {
  if (!this.destroyed && this.timeout > 0) {
    // The timer ends with the socket; what it was set to stays to be seen.
    const { timeout } = this;
    this.setTimeout(0);
    this.timeout = timeout;
  }
  return (Socket as any).prototype.destroy.apply(this, args);
};

T._destroySSL = function(this: any): void {
  const id = this[kSession];
  if (id === 0) return;
  this[kSession] = 0;
  this.ssl = null;
  native.destroy(id);
  release(id);
};

T._destroy = function(this: any, exception: any, callback: any): void {
  const below = this[kBelow];
  this.connecting = false;
  if (below !== null) {
    // Addresses stay known.
    void this.remoteAddress;
  }
  this._destroySSL();
  this._handle = null;
  const pending = this[kPendingCallback];
  this[kPending] = this[kPendingCallback] = null;
  callback(exception);
  if (pending !== null) pending(ErrnoException(-125, 'write'));
  const hadError = Boolean(exception);
  const close = (): void => { this.emit('close', hadError); };
  if (below === null || below.closed || (below.destroyed && below._handle === null && !(below instanceof (Socket as any)))) {
    nextTick(close);
    return;
  }
  let closed = false;
  below.once('close', () => {
    closed = true;
    close();
  });
  if (this.resetAndClosing && typeof below.resetAndDestroy === 'function') below.resetAndDestroy();
  else below.destroy();
  if (below._readableState?.emitClose === false && !(below instanceof (Socket as any))) {
    nextTick(() => { if (!closed) close(); });
  }
};

// ------------------------------------------------------------------------------------------------ what the session knows

function hint(code: string, text: string): string {
  return code === 'CERT_HAS_EXPIRED' || !/SELF_SIGNED|ISSUER|LEAF_SIGNATURE/.test(code)
    ? text : `${text}; if the root CA is installed locally, try running Node.js with --use-system-ca`;
}

// The peer's certificate as OpenSSL judges it: an Error with its code, or null.
function verifyError(tls: any): any {
  if (tls[kSession] === 0 || !tls._secureEstablished) return null;
  const o = tls._tlsOptions;
  if (o.isServer && !o.requestCert) return null;
  let [code, text] = native.verified(tls[kSession]) ?? ['', ''];
  if (o.isServer && (native.peerCertificates(tls[kSession]) ?? []).length === 0) {
    code = 'UNABLE_TO_GET_ISSUER_CERT';
    text = 'unable to get issuer certificate';
  }
  if (code === '') return null;
  const error: any = new Error(o.isServer ? text : hint(code, text));
  error.code = code;
  return error;
}

function legacy(der: any): any {
  const { X509Certificate } = load('internal:crypto/x509');
  const cert = new X509Certificate(der).toLegacyObject();
  for (const key of Object.keys(cert)) {
    if (cert[key] === undefined) delete cert[key];
  }
  return cert;
}

T.getPeerCertificate = function(this: any, detailed?: boolean): any {
  if (this[kSession] === 0) return null;
  const chain = native.peerCertificates(this[kSession]) ?? [];
  if (chain.length === 0) return {};
  if (!detailed) return legacy(chain[0]);
  const list = chain.map(legacy);
  for (let i = 0; i < list.length - 1; i++) list[i].issuerCertificate = list[i + 1];
  const last = list[list.length - 1];
  const { X509Certificate } = load('internal:crypto/x509');
  const top = new X509Certificate(chain[chain.length - 1]);
  if (top.subject === top.issuer) last.issuerCertificate = last;
  return list[0];
};
T.getPeerX509Certificate = function(this: any): any {
  if (this[kSession] === 0) return undefined;
  const chain = native.peerCertificates(this[kSession]) ?? [];
  const { X509Certificate } = load('internal:crypto/x509');
  let issuer: any;
  for (let i = chain.length - 1; i >= 0; i--) {
    const cert = new X509Certificate(chain[i]);
    defineProperty(cert, 'issuerCertificate', { __proto__: null, configurable: true, value: issuer } as any);
    issuer = cert;
  }
  return issuer;
};
T.getCertificate = function(this: any): any {
  if (this[kSession] === 0) return null;
  const own = native.ownCertificate(this[kSession]);
  return own === undefined ? {} : legacy(own);
};
T.getX509Certificate = function(this: any): any {
  const own = this[kSession] === 0 ? undefined : native.ownCertificate(this[kSession]);
  if (own === undefined) return undefined;
  const { X509Certificate } = load('internal:crypto/x509');
  return new X509Certificate(own);
};
T.setKeyCert = function(this: any, context: any): void {
  const given = context?.context ? context : createSecureContext(context);
  if (!isNativeContext(given.context)) throw new codes.ERR_TLS_INVALID_CONTEXT('context');
  if (this[kSession] !== 0) native.setKeyCert(this[kSession], handleOf(given.context));
};
T.getProtocol = function(this: any): any {
  return this[kSession] === 0 ? null : this[kInfo]?.protocol ?? 'unknown';
};
T.getCipher = function(this: any): any {
  const info = this[kInfo];
  if (this[kSession] === 0 || info === null) return this[kSession] === 0 ? null : undefined;
  return { name: info.cipher, standardName: info.standard, version: info.protocol };
};
T.getEphemeralKeyInfo = function(this: any): any {
  if (this._tlsOptions.isServer || this[kSession] === 0) return null;
  const info = this[kInfo];
  if (info === null || info.group === '') return {};
  return info.bits === 0 ? { type: 'TLSGroup', name: info.group } : { type: 'ECDH', name: info.group, size: info.bits };
};
T.getSharedSigalgs = function(this: any): any {
  return this[kSession] === 0 ? null : native.sharedSigalgs(this[kSession]) ?? [];
};
T.getSession = function(this: any): any {
  return this[kSession] === 0 ? null : native.session(this[kSession]);
};
T.setSession = function(this: any, session: any): void {
  if (typeof session !== 'string') validateBuffer(session, 'session');
  this[kOffer] = sessionOf(session);
};
T.isSessionReused = function(this: any): any {
  return this[kSession] === 0 ? null : this[kInfo]?.resumed ?? false;
};
T.getTLSTicket = function(this: any): any {
  if (this[kSession] === 0 || this._tlsOptions.isServer) return undefined;
  const session = native.session(this[kSession]);
  return session === undefined ? undefined : native.ticketOf(session);
};
// Differs from Node: crypto/tls tells the first Finished message of TLS 1.2 alone; the others are undefined.
T.getFinished = function(this: any): any {
  const own = this[kInfo] !== null && (this._tlsOptions.isServer === true) === this[kInfo].resumed;
  return this[kSession] !== 0 && own ? native.finished(this[kSession]) : undefined;
};
T.getPeerFinished = function(this: any): any {
  const own = this[kInfo] !== null && (this._tlsOptions.isServer === true) === this[kInfo].resumed;
  return this[kSession] !== 0 && !own ? native.finished(this[kSession]) : undefined;
};
T.exportKeyingMaterial = function(this: any, length: any, label: any, context?: any): any {
  validateUint32(length, 'length', true);
  validateString(label, 'label');
  if (context !== undefined) validateBuffer(context, 'context');
  if (!this._secureEstablished || this[kSession] === 0) throw new codes.ERR_TLS_INVALID_STATE();
  return native.exportKeyingMaterial(this[kSession], length, label, context);
};
T.setMaxSendFragment = function(this: any, size: any): boolean {
  validateInt32(size, 'size');
  if (size < 512 || size > 16384 || this[kSession] === 0) return false;
  native.setMaxFragment(this[kSession], size);
  return true;
};
// Differs from Node: crypto/tls can't renegotiate.
T.renegotiate = function(this: any, options: any, callback?: any): any {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (this.destroyed) return undefined;
  let error: any;
  if (this[kInfo]?.protocol === 'TLSv1.3') {
    error = Object.assign(new Error('error:0A00010A:SSL routines::wrong ssl version'),
      { library: 'SSL routines', reason: 'wrong ssl version', code: 'ERR_SSL_WRONG_SSL_VERSION' });
  } else {
    error = new codes.ERR_TLS_RENEGOTIATION_UNSUPPORTED();
  }
  if (callback) nextTick(callback, error);
  return false;
};
T.disableRenegotiation = function(): void {};
T.enableTrace = function(): void { unavailable('tlsSocket.enableTrace'); };
T.setServername = function(this: any, name: any): void {
  validateString(name, 'name');
  if (this._tlsOptions.isServer) throw new codes.ERR_TLS_SNI_FROM_SERVER();
  this._tlsOptions.servername = name;
};
/** Begins the handshake, once the stream below is connected. Packages for databases call it. */
T._start = function(this: any): void {
  this[kLazy] = false;
  if (this[kBelow] !== null && !this.connecting && (!(this[kBelow] instanceof (Socket as any)) || this[kBelow]._handle)) begin(this);
};
T._releaseControl = function(this: any): boolean {
  if (this._controlReleased) return false;
  this._controlReleased = true;
  return true;
};

function getter(name: string, get: (this: any) => any): void {
  defineProperty(T, name, { __proto__: null, configurable: true, enumerable: true, get } as any);
}
getter('bytesRead', function() { return this[kBytesIn] + layered(this, 0); });
getter('_bytesDispatched', function() { return this[kBytesOut] + layered(this, 1); });
function layered(tls: any, at: 0 | 1): number {
  return tls[kSession] === 0 ? 0 : native.layered(tls[kSession])?.[at] ?? 0;
}
getter('autoSelectFamilyAttemptedAddresses', function() { return this[kBelow]?.autoSelectFamilyAttemptedAddresses; });

// ------------------------------------------------------------------------------------------------ connecting

const forwarded = ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout'];

T.connect = function(this: any, ...args: any[]): any {
  const [options, callback] = Array.isArray(args[0]) ? args[0] : normalizeArgs(args);
  if (callback) this.once('connect', callback);
  const below = new (Socket as any)({ allowHalfOpen: true, noDelay: options.noDelay, keepAlive: options.keepAlive,
    keepAliveInitialDelay: options.keepAliveInitialDelay });
  for (const event of forwarded) below.on(event, (...values: any[]) => this.emit(event, ...values));
  this[kConnectOptions] = options;
  below[kShownAs] = this;
  below.connect(options);
  setBelow(this, below);
  return this;
};

let warnedReject = false;
function rejectsByDefault(): boolean {
  const process = load('node:process').default;
  const allow = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  if (allow && !warnedReject) {
    warnedReject = true;
    process.emitWarning("Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.");
  }
  return !allow;
}

let warnedName = false;

function clientSecured(this: any): void {
  const o = this._tlsOptions;
  let error = verifyError(this);
  if (error === null && !this.isSessionReused()) {
    const cert = this.getPeerCertificate(true);
    error = o.checkServerIdentity(o.servername || o.host || o.socket?._host || 'localhost', cert) ?? null;
  }
  if (error) {
    this.authorized = false;
    this.authorizationError = error.code || error.message;
    if (o.rejectUnauthorized !== false) {
      this.destroy(error);
      return;
    }
  } else {
    this.authorized = true;
  }
  this.emit('secureConnect');
}

/** tls.connect(options | port[, host][, options][, callback]) */
export function connect(...args: any[]): any {
  let [options, callback] = normalizeArgs(args);
  if (args[1] !== null && typeof args[1] === 'object') options = { ...options, ...args[1] };
  else if (args[2] !== null && typeof args[2] === 'object') options = { ...options, ...args[2] };
  const given = options;
  options = { ciphers: defaults().ciphers, checkServerIdentity, minDHSize: 1024, ...options };
  if (options.rejectUnauthorized === undefined) options.rejectUnauthorized = rejectsByDefault();
  if (!options.keepAlive) options.singleUse = true;
  validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  validateNumber(options.minDHSize, 'options.minDHSize', 1);
  if (options.pskCallback !== undefined && options.pskCallback !== null) {
    validateFunction(options.pskCallback, 'options.pskCallback');
    unavailable('options.pskCallback of tls');
  }
  // The public function: programs put their own in its place.
  const context = options.secureContext || load('node:tls').default.createSecureContext(options);
  const host = options.servername || options.host;
  if (options.servername) {
    if (!warnedName && isIP(options.servername)) {
      warnedName = true;
      load('node:process').default.emitWarning('Setting the TLS ServerName to an IP address is not permitted by RFC 6066. This will be ignored in a future version.',
        'DeprecationWarning', 'DEP0123');
    }
  } else if (options.host && !isIP(options.host)) {
    options.servername = options.host;
  }
  void host;
  const tls = new (TLSSocket as any)(undefined, { ...options, secureContext: context, isServer: false });
  tls._tlsOptions.host = options.host;
  tls.on('secure', clientSecured);
  if (callback) tls.once('secureConnect', callback);
  if (options.socket) {
    tls[kConnectOptions] = given;
    setBelow(tls, options.socket);
  } else {
    if (options.timeout) tls.setTimeout(options.timeout);
    tls.connect(options);
  }
  if (options.socket && options.timeout) tls.setTimeout(options.timeout);
  return tls;
}
