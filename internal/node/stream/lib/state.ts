// What Readable and Writable states share: bits of one integer, water marks, and the questions that one may ask any stream.

import { codes } from 'internal:errors';
import { validateInteger } from 'internal:validators';

/**
 * The integer that holds a state's flags. The first nine bits mean the same in both kinds, which lets destroy() treat
 * them alike. At most 30 bits: the value must stay a small integer of V8.
 */
export const kState = Symbol('kState');

export const kObjectMode = 1 << 0;
export const kErrorEmitted = 1 << 1;
export const kAutoDestroy = 1 << 2;
export const kEmitClose = 1 << 3;
export const kDestroyed = 1 << 4;
export const kClosed = 1 << 5;
export const kCloseEmitted = 1 << 6;
export const kErrored = 1 << 7;
export const kConstructed = 1 << 8;
/** A callback is running inside the call that asked for it. */
export const kSync = 1 << 9;

/** For destroyer(): marks streams without a `destroyed` property. */
export const kIsDestroyed = Symbol.for('nodejs.stream.destroyed');
export const kIsErrored = Symbol.for('nodejs.stream.errored');
export const kIsReadable = Symbol.for('nodejs.stream.readable');
export const kIsWritable = Symbol.for('nodejs.stream.writable');
export const kIsDisturbed = Symbol.for('nodejs.stream.disturbed');
export const kIsClosedPromise = Symbol.for('nodejs.webstream.isClosedPromise');
export const kControllerErrorFunction = Symbol.for('nodejs.webstream.controllerErrorFunction');

export function nop(): void { /* nothing */ }

// The `_events` of a new stream has its usual types from the start, so that all streams of a kind share one shape.
// The prototype is empty: 'constructor' is no listener. (A literal with `__proto__: null` would be a slow dictionary.)
const noPrototype = Object.freeze(Object.create(null));

export function ReadableEvents(this: any): void {
  this.close = undefined;
  this.error = undefined;
  this.data = undefined;
  this.end = undefined;
  this.readable = undefined;
}
ReadableEvents.prototype = noPrototype;

export function WritableEvents(this: any): void {
  this.close = undefined;
  this.error = undefined;
  this.prefinish = undefined;
  this.finish = undefined;
  this.drain = undefined;
}
WritableEvents.prototype = noPrototype;

export function DuplexEvents(this: any): void {
  this.close = undefined;
  this.error = undefined;
  this.prefinish = undefined;
  this.finish = undefined;
  this.drain = undefined;
  this.data = undefined;
  this.end = undefined;
  this.readable = undefined;
}
DuplexEvents.prototype = noPrototype;

/** Defines accessors named after bits: `state.name` reads and writes the bit. */
export function defineBits(prototype: any, bits: Record<string, number>): void {
  for (const name of Object.keys(bits)) {
    const bit = bits[name];
    Object.defineProperty(prototype, name, {
      __proto__: null,
      enumerable: false,
      configurable: true,
      get() { return (this[kState] & bit) !== 0; },
      set(value) {
        if (value) this[kState] |= bit;
        else this[kState] &= ~bit;
      },
    } as any);
  }
}

// --- High water marks ----------------------------------------------------------------------------------------

let defaultBytes = 64 * 1024;
let defaultObjects = 16;

export function getDefaultHighWaterMark(objectMode?: boolean): number {
  return objectMode ? defaultObjects : defaultBytes;
}

export function setDefaultHighWaterMark(objectMode: boolean, value: number): void {
  validateInteger(value, 'value', 0);
  if (objectMode) defaultObjects = value;
  else defaultBytes = value;
}

/** The mark that the options give; `specific` is the name of the option for one half of a Duplex. */
export function highWaterMarkOf(state: any, options: any, specific: string, isDuplex: boolean): number {
  const general = options.highWaterMark;
  const value = general ?? (isDuplex ? options[specific] : null);
  if (value != null) {
    if (!Number.isInteger(value) || value < 0) {
      throw new codes.ERR_INVALID_ARG_VALUE(isDuplex && general == null ? `options.${specific}` : 'options.highWaterMark', value);
    }
    return Math.floor(value);
  }
  return state.objectMode ? defaultObjects : defaultBytes;
}

// --- Questions -----------------------------------------------------------------------------------------------

export function isReadableNodeStream(o: any, strict = false): boolean {
  return !!(o && typeof o.pipe === 'function' && typeof o.on === 'function' &&
    (!strict || (typeof o.pause === 'function' && typeof o.resume === 'function')) &&
    (!o._writableState || o._readableState?.readable !== false) &&
    (!o._writableState || o._readableState));
}

export function isWritableNodeStream(o: any): boolean {
  return !!(o && typeof o.write === 'function' && typeof o.on === 'function' &&
    (!o._readableState || o._writableState?.writable !== false));
}

export function isDuplexNodeStream(o: any): boolean {
  return !!(o && typeof o.pipe === 'function' && o._readableState && typeof o.on === 'function' && typeof o.write === 'function');
}

export function isNodeStream(o: any): boolean {
  return !!o && (o._readableState || o._writableState ||
    (typeof o.write === 'function' && typeof o.on === 'function') ||
    (typeof o.pipe === 'function' && typeof o.on === 'function')) && true;
}

export function isReadableStream(o: any): boolean {
  return !!(o && !isNodeStream(o) && typeof o.pipeThrough === 'function' && typeof o.getReader === 'function' && typeof o.cancel === 'function');
}

