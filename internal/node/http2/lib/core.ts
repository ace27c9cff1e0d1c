// What lies behind an Http2Session: the session in Go, the socket below, the streams above.
import * as native from 'native:http2';
import { process } from 'internal:process';
import { Buffer } from 'internal:buffer';
import { ErrnoException, codes } from 'internal:errors';
import { Handle } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { NghttpError } from 'internal:http2/errors';
import { addSession, handle, removeSession } from 'internal:http2/events';
import { decode } from 'internal:http2/headers';
import { stopIdle, touch } from 'internal:http2/idle';
import { now, observed, report } from 'internal:http2/perf';
import { Scope } from 'internal:http2/scope';
import { fromNative, pack } from 'internal:http2/settings';
import { CLIENT, SERVER, closeStream, kState } from 'internal:http2/stream';


const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
const REFUSED_STREAM = 7;
const CANCEL = 8;
const END_STREAM = 1;

/** How many frames had been sent when a timeout of a session or stream looked. */
const kFramesSeen = Symbol('framesSeen');

/** The session that a socket carries. */
export const kBound = Symbol('boundSession');

const CATEGORY_REQUEST = 0;
const CATEGORY_RESPONSE = 1;
const CATEGORY_PUSH = 2;
const CATEGORY_INFO = 3;

interface Ping {
  payload: any;
  callback: any;
  start: number;
  scope: Scope;
}

interface Sent {
  callback: any;
  start: number;
  scope: Scope;
}

type MakeStream = (core: SessionCore, id: number, headers: any, pushed: boolean) => any;

function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function orDefault(value: any, fallback: number): number {
  return typeof value === 'number' && value === value ? value : fallback;
}

// In the order of sessionNew.
function nativeOptions(kind: number, o: any): number[] {
  return [
    Math.max(orDefault(o.maxHeaderListPairs, 128), kind === SERVER ? 4 : 1),
    orDefault(o.peerMaxConcurrentStreams, 100),
    orDefault(o.maxReservedRemoteStreams, 200),
    orDefault(o.maxSettings, 32),
    orDefault(o.maxSessionInvalidFrames, 1000),
    orDefault(o.maxSessionRejectedStreams, 100),
    orDefault(o.maxSessionMemory, 10),
    orDefault(o.maxDeflateDynamicTableSize, 4096),
    orDefault(o.maxSendHeaderBlockLength, 65536),
    orDefault(o.paddingStrategy, 0),
    orDefault(o.streamResetBurst, 1000),
    orDefault(o.streamResetRate, 33),
    o.strictFieldWhitespaceValidation === false ? 1 : 0,
  ];
}

export class SessionCore {
  nativeId = 0;
  kind: number;
  facade: any;
  options: any;
  socket: any;
  server: any;
  makeStream: MakeStream;
  scope: Scope;
  strict: boolean;
  streams = new Map<number, any>();
  waiting = new Set<any>(); // streams without a number
  connecting = false;
  closed = false;
  destroyed = false;
  closeCode = NO_ERROR;
  goawayCode = NO_ERROR;
  goawayLast = 0;
  gotGoaway = false;
  pendingAcks = 0;
  sentSettings: Sent[] = [];
  pings: Ping[] = [];
  localSettings: any = undefined;
  remoteSettings: any = undefined;
  encrypted: boolean | undefined = undefined;
  alpn: any = undefined;
  origins: Set<string> | undefined = undefined;
  proxy: any = undefined;
  started = 0;
  measured = { streams: 0, time: 0, rtt: 0, read: 0, written: 0, counts: undefined as any };
  finish: (() => void) | undefined = undefined;
  requests: (() => void)[] = []; // that wait for the connection

