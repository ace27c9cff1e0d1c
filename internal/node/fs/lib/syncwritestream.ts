// A stream over a descriptor that is written synchronously: standard output into a file.
import * as native from 'native:fs';
import { Writable } from 'internal:stream/writable';

const { setPrototypeOf } = Object;

export function SyncWriteStream(this: any, fd: number, options: any = {}): any {
  Writable.call(this, { autoDestroy: true });
  this.fd = fd;
  this.readable = false;
  this.autoClose = options.autoClose === undefined ? true : options.autoClose;
}
setPrototypeOf(SyncWriteStream.prototype, Writable.prototype);
setPrototypeOf(SyncWriteStream, Writable);

SyncWriteStream.prototype._write = function(this: any, chunk: any, _encoding: string, callback: any): void {
  try {
    native.writeFile(this.fd, chunk, 0, 0, false);
  } catch (err) {
    callback(err);
    return;
  }
  callback();
};
SyncWriteStream.prototype._destroy = function(this: any, err: any, callback: any): void {
  if (this.fd !== null && this.autoClose) {
    try {
      native.close(this.fd);
    } catch (failure) {
      err ??= failure;
    }
    this.fd = null;
  }
  callback(err);
};
SyncWriteStream.prototype.destroySoon = SyncWriteStream.prototype.destroy;
