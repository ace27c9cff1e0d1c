// HTTPParser: Go's parser as an object, as node:_http_common and socket.parser have it; and the pool of those that nobody uses now.
//
// What reads messages here (client.ts, stream_connection.ts) takes the list of events that Go gives for a piece of data; execute() calls the
// program's functions for them.
import * as native from 'native:http';
import { setImmediate } from 'internal:timers';
import { parseError, splitBlock } from 'internal:http/common';

export const kOnMessageBegin = 0;
export const kOnHeaders = 1;
export const kOnHeadersComplete = 2;
export const kOnBody = 3;
export const kOnMessageComplete = 4;
export const kOnExecute = 5;
export const kOnTimeout = 6;

/** What native.parserExecute found; each is followed by its values, see parser.go. */
export const results = { head: 1, body: 2, done: 3, upgrade: 4, error: 5, stop: 6 };
/** Bits of a head's flags. */
export const KEEP_ALIVE = 1;
export const UPGRADE = 4;
export const EXPECT = 8;
export const HOST = 16;
export const BODYLESS = 32;

const EXPECT_STEP = 4;
const RESPONSE = 2;
const SKIP_BODY = 1;
const IS_UPGRADE = 2;

export class HTTPParser {
  static REQUEST = 1;
  static RESPONSE = RESPONSE;
  static kOnMessageBegin = kOnMessageBegin;
  static kOnHeaders = kOnHeaders;
  static kOnHeadersComplete = kOnHeadersComplete;
  static kOnBody = kOnBody;
  static kOnMessageComplete = kOnMessageComplete;
  static kOnExecute = kOnExecute;
  static kOnTimeout = kOnTimeout;
  static kLenientNone = 0;
  static kLenientHeaders = 1;
  static kLenientChunkedLength = 2;
  static kLenientKeepAlive = 4;
  static kLenientTransferEncoding = 8;
  static kLenientVersion = 16;
  static kLenientDataAfterClose = 32;
  static kLenientOptionalLFAfterCR = 64;
  static kLenientOptionalCRLFAfterChunk = 128;
  static kLenientOptionalCRBeforeLF = 256;
  static kLenientSpacesAfterChunkSize = 512;
  static kLenientHeaderValueRelaxed = 1024;
  static kLenientAll = 1023;

  #native: object | null = null;
  #current: Uint8Array | undefined = undefined;
  #paused = false;
  #rest: Uint8Array[] = []; // executed while paused

  /** Go's parser, for the functions of native:http. */
  static native(parser: HTTPParser): any {
    return parser.#native;
  }

  /** Gives the object a parser that has been at work in Go. */
  static take(parser: HTTPParser, its: object): void {
    parser.#native = its;
  }