  constructor(kind: number, facade: any, options: any, socket: any, makeStream: MakeStream) {
    this.kind = kind;
    this.facade = facade;
    this.options = options;
    this.socket = socket;
    this.makeStream = makeStream;
    this.strict = options.strictSingleValueFields !== false;
    this.scope = new Scope('HTTP2SESSION', facade);
    if (socket[kBound] !== undefined) throw new codes.ERR_HTTP2_SOCKET_BOUND();
    socket[kBound] = this;
    if (typeof socket.disableRenegotiation === 'function') socket.disableRenegotiation();
    socket.on('error', onSocketError);
    socket.on('close', onSocketClose);
    if (socket.connecting || socket.secureConnecting) {
      this.connecting = true;
      socket.once(socket.encrypted === true && socket.secureConnecting !== undefined ? 'secureConnect' : 'connect', () => this.connected());
    } else {
      this.start();
    }
  }

  connected(): void {
    this.connecting = false;
    if (this.destroyed) return;
    this.start();
    const { requests } = this;
    this.requests = [];
    for (const send of requests) send();
  }

  start(): void {
    const { socket, kind, options } = this;
    if (socket.encrypted) {
      this.encrypted = true;
      this.alpn = socket.alpnProtocol || undefined;
    } else {
      this.encrypted = false;
      this.alpn = 'h2c';
    }
    // Answers to small frames must not wait for the peer's acknowledgement of others.
    if (typeof socket.setNoDelay === 'function') socket.setNoDelay();
    const id = this.nativeId = native.sessionNew(kind === SERVER, nativeOptions(kind, options), options.remoteCustomSettings ?? []);
    addSession(id, this);
    if (observed()) this.started = now();
    const settings = typeof options.settings === 'object' && options.settings !== null ? options.settings : {};
    this.sendSettings(settings, undefined);
    this.takeSocket(id);
    nextTick(() => {
      if (!this.destroyed) this.facade.emit('connect', this.facade, socket);
    });
  }

