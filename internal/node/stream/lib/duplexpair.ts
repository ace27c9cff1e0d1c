// stream.duplexPair(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamduplexpairoptions

import { nextTick } from 'internal:process/task';
import { Duplex } from 'internal:stream/duplex';

const kCallback = Symbol('kCallback');
const kOther = Symbol('kInitOtherSide');

function DuplexSide(this: any, options: any): void {
  (Duplex as any).call(this, options);
  this[kCallback] = null;
  this[kOther] = null;
}
Object.setPrototypeOf(DuplexSide.prototype, Duplex.prototype);
Object.setPrototypeOf(DuplexSide, Duplex);

DuplexSide.prototype._read = function(): void {
  const callback = this[kCallback];
  if (callback) {
    this[kCallback] = null;
    callback();
  }
};

DuplexSide.prototype._write = function(chunk: any, _encoding: any, callback: any): void {
  if (chunk.length === 0) {
    nextTick(callback);
    return;
  }
  // The write is done when the other side asks for more.
  this[kOther].push(chunk);
  this[kOther][kCallback] = callback;
};

DuplexSide.prototype._final = function(callback: any): void {
  this[kOther].on('end', callback);
  this[kOther].push(null);
};

DuplexSide.prototype._destroy = function(err: any, callback: any): void {
  const other = this[kOther];
  if (other !== null && !other.destroyed) {
    // In a later tick, so that what was written before arrives first.
    nextTick(() => {
      if (other.destroyed) return;
      if (err) other.destroy();
      else other.push(null);
    });
  }
  callback(err);
};

/** Two streams: what is written to one is read from the other. */
export function duplexPair(options?: any): [any, any] {
  const a = new (DuplexSide as any)(options);
  const b = new (DuplexSide as any)(options);
  a[kOther] = b;
  b[kOther] = a;
  return [a, b];
}
