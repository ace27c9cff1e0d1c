// fs.ReadStream and fs.WriteStream. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsreadstream
//
// Each stream has a FileAccess: the functions by which it reaches its file (fs, a replacement of it, a FileHandle) and the operation that is
// under way, for which destroy() waits. The public properties (fd, pos, bytesRead, ...) stay on the stream, where programs read and write them.

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

const kAccess = Symbol('access');

// A non-blocking descriptor that takes nothing is tried again this often.
const MAX_RETRIES = 5;

function isGiven(value: any): boolean {
  return value !== undefined && value !== null;
}

class FileAccess {
  stream: any;
  fs: any;
  /** The stream is over a FileHandle. */
  hasHandle = false;
  #busy = false;
  #whenIdle: ((err: any) => void) | null = null;

  constructor(stream: any, options: any) {
    this.stream = stream;
    this.fs = options.fs || publicFs;
    if (isGiven(options.fd)) this.#useDescriptor(options);
    else stream.fd = null;
  }

  #useDescriptor({ fd, fs }: any): void {
    const { stream } = this;
    if (typeof fd === 'number') {
      stream.fd = toFd(fd);
      return;
    }
    const promises = typeof fd === 'object' ? load('internal:fs/promises') : null;
    if (!promises?.isFileHandle(fd)) throw new codes.ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], fd);
    if (fs) throw new codes.ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    this.hasHandle = true;
    this.fs = functionsOf(fd, promises);
    stream.fd = toFd(fd.fd);
    fd[promises.kRef]();
    fd.on('close', () => stream.close());
  }

  open(done: (err?: any) => void): void {
    const { stream } = this;
    this.fs.open(stream.path, stream.flags, stream.mode, (err: any, fd: number) => {
      if (err) {
        done(err);
        return;
      }
      stream.fd = fd;
      done();
      stream.emit('open', fd);
      stream.emit('ready');
    });
  }

  /** An operation begins; what it gives is called when it is over. */
  begin(): (err?: any) => void {
    this.#busy = true;
    return (err) => {
      this.#busy = false;
      const next = this.#whenIdle;
      this.#whenIdle = null;
      next?.(err);
    };
  }

  /** Closes the file, after what is under way. */
  end(reason: any, done: (err?: any) => void): void {
    if (this.#busy) this.#whenIdle = (err) => this.#release(reason || err, done);
    else this.#release(reason, done);
  }

  #release(reason: any, done: (err?: any) => void): void {
    const { fs, stream } = this;
    const { fd } = stream;
    if (!isGiven(fd)) {
      done(reason);
      return;
    }
    const close = (err: any) => {
      fs.close(fd, (failure: any) => done(err || failure));
      stream.fd = null;
    };
    // After an error nobody relies on what was written.
    if (stream.flush && !reason) fs.fsync(fd, close);
    else close(reason);
  }
}

/** The functions of fs over a FileHandle. */
function functionsOf(handle: any, promises: any): any {
  /** `names`: what of the result the callback gets. */
  const settle = (promise: Promise<any>, callback: any, ...names: string[]) => {
    promise.then((result) => nextTick(callback, null, ...names.map((name) => result[name])), (err) => nextTick(callback, err));
  };
  return {
    read(_fd: number, buffer: any, offset: number, length: number, position: any, callback: any) {
      settle(handle.read(buffer, offset, length, position), callback, 'bytesRead', 'buffer');
    },
    write(_fd: number, buffer: any, offset: number, length: number, position: any, callback: any) {
      settle(handle.write(buffer, offset, length, position), callback, 'bytesWritten', 'buffer');
    },
    writev(_fd: number, buffers: any, position: any, callback: any) {
      settle(handle.writev(buffers, position), callback, 'bytesWritten', 'buffers');
    },
    fsync(_fd: number, callback: any) {
      settle(handle.sync(), callback);
    },
    close(_fd: number, callback: any) {
      handle[promises.kUnref]();
      settle(handle.close(), callback);
    },
  };
}

// --- What both have ---------------------------------------------------------------------------------------------

/** The first part of a constructor: options, the file and where to begin. Gives options for the stream's class. */
function prepare(stream: any, path: any, given: any, defaults: { flags: string, options: any, checkFs: (fs: any, opens: boolean) => void }): any {
  const options = { ...defaults.options, ...getOptions(given, {}) };
  const access = new FileAccess(stream, options);
  stream[kAccess] = access;
  const opens = !isGiven(options.fd);
  if (opens) {
    stream.path = toPath(path);
    stream.flags = options.flags ?? defaults.flags;
    stream.mode = options.mode === undefined ? 0o666 : toMode(options.mode, 'mode', 0o666);
  }
  if (options.fs) defaults.checkFs(options.fs, opens);
  options.autoDestroy = options.autoClose ?? true;
  stream.start = options.start;
  stream.pos = undefined;
  return options;
}

