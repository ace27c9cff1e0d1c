// Transform and PassThrough. https://nodejs.org/docs/latest-v24.x/api/stream.html#class-streamtransform

import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { Duplex } from 'internal:stream/duplex';

const { setPrototypeOf } = Object;

// The callback of _write() while the readable side is full.
const kCallback = Symbol('kCallback');
// Given to every _transform(): one closure a stream instead of one a chunk. Only one chunk is under way at a time.
const kTransformed = Symbol('kTransformed');
const kWriteCallback = Symbol('kWriteCallback');
const kLengthBefore = Symbol('kLengthBefore');

export function Transform(this: any, options?: any): any {
  if (!(this instanceof (Transform as any))) return new (Transform as any)(options);

  // A readable mark of zero means that nothing is kept here: the writable side mustn't take a default then.
  if (options && options.readableHighWaterMark === 0 && options.highWaterMark == null) {
    options = { ...options, highWaterMark: null, readableHighWaterMark: 0, writableHighWaterMark: options.writableHighWaterMark || 0 };
  }
  (Duplex as any).call(this, options);

  // A transform calls back when it has pushed: asking it again inside of read() is fine.
  this._readableState.sync = false;
  this[kCallback] = null;
  if (options) {
    if (typeof options.transform === 'function') this._transform = options.transform;
    if (typeof options.flush === 'function') this._flush = options.flush;
  }
  // For subclasses whose _final isn't ours.
  this.on('prefinish', prefinish);
  return undefined;
}
setPrototypeOf(Transform.prototype, Duplex.prototype);
setPrototypeOf(Transform, Duplex);

function final(this: any, cb?: any): void {
  if (typeof this._flush === 'function' && !this.destroyed) {
    this._flush((err: any, data: any) => {
      if (err) {
        if (cb) cb(err);
        else this.destroy(err);
        return;
      }
      if (data != null) this.push(data);
      this.push(null);
      if (cb) cb();
    });
  } else {
    this.push(null);
    if (cb) cb();
  }
}

function prefinish(this: any): void {
  if (this._final !== final) final.call(this);
}

Transform.prototype._final = final;

Transform.prototype._transform = function(_chunk: any, _encoding: any, _callback: any): void {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_transform()');
};

function transformed(stream: any, err: any, value: any): void {
  const callback = stream[kWriteCallback];
  if (err) {
    callback(err);
    return;
  }
  if (value != null) stream.push(value);
  const r = stream._readableState;
  if (r.ended) {
    // push(null) was called inside of transform: 'end' goes first.
    nextTick(callback);
  } else if (stream._writableState.ended || stream[kLengthBefore] === r.length || r.length < r.highWaterMark) {
    callback();
  } else {
    stream[kCallback] = callback;
  }
}

Transform.prototype._write = function(chunk: any, encoding: any, callback: any): void {
  this[kLengthBefore] = this._readableState.length;
  this[kWriteCallback] = callback;
  this._transform(chunk, encoding, this[kTransformed] ??= (err: any, value: any) => transformed(this, err, value));
};

Transform.prototype._read = function(): void {
  if (this[kCallback]) {
    const callback = this[kCallback];
    this[kCallback] = null;
    callback();
  }
};

/** A Transform that changes nothing. */
export function PassThrough(this: any, options?: any): any {
  if (!(this instanceof (PassThrough as any))) return new (PassThrough as any)(options);
  (Transform as any).call(this, options);
  return undefined;
}
setPrototypeOf(PassThrough.prototype, Transform.prototype);
setPrototypeOf(PassThrough, Transform);

PassThrough.prototype._transform = function(chunk: any, _encoding: any, cb: any): void {
  cb(null, chunk);
};
