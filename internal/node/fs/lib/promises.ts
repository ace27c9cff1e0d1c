// node:fs/promises and FileHandle. https://nodejs.org/docs/latest-v24.x/api/fs.html#promises-api
import * as native from 'native:fs';
import { AbortError, aggregateTwoErrors, codes } from 'internal:errors';
import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';
import { EventEmitter } from 'internal:events';
import { promised } from 'internal:request';
import { isIterable } from 'internal:stream/state';
import { newAsyncId } from 'internal:asynchooks/state';
import {
  validateAbortSignal, validateBoolean, validateInteger, validateObject, validateOneOf, validateString,
} from 'internal:validators';
import {
  accessMode, copyMode, decodeName, directoryError, getOptions, rmOptions, rmdirOptions, toFlags, toMode, toPath,
  toReadPosition, toUnixTimestamp, toWritePosition, validateReadRange, validateText, validateView, validateViews, validateWriteRange, wantsBuffer,
} from 'internal:fs/arguments';
import { constants } from 'internal:fs/constants';
import { StatFs, statsOf } from 'internal:fs/stats';
import { dataToWrite, mkdirArguments, mkdtempPrefix, readViews, readWhole, readdirResult, validateOwner, warnRecursiveRmdir, writeViews } from 'internal:fs';

const { isView } = ArrayBuffer;
const { defineProperty } = Object;
const { captureStackTrace } = Error;

const kFd = Symbol('kFd');
const kRefs = Symbol('kRefs');
const kClosePromise = Symbol('kClosePromise');
const kCloseResolve = Symbol('kCloseResolve');
const kCloseReject = Symbol('kCloseReject');
const kAsyncId = Symbol('kAsyncId');
const kTransferred = Symbol('kTransferred');
const kLocked = Symbol('kLocked');
/** A stream holds the handle open. */
export const kRef = Symbol('kRef');
export const kUnref = Symbol('kUnref');

const none: any = Object.freeze({ __proto__: null });
const maybeHandle = Symbol('FileHandle');

// An error made by the loop knows nothing of who waits: its stack is taken here, where the awaiting functions can be seen.
function located(err: any): never {
  if (typeof err === 'object' && err !== null) {
    captureStackTrace(err, located);
  }
  throw err;
}
function operation<T>(start: (id: number) => void): Promise<T> {
  return promised<T>(start).then(undefined, located);
}

export function isFileHandle(value: any): boolean {
  return typeof value === 'object' && value !== null && value[maybeHandle] === true;
}

function aborted(signal: any): AbortError {
  return new AbortError(undefined, { cause: signal.reason });
}
function checkAborted(signal: any): void {
  if (signal?.aborted) {
    throw aborted(signal);
  }
}

// Runs an operation on an open handle; close waits for it.
async function onFile(handle: any, name: string, work: (fd: number) => any): Promise<any> {
  if (handle[kRefs] === undefined) {
    throw new codes.ERR_INTERNAL_ASSERTION('handle must be an instance of FileHandle');
  }
  if (handle.fd === -1) {
    const err: any = new Error(handle[kTransferred] ? 'The FileHandle has been transferred' : 'file closed');
    err.code = 'EBADF';
    err.syscall = name;
    throw err;
  }
  try {
    handle[kRef]();
    return await work(handle.fd);
  } finally {
    handle[kUnref]();
  }
}

// A handle that nobody closed: its descriptor is closed when the object is collected, with a warning.
let forgotten: FinalizationRegistry<{ fd: number }> | undefined;
const held = new WeakMap<object, { fd: number }>();
let warned = false;
function onForgotten(box: { fd: number }): void {
  if (box.fd < 0) {
    return;
  }
  const { process } = load('internal:process');
  process.emitWarning(`Closing file descriptor ${box.fd} on garbage collection`);
  if (!warned) {
    warned = true;
    process.emitWarning('Closing a FileHandle object on garbage collection is deprecated. Please close FileHandle objects explicitly using ' +
      'FileHandle.prototype.close(). In the future, an error will be thrown if a file descriptor is closed during garbage collection.',
    'DeprecationWarning', 'DEP0137');
  }
  const { fd } = box;
  box.fd = -1;
  try {
    native.close(fd);
  } catch {
    // Somebody closed the number: there is nothing left to do.
  }
}

