// CompressionStream and DecompressionStream. https://compression.spec.whatwg.org/

import { load } from 'internal:load';
import { finishClass, inspectAs, kInspect } from 'internal:web/streams/core';

const formats = ['deflate', 'deflate-raw', 'gzip', 'brotli'];

function checkFormat(name: string, format: any): string {
  if (!formats.includes(format)) {
    const err: any = new TypeError(`Failed to construct '${name}': 1st argument '${String(format)}' is not a valid enum value of type CompressionFormat.`);
    err.code = 'ERR_INVALID_ARG_VALUE';
    throw err;
  }
  return format;
}

/** The web pair over a zlib stream. */
function pairOf(handle: any): any {
  return load('internal:web/streams/adapters').newReadableWritablePairFromDuplex(handle);
}

function zlib(): any {
  const m = load('node:zlib');
  return m.default ?? m;
}

export class CompressionStream {
  #handle: any;
  #transform: any;
  constructor(format: any) {
    format = checkFormat('CompressionStream', format);
    const z = zlib();
    this.#handle = format === 'deflate' ? z.createDeflate() :
      format === 'deflate-raw' ? z.createDeflateRaw() :
        format === 'gzip' ? z.createGzip() : z.createBrotliCompress();
    this.#transform = pairOf(this.#handle);
  }
  get readable(): any { return this.#transform.readable; }
  get writable(): any { return this.#transform.writable; }
  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, 'CompressionStream', { readable: this.#transform.readable, writable: this.#transform.writable });
  }
}
finishClass(CompressionStream, 'CompressionStream', ['readable', 'writable']);

export class DecompressionStream {
  #handle: any;
  #transform: any;
  constructor(format: any) {
    format = checkFormat('DecompressionStream', format);
    const z = zlib();
    // Bytes behind the end of the compressed data are an error in the standard.
    const options = { rejectGarbageAfterEnd: true };
    this.#handle = format === 'deflate' ? z.createInflate(options) :
      format === 'deflate-raw' ? z.createInflateRaw() :
        format === 'gzip' ? z.createGunzip(options) : z.createBrotliDecompress();
    this.#transform = pairOf(this.#handle);
  }
  get readable(): any { return this.#transform.readable; }
  get writable(): any { return this.#transform.writable; }
  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, 'DecompressionStream', { readable: this.#transform.readable, writable: this.#transform.writable });
  }
}
finishClass(DecompressionStream, 'DecompressionStream', ['readable', 'writable']);
