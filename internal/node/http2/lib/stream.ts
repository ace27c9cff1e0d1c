// Http2Stream, what client and server streams share. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-http2stream
import * as native from 'native:http2';
import { Buffer } from 'internal:buffer';
import { AbortError, codes } from 'internal:errors';
import { Duplex } from 'internal:stream';
import { nextTick } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { inspect } from 'internal:util/inspect';
import { validateFunction, validateInteger } from 'internal:validators';
import * as channels from 'internal:http2/channels';
import { process } from 'internal:process';
import { streamError } from 'internal:http2/errors';
import { encode, noPseudo, objectOf } from 'internal:http2/headers';
import { setIdleTimeout, stopIdle, touch } from 'internal:http2/idle';
import { noteByte, noteSent, observeStream } from 'internal:http2/perf';
import { Scope } from 'internal:http2/scope';

const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
const CANCEL = 8;

export const SERVER = 0;
export const CLIENT = 1;

/** What a session is to its streams. */
export interface SessionOfStream {
  nativeId: number;
  kind: number; // SERVER or CLIENT
  facade: any;
  closeCode: number;
  destroyed: boolean;
  misdirected(authority: any): void;
  forget(stream: any): void;
  touch(): void;
  madeProgress(target: any): boolean;
  strict: boolean;
}

export const kState = Symbol('state');

export class StreamState {
  session: SessionOfStream | undefined;
  id: number | undefined = undefined;
  scope: Scope;
  rstCode = NO_ERROR;
  closed = false;
  aborted = false;
  over = false; // Go has closed it
  reading = false;
  endAfterHeaders = false;
  headRequest: boolean | undefined = undefined;
  headersSent = false;
  isPushed = false;
  gotFinal = false;
  waitForTrailers = false;
  trailersReady = false;
  trailersSent = false;
  sentHeaders: any = undefined;
  sentInfo: any = undefined;
  sentTrailers: any = undefined;
  endSent = false; // Go knows that our side ends
  sending = false; // a file is the body: it ends the stream, whatever end() says
  written: any = null; // the callback of the write that waits
  finishing: any = null; // the callback of _final
  // for performance entries
  started = 0;
  firstHeader = 0;
  firstByte = 0;
  firstByteSent = 0;
  bytesIn = 0;
  bytesOut = 0;
  constructor(session: SessionOfStream, stream: any) {
    this.session = session;
    this.scope = new Scope('HTTP2STREAM', stream);
  }
}

