// internal:web/blob: Blob, File and object URLs (https://w3c.github.io/FileAPI/).
//
// A blob is a list of pieces that nobody changes any more: bytes that were copied when the blob was made, or ranges of a source
// that is read later (fs.openAsBlob). Slices share the pieces.

import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { encodeUtf8, isAnyArrayBuffer, toWellFormed, utf8Slice } from 'native:engine';
import { randomUUID } from 'native:web/blob';

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS } = codes;
const { defineProperties } = Object;
const { isView } = ArrayBuffer;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const enumerable = { enumerable: true };

/** Bytes that are read when they are asked for, such as a file's. */
export interface BlobSource {
  /** Reads [start, end); rejects when the source changed since. */
  read(start: number, end: number): Promise<Uint8Array>;
}

interface Piece {
  bytes: Uint8Array | undefined;
  source: BlobSource | undefined;
  start: number;
  end: number;
}

const CHUNK = 65536;
const kPieces = Symbol('pieces');

function pieceOfBytes(bytes: Uint8Array): Piece {
  return { bytes, source: undefined, start: 0, end: bytes.byteLength };
}

function sizeOf(pieces: Piece[]): number {
  let size = 0;
  for (const piece of pieces) size += piece.end - piece.start;
  return size;
}

/** The pieces of [start, end). */
function cut(pieces: Piece[], start: number, end: number): Piece[] {
  const out: Piece[] = [];
  let position = 0;
  for (const piece of pieces) {
    const length = piece.end - piece.start;
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, length);
    if (from < to) out.push({ bytes: piece.bytes, source: piece.source, start: piece.start + from, end: piece.start + to });
    position += length;
  }
  return out;
}

async function readAll(pieces: Piece[]): Promise<Uint8Array> {
  const all = new Uint8Array(sizeOf(pieces));
  let position = 0;
  for (const piece of pieces) {
    const part = piece.bytes !== undefined ? piece.bytes.subarray(piece.start, piece.end) : await piece.source!.read(piece.start, piece.end);
    all.set(part, position);
    position += part.byteLength;
  }
  return all;
}

