// The classes of node:zlib: transform streams over a native codec. https://nodejs.org/docs/latest-v24.x/api/zlib.html

import { Buffer } from 'internal:buffer';
import buffer from 'node:buffer';
import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { request } from 'internal:request';
import { Transform, finished } from 'internal:stream';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateBoolean, validateFiniteNumber, validateFunction, validateUint32 } from 'internal:validators';
import { constants } from 'internal:zlib/constants';
import * as native from 'native:zlib';

const { setPrototypeOf, defineProperty, keys } = Object;
// Programs lower it before they load zlib.
const { kMaxLength } = buffer as any;
const {
  Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_BLOCK,
  INFLATE, GZIP, GUNZIP, UNZIP, DEFLATE, DEFLATERAW, INFLATERAW,
  BROTLI_ENCODE, BROTLI_DECODE, BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_EMIT_METADATA,
  BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,
  ZSTD_COMPRESS, ZSTD_DECOMPRESS, ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end,
} = constants;

const kOwner = Symbol('owner_symbol');
const kCallback = Symbol('kCallback');
const kFlushFlag = Symbol('kFlushFlag');

/** What a class of streams starts with: the arguments of native.create and the flush values. */
interface Setup {
  mode: number; level: number; windowBits: number; memLevel: number; strategy: number; dictionary: any; params: number[] | undefined;
  pledgedSrcSize: number | undefined; chunkSize: number; flush: number; finishFlush: number; fullFlush: number; maxOutputLength: number;
  rejectGarbage: boolean; info: any;
}

/** A number in [lower, upper]; undefined and NaN give fallback. */
function ranged(value: any, name: string, lower: number, upper: number, fallback: number): number {
  if (value === undefined || !validateFiniteNumber(value, name)) return fallback;
  if (value < lower || value > upper) throw new codes.ERR_OUT_OF_RANGE(name, `>= ${lower} and <= ${upper}`, value);
  return value;
}

const flushes: Record<string, [number, number, number, number, number]> = { // process, finish, full, min, max
  zlib: [Z_NO_FLUSH, Z_FINISH, Z_FULL_FLUSH, Z_NO_FLUSH, Z_BLOCK],
  brotli: [BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_EMIT_METADATA],
  zstd: [ZSTD_e_continue, ZSTD_e_end, ZSTD_e_flush, ZSTD_e_continue, ZSTD_e_end],
};

/** Checks a class's options. */
export function setup(mode: number, opts: any): Setup {
  const family = mode <= UNZIP ? 'zlib' : mode <= BROTLI_ENCODE ? 'brotli' : 'zstd';
  const [processFlush, finishFlush, fullFlush, minFlush, maxFlush] = flushes[family];
  const s: Setup = {
    mode, level: -1, windowBits: 15, memLevel: 8, strategy: 0, dictionary: undefined, params: undefined, pledgedSrcSize: undefined,
    chunkSize: 16384, flush: processFlush, finishFlush, fullFlush, maxOutputLength: kMaxLength, rejectGarbage: false, info: undefined,
  };
  if (!opts) return s;
  if (family === 'zlib') {
    // Decoders take the size from the stream's header when it is 0.
    if ((opts.windowBits == null || opts.windowBits === 0) && (mode === INFLATE || mode === GUNZIP || mode === UNZIP)) {
      s.windowBits = 0;
    } else {
      s.windowBits = ranged(opts.windowBits, 'options.windowBits', mode === GZIP ? 9 : 8, 15, 15);
    }
    s.level = ranged(opts.level, 'options.level', -1, 9, -1);
    s.memLevel = ranged(opts.memLevel, 'options.memLevel', 1, 9, 8);
    s.strategy = ranged(opts.strategy, 'options.strategy', 0, 4, 0);
  } else if (opts.params) {
    s.params = flatParams(family, mode, opts.params);
  }
  const dictionary = opts.dictionary;
  if (dictionary !== undefined && family !== 'brotli') {
    if (!isArrayBufferView(dictionary) && !isAnyArrayBuffer(dictionary)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.dictionary', ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], dictionary);
    }
    s.dictionary = dictionary;
  }
  if (mode === ZSTD_COMPRESS && opts.pledgedSrcSize != null) s.pledgedSrcSize = Number(opts.pledgedSrcSize);
  if (opts.chunkSize !== undefined && validateFiniteNumber(opts.chunkSize, 'options.chunkSize')) {
    if (opts.chunkSize < 64) throw new codes.ERR_OUT_OF_RANGE('options.chunkSize', '>= 64', opts.chunkSize);
    s.chunkSize = opts.chunkSize;
  }
  s.flush = ranged(opts.flush, 'options.flush', minFlush, maxFlush, s.flush);
  s.finishFlush = ranged(opts.finishFlush, 'options.finishFlush', minFlush, maxFlush, s.finishFlush);
  s.maxOutputLength = ranged(opts.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength);
  if (opts.rejectGarbageAfterEnd !== undefined) {
    validateBoolean(opts.rejectGarbageAfterEnd, 'options.rejectGarbageAfterEnd');
    s.rejectGarbage = opts.rejectGarbageAfterEnd;
  }
  s.info = opts.info;
  return s;
}

