// Checks of arguments, with Node's errors. Each takes the value and the argument's name; most return nothing.
// On the way where nothing is wrong they cost a comparison; the stack of what they throw starts at their caller.

import { load } from 'internal:load';
import { codes, hideFrames } from 'internal:errors';

const { isArray } = Array;
const { isInteger, isFinite, MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;
const { isView } = ArrayBuffer;

export const kValidateObjectNone = 0;
export const kValidateObjectAllowNullable = 1;
export const kValidateObjectAllowArray = 2;
export const kValidateObjectAllowFunction = 4;
export const kValidateObjectAllowObjects = kValidateObjectAllowArray | kValidateObjectAllowFunction;
export const kValidateObjectAllowObjectsAndNull = kValidateObjectAllowObjects | kValidateObjectAllowNullable;

function wrongType(from: Function, name: string, expected: string | string[], actual: unknown): never {
  throw hideFrames(new codes.ERR_INVALID_ARG_TYPE(name, expected, actual), from);
}
function wrongValue(from: Function, name: string, value: unknown, reason?: string): never {
  throw hideFrames(new codes.ERR_INVALID_ARG_VALUE(name, value, reason), from);
}
function outOfRange(from: Function, name: string, range: string, value: unknown): never {
  throw hideFrames(new codes.ERR_OUT_OF_RANGE(name, range, value), from);
}

export function isInt32(value: unknown): boolean {
  return value === ((value as number) | 0);
}

export function isUint32(value: unknown): boolean {
  return value === ((value as number) >>> 0);
}

/** A file mode: a number, or a string of octal digits. Returns the number. defaultValue stands for null and undefined. */
export function parseFileMode(value: any, name: string, defaultValue?: number): number {
  value ??= defaultValue;
  if (typeof value === 'string') {
    if (!/^[0-7]+$/.test(value)) {
      wrongValue(parseFileMode, name, value, 'must be a 32-bit unsigned integer or an octal string');
    }
    value = parseInt(value, 8);
  }
  checkUint32(parseFileMode, value, name, false);
  return value;
}

export function validateInteger(value: unknown, name: string, min = MIN_SAFE_INTEGER, max = MAX_SAFE_INTEGER): asserts value is number {
  checkInteger(validateInteger, value, name, min, max);
}

function checkInteger(from: Function, value: unknown, name: string, min: number, max: number): void {
  if (typeof value !== 'number') {
    wrongType(from, name, 'number', value);
  }
  if (!isInteger(value)) {
    outOfRange(from, name, 'an integer', value);
  }
  if (value < min || value > max) {
    outOfRange(from, name, `>= ${min} && <= ${max}`, value);
  }
}

export function validateInt32(value: unknown, name: string, min = -2147483648, max = 2147483647): asserts value is number {
  checkInteger(validateInt32, value, name, min, max);
}

/** positive: whether 0 is refused. */
export function validateUint32(value: unknown, name: string, positive = false): asserts value is number {
  checkUint32(validateUint32, value, name, positive);
}

function checkUint32(from: Function, value: unknown, name: string, positive: boolean): void {
  checkInteger(from, value, name, positive ? 1 : 0, 4294967295);
}

export function validateString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') {
    wrongType(validateString, name, 'string', value);
  }
}

/** A path or an argument of a C function: no U+0000 in it. */
export function validateStringWithoutNullBytes(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') {
    wrongType(validateStringWithoutNullBytes, name, 'string', value);
  }
  if (value.includes('\0')) {
    wrongValue(validateStringWithoutNullBytes, name, value, 'must be a string without null bytes');
  }
}

export function validateNumber(value: unknown, name: string, min?: number, max?: number): asserts value is number {
  checkNumber(validateNumber, value, name, min, max);
}

