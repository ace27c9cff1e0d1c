// internal:buffer: Buffer and its relatives (https://nodejs.org/docs/latest-v24.x/api/buffer.html).
//
// The bytes move in C++ (native:engine); this file validates, slices the pool and throws Node's errors.
// Nothing here crosses into Go.

import { codes } from 'internal:errors';
import { validateNumber, validateInteger, validateString } from 'internal:validators';
import { load } from 'internal:load';
import {
  allocUninitialized, asciiSlice, asciiWrite, base64Slice, base64Write, base64urlSlice, compareBytes, compareRange,
  copyBytes, fillBytes, getOwnNonIndexProperties, hexSlice, hexWrite, indexOfByte, indexOfBytes, isAnyArrayBuffer,
  isAscii as bytesAreAscii, isUtf8 as bytesAreUtf8, latin1Slice, latin1Write, setBufferPrototype, ucs2Slice, ucs2Write,
  utf8ByteLength, utf8Slice, utf8Write, utf8WriteSmall,
} from 'native:engine';

const {
  ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_BUFFER_SIZE, ERR_MISSING_ARGS,
  ERR_OUT_OF_RANGE, ERR_STRING_TOO_LONG, ERR_UNKNOWN_ENCODING,
} = codes;

const { defineProperty, defineProperties, setPrototypeOf, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { trunc, max, min } = Math;
const { isNaN: isNotANumber, isInteger, MAX_SAFE_INTEGER } = Number;
const { apply } = Reflect;
const NativeUint8Array = Uint8Array;

const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const tagGetter = getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag)!.get!;
const typedArrayLength = getOwnPropertyDescriptor(TypedArrayPrototype, 'length')!.get!;
const typedArraySet = TypedArrayPrototype.set;
const typedArrayFill = TypedArrayPrototype.fill;
const typedArrayCopyWithin = TypedArrayPrototype.copyWithin;
const typedArraySubarray = TypedArrayPrototype.subarray;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Longest byte length of one Buffer. Differs from Node: V8's sandbox caps an ArrayBuffer at 32 GiB - 1. */
export const kMaxLength = 2 ** 35 - 1;
/** Longest string of V8 on 64-bit machines, in UTF-16 units. */
export const kStringMaxLength = 2 ** 29 - 24;

export const constants = defineProperties({}, {
  MAX_LENGTH: { value: kMaxLength, writable: false, enumerable: true },
  MAX_STRING_LENGTH: { value: kStringMaxLength, writable: false, enumerable: true },
});

export function isUint8Array(value: any): boolean {
  return isView(value) && apply(tagGetter, value, []) === 'Uint8Array';
}

// The class behind every Buffer. `Buffer` itself must stay callable without `new`, so it is a function that shares this prototype.
export class FastBuffer extends Uint8Array {
  // An explicit constructor: the implicit one spreads its arguments.
  constructor(source?: any, byteOffset?: any, length?: any) {
    super(source, byteOffset, length);
  }
}

// --- encodings -------------------------------------------------------------------------------------------------------

interface Codec {
  name: string;
  /** Exact for all but hex and base64, where it is an upper bound for malformed text. */
  byteLength(text: string): number;
  write(buffer: Uint8Array, text: string, offset: number, length: number): number;
  slice(buffer: Uint8Array, start: number, end: number): string;
  /** Most bytes that fit the longest string. */
  maxBytes: number;
}

function base64Length(text: string): number {
  let length = text.length;
  if (length > 0 && text.charCodeAt(length - 1) === 0x3d) length--;
  if (length > 1 && text.charCodeAt(length - 1) === 0x3d) length--;
  return (length * 3) >>> 2;
}

const utf8Codec: Codec = { name: 'utf8', byteLength: utf8ByteLength, write: utf8Write, slice: utf8Slice, maxBytes: Infinity };
const ucs2Codec: Codec = { name: 'utf16le', byteLength: (text) => text.length * 2, write: ucs2Write, slice: ucs2Slice, maxBytes: kStringMaxLength * 2 + 1 };
const latin1Codec: Codec = { name: 'latin1', byteLength: (text) => text.length, write: latin1Write, slice: latin1Slice, maxBytes: kStringMaxLength };
const asciiCodec: Codec = { name: 'ascii', byteLength: (text) => text.length, write: asciiWrite, slice: asciiSlice, maxBytes: kStringMaxLength };
const base64Codec: Codec = { name: 'base64', byteLength: base64Length, write: base64Write, slice: base64Slice, maxBytes: (kStringMaxLength / 4) * 3 };
const base64urlCodec: Codec = { name: 'base64url', byteLength: base64Length, write: base64Write, slice: base64urlSlice, maxBytes: (kStringMaxLength / 4) * 3 };
const hexCodec: Codec = { name: 'hex', byteLength: (text) => text.length >>> 1, write: hexWrite, slice: hexSlice, maxBytes: kStringMaxLength / 2 };

function codecOf(encoding: any): Codec | undefined {
  switch (encoding) {
    case 'utf8': case 'utf-8': return utf8Codec;
    case 'hex': return hexCodec;
    case 'base64': return base64Codec;
    case 'latin1': case 'binary': return latin1Codec;
    case 'base64url': return base64urlCodec;
    case 'ascii': return asciiCodec;
    case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le': return ucs2Codec;
  }
  const text = `${encoding}`;
  const lower = text.toLowerCase();
  return lower === encoding ? undefined : lowerCaseCodec(lower);
}

function lowerCaseCodec(name: string): Codec | undefined {
  switch (name) {
    case 'utf8': case 'utf-8': return utf8Codec;
    case 'hex': return hexCodec;
    case 'base64': return base64Codec;
    case 'latin1': case 'binary': return latin1Codec;
    case 'base64url': return base64urlCodec;
    case 'ascii': return asciiCodec;
    case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le': return ucs2Codec;
  }
  return undefined;
}

/** Node's name of an encoding ('utf8', 'utf16le', 'latin1', ...), or undefined. Absent and empty mean utf8. */
export function normalizeEncoding(encoding?: any): string | undefined {
  if (encoding === undefined || encoding === null || encoding === '') return 'utf8';
  return codecOf(encoding)?.name;
}

function writeText(codec: Codec, buffer: Uint8Array, text: string, offset: number, length: number): number {
  return codec.write(buffer, text, offset, length);
}

function sliceText(codec: Codec, buffer: Uint8Array, start: number, end: number): string {
  if (end - start > codec.maxBytes) throw new ERR_STRING_TOO_LONG(kStringMaxLength);
  return codec.slice(buffer, start, end);
}

/** The bytes of a search or fill pattern. From the pool: V8 keeps a small array of its own in its heap, where C++ can't reach it cheaply. */
function patternOf(text: string, codec: Codec): Uint8Array {
  return fromText(text, codec);
}

