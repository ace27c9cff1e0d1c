// node:fs: the callback and the synchronous functions. https://nodejs.org/docs/latest-v24.x/api/fs.html
//
// Both forms call the same native, with and without a request number. Functions call one another through the public object where Node's do,
// because programs replace fs.open, fs.close and others to watch or fix them.
import * as native from 'native:fs';
import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { readSmallFile } from 'native:engine';
import { Buffer, FastBuffer } from 'internal:buffer';
import { request } from 'internal:request';
import { deprecate } from 'internal:util/deprecate';
import { customPromisifyArgs } from 'internal:util/promisify';
import {
  validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf,
  validateString,
} from 'internal:validators';
import {
  accessMode, copyMode, decodeName, directoryError, getOptions, later, plain, rmOptions, rmdirOptions, toFd, toFlags, toMode, toPath,
  toReadPosition, toUnixTimestamp, toWritePosition, validateCallback, validateReadRange, validateText, validateView, validateViews,
  validateWriteRange, wantsBuffer,
} from 'internal:fs/arguments';
import { constants } from 'internal:fs/constants';
import { Dirent, StatFs, Stats, statsOf } from 'internal:fs/stats';
import { join } from 'internal:fs/join';

const { isView } = ArrayBuffer;
const { defineProperty } = Object;

// Numbers of the last synchronous stat: natives write into them, Stats is made from them at once.
const numbers = new Float64Array(18);
const bigNumbers = new BigInt64Array(18);
const none: any = Object.freeze({ __proto__: null });

// ---------------------------------------------------------------------------------------------------------------
// Descriptors
// ---------------------------------------------------------------------------------------------------------------

// flags and mode are optional, each with all that follows it but the callback.
function open(path: any, flags: any, mode?: any, callback?: any): void {
  const target = toPath(path);
  const hasFlags = arguments.length > 2;
  const hasMode = hasFlags && typeof mode !== 'function';
  const done = hasMode ? callback : hasFlags ? mode : flags;
  const permissions = hasMode ? toMode(mode, 'mode', 0o666) : 0o666;
  const number = toFlags(hasFlags ? flags : 'r');
  validateCallback(done);
  native.open(target, number, permissions, request(done));
}
function openSync(path: any, flags?: any, mode?: any): number {
  return native.open(toPath(path), toFlags(flags), toMode(mode, 'mode', 0o666));
}

// Without a callback an error of close() is thrown from the loop.
function close(fd: any, ...callback: [any?]): void {
  const file = toFd(fd);
  const done = callback.length === 0 || callback[0] === undefined ? throwError : validateCallback(callback[0]) ?? callback[0];
  native.close(file, request(plain(done)));
}
function throwError(err: any): void {
  if (err !== null && err !== undefined) throw err;
}
function closeSync(fd: any): void {
  native.close(toFd(fd));
}

/** A part of a buffer and the place in the file, as the natives of read and write take them. */
interface Span {
  offset: any;
  length: any;
  position: any;
}

/** The span that an object of options names, or the whole buffer. */
function spanOf(options: any, buffer: any): Span {
  if (options === null || options === undefined) return { offset: 0, length: buffer?.byteLength, position: null };
  const { offset = 0, length = buffer?.byteLength - offset, position = null } = options;
  return { offset, length, position };
}

/** Checks a span for reading. False when it is empty, so that there is nothing to do. */
function checkReadSpan(span: Span, buffer: any): boolean {
  span.offset ??= 0;
  validateInteger(span.offset, 'offset', 0);
  span.length |= 0;
  if (span.length === 0) return false;
  if (buffer.byteLength === 0) throw new codes.ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  validateReadRange(span.offset, span.length, buffer.byteLength);
  span.position = toReadPosition(span.position, span.length);
  return true;
}

const READ_SIZE = 16384;

// (fd, callback), (fd, options | buffer, callback), (fd, buffer, options, callback), (fd, buffer, offset, length, position, callback)
function read(fd: any, buffer: any, offset?: any, length?: any, position?: any, callback?: any): void {
  const file = toFd(fd);
  let into = buffer;
  let done = callback;
  let span: Span | undefined;
  if (arguments.length > 4) {
    span = { offset, length, position };
  } else {
    let options;
    if (arguments.length === 4) {
      options = offset;
      done = length;
      validateObject(options, 'options', 1);
    } else if (arguments.length === 3) {
      done = offset;
      options = isView(buffer) ? undefined : buffer;
    } else {
      done = buffer;
      into = undefined;
    }
    if (options !== undefined && options !== null) validateObject(options, 'options', 1);
    if (arguments.length < 4 && !isView(into)) into = options?.buffer === undefined ? Buffer.alloc(READ_SIZE) : options.buffer;
    span = spanOf(options, into);
  }
  validateView(into);
  validateCallback(done);
  if (checkReadSpan(span, into)) {
    native.read(file, into, span.offset, span.length, span.position, request((err, n) => done(err, err === null ? n : 0, into)));
  } else {
    later(done, null, 0, into);
  }
}
defineProperty(read, customPromisifyArgs, { value: ['bytesRead', 'buffer'] });