function checkNumber(from: Function, value: unknown, name: string, min?: number, max?: number): void {
  if (typeof value !== 'number') {
    wrongType(from, name, 'number', value);
  }
  const hasMin = min != null;
  const hasMax = max != null;
  if ((hasMin && value < min) || (hasMax && value > max) || ((hasMin || hasMax) && value !== value)) {
    outOfRange(from, name, `${hasMin ? `>= ${min}` : ''}${hasMin && hasMax ? ' && ' : ''}${hasMax ? `<= ${max}` : ''}`, value);
  }
}

/** False for undefined and NaN, true for a finite number; everything else throws. */
export function validateFiniteNumber(value: unknown, name: string): boolean {
  if (value === undefined) {
    return false;
  }
  if (isFinite(value)) {
    return true;
  }
  if (Number.isNaN(value)) {
    return false;
  }
  if (typeof value !== 'number') {
    wrongType(validateFiniteNumber, name, 'number', value);
  }
  return outOfRange(validateFiniteNumber, name, 'a finite number', value);
}

/** The number, or fallback for undefined and NaN; out of [lower, upper] throws. */
export function checkRangesOrGetDefault(value: any, name: string, lower: number, upper: number, fallback: number): number {
  if (!validateFiniteNumber(value, name)) {
    return fallback;
  }
  if (value < lower || value > upper) {
    outOfRange(checkRangesOrGetDefault, name, `>= ${lower} and <= ${upper}`, value);
  }
  return value;
}

export function validateOneOf(value: unknown, name: string, oneOf: readonly unknown[]): void {
  if (!oneOf.includes(value)) {
    const allowed = oneOf.map((item) => typeof item === 'string' ? `'${item}'` : String(item)).join(', ');
    wrongValue(validateOneOf, name, value, `must be one of: ${allowed}`);
  }
}

export function validateBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') {
    wrongType(validateBoolean, name, 'boolean', value);
  }
}

/** options: the kValidateObject flags. */
export function validateObject(value: unknown, name: string, options = kValidateObjectNone): asserts value is Record<string, any> {
  if (value === null) {
    if ((options & kValidateObjectAllowNullable) === 0) {
      wrongType(validateObject, name, 'object', value);
    }
    return;
  }
  if (typeof value === 'object') {
    if ((options & kValidateObjectAllowArray) === 0 && isArray(value)) {
      wrongType(validateObject, name, 'object', value);
    }
    return;
  }
  if (typeof value !== 'function' || (options & kValidateObjectAllowFunction) === 0) {
    wrongType(validateObject, name, 'object', value);
  }
}

/** A Web IDL dictionary: null, undefined, an object or a function. */
export function validateDictionary(value: unknown, name: string): void {
  if (value != null && typeof value !== 'object' && typeof value !== 'function') {
    wrongType(validateDictionary, name, 'a dictionary', value);
  }
}

export function validateArray(value: unknown, name: string, minLength = 0): asserts value is any[] {
  if (!isArray(value)) {
    wrongType(validateArray, name, 'Array', value);
  }
  if (value.length < minLength) {
    wrongValue(validateArray, name, value, `must have a length of at least ${minLength}`);
  }
}

export function validateStringArray(value: unknown, name: string): asserts value is string[] {
  validateArray(value, name);
  for (let i = 0; i < value.length; i++) {
    validateString(value[i], `${name}[${i}]`);
  }
}

export function validateBooleanArray(value: unknown, name: string): asserts value is boolean[] {
  validateArray(value, name);
  for (let i = 0; i < value.length; i++) {
    validateBoolean(value[i], `${name}[${i}]`);
  }
}

export function validateAbortSignalArray(value: unknown, name: string): void {
  validateArray(value, name);
  for (let i = 0; i < value.length; i++) {
    const signal: any = value[i];
    if (signal == null || typeof signal !== 'object' || !('aborted' in signal)) {
      wrongType(validateAbortSignalArray, `${name}[${i}]`, 'AbortSignal', signal);
    }
  }
}

