// Random bytes, numbers and UUIDs; primes. https://nodejs.org/docs/latest-v24.x/api/crypto.html#cryptorandombytessize-callback
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { request } from 'internal:request';
import { load } from 'internal:load';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateBoolean, validateFunction, validateInt32, validateObject } from 'internal:validators';
import { kMaxInt, typedArrayTag, unsignedBytes } from 'internal:crypto/bytes';
import * as native from 'native:crypto';

const { isSafeInteger } = Number;

function checkSize(size: any, name: string, elementSize: number, offset: number, length: number): number {
  if (typeof size !== 'number') throw new codes.ERR_INVALID_ARG_TYPE(name, 'number', size);
  size *= elementSize;
  if (size !== size || size > kMaxInt || size < 0) throw new codes.ERR_OUT_OF_RANGE(name, `>= 0 && <= ${kMaxInt}`, size);
  if (size + offset > length) throw new codes.ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, size + offset);
  return size >>> 0;
}

function checkOffset(offset: any, elementSize: number, length: number): number {
  if (typeof offset !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  offset *= elementSize;
  const max = Math.min(length, kMaxInt);
  if (offset !== offset || offset > max || offset < 0) throw new codes.ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${max}`, offset);
  return offset >>> 0;
}

export function randomBytes(size: any, callback?: any): any {
  size = checkSize(size, 'size', 1, 0, Infinity);
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (callback === undefined) return native.randomBytes(size);
  native.randomBytes(size, request((err: any, bytes: any) => {
    if (err !== null) callback(err);
    else callback(null, bytes);
  }));
  return undefined;
}

function checkTarget(buf: any): void {
  if (!isAnyArrayBuffer(buf) && !isArrayBufferView(buf)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
}

export function randomFillSync(buf: any, offset: any = 0, size?: any): any {
  checkTarget(buf);
  const elementSize = buf.BYTES_PER_ELEMENT || 1;
  offset = checkOffset(offset, elementSize, buf.byteLength);
  size = size === undefined ? buf.byteLength - offset : checkSize(size, 'size', elementSize, offset, buf.byteLength);
  if (size > 0) native.randomFill(buf, offset, size);
  return buf;
}

export function randomFill(buf: any, offset: any, size: any, callback?: any): void {
  checkTarget(buf);
  const elementSize = buf.BYTES_PER_ELEMENT || 1;
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = buf.length; // Node's: undefined for an ArrayBuffer or DataView
  } else if (typeof size === 'function') {
    callback = size;
    size = (buf.length ?? buf.byteLength) - offset;
  } else {
    validateFunction(callback, 'callback');
  }
  offset = checkOffset(offset, elementSize, buf.byteLength);
  size = size === undefined ? buf.byteLength - offset : checkSize(size, 'size', elementSize, offset, buf.byteLength);
  if (size === 0) {
    callback(null, buf);
    return;
  }
  native.randomFill(buf, offset, size, request((err: any) => {
    if (err !== null) callback(err);
    else callback(null, buf);
  }));
}

// Numbers take six bytes each from a cache.
let numbers: any;
let numberAt = 0;
const range48 = 0xFFFF_FFFF_FFFF;

function random48(): number {
  if (numbers === undefined) numbers = Buffer.alloc(6 * 1024);
  if (numberAt === 0) native.randomFill(numbers, 0, numbers.length);
  const value = numbers.readUIntBE(numberAt, 6);
  numberAt = (numberAt + 6) % numbers.length;
  return value;
}

export function randomInt(min: any, max?: any, callback?: any): any {
  // randomInt(max), randomInt(max, callback)
  const noMin = max === undefined || typeof max === 'function';
  if (noMin) {
    callback = max;
    max = min;
    min = 0;
  }
  const sync = callback === undefined;
  if (!sync) validateFunction(callback, 'callback');
  if (!isSafeInteger(min)) throw new codes.ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!isSafeInteger(max)) throw new codes.ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min) throw new codes.ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (!(range <= range48)) {
    if (noMin) throw new codes.ERR_OUT_OF_RANGE('max', `<= ${range48}`, max);
    throw new codes.ERR_OUT_OF_RANGE('max - min', `<= ${range48}`, range);
  }
  // Numbers beyond the last whole multiple of the range would favour small ones.
  const limit = range48 - (range48 % range);
  let x = random48();
  while (x >= limit) x = random48();
  const n = (x % range) + min;
  if (sync) return n;
  nextTick(callback, undefined, n);
  return undefined;
}

const hex: string[] = [];
for (let i = 0; i < 256; i++) hex.push((i + 256).toString(16).slice(1));

const uuidBatch = 128;
let uuids: any;
let uuidAt = 0;

function uuidText(b: any, o: number, version: number): string {
  return hex[b[o]] + hex[b[o + 1]] + hex[b[o + 2]] + hex[b[o + 3]] + '-' + hex[b[o + 4]] + hex[b[o + 5]] + '-' +
    hex[b[o + 6] & 0x0F | version << 4] + hex[b[o + 7]] + '-' + hex[b[o + 8] & 0x3F | 0x80] + hex[b[o + 9]] + '-' +
    hex[b[o + 10]] + hex[b[o + 11]] + hex[b[o + 12]] + hex[b[o + 13]] + hex[b[o + 14]] + hex[b[o + 15]];
}

function uuidBytes(options: any): [any, number] {
  if (options !== undefined) {
    validateObject(options, 'options');
    const { disableEntropyCache = false } = options;
    validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
    if (disableEntropyCache) return [native.randomBytes(16), 0];
  }
  if (uuids === undefined) uuids = Buffer.alloc(16 * uuidBatch);
  if (uuidAt === 0) native.randomFill(uuids, 0, uuids.length);
  const at = uuidAt * 16;
  uuidAt = (uuidAt + 1) % uuidBatch;
  return [uuids, at];
}

export function randomUUID(options?: any): string {
  const [bytes, at] = uuidBytes(options);
  return uuidText(bytes, at, 4);
}

/** A UUID of version 7: milliseconds since 1970, then random. */
export function randomUUIDv7(options?: any): string {
  const [bytes, at] = uuidBytes(options);
  const copy = bytes.subarray(at, at + 16);
  copy.writeUIntBE(Date.now(), 0, 6);
  return uuidText(copy, 0, 7);
}

/** Web Crypto's, for integer arrays of at most 65536 bytes. */
export function getRandomValues(data: any): any {
  const tag = isArrayBufferView(data) ? typedArrayTag.call(data) : undefined;
  if (tag === undefined || tag.startsWith('Float')) {
    throw domException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (data.byteLength > 65536) {
    throw quotaExceeded(data.byteLength);
  }
  if (data.byteLength > 0) native.randomFill(data, 0, data.byteLength);
  return data;
}

export function domException(message: string, name: string): Error {
  const { DOMException } = load('internal:web/domexception');
  return new DOMException(message, name);
}

function quotaExceeded(_requested: number): Error {
  return domException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
}

export function timingSafeEqual(buf1: any, buf2: any): boolean {
  if (!isArrayBufferView(buf1) && !isAnyArrayBuffer(buf1)) throw notBytes('buf1');
  if (!isArrayBufferView(buf2) && !isAnyArrayBuffer(buf2)) throw notBytes('buf2');
  if (buf1.byteLength !== buf2.byteLength) throw new codes.ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return native.timingSafeEqual(buf1, buf2);
}

function notBytes(name: string): Error {
  const error: any = new TypeError(`The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

function primeArguments(size: any, options: any): [number, boolean, any, any, boolean] {
  validateInt32(size, 'size', 1);
  validateObject(options, 'options');
  const { safe = false, bigint = false } = options;
  let { add, rem } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  if (add !== undefined) add = unsignedBytes(add, 'options.add');
  if (rem !== undefined) rem = unsignedBytes(rem, 'options.rem');
  if (add !== undefined) {
    const a = bigOf(add);
    if (a.toString(2).length > size) throw outOfRange('invalid options.add');
    if (rem !== undefined && a <= bigOf(rem)) throw outOfRange('invalid options.rem');
  }
  return [size, safe, add, rem, bigint];
}

function outOfRange(message: string): Error {
  const error: any = new RangeError(message);
  error.code = 'ERR_OUT_OF_RANGE';
  return error;
}

function bigOf(bytes: any): bigint {
  const text = Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset, bytes.byteLength).toString('hex');
  return text === '' ? 0n : BigInt(`0x${text}`);
}

function primeResult(value: ArrayBuffer, bigint: boolean): any {
  return bigint ? bigOf(new Uint8Array(value)) : value;
}

export function generatePrime(size: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  validateFunction(callback, 'callback');
  const [bits, safe, add, rem, bigint] = primeArguments(size, options);
  native.generatePrime(bits, safe, add, rem, request((err: any, value: any) => {
    if (err !== null) callback(err);
    else callback(undefined, primeResult(value, bigint));
  }));
}

export function generatePrimeSync(size: any, options: any = {}): any {
  const [bits, safe, add, rem, bigint] = primeArguments(size, options);
  return primeResult(native.generatePrime(bits, safe, add, rem), bigint);
}

function candidateOf(candidate: any): any {
  return unsignedBytes(candidate, 'candidate');
}

export function checkPrime(candidate: any, options: any = {}, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  const bytes = candidateOf(candidate);
  validateFunction(callback, 'callback');
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  native.checkPrime(bytes, checks, request(callback));
}

export function checkPrimeSync(candidate: any, options: any = {}): boolean {
  const bytes = candidateOf(candidate);
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  return native.checkPrime(bytes, checks);
}

