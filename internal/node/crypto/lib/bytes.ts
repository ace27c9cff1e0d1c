// Arguments that are bytes, and the encodings of results.
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const slice = Uint8Array.prototype.slice;

export const kMaxInt = 2 ** 31 - 1;

// Encodings that the natives write themselves.
const nativeEncodings: Record<string, number> = {
  __proto__: null as never, buffer: 0, hex: 1, base64: 2, base64url: 3, latin1: 4, binary: 4,
};

/** The native's number for an encoding, -1 for others. */
export function encodingNumber(encoding: any): number {
  if (encoding === undefined || encoding === null) return 0;
  return nativeEncodings[encoding] ?? nativeEncodings[`${encoding}`.toLowerCase()] ?? -1;
}

/** Bytes as a Buffer, or as text in an encoding; what is no encoding gives the Buffer. */
export function encode(bytes: any, encoding: any): any {
  if (encoding === undefined || encoding === null || encoding === 'buffer') return bytes;
  return Buffer.isEncoding(encoding) ? bytes.toString(encoding) : bytes;
}

export function bytesOrView(value: any, name: string, encoding?: any): any {
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding);
  if (isArrayBufferView(value) || isAnyArrayBuffer(value)) return value;
  throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
}

/** A Buffer on the memory of a view or ArrayBuffer. */
export function viewOf(value: any): any {
  return isAnyArrayBuffer(value) ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** A copy of a view's bytes, cheap for small ones. */
export function copyBytes(view: any): Uint8Array {
  return view instanceof Uint8Array ? slice.call(view) : new Uint8Array(viewOf(view));
}

/** A BigInt, a view or an ArrayBuffer as big-endian bytes. */
export function unsignedBytes(value: any, name: string): any {
  if (typeof value === 'bigint') {
    if (value < 0n) throw new codes.ERR_OUT_OF_RANGE(name, '>= 0', value);
    const text = value.toString(16);
    return Buffer.from(text.length % 2 ? `0${text}` : text, 'hex');
  }
  if (!isAnyArrayBuffer(value) && !isArrayBufferView(value)) {
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'TypedArray', 'Buffer', 'DataView', 'bigint'], value);
  }
  return viewOf(value);
}

// The ArrayBuffer of exactly these bytes.
export function toArrayBuffer(bytes: any): ArrayBuffer {
  if (bytes instanceof ArrayBuffer) return bytes;
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

const typedArray = getPrototypeOf(Uint8Array.prototype);
export const typedArrayTag = (getOwnPropertyDescriptor(typedArray, Symbol.toStringTag) as any).get as (this: any) => string | undefined;
