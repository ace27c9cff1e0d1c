// Conversion of arguments, as Web IDL has it. https://webidl.spec.whatwg.org/#es-type-mapping
import { Buffer } from 'internal:buffer';
import { isArrayBuffer, isArrayBufferView, isSharedArrayBuffer, isUint8Array } from 'internal:util/types';
import { isCryptoKey } from 'internal:crypto/cryptokey';
import { viewOf } from 'internal:crypto/bytes';
import { wrongArgument } from 'internal:crypto/webcrypto/errors';

const { trunc } = Math;

/** Where a value stands: "Failed to execute 'sign' on 'SubtleCrypto': 3rd argument". */
export function argumentOf(method: string, position: string): string {
  return `Failed to execute '${method}' on 'SubtleCrypto': ${position} argument`;
}

/** A member of an algorithm: "Failed to normalize algorithm: iv in passed algorithm". */
export function memberOf(name: string): string {
  return `Failed to normalize algorithm: ${name} in passed algorithm`;
}

/** A copy of a BufferSource. */
export function bytesOf(value: any, where: string): any {
  if (isArrayBufferView(value)) {
    if (isSharedArrayBuffer(value.buffer)) throw wrongArgument(`${where} is a view on a SharedArrayBuffer, which is not allowed.`);
  } else if (!isArrayBuffer(value)) {
    throw wrongArgument(`${where} is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
  }
  return Buffer.from(viewOf(value));
}

/** [EnforceRange] of an unsigned integer. */
export function unsigned(value: any, where: string, max: number): number {
  const n = +value;
  if (n !== n || n === Infinity || n === -Infinity) throw wrongArgument(`${where} is not a finite number.`);
  const whole = trunc(n);
  if (whole < 0 || whole > max) throw wrongArgument(`${where} is outside the expected range of 0 to ${max}.`, 'ERR_OUT_OF_RANGE');
  return whole === 0 ? 0 : whole;
}

/** A BigInteger: a Uint8Array, copied. */
export function bigInteger(value: any, where: string): Uint8Array {
  if (!isUint8Array(value)) throw wrongArgument(`${where} is not an Uint8Array object.`);
  return new Uint8Array(value);
}

export function cryptoKey(value: any, where: string): any {
  if (!isCryptoKey(value)) throw wrongArgument(`${where} is not of type CryptoKey.`);
  return value;
}

export function arity(method: string, given: number, needed: number): void {
  if (given < needed) {
    throw wrongArgument(`Failed to execute '${method}' on 'SubtleCrypto': ${needed} arguments required, but only ${given} present.`, 'ERR_MISSING_ARGS');
  }
}

const allUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey', 'encapsulateKey', 'encapsulateBits',
  'decapsulateKey', 'decapsulateBits'];

/** A sequence of KeyUsage, each once, in a fixed order. */
export function usagesOf(value: any, where: string): string[] {
  if (typeof value !== 'object' || value === null || typeof value[Symbol.iterator] !== 'function') {
    throw wrongArgument(`${where} can not be converted to sequence.`);
  }
  const given = new Set<string>();
  for (const entry of value) {
    const usage = `${entry}`;
    if (!allUsages.includes(usage)) throw wrongArgument(`${where} value '${usage}' is not a valid enum value of type KeyUsage.`, 'ERR_INVALID_ARG_VALUE');
    given.add(usage);
  }
  return allUsages.filter((usage) => given.has(usage));
}

const formats = ['raw', 'pkcs8', 'spki', 'jwk', 'raw-public', 'raw-secret', 'raw-seed'];

export function keyFormat(value: any, where: string): string {
  const text = `${value}`;
  if (!formats.includes(text)) throw wrongArgument(`${where} value '${text}' is not a valid enum value of type KeyFormat.`, 'ERR_INVALID_ARG_VALUE');
  return text;
}