export class FileHandle extends EventEmitter {
  declare close: () => Promise<void>;
  constructor(fd: number) {
    super();
    const self: any = this;
    self.close = () => closeHandle(self);
    self[kFd] = fd;
    self[kRefs] = 1;
    self[kClosePromise] = null;
    const box = { fd };
    held.set(self, box);
    (forgotten ??= new FinalizationRegistry(onForgotten)).register(self, box);
  }
  getAsyncId(): number {
    return (this as any)[kAsyncId] ??= newAsyncId();
  }
  get fd(): number {
    return (this as any)[kFd];
  }
  appendFile(data: any, options?: any): Promise<any> {
    return onFile(this, 'writeFile', () => writeFile(this, data, options));
  }
  chmod(mode: any): Promise<any> {
    return onFile(this, 'fchmod', (fd) => {
      mode = toMode(mode, 'mode');
      return operation((id) => native.fchmod(fd, mode, id));
    });
  }
  chown(uid: any, gid: any): Promise<any> {
    return onFile(this, 'fchown', (fd) => {
      validateOwner(uid, gid);
      return operation((id) => native.fchown(fd, uid, gid, id));
    });
  }
  datasync(): Promise<any> {
    return onFile(this, 'fdatasync', (fd) => operation((id) => native.fdatasync(fd, id)));
  }
  sync(): Promise<any> {
    return onFile(this, 'fsync', (fd) => operation((id) => native.fsync(fd, id)));
  }
  read(buffer?: any, offset?: any, length?: any, position?: any): Promise<any> {
    return onFile(this, 'read', (fd) => readHandle(fd, buffer, offset, length, position));
  }
  readv(buffers: any, position?: any): Promise<any> {
    return onFile(this, 'readv', async (fd) => {
      validateViews(buffers);
      const bytesRead = await new Promise((resolve, reject) => {
        readViews(fd, buffers, toWritePosition(position), (err, n) => err !== null ? reject(err) : resolve(n));
      });
      return { __proto__: null, bytesRead, buffers };
    });
  }
  readFile(options?: any): Promise<any> {
    return onFile(this, 'readFile', () => readFile(this, options));
  }
  readLines(options: any = undefined): any {
    return load('internal:readline/interface').createInterface({ input: this.createReadStream(options), crlfDelay: Infinity });
  }
  stat(options: any = none): Promise<any> {
    return onFile(this, 'fstat', async (fd) => statsOf(await operation((id) => native.fstat(fd, undefined, options?.bigint === true, id))));
  }
  truncate(len: any = 0): Promise<any> {
    return onFile(this, 'ftruncate', (fd) => {
      validateInteger(len, 'len');
      return operation((id) => native.ftruncate(fd, Math.max(0, len), id));
    });
  }
  utimes(atime: any, mtime: any): Promise<any> {
    return onFile(this, 'futimes', (fd) => {
      atime = toUnixTimestamp(atime, 'atime');
      mtime = toUnixTimestamp(mtime, 'mtime');
      return operation((id) => native.futimes(fd, atime, mtime, id));
    });
  }
  write(buffer: any, offset?: any, length?: any, position?: any): Promise<any> {
    return onFile(this, 'write', (fd) => writeHandle(fd, buffer, offset, length, position));
  }
  writev(buffers: any, position?: any): Promise<any> {
    return onFile(this, 'writev', async (fd) => {
      validateViews(buffers);
      if (buffers.length === 0) {
        return { __proto__: null, bytesWritten: 0, buffers };
      }
      const bytesWritten = await new Promise((resolve, reject) => {
        writeViews(fd, buffers, toWritePosition(position), (err, n) => err !== null ? reject(err) : resolve(n));
      });
      return { __proto__: null, bytesWritten, buffers };
    });
  }
  writeFile(data: any, options?: any): Promise<any> {
    return onFile(this, 'writeFile', () => writeFile(this, data, options));
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
  /** A ReadableStream of bytes. options: {autoClose} */
  readableWebStream(options: any = none): any {
    const self: any = this;
    if (self[kFd] === -1) {
      throw new codes.ERR_INVALID_STATE('The FileHandle is closed');
    }
    if (self[kClosePromise]) {
      throw new codes.ERR_INVALID_STATE('The FileHandle is closing');
    }
    if (self[kLocked]) {
      throw new codes.ERR_INVALID_STATE('The FileHandle is locked');
    }
    self[kLocked] = true;
    if (options.type !== undefined) {
      validateString(options.type, 'options.type');
      if (options.type !== 'bytes') {
        load('internal:process').process.emitWarning('A non-"bytes" options.type has no effect. A byte-oriented steam is always created.', 'ExperimentalWarning');
      }
    }
    const { autoClose = false } = options;
    validateBoolean(autoClose, 'options.autoClose');
    const finish = async () => {
      self[kUnref]();
      if (autoClose) {
        await self.close();
      }
    };
    const { ReadableStream, readableCancel } = load('internal:web/streams/readable');
    const stream = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: 16384,
      async pull(controller: any) {
        const view = controller.byobRequest.view;
        const { bytesRead } = await self.read(view, view.byteOffset, view.byteLength);
        if (bytesRead === 0) {
          controller.close();
          await finish();
        }
        controller.byobRequest.respond(bytesRead);
      },
      async cancel() {
        await finish();
      },
    });
    self[kRef]();
    // Whether it is locked doesn't matter: there is nothing more to read.
    self.once('close', () => { readableCancel(stream, undefined).catch(() => { /* over already */ }); });
    return stream;
  }
  createReadStream(options: any = undefined): any {
    const { ReadStream } = load('internal:fs/streams');
    return new ReadStream(undefined, { ...options, fd: this });
  }
  createWriteStream(options: any = undefined): any {
    const { WriteStream } = load('internal:fs/streams');
    return new WriteStream(undefined, { ...options, fd: this });
  }
  [kRef](): void {
    (this as any)[kRefs]++;
  }
  [kUnref](): void {
    const self: any = this;
    if (--self[kRefs] === 0) {
      const fd = self[kFd];
      self[kFd] = -1;
      closeFd(self, fd).then(self[kCloseResolve], self[kCloseReject]);
    }
  }
}
defineProperty(FileHandle.prototype, maybeHandle, { value: true });