// --- the pool --------------------------------------------------------------------------------------------------------

let poolSize = 0;
let poolOffset = 0;
let poolMemory: ArrayBuffer;
let poolBytes: Uint8Array;

function newPool(size: number): void {
  poolSize = size;
  poolMemory = allocUninitialized(size);
  poolBytes = new NativeUint8Array(poolMemory);
  poolOffset = 0;
}

// Small buffers share one ArrayBuffer; each starts at a multiple of 8 so that typed arrays can be laid over it.
function reserve(size: number): number {
  if (poolOffset + size > poolSize) newPool(Buffer.poolSize);
  return poolOffset;
}

function commit(size: number): void {
  poolOffset = (poolOffset + size + 7) & ~7;
}

function isPoolable(size: number): boolean {
  return size < (Buffer.poolSize >>> 1);
}

function uninitialized(size: number): FastBuffer {
  // Up to 64 bytes V8 keeps the elements in its own heap: cheaper than any ArrayBuffer.
  return size <= 64 ? new FastBuffer(size) : new FastBuffer(allocUninitialized(size));
}

function pooled(size: number): FastBuffer {
  if (size <= 0) return new FastBuffer();
  if (!isPoolable(size)) return uninitialized(size);
  const start = reserve(size);
  commit(size);
  return new FastBuffer(poolMemory, start, size);
}

// --- construction ----------------------------------------------------------------------------------------------------

let warnedConstructor = false;

/**
 * The deprecated constructor; Buffer.from, Buffer.alloc and Buffer.allocUnsafe replace it.
 * @param argument a size in bytes, or what Buffer.from takes
 */