// (fd, buffer[, options]), (fd, buffer, offset, length[, position])
function readSync(fd: any, buffer: any, offset?: any, length?: any, position?: any): number {
  const file = toFd(fd);
  validateView(buffer);
  let span: Span;
  if (arguments.length > 3 && (offset === null || typeof offset !== 'object')) {
    span = { offset, length, position };
    if (offset === null) validateInteger(offset, 'offset', 0);
  } else {
    if (offset !== undefined) validateObject(offset, 'options', 1);
    span = spanOf(offset, buffer);
  }
  return checkReadSpan(span, buffer) ? native.read(file, buffer, span.offset, span.length, span.position) : 0;
}

/** Reads one buffer and deals its bytes out; at once as long as request is absent. */
export function readViews(fd: number, buffers: any[], position: number | bigint, callback?: (err: any, n: any) => void): number | undefined {
  let total = 0;
  for (const view of buffers) {
    total += view.byteLength;
  }
  const all = Buffer.allocUnsafe(total);
  const deal = (n: number) => {
    let from = 0;
    for (const view of buffers) {
      if (from >= n) {
        break;
      }
      const part = all.subarray(from, Math.min(n, from + view.byteLength));
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(part);
      from += view.byteLength;
    }
    return n;
  };
  if (callback === undefined) {
    return total === 0 ? 0 : deal(native.read(fd, all, 0, total, position));
  }
  native.read(fd, all, 0, total, position, request((err, n) => callback(err, err === null ? deal(n) : undefined)));
  return undefined;
}

function readv(fd: any, buffers: any, position: any, callback?: any): void {
  const file = toFd(fd);
  validateViews(buffers);
  const done = callback || position;
  validateCallback(done);
  readViews(file, buffers, toWritePosition(position), (err, n) => done(err, n || 0, buffers));
}
defineProperty(readv, customPromisifyArgs, { value: ['bytesRead', 'buffers'] });
function readvSync(fd: any, buffers: any, position?: any): number {
  const file = toFd(fd);
  validateViews(buffers);
  return readViews(file, buffers, toWritePosition(position)) as number;
}

function isUTF8(encoding: any): boolean {
  return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8';
}
function checkEncoding(text: string, encoding: any): void {
  const lower = typeof encoding === 'string' ? encoding.toLowerCase() : encoding;
  if (lower === 'hex' && text.length % 2 !== 0) {
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', encoding, `is invalid for data of length ${text.length}`);
  }
}

/** The span of write's arguments: options in the place of the offset, or three numbers, of which any may be left out. */
function writeSpan(buffer: any, offset: any, length: any, position: any): Span {
  const span = typeof offset === 'object' && offset !== null ? spanOf(offset, buffer) : { offset, length, position };
  if (offset === null) span.length = undefined;
  if (span.offset === null || span.offset === undefined || typeof span.offset === 'function') span.offset = 0;
  else validateInteger(span.offset, 'offset', 0);
  if (typeof span.length !== 'number') span.length = buffer.byteLength - span.offset;
  validateWriteRange(span.offset, span.length, buffer.byteLength);
  span.position = toWritePosition(span.position);
  return span;
}

/** Text goes over as it is when the file gets UTF-8, and as bytes otherwise. @param number of the request, absent for writing at once */
function writeText(fd: number, text: string, position: any, encoding: any, number?: number): any {
  const place = toWritePosition(position);
  if (isUTF8(encoding)) return native.writeText(fd, text, place, number);
  const bytes = Buffer.from(text, encoding);
  return native.write(fd, bytes, 0, bytes.length, place, number);
}

// (fd, buffer[, offset[, length[, position]]], callback), (fd, buffer, options, callback), (fd, text[, position[, encoding]], callback)
function write(fd: any, data: any, ...rest: any[]): void {
  const file = toFd(fd);
  if (isView(data)) {
    // The callback is the last argument that is there.
    const done = rest[3] || rest[2] || rest[1] || rest[0];
    validateCallback(done);
    const { offset, length, position } = writeSpan(data, rest[0], rest[1], rest[2]);
    native.write(file, data, offset, length, position, request((err, n) => done(err, n || 0, data)));
    return;
  }
  validateText(data, 'buffer');
  const at = rest.findIndex((argument) => typeof argument === 'function');
  const done = at < 0 || at > 2 ? rest[2] : rest[at];
  const encoding = at === 0 || at === 1 ? 'utf8' : rest[1];
  checkEncoding(data, encoding);
  validateCallback(done);
  const position = at === 0 ? null : rest[0];
  writeText(file, data, position, encoding, request((err, n) => done(err, n || 0, data)));
}
defineProperty(write, 'length', { value: 6, configurable: true });
defineProperty(write, customPromisifyArgs, { value: ['bytesWritten', 'buffer'] });

function writeSync(fd: any, data: any, offset?: any, length?: any, position?: any): number {
  const file = toFd(fd);
  if (isView(data)) {
    const span = writeSpan(data, offset, length, position);
    return native.write(file, data, span.offset, span.length, span.position);
  }
  validateText(data, 'buffer');
  checkEncoding(data, length);
  return writeText(file, data, offset, length);
}

