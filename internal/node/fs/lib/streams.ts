// fs.ReadStream and fs.WriteStream. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsreadstream
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';
import { fs as publicFs } from 'internal:fs';
import { getOptions, toFd, toMode, toPath } from 'internal:fs/arguments';
import { validateBoolean, validateFunction, validateInteger } from 'internal:validators';
import { Readable } from 'internal:stream/readable';
import { Writable } from 'internal:stream/writable';
import { errorOrDestroy } from 'internal:stream/destroy';
import { deprecate } from 'internal:util/deprecate';
import { eos } from 'internal:stream/endofstream';
import { nextTick } from 'internal:process/task';

const { setPrototypeOf, defineProperty } = Object;

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIsPerformingIO = Symbol('kIsPerformingIO');
const kIoDone = Symbol('kIoDone');

function isFileHandle(value: any): boolean {
  return typeof value === 'object' && value !== null && load('internal:fs/promises').isFileHandle(value);
}

// The functions of fs that a stream over a FileHandle uses in place of the public ones.
function handleFs(stream: any, handle: any): any {
  const call = (promise: Promise<any>, callback: any, pick: (r: any) => any[]) => {
    promise.then((r) => nextTick(callback, null, ...pick(r)), (err) => nextTick(callback, err));
  };
  return {
    open: undefined,
    read: (_fd: any, buffer: any, offset: any, length: any, position: any, cb: any) =>
      call(handle.read(buffer, offset, length, position), cb, (r) => [r.bytesRead, r.buffer]),
    write: (_fd: any, buffer: any, offset: any, length: any, position: any, cb: any) =>
      call(handle.write(buffer, offset, length, position), cb, (r) => [r.bytesWritten, r.buffer]),
    writev: (_fd: any, buffers: any, position: any, cb: any) => call(handle.writev(buffers, position), cb, (r) => [r.bytesWritten, r.buffers]),
    fsync: (_fd: any, cb: any) => call(handle.sync(), cb, () => []),
    close: (_fd: any, cb: any) => {
      handle[load('internal:fs/promises').kUnref]();
      call(handle.close(), cb, () => []);
    },
    stream,
  };
}

function importFd(stream: any, options: any): void {
  if (typeof options.fd === 'number') {
    stream[kFs] = options.fs || publicFs;
    stream.fd = toFd(options.fd);
    return;
  }
  if (isFileHandle(options.fd)) {
    if (options.fs) {
      throw new codes.ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    }
    const handle = options.fd;
    stream[kHandle] = handle;
    stream[kFs] = handleFs(stream, handle);
    stream.fd = toFd(handle.fd);
    handle[load('internal:fs/promises').kRef]();
    handle.on('close', () => stream.close());
    return;
  }
  throw new codes.ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], options.fd);
}

function checkFs(custom: any, names: string[]): void {
  for (const name of names) {
    if (custom[name] !== undefined && custom[name] !== null || name === 'open' || name === 'close' || name === 'read') {
      validateFunction(custom[name], `options.fs.${name}`);
    }
  }
}

// Opens when the stream is constructed. Programs of old replaced open() itself.
function construct(this: any, callback: any): void {
  const stream = this;
  if (typeof stream.fd === 'number') {
    callback();
    return;
  }
  if (stream.open !== openReadStream && stream.open !== openWriteStream) {
    const emit = stream.emit;
    stream.emit = function(...args: any[]) {
      if (args[0] === 'open') {
        this.emit = emit;
        callback();
        return emit.apply(this, args);
      }
      if (args[0] === 'error') {
        this.emit = emit;
        callback(args[1]);
        return true;
      }
      return emit.apply(this, args);
    };
    stream.open();
    return;
  }
  openFile(stream, callback);
}
function openFile(stream: any, callback: any): void {
  stream[kFs].open(stream.path, stream.flags, stream.mode, (err: any, fd: number) => {
    if (err) {
      callback(err);
      return;
    }
    stream.fd = fd;
    callback();
    stream.emit('open', stream.fd);
    stream.emit('ready');
  });
}
function reopen(this: any): void {
  openFile(this, (err: any) => {
    if (err) {
      errorOrDestroy(this, err);
    }
  });
}
const openReadStream = deprecate(reopen, 'ReadStream.prototype.open() is deprecated', 'DEP0135');
const openWriteStream = deprecate(reopen, 'WriteStream.prototype.open() is deprecated', 'DEP0135');

function closeFile(stream: any, err: any, callback: any): void {
  stream[kFs].close(stream.fd, (closeErr: any) => callback(err || closeErr));
  stream.fd = null;
}
function finishClose(stream: any, err: any, callback: any): void {
  // With an error the file is closed at once; without one a flush comes first.
  if (stream.fd === null || stream.fd === undefined) {
    callback(err);
    return;
  }
  if (!err && stream.flush) {
    stream[kFs].fsync(stream.fd, (failure: any) => closeFile(stream, failure ?? err, callback));
    return;
  }
  closeFile(stream, err, callback);
}