export function Buffer(this: any, argument: any, encodingOrOffset?: any, length?: any): any {
  if (!warnedConstructor) warnConstructor();
  if (typeof argument === 'number') {
    if (typeof encodingOrOffset === 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', argument);
    return alloc(argument);
  }
  return from(argument, encodingOrOffset, length);
}

function warnConstructor(): void {
  const { calledFromNodeModules, warnDeprecation } = load('internal:buffer/deprecation');
  if (!load('node:process').default.execArgv?.includes('--pending-deprecation') && calledFromNodeModules()) return;
  warnedConstructor = true;
  warnDeprecation('Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
    'Buffer.allocUnsafe(), or Buffer.from() methods instead.', 'DEP0005', Buffer);
}

function from(value: any, encodingOrOffset?: any, length?: any): any {
  switch (typeof value) {
    case 'string':
      return fromString(value, encodingOrOffset);
    case 'object': {
      const buffer = value === null ? undefined : isAnyArrayBuffer(value) ? fromArrayBuffer(value, encodingOrOffset, length) : fromOther(value, encodingOrOffset, length);
      if (buffer !== undefined) return buffer;
    }
  }
  throw new ERR_INVALID_ARG_TYPE('first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
}

// What an object stands for: its valueOf(), its elements, or its primitive.
function fromOther(value: any, encodingOrOffset: any, length: any): FastBuffer | undefined {
  const inner = value.valueOf?.();
  if (inner !== value && (typeof inner === 'string' || (typeof inner === 'object' && inner !== null))) return from(inner, encodingOrOffset, length);
  const elements = fromObject(value);
  if (elements !== undefined) return elements;
  const toPrimitive = value[Symbol.toPrimitive];
  const text = typeof toPrimitive === 'function' ? apply(toPrimitive, value, ['string']) : undefined;
  return typeof text === 'string' ? fromString(text, encodingOrOffset) : undefined;
}

function fromString(text: string, encoding: any): FastBuffer {
  let codec = utf8Codec;
  if (typeof encoding === 'string' && encoding.length !== 0 && encoding !== 'utf8') {
    const named = codecOf(encoding);
    if (named === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    codec = named;
  }
  return fromText(text, codec);
}

function fromText(text: string, codec: Codec): FastBuffer {
  const units = text.length;
  if (units === 0) return new FastBuffer();

  // A short text goes straight into the pool: three bytes a unit is the most that UTF-8 needs, so nothing is measured first.
  const bound = codec === utf8Codec ? units * 3 : codec.byteLength(text);
  if (bound < (Buffer.poolSize >>> 1)) {
    const start = reserve(bound);
    // Named, so that optimised code calls it directly; Small takes indices of 31 bits, and Buffer.poolSize is anyone's to set.
    const written = codec !== utf8Codec || poolSize > 2 ** 30 ? codec.write(poolBytes, text, start, bound) : utf8WriteSmall(poolBytes, text, start, bound);
    const buffer = new FastBuffer(poolMemory, start, written);
    commit(written);
    return buffer;
  }
  return fromLongString(text, codec);
}

function fromLongString(text: string, codec: Codec): FastBuffer {
  const size = codec.byteLength(text);
  const buffer = pooled(size);
  const written = codec.write(buffer, text, 0, size);
  return written === size ? buffer : new FastBuffer(buffer.buffer, buffer.byteOffset, written);
}

function fromArrayBuffer(memory: any, byteOffset: any, length: any): FastBuffer {
  if (byteOffset === undefined) byteOffset = 0;
  else {
    byteOffset = +byteOffset;
    if (isNotANumber(byteOffset)) byteOffset = 0;
  }
  const most = memory.byteLength - byteOffset;
  if (most < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  // Without a length the view follows a resizable ArrayBuffer.
  if (length === undefined) return new FastBuffer(memory, byteOffset);
  length = +length;
  if (length > 0) {
    if (length > most) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  } else {
    length = 0;
  }
  return new FastBuffer(memory, byteOffset, length);
}

function fromObject(value: any): FastBuffer | undefined {
  if (value.length !== undefined || isAnyArrayBuffer(value.buffer)) {
    return typeof value.length === 'number' ? fromArrayLike(value) : new FastBuffer();
  }
  if (value.type === 'Buffer' && isArray(value.data)) return fromArrayLike(value.data);
  return undefined;
}

function fromArrayLike(values: any): FastBuffer {
  const size = values.length;
  if (size <= 0) return new FastBuffer();
  if (size > kMaxLength) throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${kMaxLength}`, size);
  const buffer = pooled(isInteger(size) ? size : trunc(size));
  if (isView(values) || size > 64) apply(typedArraySet, buffer, [values]);
  else for (let i = 0; i < buffer.length; i++) buffer[i] = values[i];
  return buffer;
}

function checkSize(size: any): void {
  validateNumber(size, 'size', 0, kMaxLength);
}

function alloc(size: number, fill?: any, encoding?: any): FastBuffer {
  checkSize(size);
  if (fill !== undefined && fill !== 0 && size > 0) return fillWith(uninitialized(size), fill, encoding);
  return new FastBuffer(size);
}

function fillWith(buffer: FastBuffer, value: any, encoding: any): FastBuffer {
  return fillRange(buffer, value, encoding, undefined, undefined);
}

function totalLength(list: any[]): number {
  let sum = 0;
  for (const part of list) sum += part.length || 0;
  return sum;
}

const statics = {
  from(value: any, encodingOrOffset: any, length: any) {
    return from(value, encodingOrOffset, length);
  },

  copyBytesFrom(view: any, offset: any, length: any) {
    const tag = isView(view) ? apply(tagGetter, view, []) : undefined;
    if (tag === undefined) throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
    const from = offset ?? 0;
    validateInteger(from, 'offset', 0);
    if (length !== undefined) validateInteger(length, 'length', 0);
    // subarray() keeps both within the view.
    const part = apply(typedArraySubarray, view, [from, length === undefined ? undefined : from + length]);
    const bytes = new NativeUint8Array(part.buffer, part.byteOffset, part.byteLength);
    return fromArrayLike(bytes);
  },

  of(...items: any[]) {
    const buffer = pooled(items.length);
    for (let i = 0; i < items.length; i++) buffer[i] = items[i];
    return buffer;
  },

  alloc(size: any, fill: any, encoding: any) {
    return alloc(size, fill, encoding);
  },

  allocUnsafe(size: any) {
    checkSize(size);
    return pooled(size);
  },

  allocUnsafeSlow(size: any) {
    checkSize(size);
    return uninitialized(size);
  },

  isBuffer(value: any) {
    return value instanceof (Buffer as any);
  },

  compare(buf1: any, buf2: any) {
    if (!isUint8Array(buf1)) throw new ERR_INVALID_ARG_TYPE('buf1', ['Buffer', 'Uint8Array'], buf1);
    if (!isUint8Array(buf2)) throw new ERR_INVALID_ARG_TYPE('buf2', ['Buffer', 'Uint8Array'], buf2);
    return buf1 === buf2 ? 0 : compareBytes(buf1, buf2);
  },

  isEncoding(encoding: any) {
    return typeof encoding === 'string' && encoding.length !== 0 && codecOf(encoding) !== undefined;
  },

  concat(list: any, length: any) {
    if (!isArray(list)) throw new ERR_INVALID_ARG_TYPE('list', 'Array', list);
    if (list.length === 0) return new FastBuffer();
    if (length !== undefined) validateInteger(length, 'length', 0);
    else length = totalLength(list);
    const buffer = statics.allocUnsafe(length);
    let position = 0;
    for (let i = 0; i < list.length; i++) {
      const part = list[i];
      if (!isUint8Array(part)) throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], part);
      const room = length - position;
      const size = apply(typedArrayLength, part, []);
      if (size <= room) {
        apply(typedArraySet, buffer, [part, position]);
        position += size;
      } else {
        if (room > 0) copyBytes(part, buffer, position, 0, room);
        position = length;
      }
    }
    if (position < length) apply(typedArrayFill, buffer, [0, position, length]);
    return buffer;
  },

  byteLength(value: any, encoding: any) {
    if (typeof value !== 'string') {
      if (isView(value) || isAnyArrayBuffer(value)) return value.byteLength;
      throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], value);
    }
    if (value.length === 0) return 0;
    if (!encoding || encoding === 'utf8') return utf8ByteLength(value);
    return (codecOf(encoding) ?? utf8Codec).byteLength(value);
  },
};

defineProperty(Buffer, 'prototype', { value: FastBuffer.prototype, writable: false });
defineProperty(FastBuffer.prototype, 'constructor', { value: Buffer, writable: true, enumerable: false, configurable: true });
defineProperty(Buffer, 'name', { value: 'Buffer', configurable: true });
defineProperty(Buffer, 'length', { value: 3, configurable: true });
setPrototypeOf(Buffer, Uint8Array);
Buffer.poolSize = 64 * 1024;
for (const name of ['from', 'copyBytesFrom', 'of', 'alloc', 'allocUnsafe', 'allocUnsafeSlow', 'isBuffer', 'compare', 'isEncoding', 'concat', 'byteLength'] as const) {
  (Buffer as any)[name] = statics[name];
}
defineProperty(Buffer, Symbol.species, { configurable: true, enumerable: true, get() { return FastBuffer; } });
setBufferPrototype(FastBuffer.prototype);

// --- reading and writing numbers -------------------------------------------------------------------------------------

function boundsError(value: any, most: number, name?: string): never {
  if (trunc(value) !== value) {
    validateNumber(value, name ?? 'offset');
    throw new ERR_OUT_OF_RANGE(name ?? 'offset', 'an integer', value);
  }
  if (most < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  throw new ERR_OUT_OF_RANGE(name ?? 'offset', `>= ${name ? 1 : 0} and <= ${most}`, value);
}

// The message spells ranges of more than 32 bits as powers of two.
function valueError(value: any, low: any, high: any, bytes: number): never {
  const n = typeof low === 'bigint' ? 'n' : '';
  let range: string;
  if (bytes <= 4) range = `>= ${low}${n} and <= ${high}${n}`;
  else if (low === 0 || low === 0n) range = `>= 0${n} and < 2${n} ** ${bytes * 8}${n}`;
  else range = `>= -(2${n} ** ${bytes * 8 - 1}${n}) and < 2${n} ** ${bytes * 8 - 1}${n}`;
  throw new ERR_OUT_OF_RANGE('value', range, value);
}

function needNumber(offset: any): void {
  if (typeof offset !== 'number') throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
}

function checkByteLength(byteLength: any): void {
  if (byteLength === undefined) throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  validateNumber(byteLength, 'byteLength');
  if (!(byteLength >= 1 && byteLength <= 6) || trunc(byteLength) !== byteLength) boundsError(byteLength, 6, 'byteLength');
}

function within(buffer: any, offset: any, bytes: number): void {
  needNumber(offset);
  if (buffer[offset] === undefined || buffer[offset + bytes - 1] === undefined) boundsError(offset, buffer.length - bytes);
}

function readUnsignedLE(buffer: any, offset: any, bytes: number): number {
  within(buffer, offset, bytes);
  let value = buffer[offset];
  let scale = 1;
  for (let i = 1; i < bytes; i++) {
    scale *= 0x100;
    value += buffer[offset + i] * scale;
  }
  return value;
}

function readUnsignedBE(buffer: any, offset: any, bytes: number): number {
  within(buffer, offset, bytes);
  let value = buffer[offset];
  for (let i = 1; i < bytes; i++) value = value * 0x100 + buffer[offset + i];
  return value;
}

function signed(value: number, bytes: number): number {
  const half = 2 ** (8 * bytes - 1);
  return value >= half ? value - 2 * half : value;
}

function writeBytesLE(buffer: any, value: number, offset: any, bytes: number): number {
  within(buffer, offset, bytes);
  // Two halves, because bit operations see 32 bits; floor keeps two's complement for negative values.
  let low = value;
  let i = 0;
  if (bytes > 4) {
    let high = Math.floor(value * 2 ** -32);
    for (let j = 4; j < bytes; j++) {
      buffer[offset + j] = high;
      high >>>= 8;
    }
  }
  low = low % 2 ** 32;
  for (; i < bytes && i < 4; i++) {
    buffer[offset + i] = low;
    low = low >> 8;
  }
  return offset + bytes;
}

function writeBytesBE(buffer: any, value: number, offset: any, bytes: number): number {
  within(buffer, offset, bytes);
  let i = bytes - 1;
  if (bytes > 4) {
    let high = Math.floor(value * 2 ** -32);
    for (let j = bytes - 5; j >= 0; j--) {
      buffer[offset + j] = high;
      high >>>= 8;
    }
  }
  let low = value % 2 ** 32;
  for (let n = 0; i >= 0 && n < 4; i--, n++) {
    buffer[offset + i] = low;
    low = low >> 8;
  }
  return offset + bytes;
}

function wordLE(buffer: any, offset: number): number {
  return (buffer[offset] | (buffer[offset + 1] << 8) | (buffer[offset + 2] << 16) | (buffer[offset + 3] << 24)) >>> 0;
}

function wordBE(buffer: any, offset: number): number {
  return ((buffer[offset] << 24) | (buffer[offset + 1] << 16) | (buffer[offset + 2] << 8) | buffer[offset + 3]) >>> 0;
}

function putWordLE(buffer: any, offset: number, word: number): void {
  buffer[offset] = word;
  buffer[offset + 1] = word >>> 8;
  buffer[offset + 2] = word >>> 16;
  buffer[offset + 3] = word >>> 24;
}

function putWordBE(buffer: any, offset: number, word: number): void {
  buffer[offset] = word >>> 24;
  buffer[offset + 1] = word >>> 16;
  buffer[offset + 2] = word >>> 8;
  buffer[offset + 3] = word;
}

const LOW_WORD = 0xffffffffn;

function writeBigLE(buffer: any, value: any, offset: any, low: bigint, high: bigint): number {
  if (value > high || value < low) valueError(value, low, high, 8);
  within(buffer, offset, 8);
  putWordLE(buffer, offset, Number(value & LOW_WORD));
  putWordLE(buffer, offset + 4, Number((value >> 32n) & LOW_WORD));
  return offset + 8;
}

function writeBigBE(buffer: any, value: any, offset: any, low: bigint, high: bigint): number {
  if (value > high || value < low) valueError(value, low, high, 8);
  within(buffer, offset, 8);
  putWordBE(buffer, offset, Number((value >> 32n) & LOW_WORD));
  putWordBE(buffer, offset + 4, Number(value & LOW_WORD));
  return offset + 8;
}

const float32 = new Float32Array(1);
const float32Bytes = new Uint8Array(float32.buffer);
const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);

const numberMethods = {
  readBigUInt64LE(offset: any = 0) {
    within(this, offset, 8);
    return BigInt(wordLE(this, offset)) + (BigInt(wordLE(this, offset + 4)) << 32n);
  },
  readBigUInt64BE(offset: any = 0) {
    within(this, offset, 8);
    return (BigInt(wordBE(this, offset)) << 32n) + BigInt(wordBE(this, offset + 4));
  },
  readBigInt64LE(offset: any = 0) {
    within(this, offset, 8);
    return (BigInt(wordLE(this, offset + 4) | 0) << 32n) + BigInt(wordLE(this, offset));
  },
  readBigInt64BE(offset: any = 0) {
    within(this, offset, 8);
    return (BigInt(wordBE(this, offset) | 0) << 32n) + BigInt(wordBE(this, offset + 4));
  },
  writeBigUInt64LE(value: any, offset: any = 0) {
    return writeBigLE(this, value, offset, 0n, 0xffffffffffffffffn);
  },
  writeBigUInt64BE(value: any, offset: any = 0) {
    return writeBigBE(this, value, offset, 0n, 0xffffffffffffffffn);
  },
  writeBigInt64LE(value: any, offset: any = 0) {
    return writeBigLE(this, value, offset, -0x8000000000000000n, 0x7fffffffffffffffn);
  },
  writeBigInt64BE(value: any, offset: any = 0) {
    return writeBigBE(this, value, offset, -0x8000000000000000n, 0x7fffffffffffffffn);
  },

  readUIntLE(offset: any, byteLength: any) {
    if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    checkByteLength(byteLength);
    return readUnsignedLE(this, offset, byteLength);
  },
  readUInt32LE(this: any, offset: any = 0) {
    within(this, offset, 4);
    return wordLE(this, offset);
  },
  readUInt16LE(this: any, offset: any = 0) {
    within(this, offset, 2);
    return this[offset] + this[offset + 1] * 0x100;
  },
  readUInt8(this: any, offset: any = 0) {
    within(this, offset, 1);
    return this[offset];
  },
  readUIntBE(offset: any, byteLength: any) {
    if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    checkByteLength(byteLength);
    return readUnsignedBE(this, offset, byteLength);
  },
  readUInt32BE(this: any, offset: any = 0) {
    within(this, offset, 4);
    return wordBE(this, offset);
  },
  readUInt16BE(this: any, offset: any = 0) {
    within(this, offset, 2);
    return this[offset] * 0x100 + this[offset + 1];
  },
  readIntLE(offset: any, byteLength: any) {
    if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    checkByteLength(byteLength);
    return signed(readUnsignedLE(this, offset, byteLength), byteLength);
  },
  readInt32LE(this: any, offset: any = 0) {
    within(this, offset, 4);
    return wordLE(this, offset) | 0;
  },
  readInt16LE(this: any, offset: any = 0) {
    within(this, offset, 2);
    return ((this[offset] | (this[offset + 1] << 8)) << 16) >> 16;
  },
  readInt8(this: any, offset: any = 0) {
    within(this, offset, 1);
    return (this[offset] << 24) >> 24;
  },
  readIntBE(offset: any, byteLength: any) {
    if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    checkByteLength(byteLength);
    return signed(readUnsignedBE(this, offset, byteLength), byteLength);
  },
  readInt32BE(this: any, offset: any = 0) {
    within(this, offset, 4);
    return wordBE(this, offset) | 0;
  },
  readInt16BE(this: any, offset: any = 0) {
    within(this, offset, 2);
    return (((this[offset] << 8) | this[offset + 1]) << 16) >> 16;
  },

  writeUIntLE(value: any, offset: any, byteLength: any) {
    return writeUnsigned(this, value, offset, byteLength, writeBytesLE);
  },
  writeUInt32LE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0xffffffff || value < 0) valueError(value, 0, 0xffffffff, 4);
    within(this, offset, 4);
    putWordLE(this, offset, value);
    return offset + 4;
  },
  writeUInt16LE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0xffff || value < 0) valueError(value, 0, 0xffff, 2);
    within(this, offset, 2);
    this[offset] = value;
    this[offset + 1] = value >>> 8;
    return offset + 2;
  },
  writeUInt8(this: any, value: any, offset: any = 0) {
    value = +value;
    needNumber(offset);
    if (value > 0xff || value < 0) valueError(value, 0, 0xff, 1);
    if (this[offset] === undefined) boundsError(offset, this.length - 1);
    this[offset] = value;
    return offset + 1;
  },
  writeUIntBE(value: any, offset: any, byteLength: any) {
    return writeUnsigned(this, value, offset, byteLength, writeBytesBE);
  },
  writeUInt32BE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0xffffffff || value < 0) valueError(value, 0, 0xffffffff, 4);
    within(this, offset, 4);
    putWordBE(this, offset, value);
    return offset + 4;
  },
  writeUInt16BE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0xffff || value < 0) valueError(value, 0, 0xffff, 2);
    within(this, offset, 2);
    this[offset] = value >>> 8;
    this[offset + 1] = value;
    return offset + 2;
  },
  writeIntLE(value: any, offset: any, byteLength: any) {
    return writeSigned(this, value, offset, byteLength, writeBytesLE);
  },
  writeInt32LE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0x7fffffff || value < -0x80000000) valueError(value, -0x80000000, 0x7fffffff, 4);
    within(this, offset, 4);
    putWordLE(this, offset, value);
    return offset + 4;
  },
  writeInt16LE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0x7fff || value < -0x8000) valueError(value, -0x8000, 0x7fff, 2);
    within(this, offset, 2);
    this[offset] = value;
    this[offset + 1] = value >>> 8;
    return offset + 2;
  },
  writeInt8(this: any, value: any, offset: any = 0) {
    value = +value;
    needNumber(offset);
    if (value > 0x7f || value < -0x80) valueError(value, -0x80, 0x7f, 1);
    if (this[offset] === undefined) boundsError(offset, this.length - 1);
    this[offset] = value;
    return offset + 1;
  },
  writeIntBE(value: any, offset: any, byteLength: any) {
    return writeSigned(this, value, offset, byteLength, writeBytesBE);
  },
  writeInt32BE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0x7fffffff || value < -0x80000000) valueError(value, -0x80000000, 0x7fffffff, 4);
    within(this, offset, 4);
    putWordBE(this, offset, value);
    return offset + 4;
  },
  writeInt16BE(this: any, value: any, offset: any = 0) {
    value = +value;
    if (value > 0x7fff || value < -0x8000) valueError(value, -0x8000, 0x7fff, 2);
    within(this, offset, 2);
    this[offset] = value >>> 8;
    this[offset + 1] = value;
    return offset + 2;
  },

  readFloatLE(this: any, offset: any = 0) {
    within(this, offset, 4);
    for (let i = 0; i < 4; i++) float32Bytes[i] = this[offset + i];
    return float32[0];
  },
  readFloatBE(this: any, offset: any = 0) {
    within(this, offset, 4);
    for (let i = 0; i < 4; i++) float32Bytes[3 - i] = this[offset + i];
    return float32[0];
  },
  readDoubleLE(this: any, offset: any = 0) {
    within(this, offset, 8);
    for (let i = 0; i < 8; i++) float64Bytes[i] = this[offset + i];
    return float64[0];
  },
  readDoubleBE(this: any, offset: any = 0) {
    within(this, offset, 8);
    for (let i = 0; i < 8; i++) float64Bytes[7 - i] = this[offset + i];
    return float64[0];
  },
  writeFloatLE(this: any, value: any, offset: any = 0) {
    value = +value;
    within(this, offset, 4);
    float32[0] = value;
    for (let i = 0; i < 4; i++) this[offset + i] = float32Bytes[i];
    return offset + 4;
  },
  writeFloatBE(this: any, value: any, offset: any = 0) {
    value = +value;
    within(this, offset, 4);
    float32[0] = value;
    for (let i = 0; i < 4; i++) this[offset + i] = float32Bytes[3 - i];
    return offset + 4;
  },
  writeDoubleLE(this: any, value: any, offset: any = 0) {
    value = +value;
    within(this, offset, 8);
    float64[0] = value;
    for (let i = 0; i < 8; i++) this[offset + i] = float64Bytes[i];
    return offset + 8;
  },
  writeDoubleBE(this: any, value: any, offset: any = 0) {
    value = +value;
    within(this, offset, 8);
    float64[0] = value;
    for (let i = 0; i < 8; i++) this[offset + i] = float64Bytes[7 - i];
    return offset + 8;
  },
};

type PutBytes = (buffer: any, value: number, offset: any, bytes: number) => number;

function writeUnsigned(buffer: any, value: any, offset: any, byteLength: any, put: PutBytes): number {
  checkByteLength(byteLength);
  value = +value;
  const high = 2 ** (8 * byteLength) - 1;
  if (value > high || value < 0) valueError(value, 0, high, byteLength);
  return put(buffer, value, offset, byteLength);
}

function writeSigned(buffer: any, value: any, offset: any, byteLength: any, put: PutBytes): number {
  checkByteLength(byteLength);
  value = +value;
  const high = 2 ** (8 * byteLength - 1) - 1;
  if (value > high || value < -high - 1) valueError(value, -high - 1, high, byteLength);
  return put(buffer, value, offset, byteLength);
}

// --- text ------------------------------------------------------------------------------------------------------------

// The undocumented but widely used buf.utf8Slice(start, end), buf.latin1Write(text, offset, length) and their kin.
function slicer(codec: Codec) {
  return function(this: any, start?: any, end?: any) {
    const length = this.length;
    if (start === undefined && end === undefined) return sliceText(codec, this, 0, length);
    start = start === undefined ? 0 : trunc(start) || 0;
    end = end === undefined ? length : trunc(end) || 0;
    if (start < 0 || end < 0) throw indexError();
    if (end < start) end = start;
    if (end > length) throw indexError();
    return start === end ? '' : sliceText(codec, this, start, end);
  };
}

function indexError(): Error {
  const error: any = new RangeError('Index out of range');
  error.code = 'ERR_OUT_OF_RANGE';
  return error;
}

function writer(codec: Codec) {
  return function(this: any, text: any, offset?: any, length?: any) {
    if (typeof text !== 'string') throw notAString();
    const size = this.length;
    offset = offset === undefined ? 0 : trunc(offset) || 0;
    if (offset < 0 || offset > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
    const room = size - offset;
    length = length === undefined ? room : trunc(length) || 0;
    if (length < 0 || length > room) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    return length === 0 ? 0 : codec.write(this, text, offset, length);
  };
}

function notAString(): Error {
  const error: any = new TypeError('argument must be a string');
  error.code = 'ERR_INVALID_ARG_TYPE';
  error.stack; // Node's own message differs from ERR_INVALID_ARG_TYPE's pattern
  return error;
}

const textMethods: any = {};
for (const [name, codec] of [['ascii', asciiCodec], ['base64', base64Codec], ['base64url', base64urlCodec], ['latin1', latin1Codec],
  ['hex', hexCodec], ['ucs2', ucs2Codec], ['utf8', utf8Codec]] as [string, Codec][]) {
  textMethods[`${name}Slice`] = defineProperty(slicer(codec), 'name', { value: `${name}Slice` });
  textMethods[`${name}Write`] = defineProperty(writer(codec), 'name', { value: `${name}Write` });
}

// --- fill and search -------------------------------------------------------------------------------------------------

function fillRange(buffer: any, value: any, offset: any, end: any, encoding: any): any {
  let pattern: number | Uint8Array;
  let codec: Codec | undefined;
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset;
      offset = undefined;
    } else if (typeof end === 'string') {
      encoding = end;
      end = buffer.length;
    }
    codec = encoding === undefined || encoding === null || encoding === '' ? utf8Codec :
      typeof encoding === 'string' ? codecOf(encoding) : undefined;
    if (codec === undefined) {
      validateString(encoding, 'encoding');
      throw new ERR_UNKNOWN_ENCODING(encoding);
    }
    pattern = 0;
  } else if (isView(value)) {
    pattern = isUint8Array(value) ? value as Uint8Array : new NativeUint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (encoding === undefined && typeof offset === 'string') offset = undefined;
  } else {
    pattern = typeof value === 'number' ? value & 255 : Number(value) & 255;
    if (typeof offset === 'string') offset = undefined;
  }

  if (offset === undefined) {
    offset = 0;
    end = buffer.length;
  } else {
    validateNumber(offset, 'offset', 0, MAX_SAFE_INTEGER);
    if (end === undefined) {
      end = buffer.length;
    } else {
      validateNumber(end, 'end', 0, buffer.length);
    }
    offset = trunc(offset);
    end = trunc(end);
    if (offset >= end) return buffer;
  }

  if (codec !== undefined && value.length > 0) pattern = patternOf(value, codec);
  if (typeof pattern !== 'number' && pattern.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
  if (typeof pattern !== 'number' && pattern.length === 1) pattern = pattern[0];
  if (typeof pattern === 'number') {
    // V8's own fill reads the true length: one that was overridden on the instance must not go past the end.
    if (end > apply(typedArrayLength, buffer, [])) throw new ERR_BUFFER_OUT_OF_BOUNDS();
    apply(typedArrayFill, buffer, [pattern, offset, end]);
  } else {
    if (end > apply(typedArrayLength, buffer, [])) throw new ERR_BUFFER_OUT_OF_BOUNDS();
    fillPattern(buffer, pattern, offset, end);
  }
  return buffer;
}

// Doubles what is there already: a few block copies instead of a loop over the pattern.
function fillPattern(buffer: any, pattern: Uint8Array, start: number, end: number): void {
  const size = pattern.length;
  if (end - start <= size * 4) {
    fillBytes(buffer, pattern, start, end);
    return;
  }
  apply(typedArraySet, buffer, [pattern, start]);
  for (let filled = size; start + filled < end; filled *= 2) {
    apply(typedArrayCopyWithin, buffer, [start + filled, start, min(start + filled, end - filled)]);
  }
}

type Direction = boolean; // true: first match at or after the offset; false: last match at or before it

function search(buffer: any, value: any, byteOffset: any, encoding: any, forward: Direction): number {
  if (!isView(buffer)) throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
  if (typeof byteOffset === 'string') [byteOffset, encoding] = [undefined, byteOffset];
  const length = (buffer as any).length ?? buffer.byteLength;
  if (byteOffset === undefined) {
    byteOffset = forward ? 0 : length;
  } else {
    byteOffset = +byteOffset;
    byteOffset = isNotANumber(byteOffset) ? (forward ? 0 : length) : trunc(max(-0x80000000, min(byteOffset, 0x7fffffff)));
  }

  if (typeof value === 'number') {
    const start = searchStart(length, byteOffset, 1, forward);
    return start < 0 || length === 0 ? -1 : indexOfByte(buffer, (value >>> 0) & 255, start, forward);
  }

  let codec: Codec | undefined = utf8Codec;
  if (encoding !== undefined && encoding !== 'utf8') {
    codec = codecOf(encoding);
  }
  let needle: Uint8Array;
  if (typeof value === 'string') {
    if (codec === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    needle = patternOf(value, codec);
  } else if (isUint8Array(value)) {
    needle = value;
  } else {
    throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
  }

  const size = needle.length;
  let start = searchStart(length, byteOffset, size, forward);
  if (start < 0) return -1;
  if (size === 0) return start;
  if (length === 0 || size > length || (forward && start + size > length)) return -1;
  if (!forward && start + size > length) start = length - size;
  if (codec === ucs2Codec) {
    if (length < 2 || size < 2) return -1;
    return indexOfBytes(buffer, needle, start, forward, 2);
  }
  return indexOfBytes(buffer, needle, start, forward, 1);
}

// Where a search begins, or -1 when nothing can match. Negative offsets count from the end.
function searchStart(length: number, offset: number, needleLength: number, forward: Direction): number {
  if (offset < 0) {
    if (offset + length >= 0) return offset + length;
    return forward || needleLength === 0 ? 0 : -1;
  }
  if (offset + needleLength <= length) return offset;
  if (needleLength === 0) return length;
  return forward ? -1 : length - 1;
}

// --- copies and views ------------------------------------------------------------------------------------------------

function integerOr(value: any, fallback: number): number {
  const number = +value;
  if (isNotANumber(number)) return fallback;
  return trunc(number) + 0;
}

function clampIndex(value: any, length: number): number {
  const number = trunc(value);
  if (number === 0 || isNotANumber(number)) return 0;
  if (number < 0) return number + length > 0 ? number + length : 0;
  return number < length ? number : length;
}

function subarray(buffer: any, start: any, end: any): FastBuffer {
  const length = buffer.length;
  start = clampIndex(start, length);
  end = end === undefined ? length : clampIndex(end, length);
  return new FastBuffer(buffer.buffer, buffer.byteOffset + start, end > start ? end - start : 0);
}

function checkIndex(value: any, name: string, most = MAX_SAFE_INTEGER): void {
  validateInteger(value, name, 0, most);
}

let inspectMaxBytes = 50;

export function getInspectMaxBytes(): number {
  return inspectMaxBytes;
}

export function setInspectMaxBytes(value: any): void {
  validateNumber(value, 'INSPECT_MAX_BYTES', 0);
  inspectMaxBytes = value;
}

/** Reverses the bytes of each group of `size`. */
function reverseEach(buffer: any, size: number): any {
  const { length } = buffer;
  if (length % size !== 0) throw new ERR_INVALID_BUFFER_SIZE(`${size * 8}-bits`);
  for (let start = 0; start < length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = buffer[low];
      buffer[low] = buffer[high];
      buffer[high] = byte;
    }
  }
  return buffer;
}

// An index argument of copy().
function position(value: any, name: string, missing: number, most: number): number {
  if (value === undefined) return missing;
  const index = integerOr(value, 0);
  if (index < 0 || index > most) throw new ERR_OUT_OF_RANGE(name, most === Infinity ? '>= 0' : `>= 0 && <= ${most}`, index);
  return index;
}

const bufferMethods: any = {
  copy(this: any, target: any, targetStart: any, sourceStart: any, sourceEnd: any) {
    if (!isView(this)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], this);
    if (!isView(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
    const sourceLength = this.byteLength;
    const targetLength = target.byteLength;
    targetStart = position(targetStart, 'targetStart', 0, Infinity);
    sourceStart = position(sourceStart, 'sourceStart', 0, sourceLength);
    sourceEnd = min(position(sourceEnd, 'sourceEnd', sourceLength, Infinity), sourceLength);
    if (targetStart >= targetLength || sourceStart >= sourceEnd) return 0;
    const count = min(sourceEnd - sourceStart, targetLength - targetStart);
    if (count === sourceLength && isUint8Array(this) && isUint8Array(target)) {
      apply(typedArraySet, target, [this, targetStart]); // V8's builtin needs no crossing
      return count;
    }
    copyBytes(this, target, targetStart, sourceStart, count);
    return count;
  },

  toString(this: any, encoding: any, start: any, end: any) {
    if (arguments.length === 0) return utf8Slice(this, 0, this.length);
    const length = this.length;
    if (start <= 0 || start === undefined) start = 0;
    else if (start >= length) return '';
    else start = trunc(start) || 0;
    if (end === undefined || end > length) end = length;
    else end = trunc(end) || 0;
    if (end <= start) return '';
    if (encoding === undefined) return utf8Slice(this, start, end);
    const codec = codecOf(encoding);
    if (codec === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    return sliceText(codec, this, start, end);
  },

  equals(this: any, otherBuffer: any) {
    if (!isUint8Array(this)) throw new ERR_INVALID_ARG_TYPE('this', ['Buffer', 'Uint8Array'], this);
    if (!isUint8Array(otherBuffer)) throw new ERR_INVALID_ARG_TYPE('otherBuffer', ['Buffer', 'Uint8Array'], otherBuffer);
    if (this === otherBuffer) return true;
    if (this.byteLength !== otherBuffer.byteLength) return false;
    return this.byteLength === 0 || compareBytes(this, otherBuffer) === 0;
  },

  inspect(this: any, recurseTimes: any, context: any) {
    const shown = min(inspectMaxBytes, this.length);
    const hidden = this.length - shown;
    let text = hexSlice(this, 0, shown).replace(/(.{2})(?=.)/g, '$1 ');
    if (hidden > 0) text += `${text === '' ? '' : ' '}... ${hidden} more byte${hidden > 1 ? 's' : ''}`;
    if (context) {
      const extras: any = { __proto__: null };
      let any = false;
      for (const key of getOwnNonIndexProperties(this, context.showHidden ? 0 : 2)) {
        extras[key] = this[key];
        any = true;
      }
      if (any) {
        if (this.length !== 0) text += ', ';
        const shownExtras: string = load('internal:util').inspect(extras, { ...context, breakLength: Infinity, compact: true });
        text += shownExtras.slice(shownExtras.indexOf('{') + 2, -2);
      }
    }
    const name = this.constructor?.name;
    return `<${name || 'Buffer'} ${text}>`;
  },

  compare(this: any, target: any, targetStart: any, targetEnd: any, sourceStart: any, sourceEnd: any) {
    if (!isUint8Array(this)) throw new ERR_INVALID_ARG_TYPE('this', ['Buffer', 'Uint8Array'], this);
    if (!isUint8Array(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
    if (arguments.length === 1) return compareBytes(this, target);
    if (targetStart === undefined) targetStart = 0;
    else checkIndex(targetStart, 'targetStart');
    if (targetEnd === undefined) targetEnd = target.length;
    else checkIndex(targetEnd, 'targetEnd', target.length);
    if (sourceStart === undefined) sourceStart = 0;
    else checkIndex(sourceStart, 'sourceStart');
    if (sourceEnd === undefined) sourceEnd = this.length;
    else checkIndex(sourceEnd, 'sourceEnd', this.length);
    if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
    if (targetStart >= targetEnd) return 1;
    return compareRange(this, sourceStart, sourceEnd - sourceStart, target, targetStart, targetEnd - targetStart);
  },

  indexOf: function indexOf(this: any, value: any, byteOffset: any, encoding: any) {
    if (typeof value === 'number' && byteOffset === undefined && isView(this)) return indexOfByte(this, value & 255, 0, true);
    return search(this, value, byteOffset, encoding, true);
  },

  lastIndexOf: function lastIndexOf(this: any, value: any, byteOffset: any, encoding: any) {
    return search(this, value, byteOffset, encoding, false);
  },

  includes: function includes(this: any, value: any, byteOffset: any, encoding: any) {
    return search(this, value, byteOffset, encoding, true) !== -1;
  },

  fill(this: any, value: any, offset: any, end: any, encoding: any) {
    return fillRange(this, value, offset, end, encoding);
  },

  write(this: any, text: any, offset: any, length: any, encoding: any) {
    const size = this.length;
    let room: number;
    // The forms are (text), (text, encoding), (text, offset[, encoding]) and (text, offset, length[, encoding]).
    if (offset === undefined) {
      if (typeof text !== 'string') throw notAString();
      return utf8Write(this, text, 0, size);
    }
    if (length === undefined && typeof offset === 'string') {
      encoding = offset;
      offset = 0;
      room = size;
    } else {
      validateInteger(offset, 'offset', 0, size);
      room = size - offset;
      if (length === undefined) {
        // nothing but the offset
      } else if (typeof length === 'string') {
        encoding = length;
      } else {
        validateInteger(length, 'length', 0, size);
        if (length < room) room = length;
      }
    }
    if (typeof text !== 'string') throw notAString();
    if (!encoding || encoding === 'utf8') return utf8Write(this, text, offset, room);
    const codec = codecOf(encoding);
    if (codec === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    return writeText(codec, this, text, offset, room);
  },

  toJSON(this: any) {
    const { length } = this;
    const data = new Array(length);
    for (let i = 0; i < length; i++) data[i] = this[i];
    return { type: 'Buffer', data };
  },

  subarray(this: any, start: any, end: any) {
    return subarray(this, start, end);
  },

  slice(this: any, start: any, end: any) {
    return subarray(this, start, end);
  },

  swap16(this: any) {
    return reverseEach(this, 2);
  },

  swap32(this: any) {
    return reverseEach(this, 4);
  },

  swap64(this: any) {
    return reverseEach(this, 8);
  },
};

const prototype: any = FastBuffer.prototype;

function install(name: string, method: any): void {
  // Assigned, not defined: these are enumerable in Node, and userland copies them with for-in.
  prototype[name] = method;
}

const numbers: any = numberMethods;
for (const name of ['readBigUInt64LE', 'readBigUInt64BE', 'readBigInt64LE', 'readBigInt64BE', 'writeBigUInt64LE', 'writeBigUInt64BE',
  'writeBigInt64LE', 'writeBigInt64BE', 'readUIntLE', 'readUInt32LE', 'readUInt16LE', 'readUInt8', 'readUIntBE', 'readUInt32BE',
  'readUInt16BE', 'readIntLE', 'readInt32LE', 'readInt16LE', 'readInt8', 'readIntBE', 'readInt32BE', 'readInt16BE', 'writeUIntLE',
  'writeUInt32LE', 'writeUInt16LE', 'writeUInt8', 'writeUIntBE', 'writeUInt32BE', 'writeUInt16BE', 'writeIntLE', 'writeInt32LE',
  'writeInt16LE', 'writeInt8', 'writeIntBE', 'writeInt32BE', 'writeInt16BE', 'readFloatLE', 'readFloatBE', 'readDoubleLE',
  'readDoubleBE', 'writeFloatLE', 'writeFloatBE', 'writeDoubleLE', 'writeDoubleBE']) {
  install(name, numbers[name]);
  // readUint8 is a second name of readUInt8, and so on.
  const alias = name.replace('UInt', 'Uint');
  if (alias !== name) install(alias, numbers[name]);
}
for (const name of ['ascii', 'base64', 'base64url', 'latin1', 'hex', 'ucs2', 'utf8']) install(`${name}Slice`, textMethods[`${name}Slice`]);
for (const name of ['ascii', 'base64', 'base64url', 'latin1', 'hex', 'ucs2', 'utf8']) install(`${name}Write`, textMethods[`${name}Write`]);

defineProperty(prototype, 'parent', {
  enumerable: true,
  get() { return this instanceof (Buffer as any) ? this.buffer : undefined; },
});
defineProperty(prototype, 'offset', {
  enumerable: true,
  get() { return this instanceof (Buffer as any) ? this.byteOffset : undefined; },
});

for (const name of ['copy', 'toString', 'equals', 'inspect', 'compare', 'indexOf', 'lastIndexOf', 'includes', 'fill', 'write', 'toJSON',
  'subarray', 'slice', 'swap16', 'swap32', 'swap64']) install(name, bufferMethods[name]);
prototype.toLocaleString = prototype.toString;
prototype[inspectCustom] = bufferMethods.inspect;

let warnedSlowBuffer = false;

/** Deprecated: Buffer.allocUnsafeSlow(size). */
export function SlowBuffer(size: any): any {
  if (!warnedSlowBuffer) {
    warnedSlowBuffer = true;
    load('internal:buffer/deprecation').warnDeprecation('SlowBuffer() is deprecated. Please use Buffer.allocUnsafeSlow()', 'DEP0030', SlowBuffer);
  }
  validateNumber(size, 'size', 0, kMaxLength);
  return uninitialized(size);
}
SlowBuffer.prototype = FastBuffer.prototype;
setPrototypeOf(SlowBuffer, Uint8Array);

// --- functions of the module -----------------------------------------------------------------------------------------

function bytesOf(input: any): Uint8Array {
  if (isUint8Array(input)) return input;
  if (isAnyArrayBuffer(input)) return new NativeUint8Array(input);
  if (isView(input) && apply(tagGetter, input, []) !== undefined) {
    return new NativeUint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

function checkAttached(input: any): void {
  const memory: any = isView(input) ? input.buffer : input;
  if (memory?.detached === true && isAnyArrayBuffer(memory)) throw new codes.ERR_INVALID_STATE('Cannot validate on a detached buffer');
}

/** Whether the bytes are well-formed UTF-8. */
export function isUtf8(input: any): boolean {
  checkAttached(input);
  const bytes = bytesOf(input);
  return bytesAreUtf8(bytes);
}

/** Whether every byte is below 0x80. */
export function isAscii(input: any): boolean {
  checkAttached(input);
  const bytes = bytesOf(input);
  return bytesAreAscii(bytes);
}

/** Re-encodes bytes; what the target cannot express becomes '?'. */
export function transcode(source: any, fromEncoding: any, toEncoding: any): any {
  if (!isUint8Array(source)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  if (source.length === 0) return Buffer.alloc(0);
  const input = codecOf(fromEncoding);
  const output = codecOf(toEncoding);
  const known = [utf8Codec, ucs2Codec, latin1Codec, asciiCodec];
  if (!known.includes(input!) || !known.includes(output!)) {
    const error: any = new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
    error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
    error.errno = 1;
    throw error;
  }
  // ICU's us-ascii decoder makes U+FFFD of bytes above 0x7f.
  let text = input === asciiCodec ? latin1Slice(source, 0, source.length).replace(/[\x80-\xff]/g, '\ufffd') :
    input!.slice(source, 0, source.length);
  if (output === latin1Codec) text = text.replace(/[^\x00-\xff]/gu, '?');
  else if (output === asciiCodec) text = text.replace(/[^\x00-\x7f]/gu, '?');
  return fromString(text, output!.name);
}

function invalidCharacter(message: string): Error {
  const { DOMException } = load('internal:web/domexception');
  return new DOMException(message, 'InvalidCharacterError');
}

/** Base64 of a string whose units are bytes. */
export function btoa(input: any): string {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const text = `${input}`;
  if (/[^\x00-\xff]/.test(text)) throw invalidCharacter('Invalid character');
  const bytes = fromString(text, 'latin1');
  return base64Slice(bytes, 0, bytes.length);
}

/** The inverse of btoa, by the "forgiving-base64 decode" of the Infra standard. */
export function atob(input: any): string {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  let text = `${input}`;
  if (/[\t\n\f\r ]/.test(text)) text = text.replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(text)) throw invalidCharacter('Invalid character');
  if (text.length % 4 === 1) throw invalidCharacter('The string to be decoded is not correctly encoded.');
  const bytes = fromString(text, 'base64');
  return latin1Slice(bytes, 0, bytes.length);
}