function beginAtStart(stream: any): void {
  if (stream.start === undefined) return;
  validateInteger(stream.start, 'start', 0);
  stream.pos = stream.start;
}

/** open(), which programs of old called or replaced. */
function deprecatedOpen(name: string): any {
  return deprecate(function(this: any): void {
    this[kAccess].open((err: any) => {
      if (err) errorOrDestroy(this, err);
    });
  }, `${name}.prototype.open() is deprecated`, 'DEP0135');
}

function setUp(Class: any, name: string, state: string): void {
  const prototype = Class.prototype;
  const open = deprecatedOpen(name);
  prototype.open = open;

  prototype._construct = function(callback: any): void {
    if (typeof this.fd === 'number') callback();
    else if (this.open === open) this[kAccess].open(callback);
    else openAsReplaced(this, callback);
  };

  prototype._destroy = function(reason: any, callback: any): void { this[kAccess].end(reason, callback); };

  defineProperty(prototype, 'pending', { configurable: true, get(this: any) { return this.fd === null; } });

  const stateOf = (stream: any): any => {
    const found = stream?.[state];
    if (found === undefined) throw new codes.ERR_INVALID_THIS(name);
    return found;
  };
  defineProperty(prototype, 'autoClose', {
    configurable: true,
    get() { return stateOf(this).autoDestroy; },
    set(value) { stateOf(this).autoDestroy = value; },
  });
}

/** An open() of the program's own tells by 'open' or 'error'. */
function openAsReplaced(stream: any, callback: any): void {
  const { emit } = stream;
  stream.emit = function(event: any, ...args: any[]): boolean {
    if (event !== 'open' && event !== 'error') return emit.call(this, event, ...args);
    this.emit = emit;
    callback(event === 'error' ? args[0] : undefined);
    // The stream tells errors of its construction itself.
    return event === 'error' || emit.call(this, event, ...args);
  };
  stream.open();
}

// --- Reading ----------------------------------------------------------------------------------------------------

const forReading = {
  flags: 'r',
  options: { highWaterMark: 64 * 1024 },
  checkFs(fs: any, opens: boolean): void {
    for (const name of opens ? ['open', 'read', 'close'] : ['read', 'close']) validateFunction(fs[name], `options.fs.${name}`);
  },
};

export function ReadStream(this: any, path: any, given?: any): any {
  if (!(this instanceof (ReadStream as any))) return new (ReadStream as any)(path, given);
  const options = prepare(this, path, given, forReading);
  options.highWaterMark ??= forReading.options.highWaterMark;
  this.end = options.end ?? Infinity;
  this.bytesRead = 0;
  beginAtStart(this);
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start > this.end) throw new codes.ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
  }
  Readable.call(this, options);
  if (options.encoding) this.setEncoding(options.encoding);
}
setPrototypeOf(ReadStream, Readable);
setPrototypeOf(ReadStream.prototype, Readable.prototype);
setUp(ReadStream, 'ReadStream', '_readableState');

ReadStream.prototype._read = function(this: any, size: number): void {
  const read = this.pos ?? this.bytesRead;
  const length = Math.min(size, this.end - read + 1);
  if (length <= 0) {
    this.push(null);
    return;
  }
  const access = this[kAccess];
  const over = access.begin();
  access.fs.read(this.fd, Buffer.allocUnsafeSlow(length), 0, length, this.pos, (err: any, count: number, buffer: any) => {
    over(err);
    if (this.destroyed) return;
    if (err) {
      errorOrDestroy(this, err);
      return;
    }
    this.bytesRead += count;
    if (this.pos !== undefined) this.pos += count;
    this.push(count > 0 ? filledPart(buffer, count) : null);
  });
};

/** The unused rest of a large buffer isn't worth keeping alive. */
function filledPart(buffer: any, count: number): any {
  if (count === buffer.length) return buffer;
  const part = Buffer.allocUnsafeSlow(count);
  part.set(buffer.subarray(0, count));
  return part;
}

ReadStream.prototype.close = function(this: any, callback: any): void {
  if (typeof callback === 'function') eos(this, callback);
  this.destroy();
};

// --- Writing ----------------------------------------------------------------------------------------------------