/** writev on natives: a dozen views cross as they are, more as one copy. */
export function writeViews(fd: number, buffers: any[], position: number, callback?: (err: any, n: any) => void): number | undefined {
  const number = callback === undefined ? undefined : request(callback);
  if (buffers.length <= 12) {
    return native.writev(fd, position, number, ...buffers);
  }
  const all = Buffer.concat(buffers.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
  return native.write(fd, all, 0, all.length, position, number);
}
function writev(fd: any, buffers: any, position: any, callback?: any): void {
  fd = toFd(fd);
  validateViews(buffers);
  callback ||= position;
  validateCallback(callback);
  if (buffers.length === 0) {
    later(callback, null, 0, buffers);
    return;
  }
  writeViews(fd, buffers, toWritePosition(position), (err, n) => callback(err, n || 0, buffers));
}
defineProperty(writev, customPromisifyArgs, { value: ['bytesWritten', 'buffer'], enumerable: false });
function writevSync(fd: any, buffers: any, position?: any): number {
  fd = toFd(fd);
  validateViews(buffers);
  return buffers.length === 0 ? 0 : writeViews(fd, buffers, toWritePosition(position)) as number;
}

// ---------------------------------------------------------------------------------------------------------------
// Whole files
// ---------------------------------------------------------------------------------------------------------------

function isFdNumber(value: any): boolean {
  return typeof value === 'number' && value >= 0 && Number.isInteger(value) && value <= 2147483647;
}

/** Reads a large file of which natives gave [fd, size]; calls back with a Buffer. */
function readLarge(fd: number, size: number, own: boolean, signal: any, callback: (err: any, data?: any) => void): void {
  const data = Buffer.allocUnsafeSlow(size);
  let at = 0;
  const finish = (err: any) => {
    const end = (closeErr: any) => {
      const failure = err ?? closeErr;
      if (failure != null) {
        callback(failure);
      } else {
        callback(null, at === size ? data : data.subarray(0, at));
      }
    };
    if (own) {
      native.close(fd, request(end));
    } else {
      end(null);
    }
  };
  const next = () => {
    if (signal?.aborted) {
      finish(new AbortError(undefined, { cause: signal.reason }));
      return;
    }
    native.read(fd, data, at, Math.min(size - at, 4 << 20), -1, request((err, n) => {
      if (err !== null) {
        finish(err);
        return;
      }
      at += n;
      if (n === 0 || at === size) {
        finish(null);
      } else {
        next();
      }
    }));
  };
  next();
}

/** The common part of readFile's callback and promise forms. target: path or descriptor. */
export function readWhole(target: any, flags: number, encoding: any, signal: any, callback: (err: any, data?: any) => void): void {
  const text = encoding === 'utf8' || encoding === 'utf-8';
  native.readFile(target, flags, text, request((err, data) => {
    if (err !== null) {
      callback(err);
      return;
    }
    const convert = (failure: any, bytes: any) => {
      if (failure != null) {
        callback(failure);
        return;
      }
      if (signal?.aborted) {
        callback(new AbortError(undefined, { cause: signal.reason }));
        return;
      }
      let value = bytes;
      if (encoding && encoding !== 'buffer' && typeof bytes !== 'string') {
        try {
          value = bytes.toString(encoding);
        } catch (error) {
          callback(error);
          return;
        }
      }
      callback(null, value);
    };
    if (Array.isArray(data)) {
      readLarge(data[0], data[1], typeof target !== 'number', signal, convert);
    } else {
      convert(null, data);
    }
  }));
}

function readFile(path: any, options: any, callback?: any): void {
  callback ||= options;
  validateFunction(callback, 'cb');
  options = getOptions(options, { flag: 'r' });
  const target = isFdNumber(path) ? path : toPath(path);
  const flags = toFlags(options.flag, 'options.flag');
  const { signal } = options;
  if (signal?.aborted) {
    later(callback, new AbortError(undefined, { cause: signal.reason }));
    return;
  }
  readWhole(target, flags, options.encoding, signal, (err, data) => {
    if (err != null) {
      callback(err);
    } else {
      callback(null, data);
    }
  });
}

function readFileSync(path: any, options?: any): any {
  // The most frequent call of all: a path and 'utf8'.
  if (typeof path === 'string' && (options === 'utf8' || options === 'utf-8')) return readPath(toPath(path), 0, options);
  options = getOptions(options, { flag: 'r' });
  const target = isFdNumber(path) ? path : toPath(path);
  const flags = toFlags(options.flag, 'options.flag');
  return typeof target === 'string' ? readPath(target, flags, options.encoding) : readTarget(target, flags, options.encoding);
}

// A small regular file is read without Go. It answers with a descriptor when it is something else.
function readPath(path: string, flags: number, encoding: any): any {
  const asText = encoding === 'utf8' || encoding === 'utf-8';
  const read = readSmallFile(path, flags, asText);
  if (typeof read === 'string') return read;
  if (read === undefined) return readTarget(path, flags, encoding);
  if (typeof read !== 'number') {
    const data = new FastBuffer(read);
    return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
  }
  try {
    return readTarget(read, flags, encoding);
  } finally {
    native.close(read);
  }
}

function readTarget(target: any, flags: number, encoding: any): any {
  if (encoding === 'utf8' || encoding === 'utf-8') return native.readFile(target, flags, true);
  let data = native.readFile(target, flags, false);
  if (Array.isArray(data)) {
    const [fd, size] = data;
    try {
      data = Buffer.allocUnsafeSlow(size);
      let at = 0;
      while (at < size) {
        const n = native.read(fd, data, at, size - at, -1);
        if (n === 0) {
          data = data.subarray(0, at);
          break;
        }
        at += n;
      }
    } finally {
      if (typeof target !== 'number') native.close(fd);
    }
  }
  return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
}

const writeDefaults = { encoding: 'utf8', mode: 0o666, flag: 'w', flush: false };

/** Text that must not cross as UTF-8 becomes bytes. */
export function dataToWrite(data: any, encoding: any): any {
  if (isView(data)) {
    return data;
  }
  validateText(data, 'data');
  return isUTF8(encoding) || !encoding ? data : Buffer.from(data, encoding);
}

function writeFile(path: any, data: any, options: any, callback?: any): void {
  callback ||= options;
  validateFunction(callback, 'cb');
  options = getOptions(options, writeDefaults);
  const flush = options.flush ?? false;
  validateBoolean(flush, 'options.flush');
  data = dataToWrite(data, options.encoding);
  const target = isFdNumber(path) ? path : toPath(path);
  const { signal } = options;
  const flags = toFlags(options.flag || 'w', 'flag');
  const mode = toMode(options.mode, 'mode', 0o666);
  if (signal?.aborted) {
    later(callback, new AbortError(undefined, { cause: signal.reason }));
    return;
  }
  const done = (err: any) => {
    if (err == null && signal?.aborted) {
      err = new AbortError(undefined, { cause: signal.reason });
    }
    callback(err ?? null);
  };
  if (flush) {
    writeFlushed(target, data, flags, mode, done);
  } else {
    native.writeFile(target, data, flags, mode, false, request(done));
  }
}

// With flush the file is synced by the public fs.fsync, which programs may watch.
function writeFlushed(target: any, data: any, flags: number, mode: number, done: (err: any) => void): void {
  if (typeof target === 'number') {
    native.writeFile(target, data, 0, 0, false, request((err) => err === null ? fs.fsync(target, done) : done(err)));
    return;
  }
  native.open(target, flags, mode, request((err, fd) => {
    if (err !== null) {
      done(err);
      return;
    }
    const end = (failure: any) => fs.close(fd, (closeErr: any) => done(failure ?? closeErr));
    native.writeFile(fd, data, 0, 0, false, request((failure) => failure === null ? fs.fsync(fd, end) : end(failure)));
  }));
}

function writeFileSync(path: any, data: any, options?: any): void {
  options = getOptions(options, writeDefaults);
  const flush = options.flush ?? false;
  validateBoolean(flush, 'options.flush');
  data = dataToWrite(data, options.encoding);
  const target = isFdNumber(path) ? path : toPath(path);
  const flags = toFlags(options.flag || 'w', 'flag');
  const mode = toMode(options.mode, 'mode', 0o666);
  if (!flush) {
    native.writeFile(target, data, flags, mode, false);
    return;
  }
  const fd = typeof target === 'number' ? target : native.open(target, flags, mode);
  try {
    native.writeFile(fd, data, 0, 0, false);
    fs.fsyncSync(fd);
  } finally {
    if (fd !== target) {
      fs.closeSync(fd);
    }
  }
}

function appendFile(path: any, data: any, options: any, callback?: any): void {
  callback ||= options;
  validateFunction(callback, 'cb');
  options = { ...getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'a' }) };
  if (!options.flag || isFdNumber(path)) {
    options.flag = 'a';
  }
  fs.writeFile(path, data, options, callback);
}
function appendFileSync(path: any, data: any, options?: any): void {
  options = { ...getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'a' }) };
  if (!options.flag || isFdNumber(path)) {
    options.flag = 'a';
  }
  fs.writeFileSync(path, data, options);
}

