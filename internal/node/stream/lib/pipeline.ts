// stream.pipeline(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streampipelinesource-transforms-destination-callback

import { AbortError, aggregateTwoErrors, codes } from 'internal:errors';
import { validateAbortSignal, validateFunction } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { AbortController, addAbortListener } from 'internal:events/abort';
import { eos } from 'internal:stream/endofstream';
import { destroyer } from 'internal:stream/destroy';
import { Readable } from 'internal:stream/readable';
import { Duplex } from 'internal:stream/duplex';
import { PassThrough } from 'internal:stream/transform';
import {
  isClosed, isDestroyed, isIterable, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream, isTransformStream, isWebStream,
  nop,
} from 'internal:stream/state';

type Done = (err?: any) => void;

export function pipeline(...streams: any[]): any {
  const callback = streams.pop();
  // The name of the argument is Node's.
  validateFunction(callback, 'streams[stream.length - 1]');
  return new Pipeline(streams, callback).connect();
}

/** The promise form: the last argument may be options. */
export function pipelinePromise(...streams: any[]): Promise<any> {
  return new Promise((resolve, reject) => {
    const options = isOptions(streams.at(-1)) ? streams.pop() : undefined;
    const done = (err: any, value: any) => (err ? reject(err) : resolve(value));
    new Pipeline(streams, done, options).connect();
  });
}

function isOptions(value: any): boolean {
  return typeof value === 'object' && value !== null && ![isNodeStream, isWebStream, isIterable].some((is) => is(value));
}