const zstdEncoderParams = new Set([100, 101, 102, 103, 104, 105, 106, 107, 160, 161, 162, 163, 164, 200, 201, 202, 400, 401, 402]);
const zstdRanges: Record<number, [number, number]> = { __proto__: null as never, 101: [10, 31], 102: [6, 30], 103: [6, 30], 104: [1, 30], 105: [3, 7], 107: [1, 9] };

function flatParams(family: string, mode: number, params: any): number[] {
  const flat: number[] = [];
  const seen = new Set<number>();
  for (const original of keys(params)) {
    const key = +original;
    const last = family === 'brotli' ? 9 : mode === ZSTD_COMPRESS ? 402 : 100;
    if (!(key >= 0 && key <= last) || key !== Math.floor(key) || seen.has(key)) {
      throw family === 'brotli' ? new codes.ERR_BROTLI_INVALID_PARAM(original) : new codes.ERR_ZSTD_INVALID_PARAM(original);
    }
    const value = params[original];
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    seen.add(key);
    flat.push(key, +value);
  }
  for (let i = 0; i < flat.length; i += 2) {
    const key = flat[i];
    const value = flat[i + 1];
    if (mode === BROTLI_ENCODE && key === BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING && value !== 0 && value !== 1) {
      throw new codes.ERR_ZLIB_INITIALIZATION_FAILED();
    }
    if (family !== 'zstd') continue;
    const range = mode === ZSTD_COMPRESS ? zstdRanges[key] : [10, 31];
    const known = mode === ZSTD_COMPRESS ? zstdEncoderParams.has(key) : key === 100;
    if (!known || range !== undefined && value !== 0 && (value < range[0] || value > range[1])) {
      const error: any = new codes.ERR_ZLIB_INITIALIZATION_FAILED();
      error.message = 'Setting parameter failed';
      throw error;
    }
  }
  return flat;
}

/** The native side of a stream. The codec's state is made at the first write. */
class Zlib {
  onerror: any = undefined;
  [kOwner]: any;
  #setup: Setup | undefined;
  #engine: any = undefined;

  constructor(owner: any, s: Setup) {
    this[kOwner] = owner;
    this.#setup = s;
  }