// ---------------------------------------------------------------------------------------------------------------
// What files are
// ---------------------------------------------------------------------------------------------------------------

function statsCallback(callback: any): (err: any, n: any) => void {
  validateFunction(callback, 'cb');
  return (err, n) => {
    if (err !== null) {
      callback(err);
    } else {
      callback(null, n === undefined ? undefined : statsOf(n));
    }
  };
}

function stat(path: any, options: any = none, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = none;
  }
  const done = statsCallback(callback);
  native.stat(toPath(path), false, undefined, options?.bigint === true, options?.throwIfNoEntry !== false, request(done));
}
function lstat(path: any, options: any = none, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = none;
  }
  const done = statsCallback(callback);
  native.stat(toPath(path), true, undefined, options?.bigint === true, true, request(done));
}
function fstat(fd: any, options: any = none, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = none;
  }
  fd = toFd(fd);
  const done = statsCallback(callback);
  native.fstat(fd, undefined, options?.bigint === true, request(done));
}
function statfs(path: any, options: any = none, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = none;
  }
  validateFunction(callback, 'cb');
  native.statfs(toPath(path), options?.bigint === true, request((err, n) => err !== null ? callback(err) : callback(null, new StatFs(n))));
}
function statSync(path: any, options: any = none): any {
  return statNow(path, options, false);
}
function lstatSync(path: any, options: any = none): any {
  return statNow(path, options, true);
}
function statNow(path: any, options: any, ofLink: boolean): any {
  path = toPath(path);
  if (options?.bigint === true) {
    return native.stat(path, ofLink, bigNumbers, true, options.throwIfNoEntry !== false) ? statsOf(bigNumbers) : undefined;
  }
  return native.stat(path, ofLink, numbers, false, options?.throwIfNoEntry !== false) ? statsOf(numbers) : undefined;
}
function fstatSync(fd: any, options: any = none): any {
  fd = toFd(fd);
  const big = options?.bigint === true;
  native.fstat(fd, big ? bigNumbers : numbers, big);
  return statsOf(big ? bigNumbers : numbers);
}
function statfsSync(path: any, options: any = none): any {
  return new StatFs(native.statfs(toPath(path), options?.bigint === true));
}

