// Terminals: tty.ReadStream and tty.WriteStream. https://nodejs.org/docs/latest-v24.x/api/tty.html
import * as native from 'native:tty';
import { codes, errnoException, uvErrmapGet } from 'internal:errors';
import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';
import { validateInteger } from 'internal:validators';
import { Duplex } from 'internal:stream/duplex';
import { DescriptorHandle, DescriptorStream } from 'internal:tty/descriptor';
import { getColorDepth } from 'internal:tty/colors';

const { setPrototypeOf } = Object;

/** Whether fd is a terminal; false for what is no descriptor. */
export function isatty(fd: any): boolean {
  return Number.isInteger(fd) && fd >= 0 && fd <= 2147483647 && native.isatty(fd);
}

function initFailed(errno: number): Error {
  const [code, message] = uvErrmapGet(errno);
  return new codes.ERR_TTY_INIT_FAILED({ errno, code, message, syscall: 'uv_tty_init' });
}
const EINVAL = -22;

// Differs from Node: the streams inherit from stream.Duplex, not from net.Socket, so that a program that prints loads no network code.
export function ReadStream(this: any, fd: any, options?: any): any {
  if (!(this instanceof (ReadStream as any))) {
    return new (ReadStream as any)(fd, options);
  }
  if (fd >> 0 !== fd || fd < 0) {
    throw new codes.ERR_INVALID_FD(fd);
  }
  if (!native.isatty(fd)) {
    throw initFailed(EINVAL);
  }
  const handle = new DescriptorHandle(fd, true, 'TTY');
  DescriptorStream.call(this, { highWaterMark: 0, ...options, handle, readable: true, writable: true });
  this.fd = fd;
  this.isRaw = false;
  this.isTTY = true;
}
setPrototypeOf(ReadStream.prototype, DescriptorStream.prototype);
setPrototypeOf(ReadStream, DescriptorStream);

let restores = false;
const raw = new Set<number>();

/** Raw mode gives every key at once and unchanged. Returns the stream. */
ReadStream.prototype.setRawMode = function(this: any, flag: any): any {
  const on = !!flag;
  const errno = native.setRawMode(this.fd, on);
  if (on && !restores) {
    // The shell gets its terminal back however the program ends.
    restores = true;
    load('internal:process').process.once('exit', () => {
      for (const fd of raw) {
        native.setRawMode(fd, false);
      }
    });
  }
  if (errno !== 0) {
    this.emit('error', errnoException(errno, 'setRawMode'));
    return this;
  }
  this.isRaw = on;
  if (on) {
    raw.add(this.fd);
  } else {
    raw.delete(this.fd);
  }
  return this;
};

export function WriteStream(this: any, fd: any): any {
  if (!(this instanceof (WriteStream as any))) {
    return new (WriteStream as any)(fd);
  }
  if (fd >> 0 !== fd || fd < 0) {
    throw new codes.ERR_INVALID_FD(fd);
  }
  if (!native.isatty(fd)) {
    throw initFailed(EINVAL);
  }
  OutputStream.call(this, fd);
  const size = native.windowSize(fd);
  if (typeof size !== 'number') {
    this.columns = size[0];
    this.rows = size[1];
  }
}

/** The writing end of a pipe, a socket or a terminal that is written synchronously, as Node's standard streams are on POSIX systems. */
export function OutputStream(this: any, fd: number): void {
  Duplex.call(this, { readable: false, decodeStrings: false, emitClose: false, autoDestroy: true });
  this.fd = fd;
  this.connecting = false;
  this._bytesWritten = 0;
  this._handle = new OutputHandle(fd);
}
setPrototypeOf(OutputStream.prototype, Duplex.prototype);
setPrototypeOf(OutputStream, Duplex);

// What packages ask of `process.stdout._handle`.
class OutputHandle {
  fd: number;
  constructor(fd: number) {
    this.fd = fd;
  }
  setBlocking(): number {
    return 0;
  }
  ref(): void { /* nothing to keep alive: writes are synchronous */ }
  unref(): void { /* see ref */ }
  hasRef(): boolean {
    return false;
  }
  getWindowSize(size: number[]): number {
    const now = native.windowSize(this.fd);
    if (typeof now === 'number') {
      return now;
    }
    size[0] = now[0];
    size[1] = now[1];
    return 0;
  }
}

const output = OutputStream.prototype;
output._write = function(this: any, chunk: any, encoding: string, callback: any): void {
  if (typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8') {
    chunk = Buffer.from(chunk, encoding);
  }
  this._bytesWritten += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
  const errno = native.writeSync(this.fd, chunk);
  callback(errno === 0 ? null : errnoException(errno, 'write'));
};
output._writev = function(this: any, chunks: any[], callback: any): void {
  const all = Buffer.concat(chunks.map(({ chunk, encoding }) => typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
  this._bytesWritten += all.length;
  const errno = native.writeSync(this.fd, all);
  callback(errno === 0 ? null : errnoException(errno, 'write'));
};
output._read = function(): void { /* not readable */ };
output.destroySoon = function(this: any): void {
  this.writable && this.end();
  this.destroy();
};
output.ref = output.unref = output.setTimeout = function(this: any): any {
  return this;
};
Object.defineProperties(output, {
  bytesWritten: { configurable: true, enumerable: false, get(this: any) { return this._bytesWritten; } },
  bytesRead: { configurable: true, enumerable: false, get() { return 0; } },
  pending: { configurable: true, enumerable: false, get() { return false; } },
  readyState: { configurable: true, enumerable: false, get(this: any) { return this.writable ? 'writeOnly' : 'closed'; } },
});

setPrototypeOf(WriteStream.prototype, OutputStream.prototype);
setPrototypeOf(WriteStream, OutputStream);
const terminal = WriteStream.prototype;
terminal.isTTY = true;
terminal.getColorDepth = getColorDepth;

/** Whether the terminal shows at least count colors (16 by default). Arguments: [count], [env]. */
terminal.hasColors = function(this: any, count?: any, env?: any): boolean {
  if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
    env = count;
    count = 16;
  } else {
    validateInteger(count, 'count', 2);
  }
  return count <= 2 ** this.getColorDepth(env);
};

terminal._refreshSize = function(this: any): void {
  const { columns, rows } = this;
  const size = native.windowSize(this.fd);
  if (typeof size === 'number') {
    this.emit('error', errnoException(size, 'getWindowSize'));
    return;
  }
  if (size[0] !== columns || size[1] !== rows) {
    this.columns = size[0];
    this.rows = size[1];
    this.emit('resize');
  }
};
terminal.getWindowSize = function(this: any): [number, number] {
  return [this.columns, this.rows];
};
terminal.cursorTo = function(this: any, x: any, y: any, callback: any): boolean {
  return load('internal:readline/callbacks').cursorTo(this, x, y, callback);
};
terminal.moveCursor = function(this: any, dx: any, dy: any, callback: any): boolean {
  return load('internal:readline/callbacks').moveCursor(this, dx, dy, callback);
};
terminal.clearLine = function(this: any, dir: any, callback: any): boolean {
  return load('internal:readline/callbacks').clearLine(this, dir, callback);
};
terminal.clearScreenDown = function(this: any, callback: any): boolean {
  return load('internal:readline/callbacks').clearScreenDown(this, callback);
};

