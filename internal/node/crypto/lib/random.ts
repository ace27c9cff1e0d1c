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
const kRoom = 512; // bytes from which the memory is made here: no copy

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
  if (callback === undefined) {
    if (size < kRoom) return native.randomBytes(size);
    const room = Buffer.allocUnsafeSlow(size);
    native.randomFill(room, 0, size);
    return room;
  }
  native.randomBytes(size, request((err: any, bytes: any) => {
    if (err !== null) callback(err);
    else callback(null, bytes);
  }, 'RANDOMBYTESREQUEST'));
  return undefined;
}

function checkTarget(buf: any): void {
  if (!isAnyArrayBuffer(buf) && !isArrayBufferView(buf)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
}

/** The bytes of buf that offset and size (both in elements) name: all from offset on without a size. */
function region(buf: any, offset: any, size: any): [at: number, length: number] {
  const unit = buf.BYTES_PER_ELEMENT || 1;
  const at = checkOffset(offset, unit, buf.byteLength);
  return [at, size === undefined ? buf.byteLength - at : checkSize(size, 'size', unit, at, buf.byteLength)];
}

export function randomFillSync(buf: any, offset: any = 0, size?: any): any {
  checkTarget(buf);
  const [at, length] = region(buf, offset, size);
  if (length > 0) native.randomFill(buf, at, length);
  return buf;
}

// (buf, callback), (buf, offset, callback), (buf, offset, size, callback)
export function randomFill(buf: any, ...rest: any[]): void {
  checkTarget(buf);
  const given = typeof rest[0] === 'function' ? 0 : typeof rest[1] === 'function' ? 1 : 2;
  const done = rest[given];
  if (given === 2) validateFunction(done, 'callback');
  const offset = given === 0 ? 0 : rest[0];
  // Without a size Node takes the elements of a typed array, and all bytes of the rest.
  const size = given === 2 ? rest[1] : given === 0 ? buf.length : (buf.length ?? buf.byteLength) - offset;
  const [at, length] = region(buf, offset, size);
  if (length === 0) done(null, buf);
  else native.randomFill(buf, at, length, request((err: any) => err === null ? done(null, buf) : done(err), 'RANDOMBYTESREQUEST'));
}
Object.defineProperty(randomFill, 'length', { value: 4, configurable: true });

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

// UUIDs are drawn in batches: one call for the random bytes of many, one for their hexadecimal text, of which each takes 32 characters.
const uuidBatch = 128;
let batchText = '';
let batchAt = 0;

// https://www.rfc-editor.org/rfc/rfc9562#section-4.1: two bits of the ninth byte say the variant, four of the seventh the version.
function hexOf(bytes: any): string {
  for (let at = 0; at < bytes.length; at += 16) {
    bytes[at + 6] = (bytes[at + 6] & 0x0f) | 0x40;
    bytes[at + 8] = (bytes[at + 8] & 0x3f) | 0x80;
  }
  return bytes.hexSlice(0, bytes.length);
}

/** The 32 digits of a version 4 UUID. */
function randomDigits(options: any): string {
  if (options !== undefined) {
    validateObject(options, 'options');
    const { disableEntropyCache = false } = options;
    validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
    if (disableEntropyCache) return hexOf(native.randomBytes(16));
  }
  if (batchAt === batchText.length) {
    batchText = hexOf(native.randomBytes(16 * uuidBatch));
    batchAt = 0;
  }
  batchAt += 32;
  return batchText.slice(batchAt - 32, batchAt);
}

export function randomUUID(options?: any): string {
  const digits = randomDigits(options);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** A UUID of version 7: milliseconds since 1970, then random. */
export function randomUUIDv7(options?: any): string {
  const digits = randomDigits(options);
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(13, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
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
  }, 'RANDOMPRIMEREQUEST'));
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
  native.checkPrime(bytes, checks, request(callback, 'CHECKPRIMEREQUEST'));
}

export function checkPrimeSync(candidate: any, options: any = {}): boolean {
  const bytes = candidateOf(candidate);
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  return native.checkPrime(bytes, checks);
}

