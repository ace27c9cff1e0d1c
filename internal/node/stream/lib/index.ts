// The whole of classic streams, put together. https://nodejs.org/docs/latest-v24.x/api/stream.html

import { codes } from 'internal:errors';
import { Buffer } from 'internal:buffer';
import { Stream } from 'internal:stream/legacy';
import { Readable } from 'internal:stream/readable';
import { Writable } from 'internal:stream/writable';
import { Duplex } from 'internal:stream/duplex';
import { PassThrough, Transform } from 'internal:stream/transform';
import { duplexPair } from 'internal:stream/duplexpair';
import { pipeline, pipelinePromise } from 'internal:stream/pipeline';
import { eos, finished as finishedPromise } from 'internal:stream/endofstream';
import { addAbortSignal } from 'internal:stream/addabortsignal';
import { destroyer } from 'internal:stream/destroy';
import { compose } from 'internal:stream/compose';
import { compose as composeOperator, promiseReturningOperators, streamReturningOperators } from 'internal:stream/operators';
import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'internal:stream/flags';
import { isDestroyed, isDisturbed, isErrored, isReadable, isWritable } from 'internal:stream/state';

const { apply } = Reflect;
const { defineProperty } = Object;

/** Operators are methods of Readable that can't be constructed. */
function defineOperators(operators: Record<string, any>, wrapResult: (result: any) => any): void {
  for (const [key, operator] of Object.entries(operators)) {
    const method = function(this: any, ...args: any[]) {
      if (new.target) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
      return wrapResult(apply(operator, this, args));
    };
    for (const property of ['name', 'length']) defineProperty(method, property, { value: operator[property] });
    defineProperty(Readable.prototype, key, { value: method, configurable: true, writable: true });
  }
}
defineOperators(streamReturningOperators, (Readable as any).from);
defineOperators(promiseReturningOperators, (promise) => promise);
(Readable.prototype as any).compose = composeOperator;

// In the order in which Node lists them.
const statics: any = Object.assign(Stream, {
  isDestroyed, isDisturbed, isErrored, isReadable, isWritable, Readable, Writable, Duplex, Transform, PassThrough, duplexPair, pipeline,
  addAbortSignal, finished: eos, destroy: destroyer, compose, setDefaultHighWaterMark, getDefaultHighWaterMark,
});

/** What `require('stream/promises')` is. */
export const promises = { finished: finishedPromise, pipeline: pipelinePromise };

defineProperty(Stream, 'promises', { configurable: true, enumerable: true, get() { return promises; } });

// util.promisify() gives the promise forms.
const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');
defineProperty(pipeline, kCustomPromisify, { enumerable: true, get() { return promises.pipeline; } });
defineProperty(eos, kCustomPromisify, { enumerable: true, get() { return promises.finished; } });

// Kept for packages: these were never documented.
statics.Stream = Stream;
statics._isArrayBufferView = ArrayBuffer.isView;
statics._isUint8Array = function isUint8Array(value: any): boolean { return value instanceof Uint8Array; };
statics._uint8ArrayToBuffer = function _uint8ArrayToBuffer(chunk: any): any {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
};

export {
  Stream, Readable, Writable, Duplex, Transform, PassThrough, duplexPair, pipeline, pipelinePromise, eos, eos as finished, finishedPromise,
  addAbortSignal, destroyer, compose, getDefaultHighWaterMark, setDefaultHighWaterMark, isDestroyed, isDisturbed, isErrored, isReadable, isWritable,
};
