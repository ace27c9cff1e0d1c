// Writable. https://nodejs.org/docs/latest-v24.x/api/stream.html#writable-streams
//
// One chunk is with _write() at a time; the others wait in `state.buffered`. A write that completes inside _write() calls
// back in the next tick; writes without a callback that complete in one tick share that tick.

import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { Buffer, FastBuffer } from 'internal:buffer';
import { kRejection } from 'internal:events/emitter';
import { Stream } from 'internal:stream/legacy';
import { construct, destroy, errorOrDestroy, undestroy } from 'internal:stream/destroy';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { eos } from 'internal:stream/endofstream';
import {
  WritableEvents, defineBits, highWaterMarkOf, kAutoDestroy, kClosed, kCloseEmitted, kConstructed, kDestroyed, kEmitClose, kErrorEmitted, kErrored, kObjectMode,
  kState, kSync, nop,
} from 'internal:stream/state';

const { defineProperties, defineProperty, setPrototypeOf } = Object;
const { isView } = ArrayBuffer;

const kFinalCalled = 1 << 10;
const kNeedDrain = 1 << 11;
const kEnding = 1 << 12;
const kEnded = 1 << 13;
const kFinished = 1 << 14;
const kDecodeStrings = 1 << 15;
const kWriting = 1 << 16;
const kBufferProcessing = 1 << 17;
const kPrefinished = 1 << 18;
const kAllBuffers = 1 << 19;
const kAllNoop = 1 << 20;
const kHasWritable = 1 << 21;
const kWritable = 1 << 22;
const kExpectWriteCallback = 1 << 23;

const kErroredValue = Symbol('kErroredValue');
const kDefaultEncodingValue = Symbol('kDefaultEncodingValue');
const kOnFinished = Symbol('kOnFinished');
const kAfterWrite = Symbol('kAfterWriteTickInfo');
const kWriteCallback = Symbol('kWriteCallback');

const noOptions: any = { __proto__: null };

/** What `stream._writableState` is. Packages read it; its names are Node's. */
export function WritableState(this: any, options: any, stream: any, isDuplex: boolean): void {
  let bits = kEmitClose | kAutoDestroy | kConstructed | kSync | kDecodeStrings | kAllBuffers | kAllNoop;
  if (options) {
    if (options.objectMode || (isDuplex && options.writableObjectMode)) bits |= kObjectMode;
    if (options.emitClose === false) bits &= ~kEmitClose;
    if (options.autoDestroy === false) bits &= ~kAutoDestroy;
    if (options.decodeStrings === false) bits &= ~kDecodeStrings;
  }
  this[kState] = bits;
  this.highWaterMark = 0;
  this.length = 0;
  this.corked = 0;
  this.onwrite = (err: any) => onwrite(stream, err);
  this.writelen = 0;
  this.pendingcb = 0;
  this.bufferedIndex = 0;
  this.buffered = noneBuffered;
  this[kWriteCallback] = nop;
  this[kAfterWrite] = null;
  this[kOnFinished] = undefined;
  this.highWaterMark = highWaterMarkOf(this, options || noOptions, 'writableHighWaterMark', isDuplex);
  if (options) {
    const encoding = options.defaultEncoding;
    if (encoding && encoding !== 'utf8' && encoding !== 'utf-8') {
      if (!Buffer.isEncoding(encoding)) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
      this[kDefaultEncodingValue] = encoding;
    }
  }
}

// Most streams never queue: they share one empty list, which is replaced before the first push.
const noneBuffered: any[] = Object.freeze([]) as any;

defineBits(WritableState.prototype, {
  objectMode: kObjectMode,
  finalCalled: kFinalCalled,
  needDrain: kNeedDrain,
  ending: kEnding,
  ended: kEnded,
  finished: kFinished,
  destroyed: kDestroyed,
  decodeStrings: kDecodeStrings,
  writing: kWriting,
  sync: kSync,
  bufferProcessing: kBufferProcessing,
  constructed: kConstructed,
  prefinished: kPrefinished,
  errorEmitted: kErrorEmitted,
  emitClose: kEmitClose,
  autoDestroy: kAutoDestroy,
  closed: kClosed,
  closeEmitted: kCloseEmitted,
  allBuffers: kAllBuffers,
  allNoop: kAllNoop,
});