function closeFd(handle: any, fd: number): Promise<any> {
  const box = held.get(handle);
  if (box !== undefined) {
    box.fd = -1;
  }
  return operation((id) => native.close(fd, id));
}

// Transfer to another thread (internal:web/message/clone): the descriptor goes along, this handle is closed. It can't be cloned.
function dataCloneError(message: string): any {
  return new (load('internal:web/domexception').DOMException)(message, 'DataCloneError');
}
defineProperty(FileHandle.prototype, Symbol.for('roost.clone'), { value: null });
defineProperty(FileHandle.prototype, Symbol.for('messaging_transfer_symbol'), {
  value(this: any) {
    const fd = this[kFd];
    if (fd === -1 || this[kClosePromise] || this[kRefs] > 1) {
      throw dataCloneError('Cannot transfer FileHandle while in use');
    }
    return ['internal:fs/promises', 'receivedHandle', { fd }, () => {
      this[kFd] = -1;
      this[kTransferred] = true;
      native.handOver(fd);
      const box = held.get(this);
      if (box !== undefined) {
        box.fd = -1;
      }
    }, []];
  },
  writable: true,
});
/** A handle that came with a message. */
export function receivedHandle({ fd }: any): FileHandle {
  native.takeOver(fd);
  return new FileHandle(fd);
}

// Closing waits for what is under way: kRefs counts the operations and the handle itself, the last one to go closes the descriptor.
function closeHandle(self: any): Promise<void> {
  if (self[kClosePromise]) return self[kClosePromise];
  if (self[kFd] === -1) return Promise.resolve();
  let closing: Promise<void>;
  if (--self[kRefs] > 0) {
    const later = Promise.withResolvers<void>();
    self[kCloseResolve] = later.resolve;
    self[kCloseReject] = later.reject;
    closing = later.promise;
  } else {
    const fd = self[kFd];
    self[kFd] = -1;
    closing = closeFd(self, fd);
  }
  self[kClosePromise] = closing.finally(() => {
    self[kClosePromise] = self[kCloseResolve] = self[kCloseReject] = undefined;
  });
  self.emit('close');
  return self[kClosePromise];
}

