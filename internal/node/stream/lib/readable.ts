// Readable. https://nodejs.org/docs/latest-v24.x/api/stream.html#readable-streams
//
// push() hands a chunk to 'data' listeners at once when the stream flows, nothing is queued and the source answers later
// than the call that asked it; otherwise the chunk waits in `state.buffer`, an array whose first taken places are counted by
// `bufferIndex`, so that taking one moves nothing.

import { AbortError, aggregateTwoErrors, codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { Buffer, FastBuffer } from 'internal:buffer';
import { kRejection } from 'internal:events/emitter';
import { Stream, prependListener } from 'internal:stream/legacy';
import { construct, destroy, destroyer, errorOrDestroy, undestroy } from 'internal:stream/destroy';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { eos } from 'internal:stream/endofstream';
import { from } from 'internal:stream/from';
import {
  ReadableEvents, defineBits, highWaterMarkOf, kAutoDestroy, kClosed, kCloseEmitted, kConstructed, kDestroyed, kEmitClose, kErrorEmitted, kErrored, kObjectMode,
  kState, kSync, nop,
} from 'internal:stream/state';

const { defineProperties, setPrototypeOf } = Object;
const { isView } = ArrayBuffer;

const kEnded = 1 << 10;
const kEndEmitted = 1 << 11;
const kReading = 1 << 12;
const kNeedReadable = 1 << 13;
const kEmittedReadable = 1 << 14;
const kReadableListening = 1 << 15;
const kResumeScheduled = 1 << 16;
const kMultiAwaitDrain = 1 << 17;
const kReadingMore = 1 << 18;
const kDataEmitted = 1 << 19;
// `flowing` is null until somebody decides.
const kFlowingKnown = 1 << 20;
const kFlowing = 1 << 21;
const kPausedKnown = 1 << 22;
const kPaused = 1 << 23;
const kDataListening = 1 << 24;
const kHasDecoder = 1 << 25;

const kErroredValue = Symbol('kErroredValue');
const kDecoderValue = Symbol('kDecoderValue');
const kEncodingValue = Symbol('kEncodingValue');
const kDefaultEncodingValue = Symbol('kDefaultEncodingValue');

/** What `stream._readableState` is. Packages read it; its names are Node's. */
export function ReadableState(this: any, options: any, stream: any, isDuplex: boolean): void {
  let bits = kEmitClose | kAutoDestroy | kConstructed | kSync;
  if (options) {
    if (options.objectMode || (isDuplex && options.readableObjectMode)) bits |= kObjectMode;
    if (options.emitClose === false) bits &= ~kEmitClose;
    if (options.autoDestroy === false) bits &= ~kAutoDestroy;
  }
  this[kState] = bits;
  this.highWaterMark = 0;
  this.buffer = [];
  this.bufferIndex = 0;
  this.length = 0;
  this.pipes = [];
  this.awaitDrainWriters = null;
  this.highWaterMark = highWaterMarkOf(this, options || noOptions, 'readableHighWaterMark', isDuplex);
  if (options) {
    const encoding = options.defaultEncoding;
    if (encoding && encoding !== 'utf8' && encoding !== 'utf-8') {
      if (!Buffer.isEncoding(encoding)) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
      this[kDefaultEncodingValue] = encoding;
    }
    if (options.encoding) {
      this.decoder = newDecoder(options.encoding);
      this.encoding = options.encoding;
    }
  }
}

const noOptions: any = { __proto__: null };

function newDecoder(encoding: any): any {
  const m = load('node:string_decoder');
  return new (m.default ?? m).StringDecoder(encoding);
}

defineBits(ReadableState.prototype, {
  objectMode: kObjectMode,
  ended: kEnded,
  endEmitted: kEndEmitted,
  reading: kReading,
  constructed: kConstructed,
  sync: kSync,
  needReadable: kNeedReadable,
  emittedReadable: kEmittedReadable,
  readableListening: kReadableListening,
  resumeScheduled: kResumeScheduled,
  errorEmitted: kErrorEmitted,
  emitClose: kEmitClose,
  autoDestroy: kAutoDestroy,
  destroyed: kDestroyed,
  closed: kClosed,
  closeEmitted: kCloseEmitted,
  multiAwaitDrain: kMultiAwaitDrain,
  readingMore: kReadingMore,
  dataEmitted: kDataEmitted,
});

function defineValue(name: string, get: (this: any) => any, set: ((this: any, value: any) => void) | undefined): void {
  Object.defineProperty(ReadableState.prototype, name, { __proto__: null, get, set, configurable: true, enumerable: false } as any);
}
defineValue('errored', function() { return (this[kState] & kErrored) !== 0 ? this[kErroredValue] : null; }, function(value) {
  if (value) {
    this[kErroredValue] = value;
    this[kState] |= kErrored;
  } else {
    this[kState] &= ~kErrored;
  }
});
defineValue('defaultEncoding', function() { return this[kDefaultEncodingValue] ?? 'utf8'; }, function(value) { this[kDefaultEncodingValue] = value; });
defineValue('decoder', function() { return (this[kState] & kHasDecoder) !== 0 ? this[kDecoderValue] : null; }, function(value) {
  if (value) {
    this[kDecoderValue] = value;
    this[kState] |= kHasDecoder;
  } else {
    this[kState] &= ~kHasDecoder;
  }
});
defineValue('encoding', function() { return this[kEncodingValue] ?? null; }, function(value) { this[kEncodingValue] = value; });
defineValue('flowing', function() { return (this[kState] & kFlowingKnown) !== 0 ? (this[kState] & kFlowing) !== 0 : null; }, function(value) {
  this[kState] &= ~(kFlowingKnown | kFlowing);
  if (value != null) this[kState] |= kFlowingKnown | (value ? kFlowing : 0);
});
defineValue('paused', function() { return (this[kState] & kPausedKnown) !== 0 ? (this[kState] & kPaused) !== 0 : null; }, function(value) {
  this[kState] &= ~(kPausedKnown | kPaused);
  if (value != null) this[kState] |= kPausedKnown | (value ? kPaused : 0);
});
defineValue('pipesCount', function() { return this.pipes.length; }, undefined);

export function Readable(this: any, options?: any): any {
  if (!(this instanceof (Readable as any))) return new (Readable as any)(options);

  this._events ??= new (ReadableEvents as any)();
  this._readableState = new (ReadableState as any)(options, this, false);
  if (options) {
    if (typeof options.read === 'function') this._read = options.read;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  }
  (Stream as any).call(this, options);
  if (this._construct !== undefined && this._construct !== null) construct(this, () => afterConstructReadable(this));
  return undefined;
}
setPrototypeOf(Readable.prototype, Stream.prototype);
setPrototypeOf(Readable, Stream);
(Readable as any).ReadableState = ReadableState;

/** What a readable half does once constructed; Duplex calls it too. */
export function afterConstructReadable(stream: any): void {
  if ((stream._readableState[kState] & kNeedReadable) !== 0) maybeReadMore(stream, stream._readableState);
}

Readable.prototype.destroy = destroy;
Readable.prototype._undestroy = undestroy;
Readable.prototype._destroy = function(err: any, cb: any): void { cb(err); };
Readable.prototype[kRejection] = function(err: any): void { this.destroy(err); };

Readable.prototype[Symbol.asyncDispose] = function(): Promise<void> {
  let error: any;
  if (!this.destroyed) {
    error = this.readableEnded ? null : new AbortError();
    this.destroy(error);
  }
  return new Promise((resolve, reject) => eos(this, (err: any) => (err && err !== error ? reject(err) : resolve())));
};

// --- Filling -------------------------------------------------------------------------------------------------

Readable.prototype.push = function push(chunk: any, encoding?: any): boolean {
  const state = this._readableState;
  return (state[kState] & kObjectMode) === 0 ? pushBytes(this, state, chunk, encoding) : pushObject(this, state, chunk, encoding);
};

Readable.prototype.unshift = function unshift(chunk: any, encoding?: any): boolean {
  const state = this._readableState;
  if ((state[kState] & kObjectMode) !== 0) {
    if (chunk === null) return endOfSource(this, state);
    return unshiftChunk(this, state, chunk);
  }
  if (chunk === null) return endOfSource(this, state);
  if (typeof chunk === 'string') {
    encoding = encoding || state.defaultEncoding;
    if (state.encoding !== encoding) {
      // What is read back must be in the stream's own encoding.
      chunk = state.encoding ? Buffer.from(chunk, encoding).toString(state.encoding) : Buffer.from(chunk, encoding);
    }
  } else if (!(chunk instanceof FastBuffer)) {
    if (isView(chunk)) chunk = toBuffer(chunk);
    else if (chunk !== undefined) return badChunk(this, chunk);
  }
  if (!(chunk && chunk.length > 0)) return hasRoom(state);
  return unshiftChunk(this, state, chunk);
};

function toBuffer(view: any): any {
  return new FastBuffer(view.buffer, view.byteOffset, view.byteLength);
}

function badChunk(stream: any, chunk: any): boolean {
  errorOrDestroy(stream, new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
  return false;
}

function unshiftChunk(stream: any, state: any, chunk: any): boolean {
  if ((state[kState] & kEndEmitted) !== 0) errorOrDestroy(stream, new codes.ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
  else if ((state[kState] & (kDestroyed | kErrored)) !== 0) return false;
  else addChunk(stream, state, chunk, true);
  return hasRoom(state);
}

function endOfSource(stream: any, state: any): boolean {
  state[kState] &= ~kReading;
  onEofChunk(stream, state);
  return false;
}

function pushBytes(stream: any, state: any, chunk: any, encoding: any): boolean {
  if (chunk === null) return endOfSource(stream, state);
  if (typeof chunk === 'string') {
    encoding = encoding || state.defaultEncoding;
    if (state.encoding !== encoding) {
      chunk = Buffer.from(chunk, encoding);
      encoding = '';
    }
  } else if (chunk instanceof FastBuffer) {
    encoding = '';
  } else if (isView(chunk)) {
    chunk = toBuffer(chunk);
    encoding = '';
  } else if (chunk !== undefined) {
    return badChunk(stream, chunk);
  }

  if (!chunk || chunk.length <= 0) {
    state[kState] &= ~kReading;
    maybeReadMore(stream, state);
    return hasRoom(state);
  }
  const bits = state[kState];
  if ((bits & (kEnded | kDestroyed | kErrored)) !== 0) return refusePush(stream, bits);
  state[kState] = bits & ~kReading;
  if ((bits & kHasDecoder) !== 0 && !encoding) {
    chunk = state[kDecoderValue].write(chunk);
    if (chunk.length === 0) {
      maybeReadMore(stream, state);
      return hasRoom(state);
    }
  }
  addChunk(stream, state, chunk, false);
  return hasRoom(state);
}

function pushObject(stream: any, state: any, chunk: any, encoding: any): boolean {
  if (chunk === null) return endOfSource(stream, state);
  const bits = state[kState];
  if ((bits & (kEnded | kDestroyed | kErrored)) !== 0) return refusePush(stream, bits);
  state[kState] = bits & ~kReading;
  if ((bits & kHasDecoder) !== 0 && !encoding) chunk = state[kDecoderValue].write(chunk);
  addChunk(stream, state, chunk, false);
  return hasRoom(state);
}

function refusePush(stream: any, bits: number): boolean {
  if ((bits & kEnded) !== 0) errorOrDestroy(stream, new codes.ERR_STREAM_PUSH_AFTER_EOF());
  return false;
}

/** What push() answers: whether the source may go on. */
function hasRoom(state: any): boolean {
  return (state[kState] & kEnded) === 0 && (state.length < state.highWaterMark || state.length === 0);
}

function addChunk(stream: any, state: any, chunk: any, front: boolean): void {
  if ((state[kState] & (kFlowing | kSync | kDataListening)) === (kFlowing | kDataListening) && state.length === 0) {
    nobodyWaitsForDrain(state);
    state[kState] |= kDataEmitted;
    stream.emit('data', chunk);
  } else {
    state.length += (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length;
    if (!front) {
      state.buffer.push(chunk);
    } else if (state.bufferIndex > 0) {
      state.buffer[--state.bufferIndex] = chunk;
    } else {
      state.buffer.unshift(chunk);
    }
    if ((state[kState] & kNeedReadable) !== 0) emitReadable(stream);
  }
  maybeReadMore(stream, state);
}

function nobodyWaitsForDrain(state: any): void {
  if ((state[kState] & kMultiAwaitDrain) !== 0) state.awaitDrainWriters.clear();
  else state.awaitDrainWriters = null;
}

function onEofChunk(stream: any, state: any): void {
  if ((state[kState] & kEnded) !== 0) return;
  if ((state[kState] & kHasDecoder) !== 0) {
    const rest = state[kDecoderValue].end();
    if (rest?.length) {
      state.buffer.push(rest);
      state.length += (state[kState] & kObjectMode) !== 0 ? 1 : rest.length;
    }
  }
  state[kState] |= kEnded;
  if ((state[kState] & kSync) !== 0) {
    // The source is inside read(): wait for it to come back.
    emitReadable(stream);
  } else {
    state[kState] &= ~kNeedReadable;
    state[kState] |= kEmittedReadable;
    emitReadableNow(stream);
  }
}

/** 'readable' in the next tick, once. */
function emitReadable(stream: any): void {
  const state = stream._readableState;
  state[kState] &= ~kNeedReadable;
  if ((state[kState] & kEmittedReadable) === 0) {
    state[kState] |= kEmittedReadable;
    nextTick(emitReadableNow, stream);
  }
}

function emitReadableNow(stream: any): void {
  const state = stream._readableState;
  if ((state[kState] & (kDestroyed | kErrored)) === 0 && (state.length > 0 || (state[kState] & kEnded) !== 0)) {
    stream.emit('readable');
    state[kState] &= ~kEmittedReadable;
  }
  // Another 'readable' is wanted when nothing is left to read up to the mark.
  if ((state[kState] & (kFlowing | kEnded)) === 0 && state.length <= state.highWaterMark) state[kState] |= kNeedReadable;
  else state[kState] &= ~kNeedReadable;
  flow(stream);
}

/** Reads ahead up to the mark, outside of the current call. */
function maybeReadMore(stream: any, state: any): void {
  if ((state[kState] & (kReadingMore | kConstructed)) === kConstructed) {
    state[kState] |= kReadingMore;
    nextTick(readMore, stream, state);
  }
}

function readMore(stream: any, state: any): void {
  while ((state[kState] & (kReading | kEnded)) === 0 &&
         (state.length < state.highWaterMark || ((state[kState] & kFlowing) !== 0 && state.length === 0))) {
    const { length } = state;
    stream.read(0);
    // A source that gave nothing gives later.
    if (length === state.length) break;
  }
  state[kState] &= ~kReadingMore;
}

// --- Reading -------------------------------------------------------------------------------------------------

Readable.prototype.isPaused = function(): boolean {
  const state = this._readableState;
  return (state[kState] & kPaused) !== 0 || (state[kState] & (kFlowingKnown | kFlowing)) === kFlowingKnown;
};

Readable.prototype.setEncoding = function(encoding: any): any {
  const state = this._readableState;
  const decoder = newDecoder(encoding);
  state.decoder = decoder;
  state.encoding = decoder.encoding;
  let text = '';
  for (let i = state.bufferIndex; i < state.buffer.length; i++) text += decoder.write(state.buffer[i]);
  state.buffer.length = 0;
  state.bufferIndex = 0;
  if (text !== '') state.buffer.push(text);
  state.length = text.length;
  return this;
};

const MAX_HWM = 0x40000000;

/** The power of two from n up, so that odd sizes don't raise the mark in many small steps. */
function raisedHighWaterMark(n: number): number {
  if (n > MAX_HWM) throw new codes.ERR_OUT_OF_RANGE('size', '<= 1GiB', n);
  let mark = 1;
  while (mark < n) mark *= 2;
  return mark;
}

function howMuchToRead(n: number, state: any): number {
  if (n <= 0 || (state.length === 0 && (state[kState] & kEnded) !== 0)) return 0;
  if ((state[kState] & kObjectMode) !== 0) return 1;
  if (n !== n) {
    // No size: one chunk when flowing, all of it otherwise.
    return (state[kState] & kFlowing) !== 0 && state.length > 0 ? state.buffer[state.bufferIndex].length : state.length;
  }
  if (n <= state.length) return n;
  return (state[kState] & kEnded) !== 0 ? state.length : 0;
}

Readable.prototype.read = function(size?: any): any {
  let n: number;
  if (size === undefined) n = NaN;
  else n = Number.isInteger(size) ? size : Number.parseInt(size, 10);
  const state = this._readableState;
  const asked = n;

  if (n > state.highWaterMark) state.highWaterMark = raisedHighWaterMark(n);
  if (n !== 0) state[kState] &= ~kEmittedReadable;

  // read(0) is a nudge: with enough there already it only makes sure that 'readable' comes.
  if (n === 0 && (state[kState] & kNeedReadable) !== 0 &&
      ((state.highWaterMark !== 0 ? state.length >= state.highWaterMark : state.length > 0) || (state[kState] & kEnded) !== 0)) {
    if (state.length === 0 && (state[kState] & kEnded) !== 0) endReadable(this);
    else emitReadable(this);
    return null;
  }

  n = howMuchToRead(n, state);
  if (n === 0 && (state[kState] & kEnded) !== 0) {
    if (state.length === 0) endReadable(this);
    return null;
  }

  const bits = state[kState];
  let doRead = (bits & kNeedReadable) !== 0 || state.length === 0 || state.length - n < state.highWaterMark;
  if ((bits & (kEnded | kReading | kDestroyed | kErrored | kConstructed)) !== kConstructed) doRead = false;
  if (doRead) {
    state[kState] = bits | kReading | kSync | (state.length === 0 ? kNeedReadable : 0);
    try {
      this._read(state.highWaterMark);
    } catch (err) {
      errorOrDestroy(this, err);
    }
    state[kState] &= ~kSync;
    // A source that pushed at once may have changed what there is.
    if ((state[kState] & kReading) === 0) n = howMuchToRead(asked, state);
  }

  const chunk: any = n > 0 ? takeFromBuffer(n, state) : null;
  if (chunk === null) {
    if (state.length <= state.highWaterMark) state[kState] |= kNeedReadable;
    else state[kState] &= ~kNeedReadable;
    n = 0;
  } else {
    state.length -= n;
    nobodyWaitsForDrain(state);
  }

  if (state.length === 0) {
    if ((state[kState] & kEnded) === 0) state[kState] |= kNeedReadable;
    else if (asked !== n) endReadable(this);
  }
  if (chunk !== null && (state[kState] & (kErrorEmitted | kCloseEmitted)) === 0) {
    state[kState] |= kDataEmitted;
    this.emit('data', chunk);
  }
  return chunk;
};

Readable.prototype._read = function(_n: number): void {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_read()');
};

/** Takes n bytes, characters or one object. The caller counts `length`. */
function takeFromBuffer(n: number, state: any): any {
  if (state.length === 0) return null;
  const list = state.buffer;
  let at = state.bufferIndex;
  let chunk: any;
  if ((state[kState] & kObjectMode) !== 0) {
    chunk = list[at];
    list[at++] = null;
  } else if (!n || n >= state.length) {
    if ((state[kState] & kHasDecoder) !== 0) {
      chunk = '';
      for (; at < list.length; at++) chunk += list[at];
    } else if (list.length - at === 0) {
      chunk = Buffer.alloc(0);
    } else if (list.length - at === 1) {
      chunk = list[at++];
    } else {
      chunk = Buffer.concat(at === 0 ? list : list.slice(at), state.length);
    }
    at = list.length;
  } else if (n < list[at].length) {
    // A part of the first chunk.
    chunk = list[at].slice(0, n);
    list[at] = list[at].slice(n);
    return chunk;
  } else if (n === list[at].length) {
    chunk = list[at];
    list[at++] = null;
  } else if ((state[kState] & kHasDecoder) !== 0) {
    chunk = '';
    while (n > 0) {
      const text = list[at];
      if (n < text.length) {
        chunk += text.slice(0, n);
        list[at] = text.slice(n);
        break;
      }
      chunk += text;
      n -= text.length;
      list[at++] = null;
    }
  } else {
    chunk = Buffer.allocUnsafe(n);
    let filled = 0;
    while (filled < n) {
      const piece = list[at];
      if (n - filled < piece.length) {
        chunk.set(piece.subarray(0, n - filled), filled);
        list[at] = piece.slice(n - filled);
        break;
      }
      chunk.set(piece, filled);
      filled += piece.length;
      list[at++] = null;
    }
  }
  if (at === list.length) {
    list.length = 0;
    at = 0;
  } else if (at > 1024) {
    list.splice(0, at);
    at = 0;
  }
  state.bufferIndex = at;
  return chunk;
}

/** For packages that called Node's internal. */
(Readable as any)._fromList = function fromList(n: number, state: any): any {
  return takeFromBuffer(n, state);
};

function flow(stream: any): void {
  const state = stream._readableState;
  while ((state[kState] & kFlowing) !== 0 && stream.read() !== null);
}

function endReadable(stream: any): void {
  const state = stream._readableState;
  if ((state[kState] & kEndEmitted) === 0) {
    state[kState] |= kEnded;
    nextTick(emitEnd, state, stream);
  }
}

function emitEnd(state: any, stream: any): void {
  if ((state[kState] & (kErrored | kCloseEmitted | kEndEmitted)) !== 0 || state.length !== 0) return;
  state[kState] |= kEndEmitted;
  stream.emit('end');
  if (stream.writable && stream.allowHalfOpen === false) {
    nextTick(endWritable, stream);
  } else if ((state[kState] & kAutoDestroy) !== 0) {
    // A Duplex goes when both halves are done.
    const w = stream._writableState;
    if (!w || (w.autoDestroy && (w.finished || w.writable === false))) stream.destroy();
  }
}

function endWritable(stream: any): void {
  if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

// --- Flowing, pausing, listening -----------------------------------------------------------------------------

Readable.prototype.on = function(type: any, listener: any): any {
  const result = Stream.prototype.on.call(this, type, listener);
  const state = this._readableState;
  if (type === 'data') {
    state[kState] |= kDataListening;
    if (this.listenerCount('readable') > 0) state[kState] |= kReadableListening;
    else state[kState] &= ~kReadableListening;
    // Explicitly paused streams stay so.
    if ((state[kState] & (kFlowingKnown | kFlowing)) !== kFlowingKnown) this.resume();
  } else if (type === 'readable') {
    if ((state[kState] & (kEndEmitted | kReadableListening)) === 0) {
      state[kState] |= kReadableListening | kNeedReadable | kFlowingKnown;
      state[kState] &= ~(kFlowing | kEmittedReadable);
      if (state.length > 0) emitReadable(this);
      else if ((state[kState] & kReading) === 0) nextTick(readZero, this);
    }
  }
  return result;
};
Readable.prototype.addListener = Readable.prototype.on;

function readZero(stream: any): void {
  stream.read(0);
}

Readable.prototype.removeListener = function(type: any, listener: any): any {
  const state = this._readableState;
  const result = Stream.prototype.removeListener.call(this, type, listener);
  if (type === 'readable') {
    // In the next tick, for once('readable') handlers add themselves again.
    nextTick(updateReadableListening, this);
  } else if (type === 'data' && this.listenerCount('data') === 0) {
    state[kState] &= ~kDataListening;
  }
  return result;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function(type?: any): any {
  const result = Reflect.apply(Stream.prototype.removeAllListeners, this, arguments as any);
  if (type === 'readable' || type === undefined) nextTick(updateReadableListening, this);
  if (type === 'data' || type === undefined) this._readableState[kState] &= ~kDataListening;
  return result;
};

function updateReadableListening(stream: any): void {
  const state = stream._readableState;
  if (stream.listenerCount('readable') > 0) state[kState] |= kReadableListening;
  else state[kState] &= ~kReadableListening;

  if ((state[kState] & (kResumeScheduled | kPausedKnown | kPaused)) === (kResumeScheduled | kPausedKnown)) {
    // resume() was called and waits for its tick.
    state[kState] |= kFlowingKnown | kFlowing;
  } else if (stream.listenerCount('data') > 0) {
    stream.resume();
  } else if ((state[kState] & kReadableListening) === 0) {
    state[kState] &= ~(kFlowingKnown | kFlowing);
  }
}

Readable.prototype.resume = function(): any {
  const state = this._readableState;
  if ((state[kState] & kFlowing) === 0) {
    // 'readable' listeners win: then read() is what moves the data.
    state[kState] |= kFlowingKnown | ((state[kState] & kReadableListening) === 0 ? kFlowing : 0);
    if ((state[kState] & kResumeScheduled) === 0) {
      state[kState] |= kResumeScheduled;
      nextTick(resumeNow, this, state);
    }
  }
  state[kState] |= kPausedKnown;
  state[kState] &= ~kPaused;
  return this;
};

function resumeNow(stream: any, state: any): void {
  if ((state[kState] & kReading) === 0) stream.read(0);
  state[kState] &= ~kResumeScheduled;
  stream.emit('resume');
  flow(stream);
  if ((state[kState] & (kFlowing | kReading)) === kFlowing) stream.read(0);
}

Readable.prototype.pause = function(): any {
  const state = this._readableState;
  if ((state[kState] & (kFlowingKnown | kFlowing)) !== kFlowingKnown) {
    state[kState] |= kFlowingKnown;
    state[kState] &= ~kFlowing;
    this.emit('pause');
  }
  state[kState] |= kPausedKnown | kPaused;
  return this;
};

// --- Pipes ---------------------------------------------------------------------------------------------------

Readable.prototype.pipe = function(dest: any, options?: any): any {
  const source = this;
  const state = this._readableState;

  if (state.pipes.length === 1 && (state[kState] & kMultiAwaitDrain) === 0) {
    state[kState] |= kMultiAwaitDrain;
    state.awaitDrainWriters = new Set(state.awaitDrainWriters ? [state.awaitDrainWriters] : []);
  }
  state.pipes.push(dest);

  // Stdio is never ended.
  const atEnd = (!options || options.end !== false) && !dest._isStdio ? onend : unpipe;
  if ((state[kState] & kEndEmitted) !== 0) nextTick(atEnd);
  else source.once('end', atEnd);

  let cleanedUp = false;
  let ondrain: any;

  dest.on('unpipe', onunpipe);
  function onunpipe(readable: any, info: any): void {
    if (readable === source && info && info.hasUnpiped === false) {
      info.hasUnpiped = true;
      cleanup();
    }
  }
  function onend(): void {
    dest.end();
  }
  function cleanup(): void {
    dest.removeListener('close', onclose);
    dest.removeListener('finish', onfinish);
    if (ondrain) dest.removeListener('drain', ondrain);
    dest.removeListener('error', onerror);
    dest.removeListener('unpipe', onunpipe);
    source.removeListener('end', onend);
    source.removeListener('end', unpipe);
    source.removeListener('data', ondata);
    cleanedUp = true;
    // Another pipe of the source may wait for a drain that this one would have answered.
    if (ondrain && state.awaitDrainWriters && (!dest._writableState || dest._writableState.needDrain)) ondrain();
  }
  function pause(): void {
    // A write may have unpiped us.
    if (!cleanedUp) {
      if (state.pipes.length === 1 && state.pipes[0] === dest) {
        state.awaitDrainWriters = dest;
        state[kState] &= ~kMultiAwaitDrain;
      } else if (state.pipes.length > 1 && state.pipes.includes(dest)) {
        state.awaitDrainWriters.add(dest);
      }
      source.pause();
    }
    if (!ondrain) {
      ondrain = pipeOnDrain(source, dest);
      dest.on('drain', ondrain);
    }
  }
  source.on('data', ondata);
  function ondata(chunk: any): void {
    try {
      if (dest.write(chunk) === false) pause();
    } catch (err) {
      // A chunk that the destination can't take is its error.
      dest.destroy(err);
    }
  }
  function onerror(err: any): void {
    unpipe();
    dest.removeListener('error', onerror);
    if (dest.listenerCount('error') === 0) {
      const s = dest._writableState || dest._readableState;
      if (s && !s.errorEmitted) errorOrDestroy(dest, err);
      else dest.emit('error', err);
    }
  }
  prependListener(dest, 'error', onerror);
  function onclose(): void {
    dest.removeListener('finish', onfinish);
    unpipe();
  }
  dest.once('close', onclose);
  function onfinish(): void {
    dest.removeListener('close', onclose);
    unpipe();
  }
  dest.once('finish', onfinish);
  function unpipe(): void {
    source.unpipe(dest);
  }

  dest.emit('pipe', source);
  if (dest.writableNeedDrain === true) pause();
  else if ((state[kState] & kFlowing) === 0) source.resume();
  return dest;
};

function pipeOnDrain(source: any, dest: any): () => void {
  return function onPipeDrain() {
    const state = source._readableState;
    if (state.awaitDrainWriters === dest) state.awaitDrainWriters = null;
    else if ((state[kState] & kMultiAwaitDrain) !== 0) state.awaitDrainWriters.delete(dest);
    if ((!state.awaitDrainWriters || state.awaitDrainWriters.size === 0) && source.listenerCount('data') > 0) source.resume();
  };
}

Readable.prototype.unpipe = function(dest?: any): any {
  const state = this._readableState;
  if (state.pipes.length === 0) return this;
  if (!dest) {
    const dests = state.pipes;
    state.pipes = [];
    this.pause();
    for (const one of dests) one.emit('unpipe', this, { hasUnpiped: false });
    return this;
  }
  const at = state.pipes.indexOf(dest);
  if (at === -1) return this;
  state.pipes.splice(at, 1);
  if (state.pipes.length === 0) this.pause();
  dest.emit('unpipe', this, { hasUnpiped: false });
  return this;
};

// --- Other ways in and out -----------------------------------------------------------------------------------

/** Makes this stream read from one of the first kind. */
Readable.prototype.wrap = function(old: any): any {
  let paused = false;
  old.on('data', (chunk: any) => {
    if (!this.push(chunk) && old.pause) {
      paused = true;
      old.pause();
    }
  });
  old.on('end', () => { this.push(null); });
  old.on('error', (err: any) => { errorOrDestroy(this, err); });
  old.on('close', () => { destroy.call(this); });
  old.on('destroy', () => { destroy.call(this); });
  this._read = () => {
    if (paused && old.resume) {
      paused = false;
      old.resume();
    }
  };
  // What the old stream can besides.
  for (const name of Object.keys(old)) {
    if (this[name] === undefined && typeof old[name] === 'function') this[name] = old[name].bind(old);
  }
  return this;
};

Readable.prototype[Symbol.asyncIterator] = function(): any {
  return iteratorOf(this);
};

Readable.prototype.iterator = function(options?: any): any {
  if (options !== undefined) validateObject(options, 'options');
  return iteratorOf(this, options);
};

function iteratorOf(stream: any, options?: any): any {
  if (typeof stream.read !== 'function') stream = (Readable as any).wrap(stream, { objectMode: true });
  const iterator: any = iterate(stream, options);
  iterator.stream = stream;
  return iterator;
}

async function* iterate(stream: any, options: any): any {
  // Who waits for the next 'readable'. A wake without anybody waiting is not lost: read() is tried first.
  let wake: () => void = nop;
  const onReadable = () => {
    const w = wake;
    wake = nop;
    w();
  };
  const wait = (resolve: () => void) => { wake = resolve; };

  // undefined: under way; null: ended; else the failure.
  let outcome: any;
  stream.on('readable', onReadable);
  const cleanup = eos(stream, { writable: false }, (err: any) => {
    outcome = err ? aggregateTwoErrors(outcome, err) : null;
    onReadable();
  });
  try {
    while (true) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (outcome) throw outcome;
      else if (outcome === null) return;
      else await new Promise<void>(wait);
    }
  } catch (err) {
    outcome = aggregateTwoErrors(outcome, err);
    throw outcome;
  } finally {
    if ((outcome || options?.destroyOnReturn !== false) && (outcome === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', onReadable);
      cleanup();
    }
  }
}

(Readable as any).from = function(iterable: any, options?: any): any {
  return from(Readable, iterable, options);
};

(Readable as any).fromWeb = function(readableStream: any, options?: any): any {
  return load('internal:web/streams/adapters').newStreamReadableFromReadableStream(readableStream, options);
};

(Readable as any).toWeb = function(streamReadable: any, options?: any): any {
  return load('internal:web/streams/adapters').newReadableStreamFromStreamReadable(streamReadable, options);
};

(Readable as any).wrap = function(source: any, options?: any): any {
  return new (Readable as any)({
    objectMode: source.readableObjectMode ?? source.objectMode ?? true,
    ...options,
    destroy(err: any, callback: any) {
      destroyer(source, err);
      callback(err);
    },
  }).wrap(source);
};

// --- Properties ----------------------------------------------------------------------------------------------

defineProperties(Readable.prototype, {
  readable: {
    get() {
      const r = this._readableState;
      return !!r && r.readable !== false && (r[kState] & (kDestroyed | kErrorEmitted | kEndEmitted)) === 0;
    },
    set(value) {
      if (this._readableState) this._readableState.readable = !!value;
    },
  },
  readableDidRead: { get() { return this._readableState.dataEmitted; } },
  readableAborted: {
    get() {
      const r = this._readableState;
      return r.readable !== false && (r.destroyed || !!r.errored) && !r.endEmitted;
    },
  },
  readableHighWaterMark: { get() { return this._readableState.highWaterMark; } },
  readableBuffer: { get() { return this._readableState?.buffer; } },
  readableFlowing: {
    get() { return this._readableState.flowing; },
    set(value) { if (this._readableState) this._readableState.flowing = value; },
  },
  readableLength: { get() { return this._readableState.length; } },
  readableObjectMode: { get() { return this._readableState ? this._readableState.objectMode : false; } },
  readableEncoding: { get() { return this._readableState ? this._readableState.encoding : null; } },
  errored: { get() { return this._readableState ? this._readableState.errored : null; } },
  closed: { get() { return this._readableState ? this._readableState.closed : false; } },
  destroyed: {
    get() { return this._readableState ? this._readableState.destroyed : false; },
    set(value) { if (this._readableState) this._readableState.destroyed = value; },
  },
  readableEnded: { get() { return this._readableState ? this._readableState.endEmitted : false; } },
} as any);
