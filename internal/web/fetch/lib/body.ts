// Bodies of requests and responses. https://fetch.spec.whatwg.org/#bodies
//
// A body is bytes, pieces that come one by one, or a stream of the user's. The ReadableStream that `body` shows is made when somebody asks
// for it: reading all of a body at once, as json() does, needs none.
import { encodeUtf8, isAnyArrayBuffer, utf8Slice } from 'native:engine';
import { load } from 'internal:load';
import { Blob, isBlob } from 'internal:web/blob';
import { formDataOf, isFormData } from 'internal:web/fetch/formdata';
import { illegalInvocation } from 'internal:web/fetch/webidl';

const { isView } = ArrayBuffer;
const { defineProperty } = Object;
const kIsDisturbed = Symbol.for('nodejs.stream.disturbed');

/** Where pieces come from. */
export interface Pieces {
  /** The next one; null at the end. What it throws or rejects with becomes the stream's error. */
  next(): Uint8Array | null | Promise<Uint8Array | null>;
  cancel(reason: any): void;
}

/** https://fetch.spec.whatwg.org/#concept-body */
export class Body {
  /** What the body was made from, so that it can be sent again after a redirect; null for a stream. */
  source: any = null;
  length: number | null = null;
  /** Nobody changes these bytes: they are copied on the way out. */
  bytes: Uint8Array | undefined;
  pieces: Pieces | undefined;
  controller: any;
  #stream: any;
  #used = false;

  static ofBytes(bytes: Uint8Array, source: any): Body {
    const body = new Body();
    body.bytes = bytes;
    body.source = source;
    body.length = bytes.byteLength;
    return body;
  }
  static ofPieces(pieces: Pieces, source: any, length: number | null): Body {
    const body = new Body();
    body.pieces = pieces;
    body.source = source;
    body.length = length;
    return body;
  }
  static ofStream(stream: any): Body {
    const body = new Body();
    body.#stream = stream;
    return body;
  }

  get hasStream(): boolean {
    return this.#stream !== undefined;
  }

  /** The stream; made on demand. */
  get stream(): any {
    if (this.#stream === undefined) {
      const { ReadableStream } = load('internal:web/streams');
      if (this.#used) {
        this.#stream = new ReadableStream({ type: 'bytes', start(controller: any) { controller.close(); } });
        this.#stream.getReader().read();
      } else {
        this.#stream = new ReadableStream({
          type: 'bytes',
          start: (controller: any) => { this.controller = controller; },
          pull: async (controller: any) => {
            let chunk: Uint8Array | null;
            if (this.bytes !== undefined) {
              chunk = this.bytes.byteLength === 0 ? null : this.bytes.slice();
              this.bytes = EMPTY;
            } else {
              chunk = await this.pieces!.next();
              while (chunk !== null && chunk.byteLength === 0) chunk = await this.pieces!.next();
            }
            if (chunk !== null) {
              controller.enqueue(chunk);
              return;
            }
            controller.close();
            controller.byobRequest?.respond(0);
          },
          cancel: (reason: any) => this.pieces?.cancel(reason),
        }, { highWaterMark: 0 });
      }
    }
    return this.#stream;
  }

  /** Read from, in part or whole. */
  get disturbed(): boolean {
    return this.#stream === undefined ? this.#used : this.#stream[kIsDisturbed] === true;
  }
  /** https://fetch.spec.whatwg.org/#body-unusable */
  get unusable(): boolean {
    return this.#stream === undefined ? this.#used : this.#stream[kIsDisturbed] === true || this.#stream.locked;
  }

  /** Stops what feeds the body, with the error that its readers get. */
  fail(reason: any): void {
    if (this.controller !== undefined) {
      try {
        this.controller.error(reason);
      } catch {
        // It is over already.
      }
    }
  }

  /** https://fetch.spec.whatwg.org/#concept-body-clone */
  clone(): Body {
    const other = new Body();
    other.source = this.source;
    other.length = this.length;
    if (this.#stream === undefined && this.bytes !== undefined) {
      other.bytes = this.bytes;
      return other;
    }
    const [first, second] = load('internal:web/streams/readable').readableTee(this.stream, true);
    this.#stream = first;
    other.#stream = second;
    return other;
  }

  /** Gives the body to another owner; this one counts as read. */
  move(): Body {
    const other = new Body();
    other.source = this.source;
    other.length = this.length;
    other.bytes = this.bytes;
    other.pieces = this.pieces;
    if (this.#stream !== undefined) {
      const reader = this.#stream.getReader();
      other.pieces = {
        async next() {
          const { value, done } = await reader.read();
          return done ? null : toBytes(value);
        },
        cancel(reason: any) { reader.cancel(reason).catch(() => {}); },
      };
      other.bytes = undefined;
    } else {
      this.#used = true;
      other.controller = this.controller;
    }
    return other;
  }

  /** All bytes. The array belongs to the caller. */
  async readAll(): Promise<Uint8Array> {
    if (this.#stream === undefined) {
      this.#used = true;
      if (this.bytes !== undefined) return this.bytes.slice();
      const { pieces } = this;
      let first: Uint8Array | null = null;
      let more: Uint8Array[] | undefined;
      let size = 0;
      for (;;) {
        const next = pieces!.next();
        const chunk = next instanceof Promise ? await next : next;
        if (chunk === null) break;
        size += chunk.byteLength;
        if (first === null) first = chunk;
        else (more ??= [first]).push(chunk);
      }
      return more === undefined ? first ?? new Uint8Array(0) : joined(more, size);
    }
    const reader = this.#stream.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return chunks.length === 1 && chunks[0].byteLength === chunks[0].buffer.byteLength ? chunks[0] : joined(chunks, size);
      if (!(value instanceof Uint8Array)) {
        const err = new TypeError('Received non-Uint8Array chunk');
        reader.cancel(err).catch(() => {});
        throw err;
      }
      chunks.push(value);
      size += value.byteLength;
    }
  }
}

