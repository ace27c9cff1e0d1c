// Readable: the methods. What they do is in the state (readablestate.ts), pipes, iterators and the life of the stream have files of their own.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#readable-streams

import { AbortError, codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { load } from 'internal:load';
import { kRejection } from 'internal:events/emitter';
import { Stream } from 'internal:stream/legacy';
import { DOOMED, ERROR_TOLD, Life, STOPPED, kLife } from 'internal:stream/life';
import { destroy, destroyer, errorOrDestroy, undestroy } from 'internal:stream/destroy';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { eos } from 'internal:stream/endofstream';
import { from } from 'internal:stream/from';
import { iterate } from 'internal:stream/iterate';
import { pipe, unpipe } from 'internal:stream/pipe';
import { ReadableState } from 'internal:stream/readablestate';
import { ReadableEvents, addLifeProperties, addProperties, takeLifeMethods, takeSourceMethods } from 'internal:stream/shape';

const { setPrototypeOf } = Object;
const ofEmitter: any = Stream.prototype;

export function Readable(this: any, options?: any): any {
  if (!(this instanceof (Readable as any))) return new (Readable as any)(options);
  this._events ??= new (ReadableEvents as any)();
  // Classes of old call Readable and Writable one after the other.
  const life = this._writableState?.[kLife] ?? new Life(this, options);
  const state = new ReadableState(options, this, false, life);
  this._readableState = state;
  if (options) {
    takeSourceMethods(this, options);
    takeLifeMethods(this, options);
  }
  (Stream as any).call(this, options);
  if (options?.signal) addAbortSignal(options.signal, this);
  if (typeof this._construct === 'function') life.start(() => state.hasStarted());
  return undefined;
}
setPrototypeOf(Readable, Stream);
const R: any = setPrototypeOf(Readable.prototype, ofEmitter);
const statics: any = Readable;
statics.ReadableState = ReadableState;

R._read = function(_size: number): void {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_read()');
};
R.push = function push(chunk: any, encoding?: any): boolean { return this._readableState.give(chunk, encoding); };
R.unshift = function unshift(chunk: any, encoding?: any): boolean { return this._readableState.giveBack(chunk, encoding); };
R.read = function read(size?: any): any { return this._readableState.take(size); };

R.setEncoding = function setEncoding(encoding: any): any {
  this._readableState.decodeAs(encoding);
  return this;
};

R.resume = function resume(): any {
  this._readableState.resume();
  return this;
};

R.pause = function pause(): any {
  this._readableState.pause();
  return this;
};

R.isPaused = function isPaused(): boolean {
  const state = this._readableState;
  return state.paused === true || state.isHalted();
};

R.pipe = function(dest: any, options?: any): any { return pipe(this, dest, options); };

R.unpipe = function(dest?: any): any {
  unpipe(this, dest);
  return this;
};

// --- Listeners: they decide who moves the data ------------------------------------------------------------------

R.on = R.addListener = function(type: any, listener: any): any {
  const result = ofEmitter.on.call(this, type, listener);
  this._readableState.gotListener(type);
  return result;
};

R.removeListener = R.off = function(type: any, listener: any): any {
  const result = ofEmitter.removeListener.call(this, type, listener);
  if (type !== undefined) this._readableState.lostListener(type);
  return result;
};

R.removeAllListeners = function(...types: any[]): any {
  const result = ofEmitter.removeAllListeners.apply(this, types);
  this._readableState.lostListener(types[0]);
  return result;
};

// --- The end ----------------------------------------------------------------------------------------------------

R.destroy = destroy;
R._undestroy = undestroy;
R._destroy = function(err: any, callback: any): void { callback(err); };
R[kRejection] = function(err: any): void { this.destroy(err); };

R[Symbol.asyncDispose] = function(): Promise<void> {
  const reason = this.destroyed || this.readableEnded ? null : new AbortError();
  if (!this.destroyed) this.destroy(reason);
  return new Promise((resolve, reject) => {
    eos(this, (err: any) => {
      if (!err || err === reason) resolve();
      else reject(err);
    });
  });
};

// --- Iterators and other streams --------------------------------------------------------------------------------

R[Symbol.asyncIterator] = function(): any {
  // A stream of the first kind is wrapped with the first next(): until then the wrapper's errors would have nobody to hear them.
  return typeof this.read === 'function' ? iterate(this) : iterate(() => statics.wrap(this, { objectMode: true }));
};

R.iterator = function(options?: any): any {
  if (options !== undefined) validateObject(options, 'options');
  return iterate(this, options);
};

/** Reads from a stream of the first kind, or of a package. */
R.wrap = function(old: any): any {
  let full = false;
  const close = () => { destroy.call(this); };
  const listeners: Record<string, (value?: any) => void> = {
    data: (chunk) => {
      if (this.push(chunk) || typeof old.pause !== 'function') return;
      full = true;
      old.pause();
    },
    end: () => { this.push(null); },
    error: (err) => { errorOrDestroy(this, err); },
    close,
    destroy: close,
  };
  for (const [event, listener] of Object.entries(listeners)) old.on(event, listener);
  this._read = () => {
    const wasFull = full;
    full = false;
    if (wasFull) old.resume?.();
  };
  // Its other methods are to be had here too.
  for (const [name, method] of Object.entries<any>(old)) {
    if (typeof method === 'function' && !(name in this)) this[name] = method.bind(old);
  }
  return this;
};

statics.wrap = function(source: any, options?: any): any {
  const objectMode = source.readableObjectMode ?? source.objectMode ?? true;
  const destroyBoth = (err: any, callback: any) => {
    destroyer(source, err);
    callback(err);
  };
  return new (Readable as any)({ objectMode, ...options, destroy: destroyBoth }).wrap(source);
};

statics.from = function(iterable: any, options?: any): any { return from(Readable, iterable, options); };
statics.fromWeb = function(stream: any, options?: any): any { return webAdapters().newStreamReadableFromReadableStream(stream, options); };
statics.toWeb = function(stream: any, options?: any): any { return webAdapters().newReadableStreamFromStreamReadable(stream, options); };

function webAdapters(): any {
  return load('internal:web/streams/adapters');
}

/** For packages that called Node's internal: takes n bytes, or all, out of a state. */
statics._fromList = function fromList(n: number, state: any): any {
  if (state.length === 0) return null;
  return state.remove(n > 0 ? n : state.length);
};

// --- Properties -------------------------------------------------------------------------------------------------

// A class's prototype has no state, nor has an object on which the constructor hasn't run.
addProperties(R, {
  get readable() {
    const r = (this as any)._readableState;
    return r !== undefined && r.isOpen() && (r[kLife].bits & (DOOMED | ERROR_TOLD)) === 0;
  },
  set readable(value: any) {
    const r = (this as any)._readableState;
    if (r) r.readable = !!value;
  },
  get readableFlowing(): any { return (this as any)._readableState.flowing; },
  set readableFlowing(value: any) {
    const r = (this as any)._readableState;
    if (r) r.flowing = value;
  },
  get readableAborted(): boolean {
    const r = (this as any)._readableState;
    return r.isOpen() && (r[kLife].bits & STOPPED) !== 0;
  },
  get readableDidRead(): boolean { return (this as any)._readableState.dataEmitted; },
  get readableHighWaterMark(): number { return (this as any)._readableState.highWaterMark; },
  get readableBuffer(): any { return (this as any)._readableState?.buffer; },
  get readableLength(): number { return (this as any)._readableState.length; },
  get readableObjectMode(): boolean { return (this as any)._readableState?.objectMode ?? false; },
  get readableEncoding(): any { return (this as any)._readableState?.encoding ?? null; },
  get readableEnded(): boolean { return (this as any)._readableState?.endEmitted ?? false; },
});
addLifeProperties(R, '_readableState');

export { ReadableState };
