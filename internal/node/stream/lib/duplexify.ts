// Duplex.from(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamduplexfromsrc

import { AbortError, codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { AbortController } from 'internal:events/abort';
import { Bridge } from 'internal:stream/bridge';
import { Readable } from 'internal:stream/readable';
import { Writable } from 'internal:stream/writable';
import { Duplex } from 'internal:stream/duplex';
import { destroyer } from 'internal:stream/destroy';
import { eos } from 'internal:stream/endofstream';
import { from } from 'internal:stream/from';
import {
  isDuplexNodeStream, isIterable, isNodeStream, isReadable, isReadableNodeStream, isReadableStream, isWritable, isWritableNodeStream, isWritableStream,
} from 'internal:stream/state';

type Maker = (body: any, name: string) => any;

/** What a Duplex can be made from, most special first. */
const makers: Array<[is: (body: any) => any, make: Maker]> = [
  [isDuplexNodeStream, (body) => body],
  [isReadableNodeStream, (body) => join(body, undefined)],
  [isWritableNodeStream, (body) => join(undefined, body)],
  [isNodeStream, () => join(undefined, undefined)],
  [isReadableStream, (body) => join((Readable as any).fromWeb(body), undefined)],
  [isWritableStream, (body) => join(undefined, (Writable as any).fromWeb(body))],
  [(body) => typeof body === 'function', overFunction],
  [isBlob, (body) => overPromise(body.arrayBuffer())],
  [isIterable, (body) => from(Duplex, body, { objectMode: true, writable: false })],
  [(body) => isReadableStream(body?.readable) && isWritableStream(body?.writable), (body) => (Duplex as any).fromWeb(body)],
  [(body) => typeof body?.readable === 'object' || typeof body?.writable === 'object', overPair],
  [isThenable, overPromise],
];

const accepted = [
  'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Function', '{ readable, writable } pair', 'Promise',
];

/** A Duplex over nearly anything. `name` is for the error message. */
export function duplexify(body: any, name: string): any {
  const maker = makers.find(([is]) => is(body));
  if (maker === undefined) throw new codes.ERR_INVALID_ARG_TYPE(name, accepted, body);
  return maker[1](body, name);
}

function isThenable(value: any): boolean {
  return typeof value?.then === 'function';
}

function isBlob(value: any): boolean {
  return typeof value?.size === 'number' && ['arrayBuffer', 'slice', 'stream'].every((method) => typeof value[method] === 'function');
}

function overPair(pair: any, name: string): any {
  const half = (stream: any, fits: (stream: any) => boolean) => (!stream || fits(stream) ? stream : duplexify(stream, name));
  return join(half(pair.readable, isReadableNodeStream), half(pair.writable, isWritableNodeStream));
}

/** Gives what the promise resolves to, then ends. */
function overPromise(promise: any): any {
  const duplex: any = new (Duplex as any)({ objectMode: true, writable: false, read() { /* pushed when it is there */ } });
  promise.then((value: any) => {
    if (value !== undefined && value !== null) duplex.push(value);
    duplex.push(null);
  }, (err: any) => destroyer(duplex, err));
  return duplex;
}

/** Calls an async (generator) function with an iterable of what will be written. */
function overFunction(body: any, name: string): any {
  const feed = new Feed();
  const result = body(feed.chunks(), { signal: feed.controller.signal });
  // It may make a stream of its own.
  if (isDuplexNodeStream(result)) return result;
  const methods = feed.methods();
  if (isIterable(result)) return from(Duplex, result, { objectMode: true, ...methods });
  if (!isThenable(result)) throw new codes.ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or AsyncFunction', name, result);

  const done = result.then((value: any) => {
    if (value !== undefined && value !== null) throw new codes.ERR_INVALID_RETURN_VALUE('nully', 'body', value);
  }, (err: any) => destroyer(duplex, err));
  const duplex: any = new (Duplex as any)({
    objectMode: true,
    readable: false,
    ...methods,
    // Finished when the function is.
    final(callback: any) {
      const answer = (err?: any) => nextTick(callback, err ?? null);
      feed.give({ last: true, taken: () => { done.then(() => answer(), answer); } });
    },
  });
  return duplex;
}

interface Fed {
  chunk?: any;
  last?: boolean;
  /** The callback of the write. */
  taken: () => void;
}

/** Hands writes to an async iteration, one at a time: a write is done when it is taken. */
class Feed {
  controller = new AbortController();
  #next: any = Promise.withResolvers();

  give(item: Fed): void {
    this.#next.resolve(item);
  }

  async* chunks(): AsyncGenerator<any> {
    for (;;) {
      const { chunk, last, taken }: Fed = await this.#next.promise;
      this.#next = Promise.withResolvers();
      nextTick(taken);
      if (last) return;
      const { aborted, reason } = this.controller.signal;
      if (aborted) throw new AbortError(undefined, { cause: reason });
      yield chunk;
    }
  }

  methods(): any {
    return {
      write: (chunk: any, _encoding: any, taken: any) => this.give({ chunk, taken }),
      final: (taken: any) => this.give({ last: true, taken }),
      destroy: (err: any, callback: any) => {
        this.controller.abort();
        callback(err);
      },
    };
  }
}

/** One Duplex out of a readable and a writable, either of which may be missing. */
function join(source: any, sink: any): any {
  const tail = source && typeof source.read !== 'function' ? (Readable as any).wrap(source) : source;
  const readable = !!isReadable(tail);
  const writable = !!isWritable(sink);
  const bridge = new Bridge({
    head: sink, tail, readable, writable,
    breakDown(err, isOver) {
      if (isOver) return;
      destroyer(sink, err);
      destroyer(tail, err);
    },
  });
  const watch = (stream: any) => {
    eos(stream, (err: any) => {
      // They fail together.
      if (err) destroyer(tail, err);
      bridge.over(err);
    });
  };
  if (writable) {
    watch(sink);
    sink.on('finish', () => bridge.finish());
  }
  if (readable) watch(tail);
  return bridge.duplex;
}