// (fd, buffer, offset, length, position), (fd, buffer, options), (fd, options), where the options may have the buffer.
async function readHandle(fd: number, first: any, offset: any, length: any, position: any): Promise<any> {
  const buffer = isView(first) ? first : optionalBuffer(first);
  const options = isView(first) ? offset : first ?? none;
  if (options !== null && typeof options === 'object') {
    ({ offset = 0, length, position = null } = options);
  }
  if (offset === null || offset === undefined) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length ??= buffer.byteLength - offset;
  length |= 0;
  if (length === 0) {
    return { __proto__: null, bytesRead: 0, buffer };
  }
  if (buffer.byteLength === 0) {
    throw new codes.ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  }
  validateReadRange(offset, length, buffer.byteLength);
  position = toReadPosition(position, length);
  const bytesRead = await operation((id) => native.read(fd, buffer, offset, length, position, id));
  return { __proto__: null, bytesRead, buffer };
}

async function writeHandle(fd: number, buffer: any, offsetOrOptions: any, length: any, position: any): Promise<any> {
  if (buffer?.byteLength === 0) {
    return { __proto__: null, bytesWritten: 0, buffer };
  }
  let offset = offsetOrOptions;
  if (isView(buffer)) {
    if (typeof offset === 'object') {
      ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? none);
    }
    if (offset == null) {
      offset = 0;
    } else {
      validateInteger(offset, 'offset', 0);
    }
    if (typeof length !== 'number') {
      length = buffer.byteLength - offset;
    }
    validateWriteRange(offset, length, buffer.byteLength);
    const bytesWritten = await operation((id) => native.write(fd, buffer as any, offset, length, toWritePosition(position), id));
    return { __proto__: null, bytesWritten, buffer };
  }
  validateText(buffer, 'buffer');
  if (typeof length === 'string' && length.toLowerCase() === 'hex' && buffer.length % 2 !== 0) {
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', length, `is invalid for data of length ${buffer.length}`);
  }
  const bytes = Buffer.from(buffer, typeof length === 'string' ? length : 'utf8');
  const bytesWritten = await operation((id) => native.write(fd, bytes, 0, bytes.length, toWritePosition(offset), id));
  return { __proto__: null, bytesWritten, buffer };
}