export function ReadStream(this: any, path: any, options?: any): any {
  if (!(this instanceof (ReadStream as any))) {
    return new (ReadStream as any)(path, options);
  }
  options = { ...getOptions(options, {}) };
  if (options.highWaterMark === undefined) {
    options.highWaterMark = 64 * 1024;
  }
  if (options.autoDestroy === undefined) {
    options.autoDestroy = false;
  }
  if (options.fd == null) {
    this.fd = null;
    this[kFs] = options.fs || publicFs;
    if (options.fs) {
      checkFs(options.fs, ['open', 'read', 'close']);
    }
    this.path = toPath(path);
    this.flags = options.flags === undefined ? 'r' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : toMode(options.mode, 'mode', 0o666);
  } else {
    importFd(this, options);
    if (options.fs && !this[kHandle]) {
      checkFs(options.fs, ['read', 'close']);
    }
  }
  options.autoDestroy = options.autoClose === undefined ? true : options.autoClose;
  this.start = options.start;
  this.end = options.end ?? Infinity;
  this.pos = undefined;
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start !== undefined && this.start > this.end) {
      throw new codes.ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
    }
  }
  Readable.call(this, options);
  if (options.encoding) {
    this.setEncoding(options.encoding);
  }
}
setPrototypeOf(ReadStream.prototype, Readable.prototype);
setPrototypeOf(ReadStream, Readable);

function autoClose(prototype: any, state: string, name: string): void {
  defineProperty(prototype, 'autoClose', {
    configurable: true,
    enumerable: false,
    get() {
      if (this?.[state] === undefined) {
        throw new codes.ERR_INVALID_THIS(name);
      }
      return this[state].autoDestroy;
    },
    set(value) {
      if (this?.[state] === undefined) {
        throw new codes.ERR_INVALID_THIS(name);
      }
      this[state].autoDestroy = value;
    },
  });
}
autoClose(ReadStream.prototype, '_readableState', 'ReadStream');
ReadStream.prototype.open = openReadStream;
ReadStream.prototype._construct = construct;
ReadStream.prototype._read = function(this: any, n: number): void {
  n = this.pos !== undefined ? Math.min(this.end - this.pos + 1, n) : Math.min(this.end - this.bytesRead + 1, n);
  if (n <= 0) {
    this.push(null);
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(n);
  this[kIsPerformingIO] = true;
  this[kFs].read(this.fd, buffer, 0, n, this.pos, (err: any, bytesRead: number, buf: any) => {
    this[kIsPerformingIO] = false;
    // A destroy in the meantime waits for this read to end.
    if (this.destroyed) {
      this.emit(kIoDone, err);
      return;
    }
    if (err) {
      errorOrDestroy(this, err);
      return;
    }
    if (bytesRead > 0) {
      if (this.pos !== undefined) {
        this.pos += bytesRead;
      }
      this.bytesRead += bytesRead;
      if (bytesRead !== buf.length) {
        // The rest of a large buffer is not worth keeping alive.
        const part = Buffer.allocUnsafeSlow(bytesRead);
        buf.copy(part, 0, 0, bytesRead);
        buf = part;
      }
      this.push(buf);
    } else {
      this.push(null);
    }
  });
};
function destroyFile(this: any, err: any, callback: any): void {
  if (this[kIsPerformingIO]) {
    this.once(kIoDone, (failure: any) => finishClose(this, err || failure, callback));
  } else {
    finishClose(this, err, callback);
  }
}
ReadStream.prototype._destroy = destroyFile;
ReadStream.prototype.close = function(this: any, callback: any): void {
  if (typeof callback === 'function') {
    eos(this, callback);
  }
  this.destroy();
};
defineProperty(ReadStream.prototype, 'pending', { configurable: true, enumerable: false, get(this: any) { return this.fd === null; } });

export function WriteStream(this: any, path: any, options?: any): any {
  if (!(this instanceof (WriteStream as any))) {
    return new (WriteStream as any)(path, options);
  }
  options = { ...getOptions(options, {}) };
  // Text becomes bytes before it is queued: positions count bytes.
  options.decodeStrings = true;
  if (options.fd == null) {
    this.fd = null;
    this[kFs] = options.fs || publicFs;
    this.path = toPath(path);
    this.flags = options.flags === undefined ? 'w' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : toMode(options.mode, 'mode', 0o666);
  } else {
    importFd(this, options);
  }
  if (options.fs && !this[kHandle]) {
    const custom = options.fs;
    validateFunction(custom.open ?? (options.fd == null ? custom.open : nop), 'options.fs.open');
    if (!custom.write && !custom.writev) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.fs.write', 'function', custom.write);
    }
    if (custom.write) {
      validateFunction(custom.write, 'options.fs.write');
    }
    if (custom.writev) {
      validateFunction(custom.writev, 'options.fs.writev');
    }
    validateFunction(custom.close, 'options.fs.close');
  }
  if (options.flush == null) {
    this.flush = false;
  } else {
    validateBoolean(options.flush, 'options.flush');
    if (options.flush && options.fs) {
      validateFunction(options.fs.fsync, 'options.fs.fsync');
    }
    this.flush = options.flush;
  }
  // One of write and writev is enough.
  if (!this[kFs].write) {
    this._write = null;
  }
  if (!this[kFs].writev) {
    this._writev = null;
  }
  options.autoDestroy = options.autoClose === undefined ? true : options.autoClose;
  this.start = options.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  Writable.call(this, options);
  if (options.encoding) {
    this.setDefaultEncoding(options.encoding);
  }
}
setPrototypeOf(WriteStream.prototype, Writable.prototype);
setPrototypeOf(WriteStream, Writable);
autoClose(WriteStream.prototype, '_writableState', 'WriteStream');
function nop(): void { /* nothing */ }