function defineValue(name: string, get: (this: any) => any, set?: (this: any, value: any) => void): void {
  defineProperty(WritableState.prototype, name, { __proto__: null, get, set, configurable: true, enumerable: false } as any);
}
defineValue('errored', function() { return (this[kState] & kErrored) !== 0 ? this[kErroredValue] : null; }, function(value) {
  if (value) {
    this[kErroredValue] = value;
    this[kState] |= kErrored;
  } else {
    this[kState] &= ~kErrored;
  }
});
defineValue('writable', function() { return (this[kState] & kHasWritable) !== 0 ? (this[kState] & kWritable) !== 0 : undefined; }, function(value) {
  this[kState] &= ~(kHasWritable | kWritable);
  if (value != null) this[kState] |= kHasWritable | (value ? kWritable : 0);
});
defineValue('defaultEncoding', function() { return this[kDefaultEncodingValue] ?? 'utf8'; }, function(value) { this[kDefaultEncodingValue] = value; });
defineValue('writecb', function() { return this[kWriteCallback] ?? nop; }, function(value) { this[kWriteCallback] = value; });
defineValue('afterWriteTickInfo', function() { return this[kAfterWrite]; }, function(value) { this[kAfterWrite] = value; });
defineValue('bufferedRequestCount', function() { return this.buffered.length - this.bufferedIndex; });
WritableState.prototype.getBuffer = function getBuffer(): any[] {
  return this.buffered.slice(this.bufferedIndex);
};

export function Writable(this: any, options?: any): any {
  if (!(this instanceof (Writable as any))) return new (Writable as any)(options);

  this._events ??= new (WritableEvents as any)();
  this._writableState = new (WritableState as any)(options, this, false);
  if (options) {
    if (typeof options.write === 'function') this._write = options.write;
    if (typeof options.writev === 'function') this._writev = options.writev;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.final === 'function') this._final = options.final;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  }
  (Stream as any).call(this, options);
  if (this._construct !== undefined && this._construct !== null) construct(this, () => afterConstructWritable(this));
  return undefined;
}
setPrototypeOf(Writable.prototype, Stream.prototype);
setPrototypeOf(Writable, Stream);
(Writable as any).WritableState = WritableState;

/** What a writable half does once constructed; Duplex calls it too. */
export function afterConstructWritable(stream: any): void {
  const state = stream._writableState;
  if ((state[kState] & kWriting) === 0) clearBuffer(stream, state);
  if ((state[kState] & kEnding) !== 0) finishMaybe(stream, state);
}

const hasInstance = Function.prototype[Symbol.hasInstance];
defineProperty(Writable, Symbol.hasInstance, {
  __proto__: null,
  // A Duplex is a Writable too, though its prototype chain goes through Readable.
  value: function(this: any, object: any): boolean {
    if (hasInstance.call(this, object)) return true;
    if (this !== Writable) return false;
    return !!object && object._writableState instanceof (WritableState as any);
  },
} as any);
defineProperty((Writable as any)[Symbol.hasInstance], 'name', { value: '[Symbol.hasInstance]' });

Writable.prototype.pipe = function(): void {
  errorOrDestroy(this, new codes.ERR_STREAM_CANNOT_PIPE());
};

// --- Writing -------------------------------------------------------------------------------------------------