  takeSocket(id: number): void {
    const { socket } = this;
    const own = socket._handle;
    const below = own instanceof Handle ? own : own?._parent;
    const layer = own instanceof Handle ? 0 : own?.session;
    if (below instanceof Handle && below.id !== 0 && typeof layer === 'number' && (layer !== 0 || below === own)) {
      // What is there already is handled before the socket's own 'end'.
      nextTick(() => this.turn());
      const early: any[] = [];
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) early.push(chunk);
      below.reading = true;
      if (native.consume(id, below.id, layer, early.length > 0 ? Buffer.concat(early) : undefined)) return;
      if (early.length > 0) nextTick(() => this.receive(Buffer.concat(early)));
      socket.on('data', onSocketData);
      socket.on('end', onSocketEnd);
      return;
    }
    native.consume(id, 0);
    socket.on('data', onSocketData);
    socket.on('end', onSocketEnd);
  }

  receive(chunk: any): void {
    if (this.nativeId === 0) return;
    const list = native.receive(this.nativeId, chunk);
    if (list !== undefined) handle(list);
    // Answers that the protocol gives by itself go out at once.
    this.turn();
  }

  turn(): void {
    const list = this.nativeId === 0 ? undefined : native.send(this.nativeId);
    if (list !== undefined) handle(list);
  }

  // ---- events of Go

  onEvent(event: number, list: any[], at: number): void {
    touch(this.facade);
    if (event <= 7) {
      const id = list[at];
      const stream = this.streams.get(id);
      if (event === 1 && stream === undefined) {
        this.scope.run(this.onNewStream, this, id, list[at + 1], list[at + 2], list[at + 3], list[at + 4], list[at + 5]);
      } else if (stream !== undefined) {
        stream[kState].scope.run(onStreamEvent, stream, event, list, at);
      }
      return;
    }
    this.scope.run(this.onSessionEvent, this, event, list, at);
  }

  onNewStream(id: number, category: number, flags: number, _parent: number, fields: string, secret: string): void {
    if (category !== CATEGORY_REQUEST) return;
    const { facade } = this;
    const refuse = this.closed || this.destroyed;
    if (refuse || (this.kind === CLIENT && facade.listenerCount('stream') === 0)) {
      native.reset(this.nativeId, id, this.kind === CLIENT && !refuse ? CANCEL : REFUSED_STREAM);
      return;
    }
    const { headers, raw } = decode(fields, secret);
    const stream = this.makeStream(this, id, headers, this.kind === CLIENT);
    const end = (flags & END_STREAM) !== 0;
    if (end) stream[kState].endAfterHeaders = true;
    if (end && this.kind === SERVER) stream.push(null);
    stream[kState].scope.run(emitStream, facade, stream, headers, flags, raw);
  }

  onSessionEvent(event: number, list: any[], at: number): void {
    const { facade } = this;
    switch (event) {
      case 8:
        this.remoteSettings = fromNative(list[at]);
        facade.emit('remoteSettings', facade.remoteSettings);
        break;
      case 9: this.onAck(list[at]); break;
      case 10: this.onPing(list[at], list[at + 1]); break;
      case 11: this.onGoaway(list[at], list[at + 1], list[at + 2]); break;
      case 12: facade.emit('altsvc', list[at + 2], list[at + 1], list[at]); break;
      case 13: this.onOrigin(list[at]); break;
      case 14: this.onNotSent(list[at], list[at + 1], list[at + 2]); break;
      case 15: this.destroy(new NghttpError(list[at], list[at + 1])); break;
      case 16: this.output(list[at]); break;
      case 17: this.socket?.destroy(ErrnoException(list[at], 'write')); break;
      case 18: this.finish?.(); break;
      case 19: this.socket?._handle?.readOn?.(); break;
    }
  }

  output(chunk: any): void {
    const { socket } = this;
    if (socket === undefined || socket.destroyed || socket.writableEnded) return;
    const id = this.nativeId;
    this.measured.written += chunk.length;
    socket.write(chunk, (err: any) => {
      if (!err) native.wrote(id, chunk.length);
    });
  }

  onAck(values: any[]): void {
    this.pendingAcks = Math.max(0, this.pendingAcks - 1);
    this.localSettings = fromNative(values);
    const sent = this.sentSettings.shift();
    const { facade } = this;
    if (sent === undefined || this.destroyed) return;
    const settings = facade.localSettings;
    if (sent.callback !== undefined) sent.scope.run(sent.callback, undefined, null, settings, milliseconds() - sent.start);
    sent.scope.end();
    facade.emit('localSettings', settings);
  }

  onPing(payload: any, ack: boolean): void {
    if (!ack) {
      this.facade.emit('ping', payload);
      return;
    }
    const ping = this.pings.shift();
    if (ping === undefined) {
      this.destroy(new NghttpError(-505));
      return;
    }
    const took = milliseconds() - ping.start;
    this.measured.rtt = took;
    ping.scope.run(ping.callback, undefined, null, took, Buffer.from(new Uint8Array(payload).buffer));
    ping.scope.end();
  }

  onGoaway(code: number, last: number, opaque: any): void {
    const { facade } = this;
    this.gotGoaway = true;
    this.goawayCode = code;
    this.goawayLast = last;
    facade.emit('goaway', code, last, opaque);
    if (this.destroyed) return;
    if (code === NO_ERROR) {
      facade.close();
    } else {
      this.closeCode = code;
      // The peer knows already.
      this.destroy(new codes.ERR_HTTP2_SESSION_ERROR(code), NO_ERROR);
    }
  }

  onOrigin(list: string[]): void {
    if (!this.encrypted || this.destroyed) return;
    const set = this.originSet() as Set<string>;
    const most = orDefault(this.options.maxOriginSetSize, 128);
    for (const origin of list) {
      set.add(origin);
      if (set.size > most) {
        this.destroy(new codes.ERR_HTTP2_TOO_MANY_ORIGINS(most));
        return;
      }
    }
    this.facade.emit('origin', list);
  }

  originSet(): Set<string> | undefined {
    if (!this.encrypted) return undefined;
    if (this.origins === undefined) {
      const { socket } = this;
      this.origins = new Set();
      let name = socket?.servername;
      if (!name) name = socket?.remoteFamily === 'IPv6' ? `[${socket.remoteAddress}]` : socket?.remoteAddress;
      let origin = `https://${name}`;
      if (socket?.remotePort !== undefined) origin += `:${socket.remotePort}`;
      this.origins.add(origin);
    }
    return this.origins;
  }

  /** The server doesn't answer for an origin. */
  misdirected(authority: any): void {
    this.origins?.delete(`https://${authority}`);
  }

  onNotSent(id: number, type: number, code: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) {
      this.facade.emit('frameError', type, code, id);
    } else {
      stream.emit('frameError', type, code, id);
      if (this.kind === CLIENT) {
        stream.close(REFUSED_STREAM);
        return;
      }
    }
    this.facade.close();
  }

  // ---- what the facade calls

  sendSettings(settings: any, callback: any): void {
    this.pendingAcks++;
    if (this.pendingAcks > orDefault(this.options.maxOutstandingSettings, 10)) {
      this.destroy(new codes.ERR_HTTP2_MAX_PENDING_SETTINGS_ACK());
      return;
    }
    const scope = new Scope('HTTP2SETTINGS', {});
    this.sentSettings.push({ callback, start: milliseconds(), scope });
    native.settings(this.nativeId, pack(settings));
  }

  settingsOf(remote: boolean): any {
    const key = remote ? 'remoteSettings' : 'localSettings';
    if (this[key] !== undefined) return this[key];
    if (this.destroyed || this.nativeId === 0) return {};
    const list = native.settingsOf(this.nativeId, remote);
    return (this[key] = list === undefined ? {} : fromNative(list));
  }

  ping(payload: any, callback: any): boolean {
    if (this.pings.length >= orDefault(this.options.maxOutstandingPings, 10)) {
      const scope = new Scope('HTTP2PING', {});
      scope.run(callback, undefined, new codes.ERR_HTTP2_PING_CANCEL());
      scope.end();
      return false;
    }
    if (payload === undefined) {
      payload = Buffer.alloc(8);
      payload.writeBigUInt64LE(process.hrtime.bigint());
    }
    const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
    this.pings.push({ payload: bytes, callback, start: milliseconds(), scope: new Scope('HTTP2PING', {}) });
    native.ping(this.nativeId, bytes);
    return true;
  }

  add(stream: any, id: number): void {
    this.waiting.delete(stream);
    this.streams.set(id, stream);
    stream.open(id);
  }

  /** A stream is over. */
  forget(stream: any): void {
    const state = stream[kState];
    this.waiting.delete(stream);
    if (state.id !== undefined && this.streams.get(state.id) === stream) {
      this.streams.delete(state.id);
      this.measured.streams++;
    }
    if (state.started !== 0) this.measured.time += now() - state.started;
    setImmediate(() => this.maybeDestroy());
  }

  touch(): void {
    touch(this.facade);
  }

  /** Whether frames have gone out since a timeout looked, and more are on their way. */
  madeProgress(target: any): boolean {
    if (this.nativeId === 0) return false;
    const counts = native.counts(this.nativeId);
    if (counts === undefined) return false;
    const moved = counts[1] !== target[kFramesSeen];
    target[kFramesSeen] = counts[1];
    return moved && counts[4] > 0;
  }

  maybeDestroy(): void {
    if (this.closed && !this.destroyed && this.streams.size === 0 && this.waiting.size === 0) this.destroy();
  }

  destroy(error?: any, code?: number): void {
    if (this.destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code === NO_ERROR ? undefined : new codes.ERR_HTTP2_SESSION_ERROR(code);
    }
    if (code === undefined && error !== undefined && error !== null) code = INTERNAL_ERROR;
    code ??= NO_ERROR;
    const graceful = this.closed && (error === undefined || error === null);
    this.destroyed = true;
    if (this.closeCode === NO_ERROR) this.closeCode = code;
    stopIdle(this.facade);
    this.facade.removeAllListeners('timeout');
    for (const stream of this.waiting) {
      const cancelled: any = new codes.ERR_HTTP2_STREAM_CANCEL(error);
      stream.destroy(cancelled);
    }
    for (const stream of [...this.streams.values()]) stream.destroy(error);
    this.cancelCallbacks();
    this.measure();
    const { socket } = this;
    const last = (): void => this.leaveSocket(error, graceful);
    if (this.nativeId === 0) {
      last();
      return;
    }
    const id = this.nativeId;
    let called = false;
    const done = (): void => {
      if (called) return;
      called = true;
      this.finish = undefined;
      this.nativeId = 0;
      removeSession(id);
      last();
    };
    this.finish = done;
    if (native.destroy(id, code, socket !== undefined && !socket.destroyed) !== true) {
      done();
    } else {
      socket.once('close', done);
    }
  }

  cancelCallbacks(): void {
    const { pings, sentSettings } = this;
    this.pings = [];
    this.sentSettings = [];
    for (const { callback, scope } of pings) {
      scope.run(callback, undefined, new codes.ERR_HTTP2_PING_CANCEL());
      scope.end();
    }
    for (const { scope } of sentSettings) scope.end();
  }

  measure(): void {
    const counts = this.nativeId === 0 ? undefined : native.counts(this.nativeId);
    if (this.started === 0 || counts === undefined || !observed()) return;
    const { socket, measured } = this;
    report('Http2Session', this.started, {
      bytesRead: socket?.bytesRead ?? 0, bytesWritten: socket?.bytesWritten ?? measured.written, framesReceived: counts[0], framesSent: counts[1],
      maxConcurrentStreams: counts[3], pingRTT: measured.rtt, streamAverageDuration: measured.streams === 0 ? 0 : measured.time / measured.streams,
      streamCount: counts[2], type: this.kind === SERVER ? 'server' : 'client',
    });
  }

  leaveSocket(error: any, graceful: boolean): void {
    const { socket } = this;
    const { facade } = this;
    this.socket = undefined;
    this.proxy = undefined;
    const close = (): void => {
      this.scope.end();
      if (error) facade.emit('error', error);
      facade.emit('close');
    };
    if (socket === undefined) {
      nextTick(close);
      return;
    }
    socket[kBound] = undefined;
    // Nothing of the session stays with the socket.
    socket.removeListener('data', onSocketData);
    socket.removeListener('end', onSocketEnd);
    if (socket.destroyed) {
      nextTick(close);
      return;
    }
    socket.on('close', close);
    if (graceful) {
      // The peer's end is to be seen.
      socket.resume();
      socket.end();
    } else {
      socket.destroy(error);
    }
  }
}