function isEarlyClose(err: any): boolean {
  return err?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

class Pipeline {
  streams: any[];
  /** Whether the end of the source ends the last stream. */
  endsLast: boolean;
  #callback: any;
  #outerSignal: any;
  #controller = new AbortController();
  #outerListening: any = null;
  // How many connections are under way. The pipeline is done when there are none, or with the first error.
  #open = 0;
  #error: any;
  /** What the last function resolved to. */
  #value: any;
  #destroyers: Array<(err: any) => void> = [];
  /** Takes the listeners off a last stream that goes on living. */
  #undo: Array<() => void> = [];
  #isOver = false;

  constructor(streams: any[], callback: any, options?: any) {
    this.streams = streams.length === 1 && Array.isArray(streams[0]) ? streams[0] : streams;
    if (this.streams.length < 2) throw new codes.ERR_MISSING_ARGS('streams');
    this.endsLast = options?.end !== false;
    this.#callback = callback;
    this.#outerSignal = options?.signal;
    validateAbortSignal(this.#outerSignal, 'options.signal');
  }

  /** Joins all stages and gives what the last one is. */
  connect(): any {
    const abort = () => this.#stop(new AbortError(undefined, { cause: this.#outerSignal.reason }));
    if (this.#outerSignal) this.#outerListening = addAbortListener(this.#outerSignal, abort);
    const last = this.streams.length - 1;
    let flow: any;
    this.streams.forEach((stage, i) => {
      if (isNodeStream(stage)) this.#guard(stage, i, last);
      if (i === 0) flow = this.#source(stage);
      else if (typeof stage === 'function') flow = this.#call(stage, flow, i, i === last);
      else flow = this.#join(flow, stage, i < last || this.endsLast, i === last);
    });
    if (this.#outerSignal?.aborted) nextTick(abort);
    return flow;
  }

  // --- The end --------------------------------------------------------------------------------------------------

  /** One more connection, which reports its end by what this gives. */
  #begin(): Done {
    this.#open++;
    return (err) => {
      this.#open--;
      this.#settle(err);
    };
  }

  #stop(err: any): void {
    this.#settle(err);
  }

  #settle(err: any): void {
    // The reason says more than the closing that it caused.
    if (err && (!this.#error || isEarlyClose(this.#error))) this.#error = err;
    const done = this.#open === 0;
    if (!done && !this.#error) return;
    for (const destroy of this.#destroyers.splice(0)) destroy(this.#error);
    this.#outerListening?.[Symbol.dispose]();
    this.#controller.abort();
    if (!done || this.#isOver) return;
    this.#isOver = true;
    if (!this.#error) for (const undo of this.#undo) undo();
    nextTick(this.#callback, this.#error, this.#value);
  }

  /** Watches a stream of ours, so that an error anywhere destroys it and an error of it ends the pipeline. */
  #guard(stream: any, at: number, last: number): void {
    const livesOn = at === last && isReadable(stream);
    if (at < last || this.endsLast) {
      const forget = this.#destroyOnError(stream, at < last, at > 0);
      if (livesOn) this.#undo.push(forget);
    }
    // Those too that come when the connections are gone.
    const onError = (err: any) => {
      if (err && err.name !== 'AbortError' && !isEarlyClose(err)) this.#stop(err);
    };
    stream.on('error', onError);
    if (livesOn) this.#undo.push(() => stream.removeListener('error', onError));
  }

  #destroyOnError(stream: any, readable: boolean, writable: boolean): () => void {
    let isDone = false;
    stream.on('close', () => { isDone = true; });
    const forget = eos(stream, { readable, writable }, (err: any) => { isDone = !err; });
    this.#destroyers.push((err) => {
      if (!isDone) destroyer(stream, err || new codes.ERR_STREAM_DESTROYED('pipe'));
      isDone = true;
    });
    return forget;
  }

  // --- Stages ---------------------------------------------------------------------------------------------------

  #source(first: any): any {
    if (typeof first !== 'function') {
      return isIterable(first) || isReadableNodeStream(first) || isTransformStream(first) ? first : (Duplex as any).from(first);
    }
    const made = first({ signal: this.#controller.signal });
    if (isIterable(made)) return made;
    throw new codes.ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', made);
  }

  #call(stage: any, flow: any, at: number, isLast: boolean): any {
    const made = stage(iterableOf(isTransformStream(flow) ? flow.readable : flow), { signal: this.#controller.signal });
    if (isLast) return this.#intoResult(made);
    if (isIterable(made, true)) return made;
    throw new codes.ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${at - 1}]`, made);
  }

  /** What the last function gave becomes a stream, so that the result of pipeline() can be piped on. */
  #intoResult(made: any): any {
    const through = new (PassThrough as any)({ objectMode: true });
    // Read once: it may be a getter.
    const then = made?.then;
    if (typeof then === 'function') {
      const done = this.#begin();
      then.call(made, (value: any) => {
        this.#value = value;
        if (value !== undefined && value !== null) through.write(value);
        if (this.endsLast) through.end();
        nextTick(done);
      }, (err: any) => {
        through.destroy(err);
        nextTick(done, err);
      });
    } else if (isIterable(made, true) || isReadableStream(made) || isTransformStream(made)) {
      pumpToNode(isTransformStream(made) ? made.readable : made, through, this.#begin(), this.endsLast);
    } else {
      throw new codes.ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', made);
    }
    this.#undo.push(this.#destroyOnError(through, false, true));
    return through;
  }

  #join(flow: any, stage: any, ends: boolean, isLast: boolean): any {
    const toNode = isNodeStream(stage);
    if (!toNode && !isWebStream(stage)) return (Duplex as any).from(stage);
    if (isReadableNodeStream(flow)) {
      if (toNode) this.#pipe(flow, stage, ends, isLast);
      else pumpToWeb(iterableOf(flow), stage, this.#begin(), ends);
      return stage;
    }
    const chunks = isTransformStream(flow) ? flow.readable : flow;
    if (!isReadableStream(chunks) && !isIterable(chunks)) {
      throw new codes.ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], flow);
    }
    (toNode ? pumpToNode : pumpToWeb)(chunks, stage, this.#begin(), ends);
    return stage;
  }

  #pipe(source: any, dest: any, ends: boolean, isLast: boolean): void {
    if (isClosed(dest) || isDestroyed(dest)) throw new codes.ERR_STREAM_UNABLE_TO_PIPE();
    const sourceDone = this.#begin();
    const destDone = this.#begin();
    let ended = false;
    dest.on('close', () => {
      if (!ended) this.#stop(new codes.ERR_STREAM_PREMATURE_CLOSE());
    });
    source.pipe(dest, { end: false });
    if (ends) {
      const end = () => {
        ended = true;
        dest.end();
      };
      // The end of a source that is over already won't come.
      if (isReadableFinished(source)) nextTick(end);
      else source.once('end', end);
    } else {
      // The destination lives on: it isn't waited for.
      destDone();
    }
    eos(source, { readable: true, writable: false }, (err: any) => {
      const r = source._readableState;
      // Destroyed after its last chunk: 'end' still comes.
      const endComes = isEarlyClose(err) && r?.ended && !r.errored && !r.errorEmitted;
      if (endComes) source.once('end', sourceDone).once('error', sourceDone);
      else sourceDone(err);
    });
    const forget = eos(dest, { readable: false, writable: true }, ends ? destDone : (err: any) => { if (err) this.#stop(err); });
    if (isLast && isReadable(dest)) this.#undo.push(forget);
  }
}

function iterableOf(value: any): any {
  if (isIterable(value)) return value;
  if (isReadableNodeStream(value)) return (Readable.prototype as any)[Symbol.asyncIterator].call(value);
  throw new codes.ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], value);
}

/** Waits for room in a Writable, or for its end. */
class Gate {
  writable: any;
  error: any;
  #waiting: any = null;
  #stopWatching: any;

  constructor(writable: any) {
    this.writable = writable;
    this.#stopWatching = eos(writable, { readable: false }, this.#opened);
    writable.on('drain', this.#opened);
  }

  #opened = (err?: any): void => {
    this.error ??= err;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (this.error) waiting?.reject(this.error);
    else waiting?.resolve();
  };

  passed(): Promise<void> {
    if (this.error) return Promise.reject(this.error);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  leave(): void {
    this.#stopWatching();
    this.writable.off('drain', this.#opened);
  }
}

async function pumpToNode(iterable: any, writable: any, done: Done, ends: boolean): Promise<void> {
  const gate = new Gate(writable);
  let failure: any;
  try {
    let isFull = writable.writableNeedDrain;
    if (isFull) await gate.passed();
    for await (const chunk of iterable) {
      isFull = !writable.write(chunk);
      if (isFull) await gate.passed();
    }
    if (ends) {
      writable.end();
      await gate.passed();
    }
  } catch (thrown) {
    failure = thrown === gate.error ? thrown : aggregateTwoErrors(gate.error, thrown);
  }
  done(failure);
  gate.leave();
}

async function pumpToWeb(iterable: any, stage: any, done: Done, ends: boolean): Promise<void> {
  const writer = (isTransformStream(stage) ? stage.writable : stage).getWriter();
  let failure: any;
  try {
    for await (const chunk of iterable) {
      await writer.ready;
      // A failure shows in `ready`.
      writer.write(chunk).catch(nop);
    }
    await writer.ready;
    if (ends) await writer.close();
  } catch (thrown) {
    failure = await writer.abort(thrown).then(() => thrown, (err: any) => err);
  }
  done(failure);
}
