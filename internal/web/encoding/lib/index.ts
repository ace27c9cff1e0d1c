// internal:web/encoding: TextEncoder and TextDecoder (https://encoding.spec.whatwg.org/).
//
// UTF-8, UTF-16 and windows-1252 decode in C++ and here; every other encoding of the standard in Go, one crossing a chunk.

import { codes } from 'internal:errors';
import { validateString } from 'internal:validators';
import { load } from 'internal:load';
import {
  decodeUtf8, encodeInto as encodeIntoBytes, encodeUtf8, isAnyArrayBuffer, latin1Slice, toWellFormed, ucs2Slice, utf8Write,
} from 'native:engine';
import { decoderDecode, decoderNew, encodingName } from 'native:web/encoding';

const {
  ERR_ENCODING_INVALID_ENCODED_DATA, ERR_ENCODING_NOT_SUPPORTED, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS,
} = codes;
const { defineProperties } = Object;
const { isView } = ArrayBuffer;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const enumerable = { enumerable: true };

// --- TextEncoder -----------------------------------------------------------------------------------------------------

const short = new Uint8Array(192);
const intoResult = new Uint32Array(2);

export class TextEncoder {
  #brand = true;

  get encoding(): string {
    TextEncoder.#check(this);
    return 'utf-8';
  }

  static #check(value: any): void {
    if (typeof value !== 'object' || value === null || !(#brand in value)) throw new ERR_INVALID_THIS('TextEncoder');
  }

  /** The UTF-8 bytes of a string; lone surrogates become U+FFFD. */
  encode(input: any = ''): Uint8Array {
    TextEncoder.#check(this);
    const text = `${input}`;
    if (text.length <= 64) {
      // Short results live in V8's own heap: much cheaper than an ArrayBuffer.
      return short.slice(0, utf8Write(short, text, 0, 192));
    }
    return encodeUtf8(text);
  }

  /** Writes as many whole characters as fit; `read` counts UTF-16 units. */
  encodeInto(src: any, dest: any): { read: number; written: number } {
    TextEncoder.#check(this);
    validateString(src, 'src');
    if (!dest || !isView(dest) || (dest as any)[Symbol.toStringTag] !== 'Uint8Array') {
      throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', dest);
    }
    encodeIntoBytes(src, dest as any, intoResult);
    return { read: intoResult[0], written: intoResult[1] };
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    TextEncoder.#check(this);
    if (typeof depth === 'number' && depth < 0) return this;
    const name = Object.getPrototypeOf(this) === null ? TextEncoder : this.constructor;
    const shown: any = Object.create({ constructor: name });
    shown.encoding = this.encoding;
    return (inspect ?? load('internal:util').inspect)(shown, options);
  }
}

defineProperties(TextEncoder.prototype, {
  encode: enumerable, encodeInto: enumerable, encoding: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'TextEncoder' },
});

// --- TextDecoder -----------------------------------------------------------------------------------------------------

type Bytes = Uint8Array;

interface Decoder {
  /** undefined for malformed data, when fatal */
  decode(bytes: Bytes, flush: boolean): string | undefined;
}

function bytesOf(input: any): Bytes {
  if (isView(input)) {
    if (input instanceof Uint8Array) return input as Bytes;
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  if (isAnyArrayBuffer(input)) return new Uint8Array(input);
  throw new ERR_INVALID_ARG_TYPE('list', ['SharedArrayBuffer', 'ArrayBuffer', 'ArrayBufferView'], input);
}

/** How many bytes at the end can still become a character. */
function incomplete(bytes: Bytes): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const size = byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    if (size <= back) return 0;
    if (back > 1) {
      // Overlong forms, surrogates and what lies above U+10FFFF are malformed at their second byte.
      const second = bytes[length - back + 1];
      if ((byte === 0xe0 && second < 0xa0) || (byte === 0xed && second > 0x9f) ||
        (byte === 0xf0 && second < 0x90) || (byte === 0xf4 && second > 0x8f)) return 0;
    }
    return back;
  }
  return 0;
}

function join(held: Bytes, bytes: Bytes): Bytes {
  if (held.length === 0) return bytes;
  const joined = new Uint8Array(held.length + bytes.length);
  joined.set(held);
  joined.set(bytes, held.length);
  return joined;
}

const nothing = new Uint8Array(0);

class Utf8Decoder implements Decoder {
  declare fatal: boolean;
  declare ignoreBOM: boolean;
  held: Bytes = nothing;
  started = false;

  constructor(fatal: boolean, ignoreBOM: boolean) {
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
  }

  decode(bytes: Bytes, flush: boolean): string | undefined {
    if (flush && !this.started && this.held.length === 0) return this.#convert(bytes, this.ignoreBOM);
    bytes = join(this.held, bytes);
    this.held = nothing;
    let whole = bytes;
    if (!flush) {
      const rest = incomplete(bytes);
      if (rest > 0) {
        this.held = bytes.slice(bytes.length - rest);
        whole = bytes.subarray(0, bytes.length - rest);
      }
    }
    const text = this.#convert(whole, this.ignoreBOM || this.started);
    if (flush || text === undefined) {
      this.started = false;
      this.held = nothing;
    } else if (whole.length > 0) {
      this.started = true;
    }
    return text;
  }

  #convert(bytes: Bytes, ignoreBOM: boolean): string | undefined {
    if (!this.fatal) return decodeUtf8(bytes, ignoreBOM, false);
    try {
      return decodeUtf8(bytes, ignoreBOM, true);
    } catch (error: any) {
      if (error?.code === 'ERR_STRING_TOO_LONG') throw error;
      return undefined;
    }
  }
}

class Utf16Decoder implements Decoder {
  declare fatal: boolean;
  declare ignoreBOM: boolean;
  declare bigEndian: boolean;
  held: Bytes = nothing;
  started = false;

