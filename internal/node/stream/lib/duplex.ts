// Duplex: a Readable by its prototypes, with the members of Writable put beside. Its halves share one Life.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#class-streamduplex

import { load } from 'internal:load';
import { Stream } from 'internal:stream/legacy';
import { Life } from 'internal:stream/life';
import { Readable, ReadableState } from 'internal:stream/readable';
import { Writable, WritableState } from 'internal:stream/writable';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { DuplexEvents, takeLifeMethods, takeSinkMethods, takeSourceMethods } from 'internal:stream/shape';

const { defineProperty, getOwnPropertyNames, getOwnPropertyDescriptor, setPrototypeOf } = Object;

export function Duplex(this: any, options?: any): any {
  if (!(this instanceof (Duplex as any))) return new (Duplex as any)(options);
  this._events ??= new (DuplexEvents as any)();
  const life = new Life(this, options);
  const source = new ReadableState(options, this, true, life);
  const sink = new WritableState(options, this, true, life);
  this._readableState = source;
  this._writableState = sink;
  this.allowHalfOpen = options?.allowHalfOpen !== false;
  if (options) {
    if (options.readable === false) source.switchOff();
    if (options.writable === false) sink.switchOff();
    takeSourceMethods(this, options);
    takeSinkMethods(this, options);
    takeLifeMethods(this, options);
  }
  (Stream as any).call(this, options);
  if (options?.signal) addAbortSignal(options.signal, this);
  if (typeof this._construct === 'function') {
    life.start(() => {
      source.hasStarted();
      sink.hasStarted();
    });
  }
  return undefined;
}
setPrototypeOf(Duplex, Readable);
const D: any = setPrototypeOf(Duplex.prototype, Readable.prototype);

// What Readable has too is right for both halves already.
for (const name of getOwnPropertyNames(Writable.prototype)) {
  if (!(name in D)) defineProperty(D, name, getOwnPropertyDescriptor(Writable.prototype, name) as any);
}

const statics: any = Duplex;
statics.from = (body: any) => load('internal:stream/duplexify').duplexify(body, 'body');
statics.fromWeb = (pair: any, options?: any) => load('internal:web/streams/adapters').newStreamDuplexFromReadableWritablePair(pair, options);
statics.toWeb = (duplex: any, options?: any) => load('internal:web/streams/adapters').newReadableWritablePairFromDuplex(duplex, options);
