// Arguments of fs functions: paths, descriptors, flags, options, positions, times.
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { Buffer } from 'internal:buffer';
import {
  parseFileMode, validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateInteger, validateObject, validateUint32,
} from 'internal:validators';
import { nextTick } from 'internal:process/task';

const { isView } = ArrayBuffer;
const { isFinite: isFiniteNumber } = Number;

/** Bytes that one read or write moves at most. */
export const kIoMaxLength = 2 ** 31 - 1;

const O_APPEND = 0o2000, O_CREAT = 0o100, O_EXCL = 0o200, O_RDONLY = 0, O_RDWR = 2, O_SYNC = 0o4010000, O_TRUNC = 0o1000, O_WRONLY = 1;

const flagNames: Record<string, number> = {
  __proto__: null as never,
  'r': O_RDONLY, 'rs': O_RDONLY | O_SYNC, 'sr': O_RDONLY | O_SYNC,
  'r+': O_RDWR, 'rs+': O_RDWR | O_SYNC, 'sr+': O_RDWR | O_SYNC,
  'w': O_TRUNC | O_CREAT | O_WRONLY, 'wx': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL, 'xw': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR, 'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL, 'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'a': O_APPEND | O_CREAT | O_WRONLY, 'ax': O_APPEND | O_CREAT | O_WRONLY | O_EXCL, 'xa': O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  'as': O_APPEND | O_CREAT | O_WRONLY | O_SYNC, 'sa': O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR, 'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL, 'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC, 'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};

/** Flags of open(2) from a number or a name such as 'w+'. */
export function toFlags(flags: any, name = 'flags'): number {
  if (flags === 'r') {
    return O_RDONLY;
  }
  if (typeof flags === 'number') {
    validateInt32(flags, name);
    return flags;
  }
  if (flags == null) {
    return O_RDONLY;
  }
  const value = typeof flags === 'string' ? flagNames[flags] : undefined;
  if (value === undefined) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, flags);
  }
  return value;
}

function isURL(value: any): boolean {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

/** A path that may cross: a string or bytes without NUL. */
export function toPath(value: any, name = 'path'): any {
  if (typeof value !== 'string') {
    if (isURL(value)) {
      value = load('internal:url').fileURLToPath(value);
    } else {
      if (!(value instanceof Uint8Array)) {
        throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value);
      }
      if (value.includes(0)) {
        throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string, Uint8Array, or URL without null bytes');
      }
      return value;
    }
  }
  if (value.includes('\u0000')) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string, Uint8Array, or URL without null bytes');
  }
  return value;
}

/** A file descriptor. */
export function toFd(fd: any): number {
  if (typeof fd === 'number' && fd === (fd | 0) && fd >= 0) {
    return fd | 0;
  }
  validateInteger(fd, 'fd', 0, 2147483647);
  return fd;
}

export function toMode(mode: any, name: string, fallback?: number): number {
  return parseFileMode(mode, name, fallback);
}

export function validateCallback(callback: any): void {
  validateFunction(callback, 'cb');
}

/** A callback of a function without a result: it gets the error or null. */
export function plain(callback: any): (err: any) => void {
  validateFunction(callback, 'cb');
  return (err) => callback(err);
}