/** Answers whether there is room, or the error that it gave to the callback. */
function write(stream: any, chunk: any, encoding: any, cb: any): any {
  if (cb == null || typeof cb !== 'function') cb = nop;
  if (chunk === null) throw new codes.ERR_STREAM_NULL_VALUES();

  const state = stream._writableState;
  if ((state[kState] & kObjectMode) !== 0) {
    // Objects pass as they are, with whatever was said about them.
  } else if (encoding && encoding !== 'buffer' && encoding !== 'utf8' && !Buffer.isEncoding(encoding)) {
    throw new codes.ERR_UNKNOWN_ENCODING(encoding);
  } else if (typeof chunk === 'string') {
    if (!encoding) encoding = state.defaultEncoding;
    if ((state[kState] & kDecodeStrings) !== 0) {
      chunk = Buffer.from(chunk, encoding);
      encoding = 'buffer';
    }
  } else if (chunk instanceof FastBuffer) {
    encoding = 'buffer';
  } else if (isView(chunk)) {
    chunk = new FastBuffer(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    encoding = 'buffer';
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
  }

  if ((state[kState] & (kEnding | kDestroyed)) !== 0) {
    const err = (state[kState] & kEnding) !== 0 ? new codes.ERR_STREAM_WRITE_AFTER_END() : new codes.ERR_STREAM_DESTROYED('write');
    nextTick(cb, err);
    errorOrDestroy(stream, err, true);
    return err;
  }
  state.pendingcb++;
  return writeOrBuffer(stream, state, chunk, encoding, cb);
}

Writable.prototype.write = function(chunk: any, encoding?: any, cb?: any): boolean {
  if (encoding != null && typeof encoding === 'function') {
    cb = encoding;
    encoding = null;
  }
  return write(this, chunk, encoding, cb) === true;
};

function writeOrBuffer(stream: any, state: any, chunk: any, encoding: any, callback: any): boolean {
  const length = (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length;
  state.length += length;
  const room = state.length < state.highWaterMark;
  if (!room) state[kState] |= kNeedDrain;

  if ((state[kState] & (kWriting | kErrored | kConstructed)) !== kConstructed || state.corked !== 0) {
    if (state.buffered === noneBuffered) state.buffered = [];
    state.buffered.push({ chunk, encoding, callback });
    if (encoding !== 'buffer') state[kState] &= ~kAllBuffers;
    if (callback !== nop) state[kState] &= ~kAllNoop;
  } else {
    state.writelen = length;
    state[kWriteCallback] = callback;
    state[kState] |= kWriting | kSync | kExpectWriteCallback;
    stream._write(chunk, encoding, state.onwrite);
    state[kState] &= ~kSync;
  }
  return room && (state[kState] & (kErrored | kDestroyed)) === 0;
}

function doWrite(stream: any, state: any, isBatch: boolean, length: number, chunk: any, encoding: any, callback: any): void {
  state.writelen = length;
  state[kWriteCallback] = callback;
  state[kState] |= kWriting | kSync | kExpectWriteCallback;
  if ((state[kState] & kDestroyed) !== 0) state.onwrite(new codes.ERR_STREAM_DESTROYED('write'));
  else if (isBatch) stream._writev(chunk, state.onwrite);
  else stream._write(chunk, encoding, state.onwrite);
  state[kState] &= ~kSync;
}

function onwrite(stream: any, err: any): void {
  const state = stream._writableState;
  if ((state[kState] & kExpectWriteCallback) === 0) {
    errorOrDestroy(stream, new codes.ERR_MULTIPLE_CALLBACK());
    return;
  }
  const sync = (state[kState] & kSync) !== 0;
  const callback = state[kWriteCallback];
  state[kWriteCallback] = nop;
  state[kState] &= ~(kWriting | kExpectWriteCallback);
  state.length -= state.writelen;
  state.writelen = 0;

  if (err) {
    err.stack; // eslint-disable-line no-unused-expressions
    if ((state[kState] & kErrored) === 0) state.errored = err;
    const r = stream._readableState;
    if (r && !r.errored) r.errored = err;
    if (sync) nextTick(afterFailedWrite, stream, state, err, callback);
    else afterFailedWrite(stream, state, err, callback);
    return;
  }

  if (state.buffered.length > state.bufferedIndex) clearBuffer(stream, state);
  if (!sync) {
    afterWrite(stream, state, 1, callback);
    return;
  }
  const needDrain = (state[kState] & kNeedDrain) !== 0 && state.length === 0;
  // Nobody waits for anything: no tick is needed for this write.
  if (callback === nop && !needDrain && (state[kState] & (kDestroyed | kEnding)) === 0) {
    state.pendingcb--;
    return;
  }
  const info = state[kAfterWrite];
  if (info !== null && info.callback === callback) {
    info.count++;
  } else {
    const next = { count: 1, callback, stream, state };
    state[kAfterWrite] = next;
    nextTick(afterWriteTick, next);
  }
}

function afterFailedWrite(stream: any, state: any, err: any, callback: any): void {
  --state.pendingcb;
  callback(err);
  errorBuffer(state);
  errorOrDestroy(stream, err);
}

function afterWriteTick(info: any): void {
  info.state[kAfterWrite] = null;
  afterWrite(info.stream, info.state, info.count, info.callback);
}

function afterWrite(stream: any, state: any, count: number, callback: any): void {
  if ((state[kState] & (kNeedDrain | kEnding | kDestroyed)) === kNeedDrain && state.length === 0) {
    state[kState] &= ~kNeedDrain;
    stream.emit('drain');
  }
  while (count-- > 0) {
    state.pendingcb--;
    callback(null);
  }
  if ((state[kState] & kDestroyed) !== 0) errorBuffer(state);
  if ((state[kState] & kEnding) !== 0) finishMaybe(stream, state);
}

/** Fails what waits. */
function errorBuffer(state: any): void {
  if ((state[kState] & kWriting) !== 0) return;
  for (let i = state.bufferedIndex; i < state.buffered.length; i++) {
    const { chunk, callback } = state.buffered[i];
    state.length -= (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length;
    callback(state.errored ?? new codes.ERR_STREAM_DESTROYED('write'));
  }
  callOnFinished(state, state.errored ?? new codes.ERR_STREAM_DESTROYED('end'));
  resetBuffer(state);
}

function resetBuffer(state: any): void {
  state.buffered = noneBuffered;
  state.bufferedIndex = 0;
  state[kState] |= kAllBuffers | kAllNoop;
}

/** Writes what waits. */
function clearBuffer(stream: any, state: any): void {
  if (state.corked !== 0 || (state[kState] & (kBufferProcessing | kDestroyed | kConstructed)) !== kConstructed) return;
  const { buffered } = state;
  let at = state.bufferedIndex;
  const count = buffered.length - at;
  if (count <= 0) return;

  state[kState] |= kBufferProcessing;
  if (count > 1 && stream._writev) {
    state.pendingcb -= count - 1;
    const callback = (state[kState] & kAllNoop) !== 0 ? nop : (err: any) => {
      for (let i = at; i < buffered.length; i++) buffered[i].callback(err);
    };
    const chunks: any = at === 0 ? buffered : buffered.slice(at);
    chunks.allBuffers = (state[kState] & kAllBuffers) !== 0;
    doWrite(stream, state, true, state.length, chunks, '', callback);
    resetBuffer(state);
  } else {
    do {
      const { chunk, encoding, callback } = buffered[at];
      buffered[at++] = null;
      doWrite(stream, state, false, (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length, chunk, encoding, callback);
    } while (at < buffered.length && (state[kState] & kWriting) === 0);
    if (at === buffered.length) {
      resetBuffer(state);
    } else if (at > 256) {
      buffered.splice(0, at);
      state.bufferedIndex = 0;
    } else {
      state.bufferedIndex = at;
    }
  }
  state[kState] &= ~kBufferProcessing;
}

Writable.prototype._write = function(chunk: any, encoding: any, cb: any): void {
  if (!this._writev) throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_write()');
  this._writev([{ chunk, encoding }], cb);
};
Writable.prototype._writev = null;

Writable.prototype.cork = function(): void {
  this._writableState.corked++;
};

Writable.prototype.uncork = function(): void {
  const state = this._writableState;
  if (state.corked === 0) return;
  state.corked--;
  if ((state[kState] & kWriting) === 0) clearBuffer(this, state);
};

Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding: any): any {
  if (typeof encoding === 'string') encoding = encoding.toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};

// --- Ending --------------------------------------------------------------------------------------------------

Writable.prototype.end = function(chunk?: any, encoding?: any, cb?: any): any {
  const state = this._writableState;
  if (typeof chunk === 'function') {
    cb = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    cb = encoding;
    encoding = null;
  }

  let err: any;
  if (chunk !== null && chunk !== undefined) {
    const result = write(this, chunk, encoding, undefined);
    if (result instanceof Error) err = result;
  }
  if (state.corked !== 0) {
    state.corked = 1;
    this.uncork();
  }
  if (err) {
    // The write has failed already.
  } else if ((state[kState] & (kEnding | kErrored)) === 0) {
    state[kState] |= kEnding;
    finishMaybe(this, state, true);
    state[kState] |= kEnded;
  } else if ((state[kState] & kFinished) !== 0) {
    err = new codes.ERR_STREAM_ALREADY_FINISHED('end');
  } else if ((state[kState] & kDestroyed) !== 0) {
    err = new codes.ERR_STREAM_DESTROYED('end');
  }
  if (typeof cb === 'function') {
    if (err) nextTick(cb, err);
    else if ((state[kState] & kErrored) !== 0) nextTick(cb, state.errored);
    else if ((state[kState] & kFinished) !== 0) nextTick(cb);
    else (state[kOnFinished] ??= []).push(cb);
  }
  return this;
};

function needFinish(state: any): boolean {
  return (state[kState] & (kEnding | kDestroyed | kConstructed | kFinished | kWriting | kErrorEmitted | kCloseEmitted | kErrored)) ===
    (kEnding | kConstructed) && state.length === 0 && state.buffered.length === 0;
}

function callFinal(stream: any, state: any): void {
  let called = false;
  let sync = true;
  function done(err?: any): void {
    if (called) {
      errorOrDestroy(stream, err ?? new codes.ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    state.pendingcb--;
    if (err) {
      callOnFinished(state, err);
      errorOrDestroy(stream, err, sync);
    } else if (needFinish(state)) {
      state[kState] |= kPrefinished;
      stream.emit('prefinish');
      // A tick later: finish() may destroy, and the caller of _final isn't prepared for that.
      state.pendingcb++;
      nextTick(finish, stream, state);
    }
  }
  state.pendingcb++;
  try {
    stream._final(done);
  } catch (err) {
    done(err);
  }
  sync = false;
}

function prefinish(stream: any, state: any): void {
  if ((state[kState] & (kPrefinished | kFinalCalled)) !== 0) return;
  if (typeof stream._final === 'function' && (state[kState] & kDestroyed) === 0) {
    state[kState] |= kFinalCalled;
    callFinal(stream, state);
  } else {
    state[kState] |= kPrefinished;
    stream.emit('prefinish');
  }
}

function finishMaybe(stream: any, state: any, sync?: boolean): void {
  if (!needFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb !== 0) return;
  if (sync) {
    state.pendingcb++;
    nextTick(finishIfNeeded, stream, state);
  } else if (needFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finishIfNeeded(stream: any, state: any): void {
  if (needFinish(state)) finish(stream, state);
  else state.pendingcb--;
}

function finish(stream: any, state: any): void {
  state.pendingcb--;
  state[kState] |= kFinished;
  callOnFinished(state, null);
  stream.emit('finish');
  if ((state[kState] & kAutoDestroy) !== 0) {
    // A Duplex goes when both halves are done.
    const r = stream._readableState;
    if (!r || (r.autoDestroy && (r.endEmitted || r.readable === false))) stream.destroy();
  }
}

function callOnFinished(state: any, err: any): void {
  const callbacks = state[kOnFinished];
  if (callbacks === undefined) return;
  state[kOnFinished] = undefined;
  for (const callback of callbacks) callback(err);
}

// --- Destruction ---------------------------------------------------------------------------------------------

Writable.prototype.destroy = function(err?: any, cb?: any): any {
  const state = this._writableState;
  if ((state[kState] & kDestroyed) === 0 && (state.buffered.length > state.bufferedIndex || state[kOnFinished] !== undefined)) {
    nextTick(errorBuffer, state);
  }
  destroy.call(this, err, cb);
  return this;
};
Writable.prototype._undestroy = undestroy;
Writable.prototype._destroy = function(err: any, cb: any): void { cb(err); };
Writable.prototype[kRejection] = function(err: any): void { this.destroy(err); };

Writable.prototype[Symbol.asyncDispose] = function(): Promise<void> {
  let error: any;
  if (!this.destroyed) {
    error = this.writableFinished ? null : new AbortError();
    this.destroy(error);
  }
  return new Promise((resolve, reject) => eos(this, (err: any) => (err && err.name !== 'AbortError' ? reject(err) : resolve())));
};

(Writable as any).fromWeb = function(writableStream: any, options?: any): any {
  return load('internal:web/streams/adapters').newStreamWritableFromWritableStream(writableStream, options);
};

(Writable as any).toWeb = function(streamWritable: any): any {
  return load('internal:web/streams/adapters').newWritableStreamFromStreamWritable(streamWritable);
};

// --- Properties ----------------------------------------------------------------------------------------------

defineProperties(Writable.prototype, {
  closed: { get() { return this._writableState ? this._writableState.closed : false; } },
  destroyed: {
    get() { return this._writableState ? this._writableState.destroyed : false; },
    set(value) { if (this._writableState) this._writableState.destroyed = value; },
  },
  writable: {
    get() {
      const w = this._writableState;
      // `undefined` counts as yes.
      return !!w && w.writable !== false && (w[kState] & (kEnding | kEnded | kDestroyed | kErrored)) === 0;
    },
    set(value) { if (this._writableState) this._writableState.writable = !!value; },
  },
  writableFinished: { get() { const w = this._writableState; return w ? w.finished : false; } },
  writableObjectMode: { get() { const w = this._writableState; return w ? w.objectMode : false; } },
  writableBuffer: { get() { return this._writableState?.getBuffer(); } },
  writableEnded: { get() { const w = this._writableState; return w ? w.ending : false; } },
  writableNeedDrain: {
    get() {
      const w = this._writableState;
      return w ? (w[kState] & (kDestroyed | kEnding | kNeedDrain)) === kNeedDrain : false;
    },
  },
  writableHighWaterMark: { get() { return this._writableState?.highWaterMark; } },
  writableCorked: { get() { const w = this._writableState; return w ? w.corked : 0; } },
  writableLength: { get() { return this._writableState?.length; } },
  errored: { get() { return this._writableState ? this._writableState.errored : null; } },
  writableAborted: {
    get() {
      const w = this._writableState;
      return w.writable !== false && (w.destroyed || !!w.errored) && !w.finished;
    },
  },
} as any);