function typeOf(type: any): string {
  type = `${type}`;
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

function convertEndings(text: string): string {
  return text.replace(/\r\n|\r/g, '\n');
}

function dictionary(options: any): void {
  if (options !== undefined && options !== null && typeof options !== 'object' && typeof options !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options', 'a dictionary', options);
  }
}

let piecesOf: (blob: any) => Piece[];
let hasPieces: (value: any) => boolean;

/** Whether a value is a Blob of this class. */
export function isBlob(value: any): boolean {
  return typeof value === 'object' && value !== null && hasPieces(value);
}

export class Blob {
  #pieces: Piece[];
  #size: number;
  #type: string;

  static {
    piecesOf = (blob) => blob.#pieces;
    hasPieces = (value) => #pieces in value;
  }

  /**
   * @param sources a sequence of strings, buffers and blobs
   * @param options `type`, and `endings`: 'transparent' or 'native'
   */
  constructor(sources: any = [], options: any = undefined) {
    if (sources === kPieces) {
      this.#pieces = options.pieces;
      this.#size = sizeOf(options.pieces);
      this.#type = options.type;
      return;
    }
    if (sources === null || sources === undefined || (typeof sources !== 'object' && typeof sources !== 'function') ||
      typeof sources[Symbol.iterator] !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('sources', 'a sequence', sources);
    }
    dictionary(options);
    let endings = 'transparent';
    let type = '';
    if (options !== undefined && options !== null) {
      if (options.endings !== undefined) {
        endings = `${options.endings}`;
        if (endings !== 'transparent' && endings !== 'native') throw new ERR_INVALID_ARG_VALUE('options.endings', options.endings);
      }
      if (options.type !== undefined) type = options.type;
    }
    const pieces: Piece[] = [];
    for (const source of sources) {
      if (isAnyArrayBuffer(source)) {
        pieces.push(pieceOfBytes(new Uint8Array(source).slice()));
      } else if (isView(source)) {
        pieces.push(pieceOfBytes(new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()));
      } else if (isBlob(source)) {
        pieces.push(...piecesOf(source));
      } else {
        let text = `${source}`;
        if (endings === 'native') text = convertEndings(text);
        pieces.push(pieceOfBytes(encodeUtf8(text)));
      }
    }
    this.#pieces = pieces.filter((piece) => piece.end > piece.start);
    this.#size = sizeOf(this.#pieces);
    this.#type = typeOf(type);
  }

  static #check(value: any): void {
    if (!isBlob(value)) throw new ERR_INVALID_THIS('Blob');
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    Blob.#check(this);
    if (typeof depth === 'number' && depth < 0) return '[Blob]';
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `Blob ${(inspect ?? load('internal:util').inspect)({ size: this.#size, type: this.#type }, inner)}`;
  }

  get type(): string {
    Blob.#check(this);
    return this.#type;
  }

  /** In bytes. */
  get size(): number {
    Blob.#check(this);
    return this.#size;
  }

  /** A blob of the bytes [start, end); negative positions count from the end. */
  slice(start: any = 0, end: any = undefined, contentType: any = ''): Blob {
    Blob.#check(this);
    const size = this.#size;
    const clamp = (value: any) => {
      const number = Math.trunc(+value) || 0;
      return number < 0 ? Math.max(size + number, 0) : Math.min(number, size);
    };
    const from = clamp(start);
    const to = end === undefined ? size : clamp(end);
    return blobOf(cut(this.#pieces, from, Math.max(from, to)), typeOf(contentType));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    Blob.#check(this);
    return (await readAll(this.#pieces)).buffer as ArrayBuffer;
  }

  async text(): Promise<string> {
    Blob.#check(this);
    const bytes = await readAll(this.#pieces);
    // "UTF-8 decode" takes a byte order mark away.
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    return utf8Slice(bytes, start, bytes.length);
  }

  async bytes(): Promise<Uint8Array> {
    Blob.#check(this);
    return readAll(this.#pieces);
  }

  /** A byte stream of the contents, in chunks of at most 64 KiB. */
  stream(): any {
    Blob.#check(this);
    const { ReadableStream } = load('internal:web/streams');
    const pieces = this.#pieces;
    let index = 0;
    let offset = 0;
    return new ReadableStream({
      type: 'bytes',
      async pull(controller: any) {
        if (index === pieces.length) {
          controller.close();
          // A waiting reader with a buffer of its own gets it back.
          controller.byobRequest?.respond(0);
          return;
        }
        const piece = pieces[index];
        const start = piece.start + offset;
        const end = Math.min(start + CHUNK, piece.end);
        if (end === piece.end) {
          index++;
          offset = 0;
        } else {
          offset += end - start;
        }
        const chunk = piece.bytes !== undefined ? piece.bytes.slice(start, end) : await piece.source!.read(start, end);
        controller.enqueue(chunk);
      },
    }, { highWaterMark: 0 });
  }
}

function blobOf(pieces: Piece[], type: string): Blob {
  return new Blob(kPieces, { pieces, type });
}

/** A blob over a source that is read when its bytes are asked for. */
export function blobFromSource(source: BlobSource, size: number, type: any): Blob {
  return blobOf(size === 0 ? [] : [{ bytes: undefined, source, start: 0, end: size }], typeOf(type));
}

/** What a blob is made of, for the structured clone; undefined when it reads from a file, which isn't cloneable. */
export function blobParts(blob: Blob): { type: string; parts: Uint8Array[] } | undefined {
  const pieces = piecesOf(blob);
  if (pieces.some((piece) => piece.bytes === undefined)) return undefined;
  return { type: blob.type, parts: pieces.map((piece) => piece.bytes!.subarray(piece.start, piece.end)) };
}

defineProperties(Blob.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'Blob' },
  size: enumerable, type: enumerable, slice: enumerable, stream: enumerable, text: enumerable, arrayBuffer: enumerable, bytes: enumerable,
});

export class File extends Blob {
  #name: string;
  #lastModified: number;

  /** @param options those of Blob, and `lastModified` in milliseconds since 1970 */
  constructor(fileBits: any, fileName: any, options: any = undefined) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('fileBits', 'fileName');
    super(fileBits, options);
    let lastModified = options?.lastModified;
    if (lastModified !== undefined) {
      // WebIDL's conversion to a long long: 64 bits, wrapped.
      lastModified = Number(BigInt.asIntN(64, BigInt(Math.trunc(finite(+lastModified)))));
    } else {
      lastModified = Date.now();
    }
    this.#name = toWellFormed(`${fileName}`);
    this.#lastModified = lastModified;
  }

  static #check(value: any): void {
    if (typeof value !== 'object' || value === null || !(#name in value)) throw new ERR_INVALID_THIS('File');
  }

  get name(): string {
    File.#check(this);
    return this.#name;
  }

  get lastModified(): number {
    File.#check(this);
    return this.#lastModified;
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    File.#check(this);
    if (typeof depth === 'number' && depth < 0) return '[File]';
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const shown = { size: this.size, type: this.type, name: this.#name, lastModified: this.#lastModified };
    return `File ${(inspect ?? load('internal:util').inspect)(shown, inner)}`;
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

defineProperties(File.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'File' },
  name: enumerable, lastModified: enumerable,
});

// The structured clone of a blob: see internal:web/message/clone.
defineProperties(Blob.prototype, {
  [Symbol.for('roost.clone')]: {
    value(this: any) {
      const parts = blobParts(this);
      if (parts === undefined) {
        throw new (load('internal:web/domexception').DOMException)('Blob that reads from a file could not be cloned.', 'DataCloneError');
      }
      const isFile = this instanceof File;
      return ['internal:web/message/clone', 'makeBlob',
        { parts: parts.parts, type: parts.type, file: isFile, name: isFile ? this.name : '', lastModified: isFile ? this.lastModified : 0 }];
    },
  },
});

// --- object URLs -----------------------------------------------------------------------------------------------------

const PREFIX = 'blob:nodedata:';
const store = new Map<string, Blob>();

/** URL.createObjectURL: a URL that names the blob until it is revoked. */
export function createObjectURL(blob: any): string {
  if (!isBlob(blob)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', blob);
  const id = randomUUID();
  store.set(id, blob);
  return PREFIX + id;
}

/** URL.revokeObjectURL */
export function revokeObjectURL(url: string): void {
  if (url.startsWith(PREFIX)) store.delete(url.slice(PREFIX.length));
}

/** The blob of an object URL; undefined for any other URL. */
export function resolveObjectURL(url: any): Blob | undefined {
  url = `${url}`;
  if (!url.startsWith(PREFIX)) return undefined;
  const blob = store.get(url.slice(PREFIX.length));
  return blob === undefined ? undefined : blobOf(piecesOf(blob), blob.type);
}
