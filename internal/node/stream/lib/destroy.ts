// How streams come to their end, and how they begin when they have a construct(): shared by Readable, Writable and Duplex.

import { AbortError, aggregateTwoErrors, codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import {
  isDestroyed, isFinished, isRequest, isServerRequest, kClosed, kCloseEmitted, kConstructed, kDestroyed, kEmitClose, kErrorEmitted,
  kErrored, kIsDestroyed, kState,
} from 'internal:stream/state';

// What waits for the end of construct(). A Duplex has two of the first.
const kWhenConstructed = Symbol('kConstruct');
const kDestroyAfterConstruct = Symbol('kDestroy');

function noteError(err: any, w: any, r: any): void {
  if (!err) return;
  // Reading the stack makes V8 format it, which lets go of what the frames hold.
  err.stack; // eslint-disable-line no-unused-expressions
  if (w && (w[kState] & kErrored) === 0) w.errored = err;
  if (r && (r[kState] & kErrored) === 0) r.errored = err;
}

/** stream.destroy() of all classes. */
export function destroy(this: any, err?: any, cb?: any): any {
  const r = this._readableState;
  const w = this._writableState;
  const state = w || r;

  if ((w && (w[kState] & kDestroyed) !== 0) || (r && (r[kState] & kDestroyed) !== 0)) {
    if (typeof cb === 'function') cb();
    return this;
  }
  noteError(err, w, r);
  if (w) w[kState] |= kDestroyed;
  if (r) r[kState] |= kDestroyed;

  if ((state[kState] & kConstructed) === 0) {
    state[kDestroyAfterConstruct] = (constructError: any) => callDestroy(this, aggregateTwoErrors(constructError, err), cb);
  } else {
    callDestroy(this, err, cb);
  }
  return this;
}

function callDestroy(stream: any, err: any, cb: any): void {
  let called = false;
  function done(err?: any): void {
    if (called) return;
    called = true;
    const r = stream._readableState;
    const w = stream._writableState;
    noteError(err, w, r);
    if (w) w[kState] |= kClosed;
    if (r) r[kState] |= kClosed;
    if (typeof cb === 'function') cb(err);
    if (err) nextTick(emitErrorAndClose, stream, err);
    else nextTick(emitClose, stream);
  }
  try {
    stream._destroy(err || null, done);
  } catch (err) {
    done(err);
  }
}

function emitErrorAndClose(stream: any, err: any): void {
  emitError(stream, err);
  emitClose(stream);
}

function emitClose(stream: any): void {
  const r = stream._readableState;
  const w = stream._writableState;
  if (w) w[kState] |= kCloseEmitted;
  if (r) r[kState] |= kCloseEmitted;
  if ((w && (w[kState] & kEmitClose) !== 0) || (r && (r[kState] & kEmitClose) !== 0)) stream.emit('close');
}

function emitError(stream: any, err: any): void {
  const r = stream._readableState;
  const w = stream._writableState;
  if ((w && (w[kState] & kErrorEmitted) !== 0) || (r && (r[kState] & kErrorEmitted) !== 0)) return;
  if (w) w[kState] |= kErrorEmitted;
  if (r) r[kState] |= kErrorEmitted;
  stream.emit('error', err);
}

/** Makes a destroyed stream usable again (net.Socket reconnects so). */
export function undestroy(this: any): void {
  const r = this._readableState;
  const w = this._writableState;
  if (r) {
    r.constructed = true;
    r.closed = false;
    r.closeEmitted = false;
    r.destroyed = false;
    r.errored = null;
    r.errorEmitted = false;
    r.reading = false;
    r.ended = r.readable === false;
    r.endEmitted = r.readable === false;
  }
  if (w) {
    w.constructed = true;
    w.destroyed = false;
    w.closed = false;
    w.closeEmitted = false;
    w.errored = null;
    w.errorEmitted = false;
    w.finalCalled = false;
    w.prefinished = false;
    w.ended = w.writable === false;
    w.ending = w.writable === false;
    w.finished = w.writable === false;
  }
}

/** An error of the stream's own: destroys it, or only emits the error where autoDestroy is off. */
export function errorOrDestroy(stream: any, err: any, sync?: boolean): void {
  const r = stream._readableState;
  const w = stream._writableState;
  if (w?.destroyed || r?.destroyed) return;
  if (r?.autoDestroy || w?.autoDestroy) {
    stream.destroy(err);
  } else if (err) {
    noteError(err, w, r);
    if (sync) nextTick(emitError, stream, err);
    else emitError(stream, err);
  }
}

/** Starts stream._construct(), if there is one; `then` runs when it is done. */
export function construct(stream: any, then: () => void): void {
  if (typeof stream._construct !== 'function') return;
  const r = stream._readableState;
  const w = stream._writableState;
  if (r) r[kState] &= ~kConstructed;
  if (w) w[kState] &= ~kConstructed;
  const waiting = stream[kWhenConstructed];
  if (waiting) {
    waiting.push(then);
    return;
  }
  Object.defineProperty(stream, kWhenConstructed, { value: [then], enumerable: false, configurable: true, writable: true });
  nextTick(callConstruct, stream);
}

function callConstruct(stream: any): void {
  let called = false;
  function done(err?: any): void {
    if (called) {
      errorOrDestroy(stream, err ?? new codes.ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    const r = stream._readableState;
    const w = stream._writableState;
    const state = w || r;
    if (r) r[kState] |= kConstructed;
    if (w) w[kState] |= kConstructed;
    if ((state[kState] & kDestroyed) !== 0) state[kDestroyAfterConstruct]?.(err);
    else if (err) errorOrDestroy(stream, err, true);
    else nextTick(afterConstruct, stream);
  }
  try {
    stream._construct((err: any) => nextTick(done, err));
  } catch (err) {
    nextTick(done, err);
  }
}

function afterConstruct(stream: any): void {
  const waiting = stream[kWhenConstructed];
  stream[kWhenConstructed] = undefined;
  if (waiting) for (const then of waiting) then();
}

function emitCloseLegacy(stream: any): void {
  stream.emit('close');
}

function emitErrorCloseLegacy(stream: any, err: any): void {
  stream.emit('error', err);
  nextTick(emitCloseLegacy, stream);
}

/** Destroys whatever kind of stream it is; with an AbortError if it wasn't finished. */
export function destroyer(stream: any, err?: any): void {
  if (!stream || isDestroyed(stream)) return;
  if (!err && !isFinished(stream)) err = new AbortError();
  if (isServerRequest(stream)) {
    stream.socket = null;
    stream.destroy(err);
  } else if (isRequest(stream)) {
    stream.abort();
  } else if (isRequest(stream.req)) {
    stream.req.abort();
  } else if (typeof stream.destroy === 'function') {
    stream.destroy(err);
  } else if (typeof stream.close === 'function') {
    stream.close();
  } else if (err) {
    nextTick(emitErrorCloseLegacy, stream, err);
  } else {
    nextTick(emitCloseLegacy, stream);
  }
  if (!stream.destroyed) stream[kIsDestroyed] = true;
}
