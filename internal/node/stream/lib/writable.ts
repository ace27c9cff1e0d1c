// Writable: the methods. What they do is in the state (writablestate.ts) and in the life of the stream (life.ts).
// https://nodejs.org/docs/latest-v24.x/api/stream.html#writable-streams

import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';
import { kRejection } from 'internal:events/emitter';
import { Stream } from 'internal:stream/legacy';
import { Life, STOPPED, kLife } from 'internal:stream/life';
import { destroy, errorOrDestroy, undestroy } from 'internal:stream/destroy';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { eos } from 'internal:stream/endofstream';
import { WritableState } from 'internal:stream/writablestate';
import { WritableEvents, addLifeProperties, addProperties, takeLifeMethods, takeSinkMethods } from 'internal:stream/shape';
import { nop } from 'internal:stream/state';

const { defineProperty, setPrototypeOf } = Object;

export function Writable(this: any, options?: any): any {
  if (!(this instanceof (Writable as any))) return new (Writable as any)(options);
  this._events ??= new (WritableEvents as any)();
  // Classes of old call Readable and Writable one after the other.
  const life = this._readableState?.[kLife] ?? new Life(this, options);
  const state = new WritableState(options, this, false, life);
  this._writableState = state;
  if (options) {
    takeSinkMethods(this, options);
    takeLifeMethods(this, options);
  }
  (Stream as any).call(this, options);
  if (options?.signal) addAbortSignal(options.signal, this);
  if (typeof this._construct === 'function') life.start(() => state.hasStarted());
  return undefined;
}
setPrototypeOf(Writable, Stream);
const W: any = setPrototypeOf(Writable.prototype, Stream.prototype);
const statics: any = Writable;
statics.WritableState = WritableState;

// A Duplex is a Writable too, though its prototypes are Readable's.
const isInstance = Function.prototype[Symbol.hasInstance];
defineProperty(Writable, Symbol.hasInstance, {
  value: { [Symbol.hasInstance](this: any, object: any): boolean {
    return isInstance.call(this, object) || (this === Writable && object?._writableState instanceof WritableState);
  } }[Symbol.hasInstance],
});

W._writev = null;
W._write = function(chunk: any, encoding: any, callback: any): void {
  if (!this._writev) throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_write()');
  this._writev([{ chunk, encoding }], callback);
};

W.write = function(chunk: any, encoding?: any, callback?: any): boolean {
  if (typeof encoding === 'function') return this._writableState.accept(chunk, null, encoding) === true;
  return this._writableState.accept(chunk, encoding, typeof callback === 'function' ? callback : nop) === true;
};

W.end = function(chunk?: any, encoding?: any, callback?: any): any {
  // The callback is the last of the arguments that are given.
  let last = chunk;
  let then = callback;
  let coding = encoding;
  if (typeof chunk === 'function') {
    then = chunk;
    last = undefined;
  } else if (typeof encoding === 'function') {
    then = encoding;
    coding = undefined;
  }
  const state = this._writableState;
  const answer = last === undefined || last === null ? true : state.accept(last, coding, nop);
  state.end(then, typeof answer === 'boolean' ? undefined : answer);
  return this;
};

W.cork = function(): void { this._writableState.corked++; };
W.uncork = function(): void { this._writableState.uncork(); };

W.setDefaultEncoding = function setDefaultEncoding(encoding: any): any {
  const name = typeof encoding === 'string' ? encoding.toLowerCase() : encoding;
  if (!Buffer.isEncoding(name)) throw new codes.ERR_UNKNOWN_ENCODING(name);
  this._writableState.defaultEncoding = name;
  return this;
};

W.pipe = function(): void { errorOrDestroy(this, new codes.ERR_STREAM_CANNOT_PIPE()); };

// --- The end ----------------------------------------------------------------------------------------------------

W._destroy = function(err: any, callback: any): void { callback(err); };
W.destroy = destroy;
W._undestroy = undestroy;
W[kRejection] = function(err: any): void { this.destroy(err); };

W[Symbol.asyncDispose] = function(): Promise<void> {
  if (!this.destroyed) this.destroy(this.writableFinished ? null : new AbortError());
  const { promise, resolve, reject }: any = Promise.withResolvers();
  eos(this, (err: any) => {
    const failed = err && err.name !== 'AbortError';
    failed ? reject(err) : resolve();
  });
  return promise;
};

statics.fromWeb = function(stream: any, options?: any): any {
  return load('internal:web/streams/adapters').newStreamWritableFromWritableStream(stream, options);
};
statics.toWeb = function(stream: any): any {
  return load('internal:web/streams/adapters').newWritableStreamFromStreamWritable(stream);
};

// --- Properties -------------------------------------------------------------------------------------------------

addProperties(W, {
  get writable(): boolean {
    const w = (this as any)._writableState;
    return w !== undefined && w.isOpen() && (w[kLife].bits & STOPPED) === 0;
  },
  set writable(value: any) {
    const w = (this as any)._writableState;
    if (w) w.writable = !!value;
  },
  get writableAborted(): boolean {
    const w = (this as any)._writableState;
    return !w.isDone() && (w[kLife].bits & STOPPED) !== 0;
  },
  get writableNeedDrain(): boolean {
    const w = (this as any)._writableState;
    return w !== undefined && w.needDrain && !w.ending && !w.destroyed;
  },
  get writableEnded(): boolean { return (this as any)._writableState?.ending ?? false; },
  get writableFinished(): boolean { return (this as any)._writableState?.finished ?? false; },
  get writableCorked(): number { return (this as any)._writableState?.corked ?? 0; },
  get writableLength(): number { return (this as any)._writableState?.length; },
  get writableHighWaterMark(): number { return (this as any)._writableState?.highWaterMark; },
  get writableObjectMode(): boolean { return (this as any)._writableState?.objectMode ?? false; },
  get writableBuffer(): any { return (this as any)._writableState?.getBuffer(); },
});
addLifeProperties(W, '_writableState');

export { WritableState };