export class Http2Stream extends (Duplex as any) {
  constructor(session: SessionOfStream, options: any) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false });
    this[kState] = new StreamState(session, this);
    // Until there is a number, what is written waits.
    this.cork();
  }

  /** The stream has its number. */
  open(id: number): void {
    const state: StreamState = this[kState];
    state.id = id;
    observeStream(state);
    if (state.reading && state.session !== undefined) native.setReading(state.session.nativeId, id, true);
    this.uncork();
    this.emit('ready');
  }

  get bufferSize(): number {
    return this.writableLength;
  }
  get endAfterHeaders(): boolean {
    return this[kState].endAfterHeaders;
  }
  get sentHeaders(): any {
    return this[kState].sentHeaders;
  }
  get sentTrailers(): any {
    return this[kState].sentTrailers;
  }
  get sentInfoHeaders(): any {
    return this[kState].sentInfo;
  }
  get pending(): boolean {
    return this[kState].id === undefined;
  }
  get id(): number | undefined {
    return this[kState].id;
  }
  get session(): any {
    return this[kState].session?.facade;
  }
  get headersSent(): boolean {
    return this[kState].headersSent;
  }
  get aborted(): boolean {
    return this[kState].aborted;
  }
  get headRequest(): any {
    return this[kState].headRequest;
  }
  get rstCode(): number {
    return this[kState].rstCode;
  }
  get closed(): boolean {
    return this[kState].closed;
  }
  get state(): any {
    const { id, session } = this[kState];
    if (this.destroyed || id === undefined || session === undefined) return {};
    const found = native.streamState(session.nativeId, id);
    if (found === undefined) return {};
    return { state: found[0], weight: 16, sumDependencyWeight: 0, localClose: Number(found[1]), remoteClose: Number(found[2]), localWindowSize: found[3] };
  }

  _onTimeout(): void {
    if (this.destroyed) return;
    if (this[kState].session?.madeProgress(this)) {
      touch(this);
      return;
    }
    this.emit('timeout');
  }

  setTimeout(msecs: any, callback?: any): any {
    if (this.destroyed) return this;
    return setIdleTimeout(this, msecs, callback);
  }

  /** Something was read or written. */
  touch(): void {
    touch(this);
    this[kState].session?.touch();
  }

  // ---- writing

  _write(data: any, encoding: any, callback: any): void {
    this.send([data], [encoding], callback);
    const state: StreamState = this[kState];
    if (state.session?.kind === CLIENT && channels.bodyChunkSent.hasSubscribers) {
      channels.bodyChunkSent.publish({ stream: this, writev: false, data, encoding });
    }
  }

  _writev(list: any[], callback: any): void {
    this.send(list.map((one) => one.chunk), list.map((one) => one.encoding), callback);
    const state: StreamState = this[kState];
    if (state.session?.kind === CLIENT && channels.bodyChunkSent.hasSubscribers) {
      const buffers = (list as any).allBuffers === true || list.every((one) => typeof one.chunk !== 'string');
      channels.bodyChunkSent.publish({ stream: this, writev: true, data: buffers ? list.map((one) => one.chunk) : list, encoding: '' });
    }
  }

  send(chunks: any[], encodings: any[], callback: any): void {
    const state: StreamState = this[kState];
    if (state.id === undefined) {
      this.once('ready', () => this.send(chunks, encodings, callback));
      return;
    }
    if (!state.headersSent) this.proceed();
    const { session } = state;
    if (session === undefined || state.over || this.destroyed) {
      callback();
      return;
    }
    this.touch();
    for (let i = 0; i < chunks.length; i += 12) {
      const part = chunks.slice(i, i + 12).map((chunk, k) => encoded(chunk, encodings[i + k]));
      for (const chunk of part) state.bytesOut += chunk.length;
      native.write(session.nativeId, state.id, ...part);
    }
    if (state.started !== 0) noteSent(state);
    // It is done when all of it has become frames.
    state.written = callback;
    this.endEarly();
  }

  end(...args: any[]): any {
    super.end(...args);
    this.endEarly();
    return this;
  }

  /** Lets the last piece of a body carry the end of the stream. */
  endEarly(): void {
    const state: StreamState = this[kState];
    if (state.written === null || state.endSent || state.sending || !this._writableState.ending || this.writableBuffer.length > 0 || state.session === undefined) return;
    state.endSent = true;
    native.end(state.session.nativeId, state.id as number);
  }

  /** Sends what must come before a body. */
  proceed(): void {}

  _final(callback: any): void {
    const state: StreamState = this[kState];
    if (state.id === undefined) {
      this.once('ready', () => this._final(callback));
      return;
    }
    if ((!state.headersSent || state.sending) && !this.destroyed && !state.closed) {
      // Nothing ends before a response has begun, or before its file has.
      state.finishing = callback;
      return;
    }
    if (state.session !== undefined && !state.over && !state.endSent) native.end(state.session.nativeId, state.id);
    if (state.session?.kind === CLIENT && channels.bodySent.hasSubscribers) channels.bodySent.publish({ stream: this });
    callback();
    nextTick(afterFinal, this, 3);
  }

  // ---- reading

  _read(_n: number): void {
    const state: StreamState = this[kState];
    if (this.destroyed) {
      this.push(null);
      return;
    }
    if (!state.reading) {
      state.reading = true;
      if (state.session !== undefined && state.id !== undefined && !state.over && !state.endAfterHeaders) {
        native.setReading(state.session.nativeId, state.id, true);
      }
    }
  }

  // ---- events of Go

  onData(chunk: any): void {
    const state: StreamState = this[kState];
    if (this.destroyed) return;
    state.bytesIn += chunk.length;
    if (state.started !== 0) noteByte(state);
    touch(this);
    if (!this.push(chunk) && state.session !== undefined) {
      state.reading = false;
      native.setReading(state.session.nativeId, state.id as number, false);
    }
  }

  onEnd(): void {
    if (this.destroyed) return;
    touch(this);
    this.push(null);
    if (this.readableLength === 0) this.read(0);
  }

  onWritten(): void {
    const callback = this[kState].written;
    this[kState].written = null;
    touch(this);
    if (callback !== null) callback();
  }

  onWantTrailers(): void {
    const state: StreamState = this[kState];
    if (this.destroyed) return;
    state.trailersReady = true;
    if (!this.emit('wantTrailers')) {
      // Nobody has any.
      this.sendTrailers({});
    }
  }

  onClosed(code: number): void {
    const state: StreamState = this[kState];
    state.over = true;
    const callback = state.written;
    state.written = null;
    // Our side ends before its last write does: nobody shall write more.
    if (!this.destroyed && !state.closed) closeStream(this, code, false);
    if (callback !== null) callback();
    if (this.destroyed) return;
    if (code !== NO_ERROR) {
      this.maybeDestroy(code);
      return;
    }
    if (this.readableEnded) {
      this.maybeDestroy();
      return;
    }
    this.on('end', () => this.maybeDestroy());
    this.push(null);
    // Nobody will read a request's body that nobody has asked for.
    if (state.session?.kind === SERVER && this.isUnread()) this.resume();
    else this.read(0);
  }

  /** Whether nobody has ever asked for what the peer sends. */
  isUnread(): boolean {
    return this.readableFlowing === null && !this.readableDidRead && this.listenerCount('readable') === 0;
  }

  /** Ends the stream when nothing more can happen on it. */
  maybeDestroy(code = NO_ERROR): void {
    if (this.destroyed) return;
    if (code !== NO_ERROR) {
      this.destroy();
      return;
    }
    const state: StreamState = this[kState];
    if (!this.writableFinished) return;
    if (this.readableEnded && state.closed && state.over) {
      this.destroy();
      return;
    }
    // A server has answered, and never looked at the request's body: the client shall not send it. Pushed streams can still be made meanwhile.
    if (state.session?.kind === SERVER && !state.waitForTrailers && this.isUnread() && !state.closed) {
      setImmediate(() => {
        if (!state.closed && !state.over) this.close();
      });
    }
  }

  // ---- what programs call

  sendTrailers(headers: any): void {
    const state: StreamState = this[kState];
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (state.trailersSent) throw new codes.ERR_HTTP2_TRAILERS_ALREADY_SENT();
    if (!state.trailersReady) throw new codes.ERR_HTTP2_TRAILERS_NOT_READY();
    if (headers !== undefined && (headers === null || typeof headers !== 'object' || Array.isArray(headers))) {
      throw new codes.ERR_INVALID_ARG_TYPE('headers', 'Object', headers);
    }
    const copy = { __proto__: null, ...headers };
    const { fields, secret } = encode(copy, noPseudo, state.session?.strict);
    state.sentTrailers = copy;
    state.trailersSent = true;
    this.touch();
    if (state.session !== undefined && !state.over) native.trailers(state.session.nativeId, state.id as number, fields, secret);
  }

  close(code: any = NO_ERROR, callback?: any): void {
    validateInteger(code, 'code', 0, 2 ** 32 - 1);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (callback !== undefined) this.once('close', callback);
    if (this.closed || this.destroyed) return;
    closeStream(this, code, true);
  }

  priority(_options?: any): void {
    warnPriority('http2Stream.priority is longer supported after priority signalling was deprecated in RFC 9113');
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
  }

  _destroy(err: any, callback: any): void {
    const state: StreamState = this[kState];
    const { session } = state;
    const sessionCode = session?.closeCode ?? NO_ERROR;
    let code = state.closed ? state.rstCode : sessionCode;
    if (err !== null && err !== undefined) {
      if (sessionCode !== NO_ERROR) code = sessionCode;
      else if (err instanceof AbortError) code = CANCEL;
      else code = INTERNAL_ERROR;
    }
    if (!state.closed) closeStream(this, code, state.id !== undefined);
    else if (code !== NO_ERROR) state.rstCode = code;
    if (session !== undefined) {
      // A session that ends says so for all its streams.
      if (state.id !== undefined && !state.over && !session.destroyed) native.reset(session.nativeId, state.id, code);
      session.forget(this);
    }
    state.over = true;
    const waiting = state.written;
    state.written = null;
    if ((err === null || err === undefined) && code !== NO_ERROR && code !== CANCEL) err = streamError(code);
    if (!err) this.push(null);
    stopIdle(this);
    const kind = session?.kind ?? CLIENT;
    state.session = undefined;
    state.scope.end();
    callback(err);
    if (waiting !== null) waiting(err);
    if (err && channels.failed[kind].hasSubscribers) channels.failed[kind].publish({ stream: this, error: err });
    observeStream(state, true);
  }

  [inspect.custom](depth: number, options: any): any {
    if (typeof depth === 'number' && depth < 0) return this;
    return `Http2Stream ${inspect({
      id: this[kState].id ?? '<pending>', closed: this.closed, destroyed: this.destroyed, state: this.state, readableState: this._readableState,
      writableState: this._writableState,
    }, nested(options))}`;
  }
}