async function access(path: any, mode?: any): Promise<any> {
  path = toPath(path);
  mode = accessMode(mode);
  return await operation((id) => native.access(path, mode, id));
}
async function copyFile(src: any, dest: any, mode: any): Promise<any> {
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  mode = copyMode(mode);
  return await operation((id) => native.copyFile(src, dest, mode, id));
}
async function cp(src: any, dest: any, options: any): Promise<any> {
  const { cpOptions, cpPromise } = load('internal:fs/cp');
  options = cpOptions(options);
  return cpPromise(toPath(src, 'src'), toPath(dest, 'dest'), options);
}
async function* glob(pattern: any, options: any): any {
  const { Glob } = load('internal:fs/glob');
  yield* new Glob(pattern, options).iterate();
}
async function open(path: any, flags?: any, mode?: any): Promise<any> {
  path = toPath(path);
  const number = toFlags(flags);
  mode = toMode(mode, 'mode', 0o666);
  return new FileHandle(await operation((id) => native.open(path, number, mode, id)));
}
async function rename(oldPath: any, newPath: any): Promise<any> {
  oldPath = toPath(oldPath, 'oldPath');
  newPath = toPath(newPath, 'newPath');
  return await operation((id) => native.rename(oldPath, newPath, id));
}
async function truncate(path: any, len: any = 0): Promise<any> {
  const handle = await open(path, 'r+');
  return finishWith(handle.truncate(len), handle);
}
// Closes the handle after the operation; both failures count.
async function finishWith(work: Promise<any>, handle: any): Promise<any> {
  let result: any;
  try {
    result = await work;
  } catch (err) {
    try {
      await handle.close();
    } catch (closeErr) {
      throw aggregateTwoErrors(closeErr, err);
    }
    throw err;
  }
  await handle.close();
  return result;
}
async function rm(path: any, options: any): Promise<any> {
  path = toPath(path);
  const o = rmOptions(options);
  if (!o.recursive) {
    let stats: any;
    try {
      stats = statsOf(await operation((id) => native.stat(path, true, undefined, false, true, id)));
    } catch (err: any) {
      if (o.force && err.code === 'ENOENT') {
        return undefined;
      }
      throw err;
    }
    if (stats.isDirectory()) {
      throw directoryError(path);
    }
  }
  return await operation((id) => native.rm(path, o.recursive, o.force, o.maxRetries, o.retryDelay, id));
}
async function rmdir(path: any, options: any): Promise<any> {
  path = toPath(path);
  const o = rmdirOptions(options);
  if (o.recursive) {
    warnRecursiveRmdir();
    const stats = statsOf(await operation((id) => native.stat(path, true, undefined, false, true, id)));
    if (stats.isDirectory()) {
      return await operation((id) => native.rm(path, true, false, o.maxRetries, o.retryDelay, id));
    }
  }
  return await operation((id) => native.rmdir(path, id));
}
async function mkdir(path: any, options: any): Promise<any> {
  const [mode, recursive] = mkdirArguments(options);
  path = toPath(path);
  return await operation((id) => native.mkdir(path, mode, recursive, id));
}
async function readdir(path: any, options: any): Promise<any> {
  options = getOptions(options);
  path = toPath(path);
  if (options.recursive != null) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  const list = await operation<any>((id) => native.readdir(path, !!options.withFileTypes, wantsBuffer(options.encoding), !!options.recursive, id));
  return readdirResult(path, list, options);
}
async function readlink(path: any, options: any): Promise<any> {
  const { encoding } = getOptions(options);
  path = toPath(path, 'oldPath');
  return decodeName(await operation((id) => native.readlink(path, wantsBuffer(encoding), id)), encoding);
}
async function symlink(target: any, path: any, type: any): Promise<any> {
  validateOneOf(type, 'type', ['dir', 'file', 'junction', null, undefined]);
  target = toPath(target, 'target');
  path = toPath(path);
  return await operation((id) => native.symlink(target, path, id));
}
async function lstat(path: any, options: any = none): Promise<any> {
  path = toPath(path);
  return statsOf(await operation((id) => native.stat(path, true, undefined, options?.bigint === true, true, id)));
}
async function stat(path: any, options: any = none): Promise<any> {
  path = toPath(path);
  const numbers = await operation((id) => native.stat(path, false, undefined, options?.bigint === true, options?.throwIfNoEntry !== false, id));
  return numbers === undefined ? undefined : statsOf(numbers);
}
async function statfs(path: any, options: any = none): Promise<any> {
  path = toPath(path);
  return new StatFs(await operation((id) => native.statfs(path, options?.bigint === true, id)));
}
async function link(existingPath: any, newPath: any): Promise<any> {
  existingPath = toPath(existingPath, 'existingPath');
  newPath = toPath(newPath, 'newPath');
  return await operation((id) => native.link(existingPath, newPath, id));
}
async function unlink(path: any): Promise<any> {
  path = toPath(path);
  return await operation((id) => native.unlink(path, id));
}
async function chmod(path: any, mode: any): Promise<any> {
  path = toPath(path);
  mode = toMode(mode, 'mode');
  return await operation((id) => native.chmod(path, mode, id));
}
async function lchmod(_path: any, _mode: any): Promise<any> {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('lchmod()');
}
async function lchown(path: any, uid: any, gid: any): Promise<any> {
  path = toPath(path);
  validateOwner(uid, gid);
  return await operation((id) => native.chown(path, uid, gid, true, id));
}
async function chown(path: any, uid: any, gid: any): Promise<any> {
  path = toPath(path);
  validateOwner(uid, gid);
  return await operation((id) => native.chown(path, uid, gid, false, id));
}
async function utimes(path: any, atime: any, mtime: any): Promise<any> {
  path = toPath(path);
  atime = toUnixTimestamp(atime);
  mtime = toUnixTimestamp(mtime);
  return await operation((id) => native.utimes(path, atime, mtime, false, id));
}
async function lutimes(path: any, atime: any, mtime: any): Promise<any> {
  path = toPath(path);
  atime = toUnixTimestamp(atime);
  mtime = toUnixTimestamp(mtime);
  return await operation((id) => native.utimes(path, atime, mtime, true, id));
}
// Differs from Node: errors are those of the walk, not of realpath(3), only where Node's are.
async function realpath(path: any, options: any): Promise<any> {
  const { encoding } = getOptions(options);
  path = toPath(path);
  return decodeName(await operation((id) => native.realpath(path, true, wantsBuffer(encoding), id)), encoding);
}
async function mkdtemp(prefix: any, options: any): Promise<any> {
  const { encoding } = getOptions(options);
  prefix = mkdtempPrefix(prefix);
  return decodeName(await operation((id) => native.mkdtemp(prefix, wantsBuffer(encoding), id)), encoding);
}
async function mkdtempDisposable(prefix: any, options: any): Promise<any> {
  const cwd = load('internal:process').process.cwd();
  const path = await mkdtemp(prefix, options);
  const full = load('internal:path').posix.resolve(cwd, path);
  const remove = () => operation<void>((id) => native.rm(full, true, true, 0, 100, id));
  return {
    __proto__: null,
    path,
    remove,
    async [Symbol.asyncDispose]() { await remove(); },
  };
}

