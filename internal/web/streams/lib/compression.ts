// CompressionStream and DecompressionStream. https://compression.spec.whatwg.org/

import { load } from 'internal:load';
import { finishClass, inspectAs, kInspect } from 'internal:web/streams/core';

/** For each format the functions of zlib that make the stream: there and back. */
const formats: Record<string, [compress: string, decompress: string]> = {
  __proto__: null,
  'deflate': ['createDeflate', 'createInflate'],
  'deflate-raw': ['createDeflateRaw', 'createInflateRaw'],
  'gzip': ['createGzip', 'createGunzip'],
  'brotli': ['createBrotliCompress', 'createBrotliDecompress'],
} as any;

/** The web pair over a zlib stream. */
function open(className: string, format: any, direction: 0 | 1): any {
  const makers = formats[format];
  if (makers === undefined) {
    const message = `Failed to construct '${className}': 1st argument '${String(format)}' is not a valid enum value of type CompressionFormat.`;
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  const module = load('node:zlib');
  // Bytes behind the end of the compressed data are an error in the standard.
  const options = direction === 1 && format !== 'brotli' ? { rejectGarbageAfterEnd: true } : undefined;
  const stream = (module.default ?? module)[makers[direction]](options);
  return load('internal:web/streams/adapters').newReadableWritablePairFromDuplex(stream);
}

function inspectPair(stream: any, depth: number, options: any, name: string): any {
  const { readable, writable } = stream;
  return inspectAs(stream, depth, options, name, { readable, writable });
}

export class CompressionStream {
  #pair: any;
  constructor(format: any) { this.#pair = open('CompressionStream', format, 0); }
  get writable(): any { return this.#pair.writable; }
  get readable(): any { return this.#pair.readable; }
  [kInspect](depth: number, options: any): any { return inspectPair(this, depth, options, 'CompressionStream'); }
}

export class DecompressionStream {
  #pair: any;
  constructor(format: any) { this.#pair = open('DecompressionStream', format, 1); }
  get writable(): any { return this.#pair.writable; }
  get readable(): any { return this.#pair.readable; }
  [kInspect](depth: number, options: any): any { return inspectPair(this, depth, options, 'DecompressionStream'); }
}

for (const streamClass of [CompressionStream, DecompressionStream]) finishClass(streamClass, streamClass.name, ['readable', 'writable']);