function exists(path: any, callback: any): void {
  validateCallback(callback);
  try {
    path = toPath(path);
  } catch {
    callback(false);
    return;
  }
  native.exists(path, request((_err, found) => callback(found)));
}
defineProperty(exists, Symbol.for('nodejs.util.promisify.custom'), {
  value: function exists(path: any): Promise<boolean> {
    return new Promise((resolve) => fs.exists(path, resolve));
  },
});

let warnedExists = false;
function existsSync(path: any): boolean {
  try {
    path = toPath(path);
  } catch (err: any) {
    if (err?.code === 'ERR_INVALID_ARG_TYPE' && !warnedExists) {
      warnedExists = true;
      load('internal:process').process.emitWarning('Passing invalid argument types to fs.existsSync is deprecated', 'DeprecationWarning', 'DEP0187');
    }
    return false;
  }
  return native.exists(path);
}

// ---------------------------------------------------------------------------------------------------------------
// Directories
// ---------------------------------------------------------------------------------------------------------------

// The third argument of mkdir: a mode alone, or an object.
function mkdirArguments(options: any): [mode: number, recursive: boolean] {
  const kind = typeof options;
  if (kind === 'number' || kind === 'string') return [toMode(options, 'mode'), false];
  const { recursive = false, mode } = options || none;
  validateBoolean(recursive, 'options.recursive');
  return [mode === undefined ? 0o777 : toMode(mode, 'options.mode'), recursive];
}
export { mkdirArguments };

function mkdir(path: any, options: any, callback?: any): void {
  const bare = typeof options === 'function';
  const done = bare ? options : callback;
  const [mode, recursive] = mkdirArguments(bare ? undefined : options);
  validateCallback(done);
  // The first directory that was made is told of only where several may be.
  native.mkdir(toPath(path), mode, recursive, request((err, first) => err !== null || !recursive ? done(err) : done(null, first)));
}
function mkdirSync(path: any, options?: any): string | undefined {
  const [mode, recursive] = mkdirArguments(options);
  return native.mkdir(toPath(path), mode, recursive);
}

let warnedTemplate = false;
function mkdtempPrefix(prefix: any): any {
  prefix = toPath(prefix, 'prefix');
  if (!warnedTemplate && (typeof prefix === 'string' ? prefix : prefix.toString('latin1')).endsWith('X')) {
    warnedTemplate = true;
    load('internal:process').process.emitWarning('mkdtemp() templates ending with X are not portable. For details see: https://nodejs.org/api/fs.html');
  }
  return prefix;
}
export { mkdtempPrefix };

function mkdtemp(prefix: any, options: any, callback?: any): void {
  callback ||= options;
  validateFunction(callback, 'cb');
  options = getOptions(options);
  prefix = mkdtempPrefix(prefix);
  const { encoding } = options;
  native.mkdtemp(prefix, wantsBuffer(encoding), request((err, path) => err !== null ? callback(err) : callback(null, decodeName(path, encoding))));
}
function mkdtempSync(prefix: any, options?: any): any {
  const { encoding } = getOptions(options);
  return decodeName(native.mkdtemp(mkdtempPrefix(prefix), wantsBuffer(encoding)), encoding);
}
function mkdtempDisposableSync(prefix: any, options?: any): any {
  const { encoding } = getOptions(options);
  const path = decodeName(native.mkdtemp(mkdtempPrefix(prefix), wantsBuffer(encoding)), encoding);
  // The directory may be relative to where the program was then.
  const full = load('internal:path').posix.resolve(load('internal:process').process.cwd(), path);
  return {
    __proto__: null,
    path,
    remove() { removeDisposable(full); },
    [Symbol.dispose]() { removeDisposable(full); },
  };
}
function removeDisposable(path: string): void {
  native.rm(path, true, true, 0, 100);
}