/** A signal's name as os.constants.signals has it. */
export function validateSignalName(signal: unknown, name = 'signal'): void {
  validateString(signal, name);
  const { signals } = load('node:os').default.constants;
  if (signals[signal] === undefined) {
    throw hideFrames(new codes.ERR_UNKNOWN_SIGNAL(signal, signals[signal.toUpperCase()] !== undefined), validateSignalName);
  }
}

export function validateBuffer(value: unknown, name = 'buffer'): asserts value is ArrayBufferView {
  if (!isView(value)) {
    wrongType(validateBuffer, name, ['Buffer', 'TypedArray', 'DataView'], value);
  }
}

/** Hexadecimal data has an even number of digits. */
export function validateEncoding(data: string, encoding: string): void {
  if (data.length % 2 !== 0 && typeof encoding === 'string' && encoding.toLowerCase() === 'hex') {
    wrongValue(validateEncoding, 'encoding', encoding, `is invalid for data of length ${data.length}`);
  }
}

/** A port number as a number or its text; returns the number. */
export function validatePort(port: any, name = 'Port', allowZero = true): number {
  if ((typeof port !== 'number' && typeof port !== 'string') || (typeof port === 'string' && port.trim() === '') ||
      +port !== (+port >>> 0) || +port > 0xFFFF || (+port === 0 && !allowZero)) {
    throw hideFrames(new codes.ERR_SOCKET_BAD_PORT(name, port, allowZero), validatePort);
  }
  return +port | 0;
}

export function validateAbortSignal(signal: any, name: string): void {
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    wrongType(validateAbortSignal, name, 'AbortSignal', signal);
  }
}

export function validateFunction(value: unknown, name: string): asserts value is Function {
  if (typeof value !== 'function') {
    wrongType(validateFunction, name, 'Function', value);
  }
}

/** A function that isn't async. */
export function validatePlainFunction(value: unknown, name: string): asserts value is Function {
  if (typeof value !== 'function' || load('internal:util/types').isAsyncFunction(value)) {
    wrongType(validatePlainFunction, name, 'Function', value);
  }
}

export function validateUndefined(value: unknown, name: string): void {
  if (value !== undefined) {
    wrongType(validateUndefined, name, 'undefined', value);
  }
}

export function validateUnion(value: unknown, name: string, union: readonly unknown[]): void {
  if (!union.includes(value)) {
    wrongType(validateUnion, name, `('${union.join('|')}')`, value);
  }
}

/** What fs.cp, fs.watch and globbing ignore: a string, a RegExp, a function, or an array of them. */
export function validateIgnoreOption(value: any, name: string): void {
  if (value == null) {
    return;
  }
  const list = isArray(value) ? value : [value];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const label = isArray(value) ? `${name}[${i}]` : name;
    if (typeof item === 'string') {
      if (item.length === 0) {
        wrongValue(validateIgnoreOption, label, item, 'must be a non-empty string');
      }
    } else if (typeof item !== 'function' && !(item instanceof RegExp)) {
      wrongType(validateIgnoreOption, label, ['string', 'RegExp', 'Function'], item);
    }
  }
}

// One link of a Link header: <target> and its parameters (RFC 8288, section 3).
const link = /^<[^>]*>(?:\s*;\s*[^;"\s]+(?:=(?:"[^"]*"|[^;"\s]*))?)*$/;

/** Early hints: the value of a Link header as a string or an array of them; returns one string. */
export function validateLinkHeaderValue(hints: any): string {
  const list = isArray(hints) ? hints : [hints];
  for (const item of list) {
    if (typeof item !== 'string' || !link.test(item)) {
      wrongValue(validateLinkHeaderValue, 'hints', item, 'must be an array or string of format "</styles.css>; rel=preload; as=style"');
    }
  }
  return list.join(', ');
}

/** A receiver made by the right class: it has this field. */
export function validateThisInternalField(object: any, field: PropertyKey, className: string): void {
  if (typeof object !== 'object' || object === null || !(field in object)) {
    throw hideFrames(new codes.ERR_INVALID_THIS(className), validateThisInternalField);
  }
}
