// TextEncoderStream and TextDecoderStream. https://encoding.spec.whatwg.org/#interface-textencoderstream

import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { finishClass, inspectAs, kInspect } from 'internal:web/streams/core';
import { TransformStream } from 'internal:web/streams/transform';

export class TextEncoderStream {
  #encoder: any;
  #transform: any;
  // The first half of a surrogate pair whose second half may be in the next chunk.
  #pendingHigh = '';

  constructor() {
    const { TextEncoder } = load('internal:web/encoding');
    this.#encoder = new TextEncoder();
    this.#transform = new TransformStream({
      transform: (chunk: any, controller: any) => {
        let text = this.#pendingHigh + `${chunk}`;
        this.#pendingHigh = '';
        if (text === '') return;
        const last = text.charCodeAt(text.length - 1);
        if (last >= 0xd800 && last <= 0xdbff) {
          this.#pendingHigh = text[text.length - 1];
          text = text.slice(0, -1);
        }
        const bytes = this.#encoder.encode(text);
        if (bytes.byteLength > 0) controller.enqueue(bytes);
      },
      flush: (controller: any) => {
        // U+FFFD
        if (this.#pendingHigh !== '') controller.enqueue(new Uint8Array([0xef, 0xbf, 0xbd]));
      },
    });
  }

  get encoding(): string { return this.#encoder.encoding; }
  get readable(): any { return this.#transform.readable; }
  get writable(): any { return this.#transform.writable; }

  [kInspect](depth: number, options: any): any {
    if (this == null || !(#transform in this)) throw new codes.ERR_INVALID_THIS('TextEncoderStream');
    return inspectAs(this, depth, options, 'TextEncoderStream', {
      encoding: this.#encoder.encoding, readable: this.#transform.readable, writable: this.#transform.writable,
    });
  }
}
finishClass(TextEncoderStream, 'TextEncoderStream', ['encoding', 'readable', 'writable']);

export class TextDecoderStream {
  #decoder: any;
  #transform: any;

  constructor(encoding: any = 'utf-8', options: any = {}) {
    const { TextDecoder } = load('internal:web/encoding');
    this.#decoder = new TextDecoder(encoding, options);
    this.#transform = new TransformStream({
      transform: (chunk: any, controller: any) => {
        // undefined would be the end for decode().
        if (chunk === undefined) throw new TypeError('The "input" argument must be an instance of ArrayBuffer or ArrayBufferView.');
        const text = this.#decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush: (controller: any) => {
        const text = this.#decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
  }

  get encoding(): string { return this.#decoder.encoding; }
  get fatal(): boolean { return this.#decoder.fatal; }
  get ignoreBOM(): boolean { return this.#decoder.ignoreBOM; }
  get readable(): any { return this.#transform.readable; }
  get writable(): any { return this.#transform.writable; }

  [kInspect](depth: number, options: any): any {
    if (this == null || !(#transform in this)) throw new codes.ERR_INVALID_THIS('TextDecoderStream');
    return inspectAs(this, depth, options, 'TextDecoderStream', {
      encoding: this.#decoder.encoding, fatal: this.#decoder.fatal, ignoreBOM: this.#decoder.ignoreBOM,
      readable: this.#transform.readable, writable: this.#transform.writable,
    });
  }
}
finishClass(TextDecoderStream, 'TextDecoderStream', ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable']);