/** Dirents or names from what the native gave. */
export function readdirResult(path: any, list: any[], options: any): any[] {
  const { encoding, withFileTypes, recursive } = options;
  if (!recursive) {
    if (!withFileTypes) {
      return encoding === undefined || encoding === null || encoding === 'buffer' || encoding === 'utf8' ? list : list.map((name) => decodeName(name, encoding));
    }
    const out = new Array(list.length / 2);
    for (let i = 0; i < out.length; i++) {
      out[i] = new Dirent(decodeName(list[2 * i], encoding), path, list[2 * i + 1]);
    }
    return out;
  }
  const out = [];
  const step = withFileTypes ? 3 : 2;
  for (let i = 0; i < list.length; i += step) {
    const dir = list[i];
    const name = decodeName(list[i + 1], encoding);
    if (withFileTypes) {
      out.push(new Dirent(name, dir === '' ? path : join(path, dir), list[i + 2]));
    } else {
      out.push(dir === '' ? name : join(dir, name));
    }
  }
  return out;
}

function readdir(path: any, options: any, callback?: any): void {
  callback = typeof options === 'function' ? options : callback;
  validateCallback(callback);
  options = getOptions(options);
  path = toPath(path);
  if (options.recursive != null) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  native.readdir(path, !!options.withFileTypes, wantsBuffer(options.encoding), !!options.recursive, request((err, list) => {
    if (err !== null) {
      callback(err);
    } else {
      callback(null, readdirResult(path, list, options));
    }
  }));
}
function readdirSync(path: any, options?: any): any[] {
  options = getOptions(options);
  path = toPath(path);
  if (options.recursive != null) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  return readdirResult(path, native.readdir(path, !!options.withFileTypes, wantsBuffer(options.encoding), !!options.recursive), options);
}

function rmdir(path: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  const done = plain(callback);
  const o = rmdirOptions(options);
  if (!o.recursive) {
    native.rmdir(path, request(done));
    return;
  }
  warnRecursiveRmdir();
  native.stat(path, true, undefined, false, true, request((err, n) => {
    if (err === null && statsOf(n).isDirectory()) {
      native.rm(path, true, false, o.maxRetries, o.retryDelay, request(done));
    } else {
      native.rmdir(path, request(done));
    }
  }));
}
function rmdirSync(path: any, options?: any): void {
  path = toPath(path);
  const o = rmdirOptions(options);
  if (!o.recursive) {
    native.rmdir(path);
    return;
  }
  warnRecursiveRmdir();
  if (native.stat(path, true, numbers, false, false) && statsOf(numbers).isDirectory()) {
    native.rm(path, true, false, o.maxRetries, o.retryDelay);
  } else {
    native.rmdir(path);
  }
}
let warnedRmdir = false;
export function warnRecursiveRmdir(): void {
  if (!warnedRmdir) {
    warnedRmdir = true;
    load('internal:process').process.emitWarning('In future versions of Node.js, fs.rmdir(path, { recursive: true }) will be removed. ' +
      'Use fs.rm(path, { recursive: true }) instead', 'DeprecationWarning', 'DEP0147');
  }
}

function rm(path: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  const o = rmOptions(options);
  validateCallback(callback);
  const go = () => native.rm(path, o.recursive, o.force, o.maxRetries, o.retryDelay, request(plain(callback)));
  if (o.recursive) {
    go();
    return;
  }
  native.stat(path, true, undefined, false, true, request((err, n) => {
    if (err !== null) {
      callback(o.force && err.code === 'ENOENT' ? null : err);
    } else if (statsOf(n).isDirectory()) {
      callback(directoryError(path));
    } else {
      go();
    }
  }));
}
function rmSync(path: any, options?: any): void {
  path = toPath(path);
  const o = rmOptions(options);
  if (!o.recursive) {
    if (!native.stat(path, true, numbers, false, !o.force)) {
      return;
    }
    if (statsOf(numbers).isDirectory()) {
      throw directoryError(path);
    }
  }
  native.rm(path, o.recursive, o.force, o.maxRetries, o.retryDelay);
}

// ---------------------------------------------------------------------------------------------------------------
// Names and links
// ---------------------------------------------------------------------------------------------------------------

const symlinkTypes = ['dir', 'file', 'junction', null, undefined];
function symlink(target: any, path: any, type: any, callback?: any): void {
  if (callback === undefined) {
    callback = type;
    type = undefined;
  } else {
    validateOneOf(type, 'type', symlinkTypes);
  }
  const done = plain(callback);
  native.symlink(toPath(target, 'target'), toPath(path), request(done));
}
function symlinkSync(target: any, path: any, type?: any): void {
  validateOneOf(type, 'type', symlinkTypes);
  native.symlink(toPath(target, 'target'), toPath(path));
}
function readlink(path: any, options: any, callback?: any): void {
  callback = typeof options === 'function' ? options : callback;
  validateCallback(callback);
  const { encoding } = getOptions(options);
  native.readlink(toPath(path), wantsBuffer(encoding), request((err, target) => err !== null ? callback(err) : callback(null, decodeName(target, encoding))));
}
function readlinkSync(path: any, options?: any): any {
  const { encoding } = getOptions(options);
  return decodeName(native.readlink(toPath(path), wantsBuffer(encoding)), encoding);
}