const forWriting = {
  flags: 'w',
  options: {},
  checkFs(fs: any, opens: boolean): void {
    const required = opens ? ['open', 'close'] : ['close'];
    for (const name of required) validateFunction(fs[name], `options.fs.${name}`);
    // One of them is enough.
    if (!fs.write && !fs.writev) throw new codes.ERR_INVALID_ARG_TYPE('options.fs.write', 'function', fs.write);
    for (const name of ['open', 'write', 'writev']) {
      if (fs[name]) validateFunction(fs[name], `options.fs.${name}`);
    }
  },
};

export function WriteStream(this: any, path: any, given?: any): any {
  if (!(this instanceof (WriteStream as any))) return new (WriteStream as any)(path, given);
  const options = prepare(this, path, given, forWriting);
  // Text becomes bytes before it is queued: positions count bytes.
  options.decodeStrings = true;
  this.flush = options.flush ?? false;
  validateBoolean(this.flush, 'options.flush');
  if (this.flush && options.fs) validateFunction(options.fs.fsync, 'options.fs.fsync');
  const { fs } = this[kAccess];
  if (!fs.write) this._write = null;
  if (!fs.writev) this._writev = null;
  this.bytesWritten = 0;
  beginAtStart(this);
  Writable.call(this, options);
  if (options.encoding) this.setDefaultEncoding(options.encoding);
}
setPrototypeOf(WriteStream, Writable);
setPrototypeOf(WriteStream.prototype, Writable.prototype);
setUp(WriteStream, 'WriteStream', '_writableState');

/** Buffers on their way into the file: written again and again until all is there. */
class Transfer {
  stream: any;
  #parts: any[];
  #left: number;
  #position: any;
  #retries = 0;
  #done: (err?: any) => void;

  constructor(stream: any, parts: any[], size: number, done: (err?: any) => void) {
    this.stream = stream;
    this.#parts = parts;
    this.#left = size;
    this.#position = stream.pos;
    this.#done = done;
    if (stream.pos !== undefined) stream.pos += size;
  }

  /** One buffer by write(), several by writev(). */
  run(many: boolean): void {
    const { fd, [kAccess]: { fs } } = this.stream;
    const parts = this.#parts;
    if (many) fs.writev(fd, parts, this.#position ?? null, (err: any, count: number, written: any) => this.#wrote(many, err, count, written ?? parts));
    else fs.write(fd, parts[0], 0, this.#left, this.#position, (err: any, count: number, written: any) => this.#wrote(many, err, count, [written ?? parts[0]]));
  }

  #wrote(many: boolean, err: any, count: number, parts: any[]): void {
    const { stream } = this;
    const isFull = err?.code === 'EAGAIN';
    if (err && !isFull) return this.#done(err);
    if (stream.destroyed) return this.#done(new codes.ERR_STREAM_DESTROYED(many ? 'writev' : 'write'));
    const written = isFull ? 0 : count;
    this.#retries = written > 0 ? 0 : this.#retries + 1;
    if (this.#retries > MAX_RETRIES) {
      return this.#done(new codes.ERR_SYSTEM_ERROR({ code: 'EAGAIN', message: 'resource temporarily unavailable', syscall: 'write', errno: -11 }));
    }
    stream.bytesWritten += written;
    this.#left -= written;
    if (this.#left <= 0) return this.#done();
    if (this.#position !== undefined) this.#position += written;
    const rest = many ? Buffer.concat(parts) : parts[0];
    this.#parts = [rest.subarray(written)];
    return this.run(many);
  }
}

/** The callback comes first, then a destroy() that waits. */
function finishing(stream: any, callback: any): (err?: any) => void {
  const over = stream[kAccess].begin();
  return (err) => {
    // A new write that the callback begins isn't this one's end.
    if (!stream.destroyed) over(err);
    callback(err);
    if (stream.destroyed) over(err);
  };
}

WriteStream.prototype._write = function(this: any, chunk: any, _encoding: any, callback: any): void {
  new Transfer(this, [chunk], chunk.length, finishing(this, callback)).run(false);
};

WriteStream.prototype._writev = function(this: any, waiting: any[], callback: any): void {
  const parts = waiting.map((entry) => entry.chunk);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  new Transfer(this, parts, size, finishing(this, callback)).run(true);
};

WriteStream.prototype.close = function(this: any, callback: any): void {
  if (callback && this.closed) {
    nextTick(callback);
    return;
  }
  if (callback) this.on('close', callback);
  // What was written before goes out; without autoClose 'finish' alone would never close.
  if (!this.autoClose) this.on('finish', this.destroy);
  this.end();
};
WriteStream.prototype.destroySoon = WriteStream.prototype.end;