/** Marks a stream closed and ends its writing side; reset: tell the peer when what was written is on its way. */
export function closeStream(stream: any, code: number, reset: boolean): void {
  const state: StreamState = stream[kState];
  state.closed = true;
  state.rstCode = code;
  const kind = state.session?.kind;
  if (kind !== undefined && channels.closed[kind].hasSubscribers) channels.closed[kind].publish({ stream });
  stopIdle(stream);
  stream.removeAllListeners('timeout');
  const ending = stream._writableState.ending === true;
  if (!ending) {
    if (!state.aborted) {
      state.aborted = true;
      stream.emit('aborted');
    }
    stream.end();
  }
  if (!reset) return;
  const finish = (): void => {
    const { session } = state;
    if (session !== undefined && !state.over && !session.destroyed) native.reset(session.nativeId, state.id, code);
  };
  if (state.id === undefined) {
    stream.push(null);
    stream.once('ready', finish);
  }
  else if (!ending || stream.writableFinished || code !== NO_ERROR || stream.destroyed) finish();
  else stream.once('finish', finish);
}

// 'finish' comes within a tick or two; then the stream may be over.
function afterFinal(stream: any, ticks: number): void {
  if (stream.writableFinished) stream.maybeDestroy();
  else if (ticks > 0 && !stream.destroyed) nextTick(afterFinal, stream, ticks - 1);
}

function encoded(chunk: any, encoding: any): any {
  if (typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'utf-8' || !encoding || encoding === 'buffer') return chunk;
  return Buffer.from(chunk, encoding);
}

/** Options to inspect what is within; what has no limit stays shallow, as everything hangs together by its streams. */
export function nested(options: any): any {
  return { ...options, depth: typeof options?.depth === 'number' ? options.depth - 1 : 0 };
}

let warned = false;
/** Priorities are gone from the protocol. */
export function warnPriority(message: string): void {
  if (warned) return;
  warned = true;
  process.emitWarning(message, 'DeprecationWarning', 'DEP0194');
}

export { objectOf };
