// stream.finished(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamfinishedstream-options-callback

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal, validateBoolean, validateFunction, validateObject } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { getContext, setContext } from 'native:engine';
import { addAbortListener } from 'internal:events/abort';
import {
  isClosed, isNodeStream, isReadable, isReadableErrored, isReadableFinished, isReadableNodeStream, isReadableStream, isRequest, isWritable,
  isWritableErrored, isWritableFinished, isWritableNodeStream, isWritableStream, kIsClosedPromise, nop, willEmitClose,
} from 'internal:stream/state';

/** One answer: the callback with its async context and the signal that may come before it. */
class Answer {
  #stream: any;
  #callback: any;
  #context = getContext();
  #abort: any = null;

  constructor(stream: any, callback: any) {
    this.#stream = stream;
    this.#callback = callback;
  }

  isGiven(): boolean {
    return this.#callback === null;
  }

  /** `args`: the error, or nothing. */
  give(...args: any[]): void {
    const callback = this.#callback;
    if (callback === null) return;
    this.#callback = null;
    this.#abort?.[Symbol.dispose]();
    const outer = this.#context === undefined ? undefined : getContext();
    if (this.#context !== undefined) setContext(this.#context);
    try {
      Reflect.apply(callback, this.#stream, args);
    } finally {
      if (this.#context !== undefined) setContext(outer);
    }
  }

  /** Nobody wants it any more. */
  drop(): void {
    this.#callback = null;
    this.#abort?.[Symbol.dispose]();
  }

  /** Answers with an AbortError when the signal comes first; `then` runs before. */
  obey(signal: any, then: () => void): void {
    const onAbort = () => {
      if (this.#callback === null) return;
      then();
      this.give(new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) nextTick(onAbort);
    else this.#abort = addAbortListener(signal, onAbort);
  }
}

/** One half of a stream, as far as its end matters here. */
interface Half {
  wanted: boolean;
  done: boolean;
  /** The property that says whether it still works. */
  property: 'readable' | 'writable';
  other: Half;
}

class Watch {
  stream: any;
  answer: Answer;
  read: Half;
  write: Half;
  /** 'close' will come, and is the end of everything. */
  closes: boolean;
  #listening: Array<[any, string, any]> = [];

  constructor(stream: any, options: any, answer: Answer) {
    this.stream = stream;
    this.answer = answer;
    const read: any = { property: 'readable', wanted: options.readable ?? isReadableNodeStream(stream), done: isReadableFinished(stream, false) };
    const write: any = { property: 'writable', wanted: options.writable ?? isWritableNodeStream(stream), done: isWritableFinished(stream, false), other: read };
    read.other = write;
    this.read = read;
    this.write = write;
    // Who wants one half only of a Duplex can't wait for all of it.
    this.closes = !!willEmitClose(stream) && isReadableNodeStream(stream) === read.wanted && isWritableNodeStream(stream) === write.wanted;
  }

  on(emitter: any, event: string, listener: any): void {
    emitter.on(event, listener);
    this.#listening.push([emitter, event, listener]);
  }

  stop(): void {
    this.answer.drop();
    this.listenNoMore();
  }

  listenNoMore(): void {
    for (const [emitter, event, listener] of this.#listening) emitter.removeListener(event, listener);
    this.#listening = [];
  }

  /** Listens for all that may mean the end. */
  listen(errors: boolean): void {
    const { stream, read, write } = this;
    const finished = () => this.halfDone(write);
    const closed = () => this.closed();
    if (isRequest(stream)) {
      // Also of packages that look like http's.
      const watchRequest = () => this.on(stream.req, 'finish', finished);
      this.on(stream, 'complete', finished);
      if (!this.closes) this.on(stream, 'abort', closed);
      if (stream.req) watchRequest();
      else this.on(stream, 'request', watchRequest);
    } else if (write.wanted && !stream._writableState) {
      // Streams of the first kind.
      const maybeFinished = () => { if (!stream.writable) finished(); };
      this.on(stream, 'end', maybeFinished);
      this.on(stream, 'close', maybeFinished);
    }
    // An incoming message may lack 'close'.
    if (!this.closes && typeof stream.aborted === 'boolean') this.on(stream, 'aborted', closed);
    this.on(stream, 'end', () => this.halfDone(read));
    this.on(stream, 'finish', finished);
    if (errors) this.on(stream, 'error', (err: any) => this.answer.give(err));
    this.on(stream, 'close', closed);
  }

  halfDone(half: Half): void {
    half.done = true;
    const { stream } = this;
    // After destroy() by hand 'close' may never come.
    if (stream.destroyed) this.closes = false;
    if (this.closes && (half.other.wanted || !stream[half.property])) return;
    if (half.other.done || !half.other.wanted) this.answer.give();
  }

  /** 'close': was it too early? */
  closed(): void {
    const { stream, read, write } = this;
    const cutOff = (read.wanted && !read.done && isReadableNodeStream(stream, true) && !isReadableFinished(stream, false)) ||
      (write.wanted && !write.done && !isWritableFinished(stream, false));
    this.giveFailure(cutOff ? new codes.ERR_STREAM_PREMATURE_CLOSE() : undefined);
  }

  /** Answers with the stream's own error, else with this one. */
  giveFailure(otherwise?: any): void {
    const own = isWritableErrored(this.stream) || isReadableErrored(this.stream);
    const err = own && own !== true ? own : otherwise;
    if (err === undefined) this.answer.give();
    else this.answer.give(err);
  }

  /** What is over already gets its answer in the next tick. */
  lookBack(): void {
    const { stream, read, write } = this;
    const r = stream._readableState;
    const w = stream._writableState;
    if (isClosed(stream)) {
      nextTick(() => this.closed());
    } else if (w?.errorEmitted || r?.errorEmitted) {
      if (!this.closes) nextTick(() => this.giveFailure());
    } else {
      const writeOver = !read.wanted && (write.done || isWritable(stream) === false) && (!this.closes || isReadable(stream)) && !w?.pendingcb;
      const readOver = !write.wanted && (read.done || isReadable(stream) === false) && (!this.closes || isWritable(stream));
      if (writeOver || readOver) nextTick(() => this.giveFailure());
    }
  }
}

/** Calls back once when the stream is readable or writable no more, or failed. Returns the function that stops watching. */
export function eos(stream: any, options: any, callback?: any): () => void {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  }
  options ??= {};
  validateObject(options, 'options');
  validateFunction(callback, 'callback');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  const answer = new Answer(stream, callback);

  if (isReadableStream(stream) || isWritableStream(stream)) {
    if (signal) answer.obey(signal, nop);
    // A tick later: what the callback throws is uncaught, not a rejection.
    const over = (...args: any[]) => { if (!answer.isGiven()) nextTick(() => answer.give(...args)); };
    stream[kIsClosedPromise].promise.then(over, over);
    return nop;
  }
  if (!isNodeStream(stream)) throw new codes.ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);

  const watch = new Watch(stream, options, answer);
  watch.listen(options.error !== false);
  watch.lookBack();
  if (signal && !isClosed(stream)) answer.obey(signal, () => watch.listenNoMore());
  return () => watch.stop();
}

/** The promise form. `cleanup`: take the listeners away afterwards. */
export function finished(stream: any, options?: any): Promise<void> {
  const cleans = options?.cleanup;
  if (cleans) validateBoolean(cleans, 'cleanup');
  return new Promise((resolve, reject) => {
    const stop = eos(stream, options ?? {}, (err: any) => {
      if (cleans) stop();
      if (err) reject(err);
      else resolve();
    });
  });
}