WriteStream.prototype.open = openWriteStream;
WriteStream.prototype._construct = construct;

// A non-blocking descriptor may be full: try again, at most five times, before that is an error.
function writeAll(stream: any, data: any, size: number, position: any, callback: any, retries = 0): void {
  stream[kFs].write(stream.fd, data, 0, size, position, (err: any, n: number, buffer: any) => {
    if (err?.code === 'EAGAIN') {
      err = null;
      n = 0;
    }
    if (stream.destroyed || err) {
      callback(err || (stream.destroyed ? new codes.ERR_STREAM_DESTROYED('write') : null));
      return;
    }
    stream.bytesWritten += n;
    retries = n ? 0 : retries + 1;
    size -= n;
    if (position !== undefined) {
      position += n;
    }
    if (retries > 5) {
      callback(new codes.ERR_SYSTEM_ERROR({ code: 'EAGAIN', message: 'resource temporarily unavailable', syscall: 'write', errno: -11 }));
    } else if (size > 0) {
      writeAll(stream, (buffer ?? data).subarray(n), size, position, callback, retries);
    } else {
      callback();
    }
  });
}
WriteStream.prototype._write = function(this: any, data: any, _encoding: any, callback: any): void {
  this[kIsPerformingIO] = true;
  writeAll(this, data, data.length, this.pos, (err: any) => {
    this[kIsPerformingIO] = false;
    if (this.destroyed) {
      callback(err);
      this.emit(kIoDone, err);
      return;
    }
    callback(err);
  });
  if (this.pos !== undefined) {
    this.pos += data.length;
  }
};
function writevAll(stream: any, chunks: any[], size: number, position: any, callback: any, retries = 0): void {
  stream[kFs].writev(stream.fd, chunks, position ?? null, (err: any, n: number, buffers: any) => {
    if (err?.code === 'EAGAIN') {
      err = null;
      n = 0;
    }
    if (stream.destroyed || err) {
      callback(err || new codes.ERR_STREAM_DESTROYED('writev'));
      return;
    }
    stream.bytesWritten += n;
    retries = n ? 0 : retries + 1;
    size -= n;
    if (position !== undefined) {
      position += n;
    }
    if (retries > 5) {
      callback(new codes.ERR_SYSTEM_ERROR({ code: 'EAGAIN', message: 'resource temporarily unavailable', syscall: 'write', errno: -11 }));
    } else if (size > 0) {
      writevAll(stream, [Buffer.concat(buffers ?? chunks).subarray(n)], size, position, callback, retries);
    } else {
      callback();
    }
  });
}
WriteStream.prototype._writev = function(this: any, data: any[], callback: any): void {
  const chunks = new Array(data.length);
  let size = 0;
  for (let i = 0; i < data.length; i++) {
    chunks[i] = data[i].chunk;
    size += chunks[i].length;
  }
  this[kIsPerformingIO] = true;
  writevAll(this, chunks, size, this.pos, (err: any) => {
    this[kIsPerformingIO] = false;
    if (this.destroyed) {
      callback(err);
      this.emit(kIoDone, err);
      return;
    }
    callback(err);
  });
  if (this.pos !== undefined) {
    this.pos += size;
  }
};
WriteStream.prototype._destroy = destroyFile;
WriteStream.prototype.close = function(this: any, callback: any): void {
  if (callback) {
    if (this.closed) {
      nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  // What was written before goes out; without autoClose 'finish' would never close.
  if (!this.autoClose) {
    this.on('finish', this.destroy);
  }
  this.end();
};
WriteStream.prototype.destroySoon = WriteStream.prototype.end;
defineProperty(WriteStream.prototype, 'pending', { configurable: true, enumerable: false, get(this: any) { return this.fd === null; } });