export function isWritableStream(o: any): boolean {
  return !!(o && !isNodeStream(o) && typeof o.getWriter === 'function' && typeof o.abort === 'function');
}

export function isTransformStream(o: any): boolean {
  return !!(o && !isNodeStream(o) && typeof o.readable === 'object' && typeof o.writable === 'object');
}

export function isWebStream(o: any): boolean {
  return isReadableStream(o) || isWritableStream(o) || isTransformStream(o);
}

/** `kind`: true asks for async iterables only, false for sync ones only. */
export function isIterable(o: any, kind?: boolean): boolean {
  if (o == null) return false;
  if (kind === true) return typeof o[Symbol.asyncIterator] === 'function';
  if (kind === false) return typeof o[Symbol.iterator] === 'function';
  return typeof o[Symbol.asyncIterator] === 'function' || typeof o[Symbol.iterator] === 'function';
}

export function isDestroyed(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  const state = stream._writableState || stream._readableState;
  return !!(stream.destroyed || stream[kIsDestroyed] || state?.destroyed);
}

export function isWritableEnded(stream: any): boolean | null {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableEnded === true) return true;
  const w = stream._writableState;
  if (w?.errored) return false;
  return typeof w?.ended === 'boolean' ? w.ended : null;
}

export function isWritableFinished(stream: any, strict?: boolean): boolean | null {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableFinished === true) return true;
  const w = stream._writableState;
  if (w?.errored) return false;
  if (typeof w?.finished !== 'boolean') return null;
  return w.finished || (strict === false && w.ended === true && w.length === 0);
}

export function isReadableEnded(stream: any): boolean | null {
  if (!isReadableNodeStream(stream)) return null;
  if (stream.readableEnded === true) return true;
  const r = stream._readableState;
  if (!r || r.errored) return false;
  return typeof r.ended === 'boolean' ? r.ended : null;
}

export function isReadableFinished(stream: any, strict?: boolean): boolean | null {
  if (!isReadableNodeStream(stream)) return null;
  const r = stream._readableState;
  if (r?.errored) return false;
  if (typeof r?.endEmitted !== 'boolean') return null;
  return r.endEmitted || (strict === false && r.ended === true && r.length === 0);
}

/** stream.isReadable(): null when the answer isn't known. */
export function isReadable(stream: any): boolean | null {
  if (stream && stream[kIsReadable] != null) return stream[kIsReadable];
  if (typeof stream?.readable !== 'boolean') return null;
  if (isDestroyed(stream)) return false;
  return isReadableNodeStream(stream) && stream.readable && !isReadableFinished(stream);
}

/** stream.isWritable(): null when the answer isn't known. */
export function isWritable(stream: any): boolean | null {
  if (stream && stream[kIsWritable] != null) return stream[kIsWritable];
  if (typeof stream?.writable !== 'boolean') return null;
  if (isDestroyed(stream)) return false;
  return isWritableNodeStream(stream) && stream.writable && !isWritableEnded(stream);
}

export function isFinished(stream: any, options?: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  if (isDestroyed(stream)) return true;
  if (options?.readable !== false && isReadable(stream)) return false;
  if (options?.writable !== false && isWritable(stream)) return false;
  return true;
}

export function isWritableErrored(stream: any): any {
  if (!isNodeStream(stream)) return null;
  return stream.writableErrored ? stream.writableErrored : stream._writableState?.errored ?? null;
}

export function isReadableErrored(stream: any): any {
  if (!isNodeStream(stream)) return null;
  return stream.readableErrored ? stream.readableErrored : stream._readableState?.errored ?? null;
}

export function isClosed(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  if (typeof stream.closed === 'boolean') return stream.closed;
  const w = stream._writableState;
  const r = stream._readableState;
  if (typeof w?.closed === 'boolean' || typeof r?.closed === 'boolean') return w?.closed || r?.closed;
  if (typeof stream._closed === 'boolean' && isOutgoingMessage(stream)) return stream._closed;
  return null;
}

function isOutgoingMessage(stream: any): boolean {
  return typeof stream._closed === 'boolean' && typeof stream._defaultKeepAlive === 'boolean' &&
    typeof stream._removedConnection === 'boolean' && typeof stream._removedContLen === 'boolean';
}

export function isServerResponse(stream: any): boolean {
  return typeof stream._sent100 === 'boolean' && isOutgoingMessage(stream);
}

export function isServerRequest(stream: any): boolean {
  return typeof stream._consuming === 'boolean' && typeof stream._dumped === 'boolean' && stream.req?.upgradeOrConnect === undefined;
}

/** A client request, of `http` or of the packages that look like it. */
export function isRequest(stream: any): boolean {
  return !!stream?.setHeader && typeof stream.abort === 'function';
}

/** Whether 'close' is to be expected. */
export function willEmitClose(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  const state = stream._writableState || stream._readableState;
  return (!state && isServerResponse(stream)) || !!(state?.autoDestroy && state.emitClose && state.closed === false);
}

/** stream.isDisturbed(): whether it was read from or cancelled. */
export function isDisturbed(stream: any): boolean {
  return !!(stream && (stream[kIsDisturbed] ?? (stream.readableDidRead || stream.readableAborted)));
}

/** stream.isErrored() */
export function isErrored(stream: any): boolean {
  return !!(stream && (stream[kIsErrored] ?? stream.readableErrored ?? stream.writableErrored ??
    stream._readableState?.errorEmitted ?? stream._writableState?.errorEmitted ??
    stream._readableState?.errored ?? stream._writableState?.errored));
}
