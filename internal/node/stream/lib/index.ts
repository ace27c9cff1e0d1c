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
import {
  getDefaultHighWaterMark, isDestroyed, isDisturbed, isErrored, isReadable, isWritable, setDefaultHighWaterMark,
} from 'internal:stream/state';

const { apply } = Reflect;
const { defineProperty } = Object;

const statics: any = Stream;
statics.isDestroyed = isDestroyed;
statics.isDisturbed = isDisturbed;
statics.isErrored = isErrored;
statics.isReadable = isReadable;
statics.isWritable = isWritable;
statics.Readable = Readable;

function defineOperator(key: string, op: any, method: any): void {
  defineProperty(method, 'name', { value: op.name });
  defineProperty(method, 'length', { value: op.length });
  defineProperty(Readable.prototype, key, { value: method, enumerable: false, configurable: true, writable: true });
}
for (const key of Object.keys(streamReturningOperators)) {
  const op = streamReturningOperators[key];
  defineOperator(key, op, function(this: any, ...args: any[]) {
    if (new.target) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    return (Readable as any).from(apply(op, this, args));
  });
}
for (const key of Object.keys(promiseReturningOperators)) {
  const op = promiseReturningOperators[key];
  defineOperator(key, op, function(this: any, ...args: any[]) {
    if (new.target) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    return apply(op, this, args);
  });
}
(Readable.prototype as any).compose = composeOperator;

statics.Writable = Writable;
statics.Duplex = Duplex;
statics.Transform = Transform;
statics.PassThrough = PassThrough;
statics.duplexPair = duplexPair;
statics.pipeline = pipeline;
statics.addAbortSignal = addAbortSignal;
statics.finished = eos;
statics.destroy = destroyer;
statics.compose = compose;
statics.setDefaultHighWaterMark = setDefaultHighWaterMark;
statics.getDefaultHighWaterMark = getDefaultHighWaterMark;

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