  /**
   * Makes it as new. Differs from Node: leniency is all or nothing, so any flag of lenientFlags makes it accept everything that
   * insecureHTTPParser does.
   */
  initialize(type: number, _resource?: any, maxHeaderSize = 0, lenientFlags: any = 0): void {
    const lenient = Boolean(lenientFlags);
    if (this.#native === null) this.#native = native.parserNew(type === RESPONSE, maxHeaderSize, lenient);
    else native.parserReset(this.#native, type === RESPONSE, maxHeaderSize, lenient);
    this.#paused = false;
    this.#rest = [];
  }

  /** Parses data and calls what the program has put under the numbers above. Gives the number of bytes, or the error of malformed data. */
  execute(data: Uint8Array, offset = 0, length: number = data.length - offset): any {
    const its = this.#native;
    if (its === null) throw new TypeError('the parser is not initialized');
    const chunk = data.subarray(offset, offset + length);
    if (this.#paused) {
      this.#rest.push(chunk);
      return chunk.length;
    }
    native.parserExpect(its, EXPECT_STEP);
    const before = this.#current;
    this.#current = chunk;
    try {
      for (let at = 0; at >= 0;) {
        const list = native.parserExecute(its, chunk, at);
        at = -1;
        for (let i = 0; i < list.length;) {
          switch (list[i]) {
            case results.head: this.#onHead(its, list, i); i += 7; break;
            case results.body: (this as any)[kOnBody]?.(chunk.subarray(list[i + 1], list[i + 2])); i += 3; break;
            case results.done: this.#onDone(list[i + 1]); i += 2; break;
            case results.upgrade: return list[i + 1];
            case results.stop: at = list[i + 1]; i += 2; break;
            default: return parseError(list[i + 1], list[i + 2], list[i + 3], undefined);
          }
        }
      }
    } finally {
      this.#current = before;
    }
    return chunk.length;
  }

  #onHead(its: object, list: any[], i: number): void {
    const flags = list[i + 6];
    const [, number, text, block, major, minor] = list.slice(i, i + 6);
    const isRequest = !native.parserIsResponse(its);
    (this as any)[kOnMessageBegin]?.();
    const decision = (this as any)[kOnHeadersComplete]?.(major, minor, splitBlock(block), isRequest ? number : undefined, isRequest ? text : undefined,
      isRequest ? undefined : number, isRequest ? undefined : text, (flags & UPGRADE) !== 0, (flags & KEEP_ALIVE) !== 0);
    if (Number(decision) === SKIP_BODY) native.parserSkipBody(its);
    else if (decision === IS_UPGRADE) native.parserUpgrade(its, true);
  }

  #onDone(trailers: string): void {
    if (trailers !== '') (this as any)[kOnHeaders]?.(splitBlock(trailers), '');
    (this as any)[kOnMessageComplete]?.();
  }

  /** The data ends here: undefined, or the error of a message that doesn't. */
  finish(): any {
    if (this.#native === null) return undefined;
    const list = native.parserFinish(this.#native);
    if (list[0] === results.done) this.#onDone(list[1]);
    return list[0] === results.error ? parseError(list[1], list[2], list[3], undefined) : undefined;
  }

  pause(): void {
    this.#paused = true;
  }
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const chunk of this.#rest.splice(0)) this.execute(chunk);
  }

  /** The data that execute() is at. */
  getCurrentBuffer(): any {
    return this.#current;
  }

  // The pool's side: Go's parser stays with the object, close() gives it up.
  free(): void {}
  remove(): void {}
  close(): void {
    this.#native = null;
  }
}

/** A stack of at most `max` idle objects. */
export class FreeList {
  name: string;
  max: number;
  ctor: () => any;
  list: any[] = [];

  constructor(name: string, max: number, ctor: () => any) {
    this.name = name;
    this.max = max;
    this.ctor = ctor;
  }
  alloc(): any {
    return this.list.length > 0 ? this.list.pop() : this.ctor();
  }
  /** Whether there was room. */
  free(object: any): boolean {
    if (this.list.length >= this.max) return false;
    this.list.push(object);
    return true;
  }
}

function blank(parser: any): void {
  parser.socket = null;
  parser.incoming = null;
  parser.outgoing = null;
  parser.onIncoming = null;
  parser.joinDuplicateHeaders = null;
  parser.maxHeaderPairs = 2000;
  for (let event = kOnMessageBegin; event <= kOnTimeout; event++) parser[event] = null;
}

/** Idle parsers. http.setMaxIdleHTTPParsers sets how many are kept. */
export const parsers = new FreeList('parsers', 1000, () => {
  const parser: any = new HTTPParser();
  blank(parser);
  return parser;
});

/** Gives a parser back: its request and its socket don't have it any more. */
export function freeParser(parser: any, req: any, socket: any): void {
  if (parser) {
    blank(parser);
    parser.remove();
    // Not now: it may be the one that is calling.
    if (parsers.free(parser)) parser.free();
    else setImmediate(closeParser, parser);
  }
  if (req) req.parser = null;
  if (socket) socket.parser = null;
}

function closeParser(parser: any): void {
  parser.close();
}