  constructor(fatal: boolean, ignoreBOM: boolean, bigEndian: boolean) {
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
    this.bigEndian = bigEndian;
  }

  decode(bytes: Bytes, flush: boolean): string | undefined {
    bytes = join(this.held, bytes);
    this.held = nothing;
    let end = bytes.length & ~1;
    if (!flush && end >= 2 && (bytes[this.bigEndian ? end - 2 : end - 1] & 0xfc) === 0xd8) end -= 2;
    const odd = flush && end !== bytes.length;
    if (!flush) this.held = bytes.slice(end);
    let units = bytes;
    if (this.bigEndian) {
      units = bytes.slice(0, end);
      for (let i = 0; i + 1 < end; i += 2) {
        const high = units[i];
        units[i] = units[i + 1];
        units[i + 1] = high;
      }
    }
    let text = ucs2Slice(units, 0, end);
    if (!this.started && end > 0) {
      if (!this.ignoreBOM && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.started = true;
    }
    if (flush) this.started = false;
    if (odd || !text.isWellFormed()) {
      if (this.fatal) {
        this.held = nothing;
        this.started = false;
        return undefined;
      }
      text = toWellFormed(text) + (odd ? '\ufffd' : '');
    }
    return text;
  }
}

// windows-1252 differs from ISO 8859-1 in these 32 characters.
const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

class Windows1252Decoder implements Decoder {
  decode(bytes: Bytes): string {
    const text = latin1Slice(bytes, 0, bytes.length);
    return /[\x80-\x9f]/.test(text) ? text.replace(/[\x80-\x9f]/g, (char: string) => WINDOWS_1252[char.charCodeAt(0) - 0x80]) : text;
  }
}

class UserDefinedDecoder implements Decoder {
  decode(bytes: Bytes): string {
    return latin1Slice(bytes, 0, bytes.length).replace(/[\x80-\xff]/g, (char: string) => String.fromCharCode(0xf700 + char.charCodeAt(0)));
  }
}

class LegacyDecoder implements Decoder {
  declare handle: object;

  constructor(name: string, fatal: boolean) {
    this.handle = decoderNew(name, fatal)!;
  }

  decode(bytes: Bytes, flush: boolean): string | undefined {
    return decoderDecode(this.handle, bytes, flush);
  }
}

/** The standard's name of a label, in lower case; undefined for an unknown one. */
export function nameOfLabel(label: string): string | undefined {
  switch (label) {
    case 'utf-8': case 'utf8': return 'utf-8';
    case 'utf-16le': case 'utf-16': return 'utf-16le';
    case 'latin1': case 'ascii': case 'iso-8859-1': case 'windows-1252': return 'windows-1252';
  }
  const trimmed = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  if (trimmed === 'x-user-defined') return trimmed;
  if (/[^\x21-\x7e]/.test(trimmed)) return undefined; // other spaces must not be forgiven
  return encodingName(trimmed) || undefined;
}

function decoderFor(name: string, fatal: boolean, ignoreBOM: boolean): Decoder {
  switch (name) {
    case 'utf-8': return new Utf8Decoder(fatal, ignoreBOM);
    case 'utf-16le': return new Utf16Decoder(fatal, ignoreBOM, false);
    case 'utf-16be': return new Utf16Decoder(fatal, ignoreBOM, true);
    case 'windows-1252': return new Windows1252Decoder();
    case 'x-user-defined': return new UserDefinedDecoder();
  }
  return new LegacyDecoder(name, fatal);
}

function checkOptions(options: any): void {
  if (options !== null && typeof options !== 'object' && typeof options !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options', 'object', options);
  }
}

export class TextDecoder {
  #encoding: string;
  #fatal: boolean;
  #ignoreBOM: boolean;
  #decoder: Decoder;

  constructor(encoding: any = 'utf-8', options: any = undefined) {
    encoding = `${encoding}`;
    if (options !== undefined) checkOptions(options);
    const name = nameOfLabel(encoding);
    if (name === undefined) throw new ERR_ENCODING_NOT_SUPPORTED(encoding);
    this.#encoding = name;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
    this.#decoder = decoderFor(name, this.#fatal, this.#ignoreBOM);
  }

  static #check(value: any): void {
    if (typeof value !== 'object' || value === null || !(#decoder in value)) throw new ERR_INVALID_THIS('TextDecoder');
  }

  /** @param options `stream`: more will follow, so an unfinished character is kept */
  decode(input: any = undefined, options: any = undefined): string {
    TextDecoder.#check(this);
    const bytes = input === undefined ? nothing : bytesOf(input);
    if (options !== undefined) checkOptions(options);
    const text = this.#decoder.decode(bytes, !options?.stream);
    if (text === undefined) throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding, undefined);
    return text;
  }

  get encoding(): string {
    TextDecoder.#check(this);
    return this.#encoding;
  }

  get fatal(): boolean {
    TextDecoder.#check(this);
    return this.#fatal;
  }

  get ignoreBOM(): boolean {
    TextDecoder.#check(this);
    return this.#ignoreBOM;
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    TextDecoder.#check(this);
    if (typeof depth === 'number' && depth < 0) return options.stylize?.('[TextDecoder]', 'special') ?? '[TextDecoder]';
    const shown = { encoding: this.encoding, fatal: this.fatal, ignoreBOM: this.ignoreBOM };
    return `${this.constructor?.name ?? 'TextDecoder'} ${(inspect ?? load('internal:util').inspect)(shown, options)}`;
  }
}

defineProperties(TextDecoder.prototype, {
  decode: enumerable, encoding: enumerable, fatal: enumerable, ignoreBOM: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'TextDecoder' },
});
