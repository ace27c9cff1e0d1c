// internal:stringdecoder: decodes chunks of bytes without splitting characters between them.
//
// Bytes of a character that isn't complete wait in the state until the next chunk, which is decoded together with them.

import { Buffer, FastBuffer, normalizeEncoding } from 'internal:buffer';
import { codes } from 'internal:errors';
import { base64Slice, base64urlSlice, latin1Slice, asciiSlice, hexSlice, ucs2Slice, utf8Slice } from 'native:engine';

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_UNKNOWN_ENCODING } = codes;
const { defineProperties } = Object;
const { isView } = ArrayBuffer;

type Kind = 'utf8' | 'utf16le' | 'base64' | 'base64url' | 'ascii' | 'latin1' | 'hex';

interface State {
  kind: Kind;
  held: FastBuffer;
  /** bytes that are held */
  count: number;
  /** bytes that the held character still needs */
  need: number;
}

const kState = Symbol('state');

/** How many bytes at the end of the chunk are the beginning of a UTF-8 character, and how many it lacks. */
function incompleteUtf8(bytes: Uint8Array): [held: number, need: number] {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) return [0, 0];
    if (byte < 0xc0) continue; // a continuation: its lead is further back
    const size = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : 0;
    if (size <= back) return [0, 0];
    return [back, size - back];
  }
  return [0, 0];
}

function incompleteUtf16(bytes: Uint8Array, continued: boolean): [held: number, need: number] {
  const { length } = bytes;
  const odd = length % 2;
  // A high surrogate waits for its other half; with half of that half only when its own character was held already.
  const high = length - odd - 1;
  if ((odd === 0 || (continued && length === 3)) && high > 0 && (bytes[high] & 0xfc) === 0xd8) return [2 + odd, 2 - odd];
  return [odd, odd];
}

function slice(kind: Kind, bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return '';
  switch (kind) {
    case 'utf8': return utf8Slice(bytes, start, end);
    case 'utf16le': return ucs2Slice(bytes, start, end);
    case 'base64': return base64Slice(bytes, start, end);
    case 'base64url': return base64urlSlice(bytes, start, end);
    case 'ascii': return asciiSlice(bytes, start, end);
    case 'latin1': return latin1Slice(bytes, start, end);
    default: return hexSlice(bytes, start, end);
  }
}

function decode(state: State, bytes: Uint8Array): string {
  const { kind } = state;
  if (kind === 'ascii' || kind === 'latin1' || kind === 'hex') return slice(kind, bytes, 0, bytes.length);
  if (bytes.length === 0) return '';
  const continued = state.count > 0;
  if (continued) {
    const joined = new FastBuffer(state.count + bytes.length);
    for (let i = 0; i < state.count; i++) joined[i] = state.held[i];
    joined.set(bytes, state.count);
    bytes = joined;
  }
  let held: number;
  let need: number;
  if (kind === 'utf8') {
    [held, need] = incompleteUtf8(bytes);
  } else if (kind === 'utf16le') {
    [held, need] = incompleteUtf16(bytes, continued);
  } else {
    held = bytes.length % 3;
    need = held === 0 ? 0 : 3 - held;
  }
  const end = bytes.length - held;
  for (let i = 0; i < held; i++) state.held[i] = bytes[end + i];
  state.count = held;
  state.need = need;
  return slice(kind, bytes, 0, end);
}

function flush(state: State): string {
  if (state.count === 0) return '';
  const { kind, count, held } = state;
  state.count = 0;
  state.need = 0;
  return slice(kind, held, 0, kind === 'utf16le' ? count & ~1 : count);
}

/**
 * @param encoding an encoding of Buffer; 'utf8' by default
 */
export function StringDecoder(this: any, encoding?: any): void {
  const name = normalizeEncoding(encoding);
  if (name === undefined || (encoding !== undefined && encoding !== null && typeof encoding !== 'string')) {
    throw new ERR_UNKNOWN_ENCODING(encoding);
  }
  this.encoding = name;
  this[kState] = { kind: name as Kind, held: new FastBuffer(4), count: 0, need: 0 };
}

function stateOf(decoder: any): State {
  const state = decoder?.[kState];
  if (state === undefined) throw new ERR_INVALID_THIS('StringDecoder');
  return state;
}

/** Decodes a chunk; the bytes of an unfinished character are kept for the next one. */
StringDecoder.prototype.write = function write(chunk: any): string {
  if (typeof chunk === 'string') return chunk;
  if (!isView(chunk)) throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
  const state = stateOf(this);
  const bytes: any = chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return decode(state, bytes);
};

/** Decodes a last chunk and what is left over; the decoder can be used again. */
StringDecoder.prototype.end = function end(chunk: any): string {
  const text = chunk === undefined ? '' : this.write(chunk);
  const state = stateOf(this);
  return state.count > 0 ? text + flush(state) : text;
};

/** Undocumented: decodes from an offset, forgetting what was left over. */
StringDecoder.prototype.text = function text(chunk: any, offset: any): string {
  const state = stateOf(this);
  state.count = 0;
  state.need = 0;
  return this.write(chunk.slice(offset));
};

defineProperties(StringDecoder.prototype, {
  lastChar: {
    configurable: true, enumerable: true,
    get(this: any) { return Buffer.from(stateOf(this).held.buffer, stateOf(this).held.byteOffset, 4); },
  },
  lastNeed: { configurable: true, enumerable: true, get(this: any) { return stateOf(this).need; } },
  lastTotal: {
    configurable: true, enumerable: true,
    get(this: any) { const state = stateOf(this); return state.count + state.need; },
  },
});
