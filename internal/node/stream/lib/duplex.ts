// Duplex. https://nodejs.org/docs/latest-v24.x/api/stream.html#class-streamduplex
//
// A Readable by prototype, with Writable's members put beside it.

import { load } from 'internal:load';
import { Stream } from 'internal:stream/legacy';
import { Readable, ReadableState, afterConstructReadable } from 'internal:stream/readable';
import { Writable, WritableState, afterConstructWritable } from 'internal:stream/writable';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { construct } from 'internal:stream/destroy';
import { DuplexEvents } from 'internal:stream/state';

const { defineProperties, getOwnPropertyDescriptor, setPrototypeOf } = Object;

export function Duplex(this: any, options?: any): any {
  if (!(this instanceof (Duplex as any))) return new (Duplex as any)(options);

  this._events ??= new (DuplexEvents as any)();
  this._readableState = new (ReadableState as any)(options, this, true);
  this._writableState = new (WritableState as any)(options, this, true);

  if (options) {
    this.allowHalfOpen = options.allowHalfOpen !== false;
    if (options.readable === false) {
      this._readableState.readable = false;
      this._readableState.ended = true;
      this._readableState.endEmitted = true;
    }
    if (options.writable === false) {
      this._writableState.writable = false;
      this._writableState.ending = true;
      this._writableState.ended = true;
      this._writableState.finished = true;
    }
    if (typeof options.read === 'function') this._read = options.read;
    if (typeof options.write === 'function') this._write = options.write;
    if (typeof options.writev === 'function') this._writev = options.writev;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.final === 'function') this._final = options.final;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  } else {
    this.allowHalfOpen = true;
  }
  (Stream as any).call(this, options);
  if (this._construct !== undefined && this._construct !== null) {
    construct(this, () => {
      afterConstructReadable(this);
      afterConstructWritable(this);
    });
  }
  return undefined;
}
setPrototypeOf(Duplex.prototype, Readable.prototype);
setPrototypeOf(Duplex, Readable);

// destroy(), _destroy() and the like of Readable serve both halves; Writable's destroy() fails the queued writes too.
for (const name of ['write', 'cork', 'uncork', 'setDefaultEncoding', '_write', '_writev', 'end', 'destroy']) {
  Duplex.prototype[name] = (Writable.prototype as any)[name];
}

const inherited: any = {};
for (const name of ['writable', 'writableHighWaterMark', 'writableObjectMode', 'writableBuffer', 'writableLength', 'writableFinished',
  'writableCorked', 'writableEnded', 'writableNeedDrain', 'writableAborted']) {
  inherited[name] = getOwnPropertyDescriptor(Writable.prototype, name);
}
defineProperties(Duplex.prototype, {
  ...inherited,
  destroyed: {
    get() {
      return this._readableState !== undefined && this._writableState !== undefined &&
        this._readableState.destroyed && this._writableState.destroyed;
    },
    set(value) {
      // Not constructed yet, or something else's `destroyed`.
      if (this._readableState && this._writableState) {
        this._readableState.destroyed = value;
        this._writableState.destroyed = value;
      }
    },
  },
});

(Duplex as any).fromWeb = function(pair: any, options?: any): any {
  return load('internal:web/streams/adapters').newStreamDuplexFromReadableWritablePair(pair, options);
};

(Duplex as any).toWeb = function(duplex: any, options?: any): any {
  return load('internal:web/streams/adapters').newReadableWritablePairFromDuplex(duplex, options);
};

(Duplex as any).from = function(body: any): any {
  return load('internal:stream/duplexify').duplexify(body, 'body');
};