function realpathOf(isNative: boolean): any {
  return function realpath(path: any, options: any, callback?: any): void {
    callback = typeof options === 'function' ? options : callback;
    validateCallback(callback);
    const { encoding } = getOptions(options);
    native.realpath(toPath(path), isNative, wantsBuffer(encoding), request((err, real) => err !== null ? callback(err) : callback(null, decodeName(real, encoding))));
  };
}
function realpathSyncOf(isNative: boolean): any {
  return function realpathSync(path: any, options?: any): any {
    const { encoding } = getOptions(options);
    return decodeName(native.realpath(toPath(path), isNative, wantsBuffer(encoding)), encoding);
  };
}
const realpath = realpathOf(false);
realpath.native = realpathOf(true);
const realpathSync = realpathSyncOf(false);
realpathSync.native = realpathSyncOf(true);
defineProperty(realpath, 'length', { value: 3, configurable: true });
defineProperty(realpathSync, 'length', { value: 2, configurable: true });

// ---------------------------------------------------------------------------------------------------------------
// Owners, modes, times, sizes
// ---------------------------------------------------------------------------------------------------------------

const kMaxUserId = 2 ** 32 - 1;
function validateOwner(uid: any, gid: any): void {
  validateInteger(uid, 'uid', -1, kMaxUserId);
  validateInteger(gid, 'gid', -1, kMaxUserId);
}
export { validateOwner };

function truncate(path: any, ...rest: any[]): void {
  const length = typeof rest[0] === 'function' || rest[0] === undefined ? 0 : rest[0];
  const done = typeof rest[0] === 'function' ? rest[0] : rest[1];
  validateInteger(length, 'len');
  validateFunction(done, 'cb');
  fs.open(path, 'r+', (err: any, fd: number) => {
    if (err) done(err);
    else native.ftruncate(fd, Math.max(length, 0), request((failure) => fs.close(fd, (closing: any) => done(failure ?? closing))));
  });
}
defineProperty(truncate, 'length', { value: 3, configurable: true });
function truncateSync(path: any, len: any = 0): void {
  validateInteger(len, 'len');
  const fd = fs.openSync(path, 'r+');
  try {
    fs.ftruncateSync(fd, len);
  } finally {
    fs.closeSync(fd);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Operations that answer with nothing, or with an error
// ---------------------------------------------------------------------------------------------------------------

/** Gives the arguments of the native by those of the program, or throws. */
type Reader = (a: any, b: any, c: any) => any[];

function owned(target: any, uid: any, gid: any): any[] {
  validateOwner(uid, gid);
  return [target, uid, gid];
}
function sized(fd: any, length: any = 0): any[] {
  const file = toFd(fd);
  validateInteger(length, 'len');
  return [file, length < 0 ? 0 : length];
}
const twoPaths = (first: string, second: string): Reader => (a, b) => [toPath(a, first), toPath(b, second)];
const descriptor: Reader = (fd) => [toFd(fd)];

// name: native, how many arguments come before the callback, whether the last of them may be left out, how they are read.
const operations: Record<string, [name: string, count: number, optional: boolean, read: Reader]> = {
  access: ['access', 2, true, (path, mode) => [toPath(path), accessMode(mode)]],
  chmod: ['chmod', 2, false, (path, mode) => [toPath(path), toMode(mode, 'mode')]],
  chown: ['chown', 3, false, (path, uid, gid) => [...owned(toPath(path), uid, gid), false]],
  copyFile: ['copyFile', 3, true, (from, to, mode) => [toPath(from, 'src'), toPath(to, 'dest'), copyMode(mode)]],
  fchmod: ['fchmod', 2, false, (fd, mode) => [toFd(fd), toMode(mode, 'mode')]],
  fchown: ['fchown', 3, false, (fd, uid, gid) => owned(toFd(fd), uid, gid)],
  fdatasync: ['fdatasync', 1, false, descriptor],
  fsync: ['fsync', 1, false, descriptor],
  ftruncate: ['ftruncate', 2, true, sized],
  futimes: ['futimes', 3, false, (fd, atime, mtime) => [toFd(fd), toUnixTimestamp(atime, 'atime'), toUnixTimestamp(mtime, 'mtime')]],
  lchown: ['chown', 3, false, (path, uid, gid) => [...owned(toPath(path), uid, gid), true]],
  link: ['link', 2, false, twoPaths('existingPath', 'newPath')],
  lutimes: ['utimes', 3, false, (path, atime, mtime) => [toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), true]],
  rename: ['rename', 2, false, twoPaths('oldPath', 'newPath')],
  unlink: ['unlink', 1, false, (path) => [toPath(path)]],
  utimes: ['utimes', 3, false, (path, atime, mtime) => [toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), false]],
};

const operationPairs: any = {};
for (const [name, [nativeName, count, optional, read]] of Object.entries(operations)) {
  const call = (native as any)[nativeName];
  // The argument that may be left out is then the callback itself, and the native's default holds.
  operationPairs[name] = { [name](...given: any[]): void {
    const short = optional && typeof given[count - 1] === 'function';
    const list = read(given[0], short && count === 2 ? undefined : given[1], short ? undefined : given[2]);
    call(...list, request(plain(given[short ? count - 1 : count])));
  } }[name];
  const sync = `${name}Sync`;
  operationPairs[sync] = { [sync](a: any, b: any, c: any): void { call(...read(a, b, c)); } }[sync];
  defineProperty(operationPairs[name], 'length', { value: count + 1, configurable: true });
  defineProperty(operationPairs[sync], 'length', { value: count, configurable: true });
}