  #open(): any {
    if (this.#engine === undefined) {
      const s = this.#setup;
      if (s === undefined) throw new codes.ERR_INTERNAL_ASSERTION('zlib binding closed');
      this.#engine = native.create(s.mode, s.level, s.windowBits, s.memLevel, s.strategy, s.dictionary, s.params, s.pledgedSrcSize,
        s.rejectGarbage);
    }
    return this.#engine;
  }

  write(flush: number, input: any, inOffset: number, inLength: number, output: any, outOffset: number, outLength: number, id?: number): any {
    return native.write(this.#open(), flush, input, inOffset, inLength, output, outOffset, outLength, id);
  }

  reset(): void {
    if (this.#engine !== undefined) native.reset(this.#engine);
  }

  params(level: number, strategy: number): void {
    if (this.#setup !== undefined) {
      this.#setup.level = level;
      this.#setup.strategy = strategy;
    }
    if (this.#engine !== undefined) native.params(this.#engine, level, strategy);
  }

  close(): void {
    this.#setup = undefined;
    if (this.#engine !== undefined) {
      native.close(this.#engine);
      this.#engine = undefined;
    }
    this[kOwner] = null;
  }
}

export function ZlibBase(this: any, opts: any, s: Setup): void {
  const bytesOnly = opts && (opts.encoding || opts.objectMode || opts.writableObjectMode);
  (Transform as any).call(this, { autoDestroy: true, ...opts, ...(bytesOnly ? { encoding: null, objectMode: false, writableObjectMode: false } : undefined) });
  this._mode = s.mode;
  this._info = s.info;
  this._handle = new Zlib(this, s);
  // How much went in, what comes out goes into chunks of one size, up to a limit.
  this.bytesWritten = 0;
  this._chunkSize = s.chunkSize;
  this._outBuffer = Buffer.allocUnsafe(this._chunkSize);
  this._outOffset = 0;
  this._maxOutputLength = s.maxOutputLength;
  this._rejectGarbageAfterEnd = s.rejectGarbage;
  // The flush values for a chunk, the last one, and flush() itself.
  this._defaultFlushFlag = s.flush;
  this._finishFlushFlag = s.finishFlush;
  this._defaultFullFlushFlag = s.fullFlush;
  this[kCallback] = null;
}
setPrototypeOf(ZlibBase.prototype, Transform.prototype);
setPrototypeOf(ZlibBase, Transform);

defineProperty(ZlibBase.prototype, '_closed', { configurable: true, enumerable: true, get(this: any) { return !this._handle; } });

ZlibBase.prototype.reset = function(): void {
  if (!this._handle) throw new codes.ERR_INTERNAL_ASSERTION('zlib binding closed');
  this._handle.reset();
};

ZlibBase.prototype._flush = function(callback: any): void {
  this._transform(Buffer.alloc(0), '', callback);
};

ZlibBase.prototype._final = function(callback: any): void {
  callback();
};

// Empty chunks that carry a flush value through the queue of writes.
const flushMarks: any[] = [];

function flushMark(kind: number): any {
  if (flushMarks[kind] === undefined) {
    flushMarks[kind] = Buffer.alloc(0);
    flushMarks[kind][kFlushFlag] = kind;
  }
  return flushMarks[kind];
}

// flush([kind][, callback])
ZlibBase.prototype.flush = function(kind: any, callback: any): void {
  const noKind = typeof kind === 'function' || (kind === undefined && !callback);
  const done = noKind ? kind : callback;
  const value = noKind ? this._defaultFullFlushFlag : kind;
  if (typeof value !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('kind', 'number', value);
  // While it can be written to, a flush is an empty write; after that there is only the end to wait for.
  if (!this.writableEnded) this.write(flushMark(value), '', done);
  else if (done && this.writableFinished) nextTick(done);
  else if (done) this.once('end', done);
};

ZlibBase.prototype.close = function(callback: any): void {
  if (callback) finished(this, callback);
  this.destroy();
};

function closeHandle(engine: any): void {
  if (engine._handle) {
    engine._handle.close();
    engine._handle = null;
  }
}

ZlibBase.prototype._destroy = function(err: any, callback: any): void {
  closeHandle(this);
  callback(err);
};

ZlibBase.prototype._transform = function(chunk: any, _encoding: any, cb: any): void {
  let flush = this._defaultFlushFlag;
  if (typeof chunk[kFlushFlag] === 'number') {
    flush = chunk[kFlushFlag];
  } else if (this.writableEnded && this.writableLength === chunk.byteLength) {
    flush = this._finishFlushFlag; // the last chunk
  }
  processChunk(this, chunk, flush, cb);
};

ZlibBase.prototype._processChunk = function(chunk: any, flush: number, cb?: any): any {
  if (typeof cb === 'function') {
    processChunk(this, chunk, flush, cb);
    return undefined;
  }
  return processChunkSync(this, chunk, flush);
};

// Cuts what was written to _outBuffer since _outOffset.
function takeOutput(self: any, n: number): any {
  const out = self._outBuffer.subarray(self._outOffset, self._outOffset + n);
  self._outOffset += n;
  if (self._outOffset >= self._chunkSize) {
    self._outOffset = 0;
    self._outBuffer = Buffer.allocUnsafe(self._chunkSize);
  }
  return out;
}

function processChunkSync(self: any, chunk: any, flush: number): any {
  const handle = self._handle;
  if (!handle) throw new codes.ERR_INTERNAL_ASSERTION('zlib binding closed');
  let offset = 0;
  let left = chunk.byteLength;
  let total = 0;
  const parts: any[] = [];
  try {
    for (;;) {
      const room = self._chunkSize - self._outOffset;
      const [read, written, ended, failure] = handle.write(flush, chunk, offset, left, self._outBuffer, self._outOffset, room);
      if (failure !== undefined) throw failure;
      self.bytesWritten += read;
      offset += read;
      left -= read;
      if (written > 0) {
        parts.push(takeOutput(self, written));
        total += written;
        if (total > self._maxOutputLength) throw new codes.ERR_BUFFER_TOO_LARGE(self._maxOutputLength);
      }
      if (ended || written < room) {
        if (ended && left > 0 && self._rejectGarbageAfterEnd) throw new codes.ERR_TRAILING_JUNK_AFTER_STREAM_END();
        break;
      }
    }
  } catch (error) {
    closeHandle(self);
    throw error;
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts, total);
}

function processChunk(self: any, chunk: any, flush: number, cb: any): void {
  const handle = self._handle;
  if (!handle) {
    nextTick(cb);
    return;
  }
  new Pass(self, handle, chunk, flush, cb).next();
}

/** One chunk's way through the codec. */
class Pass {
  self: any;
  handle: any;
  chunk: any;
  flush: number;
  cb: any;
  offset = 0;
  left: number;
  room = 0;

  constructor(self: any, handle: any, chunk: any, flush: number, cb: any) {
    this.self = self;
    this.handle = handle;
    this.chunk = chunk;
    this.flush = flush;
    this.cb = cb;
    this.left = chunk.byteLength;
    self[kCallback] = cb;
  }

  next(): void {
    const { self } = this;
    this.room = self._chunkSize - self._outOffset;
    this.handle.write(this.flush, this.chunk, this.offset, this.left, self._outBuffer, self._outOffset, this.room,
      request((err: any, result: any) => this.done(err, result), 'ZLIB'));
  }

  fail(error: any): void {
    this.self[kCallback] = null;
    closeHandle(this.self);
    this.self.destroy(error);
  }

  done(err: any, result: any): void {
    const { self } = this;
    if (self.destroyed) {
      this.cb();
      return;
    }
    if (err !== null) {
      this.fail(err);
      return;
    }
    const [read, written, ended, failure] = result;
    self.bytesWritten += read;
    this.offset += read;
    this.left -= read;
    let full = false;
    if (written > 0) full = !self.push(takeOutput(self, written));
    if (self.destroyed) {
      this.cb();
      return;
    }
    if (failure !== undefined) {
      this.fail(failure);
      return;
    }
    if (!ended && written === this.room) {
      // There may be more output: now, or when somebody reads.
      if (!full) {
        this.next();
        return;
      }
      const read_ = self._read;
      self._read = (n: any) => {
        self._read = read_;
        if (self._handle) this.next();
        self._read(n);
      };
      return;
    }
    if (this.left > 0) {
      // The stream has ended before its input.
      if (self._rejectGarbageAfterEnd) {
        this.fail(new codes.ERR_TRAILING_JUNK_AFTER_STREAM_END());
        return;
      }
      self.push(null);
    }
    self[kCallback] = null;
    this.cb();
  }
}

function ZlibFamily(this: any, opts: any, mode: number): void {
  const s = setup(mode, opts);
  (ZlibBase as any).call(this, opts, s);
  this._level = s.level;
  this._strategy = s.strategy;
}
defineProperty(ZlibFamily, 'name', { value: 'Zlib' });
setPrototypeOf(ZlibFamily.prototype, ZlibBase.prototype);
setPrototypeOf(ZlibFamily, ZlibBase);

function checkRange(value: any, name: string, low: number, high: number): void {
  if (!validateFiniteNumber(value, name)) throw new codes.ERR_INVALID_ARG_TYPE(name, 'number', value);
  ranged(value, name, low, high, 0);
}

/** Changes level and strategy for what is written from now on: what was written before is compressed first. */
ZlibFamily.prototype.params = function(level: any, strategy: any, callback: any): void {
  checkRange(level, 'level', -1, 9);
  checkRange(strategy, 'strategy', 0, 4);
  if (level === this._level && strategy === this._strategy) {
    if (callback) nextTick(callback);
    return;
  }
  this.flush(Z_SYNC_FLUSH, () => {
    this._handle?.params(level, strategy);
    if (!this._handle || this.destroyed) return;
    this._level = level;
    this._strategy = strategy;
    callback?.();
  });
};

function Brotli(this: any, opts: any, mode: number): void {
  (ZlibBase as any).call(this, opts, setup(mode, opts));
}
setPrototypeOf(Brotli.prototype, ZlibBase.prototype);
setPrototypeOf(Brotli, ZlibBase);

class Zstd {
  constructor(opts: any, mode: number) {
    (ZlibBase as any).call(this, opts, setup(mode, opts));
  }
}
setPrototypeOf(Zstd.prototype, ZlibBase.prototype);
setPrototypeOf(Zstd, ZlibBase);

// A class that works without `new`, as these always did.
function define(name: string, family: any, mode: number): any {
  const constructor: any = {
    [name]: function(this: any, opts: any): any {
      if (!(this instanceof constructor)) return new constructor(opts);
      family.call(this, opts, mode);
      return undefined;
    },
  }[name];
  setPrototypeOf(constructor.prototype, family.prototype);
  setPrototypeOf(constructor, family);
  return constructor;
}

export const Deflate = define('Deflate', ZlibFamily, DEFLATE);
export const Inflate = define('Inflate', ZlibFamily, INFLATE);
export const Gzip = define('Gzip', ZlibFamily, GZIP);
export const Gunzip = define('Gunzip', ZlibFamily, GUNZIP);
export const DeflateRaw = define('DeflateRaw', ZlibFamily, DEFLATERAW);
export const InflateRaw = define('InflateRaw', ZlibFamily, INFLATERAW);
export const Unzip = define('Unzip', ZlibFamily, UNZIP);
export const BrotliCompress = define('BrotliCompress', Brotli, BROTLI_ENCODE);
export const BrotliDecompress = define('BrotliDecompress', Brotli, BROTLI_DECODE);

// Streams are functions, not classes: a class needs the prototype chain built by hand.
function defineZstd(name: string, mode: number): any {
  const constructor: any = {
    [name]: class {
      constructor(opts: any) {
        (ZlibBase as any).call(this, opts, setup(mode, opts));
      }
    },
  }[name];
  setPrototypeOf(constructor.prototype, Zstd.prototype);
  setPrototypeOf(constructor, Zstd);
  return constructor;
}
export const ZstdCompress = defineZstd('ZstdCompress', ZSTD_COMPRESS);
export const ZstdDecompress = defineZstd('ZstdDecompress', ZSTD_DECOMPRESS);

// The bytes of an argument that may be text.
function bytesOf(buffer: any, name: string): any {
  if (typeof buffer === 'string') return Buffer.from(buffer);
  if (isArrayBufferView(buffer)) return buffer;
  if (isAnyArrayBuffer(buffer)) return Buffer.from(buffer);
  throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], buffer);
}

function start(s: Setup, buffer: any, id: number | undefined): any {
  return native.whole(buffer, s.finishFlush, s.maxOutputLength, undefined, id, s.mode, s.level, s.windowBits, s.memLevel, s.strategy,
    s.dictionary, s.params, s.pledgedSrcSize, s.rejectGarbage);
}

// With `info` the stream object is part of the answer.
function withInfo(Class: any, opts: any, buffer: any, read: number): any {
  const engine = new Class(opts);
  engine.bytesWritten = read;
  closeHandle(engine);
  return { buffer, engine };
}

/** The form with a callback. */
export function oneShot(Class: any, mode: number): any {
  return function asyncBufferWrapper(buffer: any, opts: any, callback: any): void {
    const [options, done] = typeof opts === 'function' ? [{}, opts] : [opts, callback];
    validateFunction(done, 'callback');
    const s = setup(mode, options);
    if (![typeof buffer === 'string', isArrayBufferView(buffer), isAnyArrayBuffer(buffer)].includes(true)) {
      throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
    }
    const input = bytesOf(buffer, 'buffer');
    start(s, input, request((err: any, result: any) => {
      if (err === null) done(null, s.info ? withInfo(Class, options, result, input.byteLength) : result);
      else done(err);
    }));
  };
}

/** The synchronous form. */
export function oneShotSync(Class: any, mode: number): any {
  return function syncBufferWrapper(buffer: any, opts: any): any {
    const input = bytesOf(buffer, 'buffer');
    const s = setup(mode, opts);
    const result = start(s, input, undefined);
    return s.info ? withInfo(Class, opts, result, input.byteLength) : result;
  };
}

/** CRC-32 of data, continued from value. */
export function crc32(data: any, value: any = 0): number {
  if (typeof data !== 'string' && !isArrayBufferView(data)) {
    throw new codes.ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
  }
  validateUint32(value, 'value');
  return native.crc32(data, value);
}
