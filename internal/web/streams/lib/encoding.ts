// TextEncoderStream and TextDecoderStream. https://encoding.spec.whatwg.org/#interface-textencoderstream

import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { finishClass, inspectAs, kInspect } from 'internal:web/streams/core';
import { TransformStream } from 'internal:web/streams/transform';

/** Cuts text between surrogate pairs: a first half at the end waits for the next chunk. */
class WholeCharacters {
  #kept = '';

  next(chunk: any): string {
    const text = this.#kept + `${chunk}`;
    const last = text.charCodeAt(text.length - 1);
    const cut = last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length;
    this.#kept = text.slice(cut);
    return text.slice(0, cut);
  }

  /** What has no second half. */
  rest(): string {
    return this.#kept;
  }
}

/** A transformer over two functions; results that are empty aren't given on. */
function coding(transform: (chunk: any) => any, flush: () => any): any {
  const give = (result: any, controller: any) => {
    if (result.length > 0) controller.enqueue(result);
  };
  return new TransformStream({
    transform: (chunk: any, controller: any) => give(transform(chunk), controller),
    flush: (controller: any) => give(flush(), controller),
  });
}

/**
 * Gives a class its getters and its inspection: what the coder knows (`names`), and the two streams.
 * `partsOf` gives [coder, stream] of an instance, undefined for anything else.
 */
function finish(streamClass: any, names: string[], partsOf: (o: any) => [any, any] | undefined): void {
  const { name: className, prototype } = streamClass;
  const parts = (o: any): [any, any] => {
    const found = partsOf(o);
    if (found === undefined) throw new codes.ERR_INVALID_THIS(className);
    return found;
  };
  const all = [...names, 'readable', 'writable'];
  const valueOf = (o: any, name: string): any => parts(o)[names.includes(name) ? 0 : 1][name];
  for (const name of all) {
    const { get } = { get(this: any) { return valueOf(this, name); } };
    Object.defineProperty(get, 'name', { value: `get ${name}` });
    Object.defineProperty(prototype, name, { get, configurable: true });
  }
  prototype[kInspect] = function(this: any, depth: number, options: any): any {
    return inspectAs(this, depth, options, className, Object.fromEntries(all.map((name) => [name, valueOf(this, name)])));
  };
  finishClass(streamClass, className, all);
}

function isObject(o: any): boolean {
  return typeof o === 'object' && o !== null;
}

export class TextEncoderStream {
  #parts: [any, any];

  constructor() {
    const text = new WholeCharacters();
    const encoder = new (load('internal:web/encoding').TextEncoder)();
    // Encoded alone, half a pair becomes U+FFFD.
    this.#parts = [encoder, coding((chunk) => encoder.encode(text.next(chunk)), () => encoder.encode(text.rest()))];
  }

  static {
    finish(this, ['encoding'], (o) => (isObject(o) && #parts in o ? o.#parts : undefined));
  }
}

export class TextDecoderStream {
  #parts: [any, any];

  constructor(encoding: any = 'utf-8', options: any = {}) {
    const decoder = new (load('internal:web/encoding').TextDecoder)(encoding, options);
    const decode = (chunk: any) => {
      // undefined would be the end for decode().
      if (chunk === undefined) throw new TypeError('The "input" argument must be an instance of ArrayBuffer or ArrayBufferView.');
      return decoder.decode(chunk, { stream: true });
    };
    this.#parts = [decoder, coding(decode, () => decoder.decode())];
  }

  static {
    finish(this, ['encoding', 'fatal', 'ignoreBOM'], (o) => (isObject(o) && #parts in o ? o.#parts : undefined));
  }
}