// ---------------------------------------------------------------------------------------------------------------
// What is loaded when it is used
// ---------------------------------------------------------------------------------------------------------------

function cp(src: any, dest: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'cb');
  const { cpOptions, cpPromise } = load('internal:fs/cp');
  options = cpOptions(options);
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  cpPromise(src, dest, options).then(() => later(callback, null), (err: any) => later(callback, err));
}
function cpSync(src: any, dest: any, options?: any): void {
  const { cpOptions, cpNow } = load('internal:fs/cp');
  options = cpOptions(options);
  cpNow(toPath(src, 'src'), toPath(dest, 'dest'), options);
}

function watch(filename: any, options: any, listener?: any): any {
  return load('internal:fs/watch').watch(filename, options, listener);
}
function watchFile(filename: any, options: any, listener?: any): any {
  return load('internal:fs/watch').watchFile(filename, options, listener);
}
function unwatchFile(filename: any, listener?: any): void {
  load('internal:fs/watch').unwatchFile(filename, listener);
}
function opendir(path: any, options: any, callback?: any): void {
  load('internal:fs/dir').opendir(path, options, callback);
}
function opendirSync(path: any, options?: any): any {
  return load('internal:fs/dir').opendirSync(path, options);
}
function glob(pattern: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateCallback(callback);
  const { Glob } = load('internal:fs/glob');
  const search = new Glob(pattern, options);
  (async () => {
    const out = [];
    for await (const found of search.iterate()) {
      out.push(found);
    }
    return out;
  })().then((out) => later(callback, null, out), (err) => later(callback, err));
}
function globSync(pattern: any, options?: any): any[] {
  const { Glob } = load('internal:fs/glob');
  return new Glob(pattern, options).all();
}
function createReadStream(path: any, options?: any): any {
  return new fs.ReadStream(path, options);
}
function createWriteStream(path: any, options?: any): any {
  return new fs.WriteStream(path, options);
}

/** A Blob that reads the file when it is read. */
function openAsBlob(path: any, options: any = none): Promise<any> {
  validateObject(options, 'options');
  const type = options.type || '';
  validateString(type, 'options.type');
  path = toPath(path);
  // Differs from Node: the bytes are read here, not when the Blob is.
  return load('internal:fs/promises').promises.readFile(path).then((data: any) => {
    const { Blob } = load('internal:web/blob');
    return new Blob([data], { type });
  });
}

export const fs: any = {
  ...operationPairs,
  // descriptors
  open, openSync, openAsBlob, close, closeSync, read, readSync, readv, readvSync, write, writeSync, writev, writevSync,
  // whole files
  readFile, readFileSync, writeFile, writeFileSync, appendFile, appendFileSync, cp, cpSync, truncate, truncateSync, createReadStream, createWriteStream,
  // what files are
  stat, statSync, lstat, lstatSync, fstat, fstatSync, statfs, statfsSync, exists, existsSync,
  // directories
  mkdir, mkdirSync, mkdtemp, mkdtempSync, mkdtempDisposableSync, opendir, opendirSync, readdir, readdirSync, rmdir, rmdirSync, rm, rmSync, glob, globSync,
  // links
  symlink, symlinkSync, readlink, readlinkSync, realpath, realpathSync,
  watch, watchFile, unwatchFile,
  // macOS has these two
  lchmod: undefined, lchmodSync: undefined,
  Dirent, Stats: deprecate(Stats, 'fs.Stats constructor is deprecated.', 'DEP0180'),
};

// Classes that programs replace by assignment; made when they are first read.
function lazyClass(name: string, specifier: string, from: string): void {
  let value: any;
  defineProperty(fs, name, {
    configurable: true,
    enumerable: true,
    get() { return value ??= load(specifier)[from]; },
    set(replacement) { value = replacement; },
  });
}
lazyClass('ReadStream', 'internal:fs/streams', 'ReadStream');
lazyClass('WriteStream', 'internal:fs/streams', 'WriteStream');
lazyClass('FileReadStream', 'internal:fs/streams', 'ReadStream');
lazyClass('FileWriteStream', 'internal:fs/streams', 'WriteStream');
fs._toUnixTimestamp = toUnixTimestamp;
lazyClass('Dir', 'internal:fs/dir', 'Dir');
defineProperty(fs, 'Utf8Stream', { configurable: true, enumerable: true, get() { return load('internal:fs/utf8stream').Utf8Stream; } });

defineProperty(fs, 'constants', { enumerable: true, value: constants });
defineProperty(fs, 'promises', { configurable: true, enumerable: true, get() { return load('internal:fs/promises').promises; } });

// The modes of access() by their old names, which warn once.
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) {
  const get = deprecate(() => constants[name], `fs.${name} is deprecated, use fs.constants.${name} instead`, 'DEP0176');
  defineProperty(fs, name, { enumerable: false, get });
}