const EMPTY = new Uint8Array(0);

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

/** A piece that a user's stream gave, as bytes to send. */
export function toBytes(chunk: any): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return encodeUtf8(chunk);
  if (isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  throw new TypeError('Received non-Uint8Array chunk');
}

/** The bytes of a list of bytes and blobs, one piece at a time. */
function piecesOfList(list: any[]): Pieces {
  let index = 0;
  let reader: any;
  return {
    async next() {
      for (;;) {
        if (reader !== undefined) {
          const { value, done } = await reader.read();
          if (!done) return value;
          reader = undefined;
          index++;
        }
        if (index === list.length) return null;
        const item = list[index];
        if (isBlob(item)) {
          reader = item.stream().getReader();
        } else {
          index++;
          return item.slice();
        }
      }
    },
    cancel() {
      index = list.length;
      reader?.cancel().catch(() => {});
      reader = undefined;
    },
  };
}

/** https://fetch.spec.whatwg.org/#concept-bodyinit-extract */
export function extractBody(object: any, keepalive = false): [Body, string | null] {
  if (object !== null && typeof object === 'object' || typeof object === 'function') {
    const { isReadableStream } = load('internal:web/streams');
    if (isReadableStream(object)) {
      if (keepalive) throw new TypeError('keepalive');
      if (object[kIsDisturbed] === true || object.locked) throw new TypeError('Response body object should not be disturbed or locked');
      return [Body.ofStream(object), null];
    }
    if (object instanceof load('internal:url').URLSearchParams) {
      const text = object.toString();
      return [Body.ofBytes(encodeUtf8(text), text), 'application/x-www-form-urlencoded;charset=UTF-8'];
    }
    if (isAnyArrayBuffer(object)) {
      const bytes = new Uint8Array(object).slice();
      return [Body.ofBytes(bytes, bytes), null];
    }
    if (isView(object)) {
      const bytes = new Uint8Array(object.buffer, object.byteOffset, object.byteLength).slice();
      return [Body.ofBytes(bytes, bytes), null];
    }
    if (isFormData(object)) {
      const { encodeForm, makeBoundary } = load('internal:web/fetch/multipart');
      const boundary = makeBoundary();
      const { pieces, length } = encodeForm(object, boundary);
      const type = `multipart/form-data; boundary=${boundary}`;
      if (pieces.every((piece: any) => !isBlob(piece))) return [Body.ofBytes(joined(pieces, length), object), type];
      const body = Body.ofPieces(piecesOfList(pieces), object, length);
      return [body, type];
    }
    if (isBlob(object)) return [Body.ofPieces(piecesOfList([object]), object, object.size), object.type || null];
    if (typeof object[Symbol.asyncIterator] === 'function') {
      if (keepalive) throw new TypeError('keepalive');
      const iterator = object[Symbol.asyncIterator]();
      return [Body.ofPieces({
        async next() {
          const { value, done } = await iterator.next();
          return done ? null : toBytes(value);
        },
        cancel(reason: any) {
          Promise.resolve(iterator.return?.(reason)).catch(() => {});
        },
      }, null, null), null];
    }
  }
  const text = typeof object === 'string' ? object : String(object);
  return [Body.ofBytes(encodeUtf8(text), text), 'text/plain;charset=UTF-8'];
}

