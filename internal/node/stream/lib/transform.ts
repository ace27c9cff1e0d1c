// Transform and PassThrough: Duplex streams whose readable half is fed by their writable half.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#class-streamtransform

import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { Duplex } from 'internal:stream/duplex';

const { setPrototypeOf } = Object;

const kStage = Symbol('stage');

/** Options that ask for an empty readable half mean the writable one too, unless they say more. */
function withoutBuffers(options: any): any {
  const nothingKept = options?.readableHighWaterMark === 0 && (options.highWaterMark === undefined || options.highWaterMark === null);
  return nothingKept ? { ...options, writableHighWaterMark: options.writableHighWaterMark || 0 } : options;
}

/** The chunk that is between the two halves: there is one at most. */
class Stage {
  stream: any;
  /** Of _write(), while its chunk is being transformed. */
  accepted: any = null;
  /** The same when the chunk is done and the readable half full. */
  held: any = null;
  #lengthBefore = 0;

  constructor(stream: any) {
    this.stream = stream;
  }

  enter(chunk: any, encoding: any, accepted: any): void {
    this.accepted = accepted;
    this.#lengthBefore = this.stream._readableState.length;
    this.stream._transform(chunk, encoding, this.leave);
  }

  /** The callback of all _transform() calls. */
  leave = (err?: any, result?: any): void => {
    const { stream, accepted } = this;
    if (err) return accepted(err);
    if (result !== undefined && result !== null) stream.push(result);
    const source = stream._readableState;
    // Ended by the transform itself: 'end' goes first.
    if (source.ended) return nextTick(accepted);
    const mayGoOn = source.length < source.highWaterMark || source.length === this.#lengthBefore || stream._writableState.ended;
    if (mayGoOn) accepted();
    else this.held = accepted;
  };

  /** The readable half has been read from. */
  letGo(): void {
    const accepted = this.held;
    this.held = null;
    accepted?.();
  }
}

function takeStageMethods(stream: any, { transform, flush }: any): void {
  if (typeof transform === 'function') stream._transform = transform;
  if (typeof flush === 'function') stream._flush = flush;
}

export function Transform(this: any, options?: any): any {
  if (!(this instanceof (Transform as any))) return new (Transform as any)(options);
  (Duplex as any).call(this, withoutBuffers(options));
  // What is written may be pushed on at once, also before the first read.
  this._readableState.sync = false;
  this[kStage] = new Stage(this);
  if (options) takeStageMethods(this, options);
  this.on('prefinish', flushBeforeFinish);
  return undefined;
}
setPrototypeOf(Transform, Duplex);
const T: any = setPrototypeOf(Transform.prototype, Duplex.prototype);

T._transform = function(_chunk: any, _encoding: any, _callback: any): void {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_transform()');
};
T._write = function(chunk: any, encoding: any, callback: any): void { this[kStage].enter(chunk, encoding, callback); };
T._read = function(): void { this[kStage].letGo(); };
T._final = function(callback: any): void { endReadable(this, callback); };

/** For classes that have a _final() of their own. */
function flushBeforeFinish(this: any): void {
  if (this._final === T._final) return;
  endReadable(this, (err: any) => { if (err) this.destroy(err); });
}

/** Gives what _flush() still has, then the end. */
function endReadable(stream: any, callback: (err?: any) => void): void {
  const finish = (last?: any) => {
    if (last !== undefined && last !== null) stream.push(last);
    stream.push(null);
    callback();
  };
  if (stream.destroyed || typeof stream._flush !== 'function') return finish();
  stream._flush((err: any, last: any) => (err ? callback(err) : finish(last)));
}

/** A Transform that changes nothing. */
export function PassThrough(this: any, options?: any): any {
  if (!(this instanceof (PassThrough as any))) return new (PassThrough as any)(options);
  (Transform as any).call(this, options);
  return undefined;
}
setPrototypeOf(PassThrough, Transform);
setPrototypeOf(PassThrough.prototype, T);

PassThrough.prototype._transform = function(chunk: any, _encoding: any, callback: any): void {
  callback(null, chunk);
};