function optionalBuffer(options: any): any {
  if (options !== undefined) validateObject(options, 'options', 1);
  const buffer = options?.buffer === undefined ? Buffer.alloc(16384) : options.buffer;
  validateView(buffer);
  return buffer;
}

async function writeChunks(target: number, data: any, signal: any, encoding: any): Promise<void> {
  checkAborted(signal);
  if (isCustomIterable(data)) {
    for await (const chunk of data) {
      checkAborted(signal);
      const bytes = isView(chunk) ? chunk : Buffer.from(chunk, encoding || 'utf8');
      await operation((id) => native.writeFile(target, bytes, 0, 0, false, id));
      checkAborted(signal);
    }
    return;
  }
  data = dataToWrite(data, encoding);
  if (signal === undefined || typeof data === 'string') {
    await operation((id) => native.writeFile(target, data, 0, 0, false, id));
    checkAborted(signal);
    return;
  }
  // In pieces, so that an abort takes effect.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  do {
    checkAborted(signal);
    const piece = bytes.subarray(at, at + 512 * 1024);
    at += piece.length;
    await operation((id) => native.writeFile(target, piece, 0, 0, false, id));
  } while (at < bytes.length);
}

function isCustomIterable(data: any): boolean {
  return isIterable(data) && !isView(data) && typeof data !== 'string';
}

async function writeFile(path: any, data: any, options?: any): Promise<any> {
  options = getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'w', flush: false });
  const flush = options.flush ?? false;
  validateBoolean(flush, 'options.flush');
  const { signal } = options;
  if (!isView(data) && !isCustomIterable(data)) {
    validateText(data, 'data');
  }
  if (isFileHandle(path)) {
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
    }
    checkAborted(signal);
    return writeChunks(path.fd, data, signal, options.encoding);
  }
  path = toPath(path);
  const flags = toFlags(options.flag || 'w');
  const mode = toMode(options.mode, 'mode', 0o666);
  checkAborted(signal);
  if (signal === undefined && !flush && !isCustomIterable(data)) {
    return await operation((id) => native.writeFile(path, dataToWrite(data, options.encoding), flags, mode, false, id));
  }
  const handle = await open(path, options.flag || 'w', mode);
  return finishWith((async () => {
    await writeChunks(handle.fd, data, signal, options.encoding);
    if (flush) {
      await handle.sync();
    }
  })(), handle);
}
async function appendFile(path: any, data: any, options: any): Promise<any> {
  options = { ...getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'a', flush: false }) };
  options.flag ||= 'a';
  return writeFile(path, data, options);
}
async function readFile(path: any, options: any): Promise<any> {
  options = getOptions(options, { flag: 'r' });
  const flags = toFlags(options.flag || 'r');
  const { signal, encoding } = options;
  const target = isFileHandle(path) ? path.fd : toPath(path);
  checkAborted(signal);
  return new Promise((resolve, reject) => {
    readWhole(target, flags, encoding, signal, (err, data) => err != null ? reject(err) : resolve(data));
  });
}
async function* watch(filename: any, options: any = none): any {
  yield* load('internal:fs/watch').watchIterator(filename, options);
}
function opendir(path: any, options: any): Promise<any> {
  return opendirAsync(path, options);
}
async function opendirAsync(path: any, options: any): Promise<any> {
  return load('internal:fs/dir').opendirPromise(path, options);
}
defineProperty(opendir, 'length', { value: 3, configurable: true });

export const promises: any = {
  access, copyFile, cp, glob, open, opendir, rename, truncate, rm, rmdir, mkdir, readdir, readlink, symlink, lstat, stat, statfs, link, unlink, chmod,
  lchmod, lchown, chown, utimes, lutimes, realpath, mkdtemp, mkdtempDisposable, writeFile, appendFile, readFile, watch, constants,
};