export function assertEncoding(encoding: any): void {
  if (encoding && !Buffer.isEncoding(encoding)) {
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
}

const nothing: any = Object.freeze({ __proto__: null });

/** Options of a function that takes an encoding in their place. */
export function getOptions(options: any, defaults: any = nothing): any {
  if (options == null || typeof options === 'function') {
    return defaults;
  }
  if (typeof options === 'string') {
    if (options !== 'buffer') {
      assertEncoding(options);
    }
    return { ...defaults, encoding: options };
  }
  if (typeof options !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  }
  if (options.encoding !== 'buffer') {
    assertEncoding(options.encoding);
  }
  if (options.signal !== undefined) {
    validateAbortSignal(options.signal, 'options.signal');
  }
  // Inherited options count too.
  const out: any = { ...defaults };
  for (const key in options) {
    out[key] = options[key];
  }
  return out;
}

/** A name that came as a string or as a Buffer (wantsBuffer) in the encoding that the caller asked for. */
export function decodeName(value: any, encoding: any): any {
  return typeof value === 'string' || encoding === 'buffer' || value === undefined ? value : value.toString(encoding);
}
/** Whether names must cross as bytes. */
export function wantsBuffer(encoding: any): boolean {
  return encoding != null && encoding !== 'utf8' && encoding !== 'utf-8';
}

/** Seconds since 1970 from a number, a numeric string or a Date. */
export function toUnixTimestamp(time: any, name = 'time'): number {
  if (typeof time === 'string' && +time == (time as any)) {
    return +time;
  }
  if (isFiniteNumber(time)) {
    return time < 0 ? Date.now() / 1000 : time;
  }
  if (time instanceof Date || Object.prototype.toString.call(time) === '[object Date]') {
    return time.getTime() / 1000;
  }
  throw new codes.ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

export function validateReadRange(offset: any, length: any, size: number): void {
  if (offset < 0) {
    throw new codes.ERR_OUT_OF_RANGE('offset', '>= 0', offset);
  }
  if (length < 0) {
    throw new codes.ERR_OUT_OF_RANGE('length', '>= 0', length);
  }
  if (length > size - offset) {
    throw new codes.ERR_OUT_OF_RANGE('length', `<= ${size - offset}`, length);
  }
}

export function validateWriteRange(offset: any, length: any, size: number): void {
  if (offset > size) {
    throw new codes.ERR_OUT_OF_RANGE('offset', `<= ${size}`, offset);
  }
  if (length > size - offset) {
    throw new codes.ERR_OUT_OF_RANGE('length', `<= ${size - offset}`, length);
  }
  if (length < 0) {
    throw new codes.ERR_OUT_OF_RANGE('length', '>= 0', length);
  }
  validateInt32(length, 'length', 0);
}

/** A position for reading; null and undefined are -1, the file's own. */
export function toReadPosition(position: any, length: number): number | bigint {
  if (position == null) {
    return -1;
  }
  if (typeof position === 'number') {
    validateInteger(position, 'position', -1);
  } else if (typeof position === 'bigint') {
    const most = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > most) {
      throw new codes.ERR_OUT_OF_RANGE('position', `>= -1 && <= ${most}`, position);
    }
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('position', ['integer', 'bigint'], position);
  }
  return position;
}

export function toWritePosition(position: any): number {
  return typeof position === 'number' ? position : -1;
}

export function validateText(value: any, name: string): asserts value is string {
  if (typeof value !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
  }
}

export function validateViews(buffers: any): any[] {
  if (!Array.isArray(buffers)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  }
  for (let i = 0; i < buffers.length; i++) {
    if (!isView(buffers[i])) {
      throw new codes.ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
    }
  }
  return buffers;
}

export function validateView(buffer: any): void {
  if (!isView(buffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
  }
}

const rmDefaults = { recursive: false, force: false, retryDelay: 100, maxRetries: 0 };

/** Options of rm and rmdir, with defaults. */
export function rmOptions(options: any): any {
  if (options === undefined) {
    return rmDefaults;
  }
  validateObject(options, 'options');
  options = { ...rmDefaults, ...options };
  validateBoolean(options.force, 'options.force');
  validateBoolean(options.recursive, 'options.recursive');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

const rmdirDefaults = { recursive: false, retryDelay: 100, maxRetries: 0 };

export function rmdirOptions(options: any): any {
  if (options === undefined) {
    return rmdirDefaults;
  }
  validateObject(options, 'options');
  options = { ...rmdirDefaults, ...options };
  validateBoolean(options.recursive, 'options.recursive');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

/** The error of rm on a directory without recursive. */
export function directoryError(path: any): Error {
  return new codes.ERR_FS_EISDIR({ code: 'EISDIR', message: 'is a directory', path: String(path), syscall: 'rm', errno: 21 });
}

export function accessMode(mode: any): number {
  if (mode === undefined) {
    return 0;
  }
  validateInteger(mode, 'mode', 0, 7);
  return mode;
}
export function copyMode(mode: any): number {
  if (mode == null) {
    return 0;
  }
  validateInteger(mode, 'mode', 0, 7);
  return mode;
}

/** Calls back in the next tick. */
export function later(callback: any, ...args: any[]): void {
  nextTick(callback, ...args);
}