function emitStream(this: any, stream: any, headers: any, flags: number, raw: any): void {
  this.emit('stream', stream, headers, flags, raw);
}

function onStreamEvent(this: any, event: number, list: any[], at: number): void {
  switch (event) {
    case 1: this.onHeaders(list[at + 1], list[at + 2], list[at + 4], list[at + 5]); break;
    case 2: this.onData(list[at + 1]); break;
    case 3: this.onEnd(); break;
    case 4: this.onClosed(list[at + 1]); break;
    case 5: break;
    case 6: this.onWritten(); break;
    case 7: this.onWantTrailers(); break;
  }
}

function onSocketData(this: any, chunk: any): void {
  (this[kBound] as SessionCore | undefined)?.receive(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
}

function onSocketEnd(this: any): void {
  if (this[kBound] !== undefined && this.allowHalfOpen !== false && !this.writableEnded) this.end();
}

function onSocketError(this: any, error: any): void {
  const core: SessionCore | undefined = this[kBound];
  if (core === undefined) return;
  // A peer that said goodbye may go as it likes.
  if (error.code === 'ECONNRESET' && core.gotGoaway && core.goawayCode === NO_ERROR) core.destroy();
  else core.destroy(error);
}

function onSocketClose(this: any): void {
  const core: SessionCore | undefined = this[kBound];
  if (core === undefined || core.destroyed) return;
  const error = core.connecting ? new codes.ERR_SOCKET_CLOSED() : undefined;
  for (const stream of [...core.streams.values()]) stream.close(CANCEL);
  for (const stream of [...core.waiting]) stream.close(CANCEL);
  core.closed = true;
  core.destroy(error, NO_ERROR);
}

export { CATEGORY_INFO, CATEGORY_PUSH, CATEGORY_RESPONSE, closeStream };
