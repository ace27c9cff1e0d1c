// Any Duplex as a net.Socket: what socket._handle._parentWrap of a TLSSocket over a stream is. Packages (http2-wrapper, and so got) take the
// class from there to lay HTTP/1 over a stream of HTTP/2.
import { Socket } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { codes } from 'internal:errors';

const { setPrototypeOf } = Object;

const kStream = Symbol('stream');
const kWatching = Symbol('watching');

export function JSStreamSocket(this: any, stream: any): void {
  (Socket as any).call(this, { allowHalfOpen: true, manualStart: true });
  this[kStream] = this.stream = stream;
  this[kWatching] = false;
  // No connection of the system's: it has no number, and no addresses.
  this._handle = { id: 0, reading: false, close() {}, ref() {}, unref() {}, hasRef: () => false, getAsyncId: () => 0 };
  stream.on('error', (err: any) => this.destroy(err));
  stream.on('close', () => this.destroy());
}
setPrototypeOf(JSStreamSocket.prototype, Socket.prototype);
setPrototypeOf(JSStreamSocket, Socket);

const J: any = JSStreamSocket.prototype;

J._read = function(this: any): void {
  const stream = this[kStream];
  if (!this[kWatching]) {
    this[kWatching] = true;
    stream.on('data', (chunk: any) => {
      if (!(chunk instanceof Uint8Array)) this.destroy(new codes.ERR_STREAM_WRAP());
      else if (this.push(chunk) === false) stream.pause();
    });
    stream.on('end', () => this.push(null));
  }
  stream.resume();
};
J._write = function(this: any, chunk: any, encoding: any, callback: any): void {
  this[kStream].write(chunk, encoding, callback);
};
J._writev = null;
J._final = function(this: any, callback: any): void {
  this[kStream].end(callback);
};
J._destroy = function(this: any, err: any, callback: any): void {
  this._handle = null;
  this[kStream].destroy();
  callback(err);
  nextTick(() => this.emit('close', Boolean(err)));
};