/** The last valid MIME type of a Content-Type. https://fetch.spec.whatwg.org/#concept-header-extract-mime-type */
export function mimeTypeOf(contentType: string | null): any {
  if (contentType === null) return null;
  const { MIMEType } = load('internal:util/mime');
  let found: any = null;
  for (const part of contentType.match(/(?:"(?:\\.|[^"\\])*"?|[^",])+/g) ?? []) {
    try {
      const type = new MIMEType(part.trim());
      if (type.essence === '*/*') continue;
      if (found !== null && found.essence === type.essence && !type.params.has('charset') && found.params.has('charset')) {
        type.params.set('charset', found.params.get('charset'));
      }
      found = type;
    } catch {
      // Not a MIME type.
    }
  }
  return found;
}

/** UTF-8 decode: without a byte order mark. */
function decode(bytes: Uint8Array): string {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return utf8Slice(bytes, start, bytes.length);
}

interface State {
  /** The body of an instance; null for none. Throws for what is no instance. */
  body(self: any): Body | null;
  contentType(self: any): string | null;
}

/** Adds the Body mixin to a class. https://fetch.spec.whatwg.org/#body-mixin */
export function mixBody(cls: any, is: (value: any) => boolean, state: State): void {
  function consume(self: any, convert: (bytes: Uint8Array) => any): Promise<any> {
    let body: Body | null;
    if (!is(self)) return Promise.reject(illegalInvocation());
    body = state.body(self);
    if (body === null) {
      try {
        return Promise.resolve(convert(new Uint8Array(0)));
      } catch (err) {
        return Promise.reject(err);
      }
    }
    if (body.unusable) return Promise.reject(new TypeError('Body is unusable: Body has already been read'));
    return body.readAll().then(convert);
  }
  const methods = {
    blob() {
      return consume(this, (bytes) => {
        const type = mimeTypeOf(state.contentType(this));
        return new Blob([bytes], { type: type === null ? '' : String(type) });
      });
    },
    arrayBuffer() {
      return consume(this, (bytes) => bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer);
    },
    text() {
      return consume(this, decode);
    },
    json() {
      return consume(this, (bytes) => JSON.parse(decode(bytes)));
    },
    formData() {
      return consume(this, (bytes) => {
        const type = mimeTypeOf(state.contentType(this));
        if (type !== null) {
          if (type.essence === 'multipart/form-data') {
            return load('internal:web/fetch/multipart').parseForm(bytes, type.params.get('boundary') ?? undefined);
          }
          if (type.essence === 'application/x-www-form-urlencoded') {
            return formDataOf([...new (load('internal:url').URLSearchParams)(decode(bytes))] as any);
          }
        }
        throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
      });
    },
    bytes() {
      return consume(this, (bytes) => bytes);
    },
  };
  for (const name of Object.keys(methods)) {
    defineProperty(cls.prototype, name, { value: (methods as any)[name], writable: true, enumerable: true, configurable: true });
  }
}
