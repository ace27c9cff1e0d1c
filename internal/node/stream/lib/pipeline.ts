// stream.pipeline(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streampipelinesource-transforms-destination-callback

import { AbortError, aggregateTwoErrors, codes } from 'internal:errors';
import { validateAbortSignal, validateFunction } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { AbortController, addAbortListener } from 'internal:events/abort';
import { eos } from 'internal:stream/endofstream';
import { destroyer as destroyStream } from 'internal:stream/destroy';
import { Readable } from 'internal:stream/readable';
import { Duplex } from 'internal:stream/duplex';
import { PassThrough } from 'internal:stream/transform';
import {
  isIterable, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream, isTransformStream, isWebStream, nop,
} from 'internal:stream/state';

const { isArray } = Array;

export function pipeline(...streams: any[]): any {
  const callback = streams.pop();
  // The name of the argument is Node's.
  validateFunction(callback, 'streams[stream.length - 1]');
  let called = false;
  return pipelineOf(streams, (...args: any[]) => {
    if (called) return;
    called = true;
    callback(...args);
  });
}

/** The promise form: the last argument may be options. */
export function pipelinePromise(...streams: any[]): Promise<any> {
  return new Promise((resolve, reject) => {
    let signal;
    let end;
    const last = streams[streams.length - 1];
    if (last && typeof last === 'object' && !isNodeStream(last) && !isIterable(last) && !isWebStream(last)) {
      const options = streams.pop();
      signal = options.signal;
      end = options.end;
    }
    pipelineOf(streams, (err: any, value: any) => {
      if (err) reject(err);
      else resolve(value);
    }, { signal, end });
  });
}

/** A readable without an async iterator of its own is wrapped. */
function asyncIterableOf(value: any): any {
  if (isIterable(value)) return value;
  if (isReadableNodeStream(value)) return iterateNode(value);
  throw new codes.ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], value);
}

async function* iterateNode(value: any): any {
  yield* (Readable.prototype as any)[Symbol.asyncIterator].call(value);
}

export function pipelineOf(streams: any[], callback: any, options?: any): any {
  if (streams.length === 1 && isArray(streams[0])) streams = streams[0];
  if (streams.length < 2) throw new codes.ERR_MISSING_ARGS('streams');

  const controller = new AbortController();
  const { signal } = controller;
  const outerSignal = options?.signal;
  validateAbortSignal(outerSignal, 'options.signal');

  // Listeners on a last stream that goes on living are taken away at the end.
  const atSuccess: Array<() => void> = [];
  let error: any;
  let value: any;
  let pending = 0;
  const destroys: Array<(err: any) => void> = [];
  let listening: any;

  function abort(): void {
    settle(new AbortError(undefined, { cause: outerSignal?.reason }), false);
  }
  if (outerSignal) listening = addAbortListener(outerSignal, abort);

  function finish(err?: any): void {
    settle(err, --pending === 0);
  }
  function finishOnlyHandleError(err: any): void {
    settle(err, false);
  }
  function settle(err: any, final: boolean): void {
    if (err && (!error || error.code === 'ERR_STREAM_PREMATURE_CLOSE')) error = err;
    if (!error && !final) return;
    while (destroys.length > 0) (destroys.shift() as any)(error);
    listening?.[Symbol.dispose]();
    controller.abort();
    if (final) {
      if (!error) for (const undo of atSuccess) undo();
      nextTick(callback, error, value);
    }
  }

  let ret: any;
  for (let i = 0; i < streams.length; i++) {
    const stream = streams[i];
    const reading = i < streams.length - 1;
    const writing = i > 0;
    const end = reading || options?.end !== false;
    const isLast = i === streams.length - 1;

    if (isNodeStream(stream)) {
      if (end) {
        const { destroy, cleanup } = watch(stream, reading, writing);
        destroys.push(destroy);
        if (isReadable(stream) && isLast) atSuccess.push(cleanup);
      }
      // Errors that come when the pipes are gone already.
      const onError = (err: any) => {
        if (err && err.name !== 'AbortError' && err.code !== 'ERR_STREAM_PREMATURE_CLOSE') finishOnlyHandleError(err);
      };
      stream.on('error', onError);
      if (isReadable(stream) && isLast) atSuccess.push(() => stream.removeListener('error', onError));
    }

    if (i === 0) {
      if (typeof stream === 'function') {
        ret = stream({ signal });
        if (!isIterable(ret)) throw new codes.ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', ret);
      } else if (isIterable(stream) || isReadableNodeStream(stream) || isTransformStream(stream)) {
        ret = stream;
      } else {
        ret = (Duplex as any).from(stream);
      }
    } else if (typeof stream === 'function') {
      ret = asyncIterableOf(isTransformStream(ret) ? ret?.readable : ret);
      ret = stream(ret, { signal });
      if (reading) {
        if (!isIterable(ret, true)) throw new codes.ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${i - 1}]`, ret);
      } else {
        // The caller gets a stream, whatever the last function gives: pipeline()'s result can be piped on.
        const through = new (PassThrough as any)({ objectMode: true });
        const then = ret?.then;
        if (typeof then === 'function') {
          pending++;
          then.call(ret, (result: any) => {
            value = result;
            if (result != null) through.write(result);
            if (end) through.end();
            nextTick(finish);
          }, (err: any) => {
            through.destroy(err);
            nextTick(finish, err);
          });
        } else if (isIterable(ret, true)) {
          pending++;
          pumpToNode(ret, through, finish, end);
        } else if (isReadableStream(ret) || isTransformStream(ret)) {
          pending++;
          pumpToNode(ret.readable || ret, through, finish, end);
        } else {
          throw new codes.ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', ret);
        }
        ret = through;
        const { destroy, cleanup } = watch(ret, false, true);
        destroys.push(destroy);
        if (isLast) atSuccess.push(cleanup);
      }
    } else if (isNodeStream(stream)) {
      if (isReadableNodeStream(ret)) {
        pending += 2;
        const cleanup = pipe(ret, stream, finish, finishOnlyHandleError, end);
        if (isReadable(stream) && isLast) atSuccess.push(cleanup);
      } else if (isTransformStream(ret) || isReadableStream(ret)) {
        pending++;
        pumpToNode(ret.readable || ret, stream, finish, end);
      } else if (isIterable(ret)) {
        pending++;
        pumpToNode(ret, stream, finish, end);
      } else {
        throw invalidSource(ret);
      }
      ret = stream;
    } else if (isWebStream(stream)) {
      if (isReadableNodeStream(ret)) {
        pending++;
        pumpToWeb(asyncIterableOf(ret), stream, finish, end);
      } else if (isReadableStream(ret) || isIterable(ret)) {
        pending++;
        pumpToWeb(ret, stream, finish, end);
      } else if (isTransformStream(ret)) {
        pending++;
        pumpToWeb(ret.readable, stream, finish, end);
      } else {
        throw invalidSource(ret);
      }
      ret = stream;
    } else {
      ret = (Duplex as any).from(stream);
    }
  }
  if (signal?.aborted || outerSignal?.aborted) nextTick(abort);
  return ret;
}

function invalidSource(value: any): Error {
  return new codes.ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], value);
}

/** Follows one stream of the chain; `destroy` does nothing when it is done. */
function watch(stream: any, reading: boolean, writing: boolean): { destroy: (err: any) => void, cleanup: () => void } {
  let finished = false;
  stream.on('close', () => { finished = true; });
  const cleanup = eos(stream, { readable: reading, writable: writing }, (err: any) => { finished = !err; });
  return {
    destroy: (err) => {
      if (finished) return;
      finished = true;
      destroyStream(stream, err || new codes.ERR_STREAM_DESTROYED('pipe'));
    },
    cleanup,
  };
}

function pipe(src: any, dst: any, finish: any, finishOnlyHandleError: any, end: boolean): () => void {
  let ended = false;
  dst.on('close', () => {
    if (!ended) finishOnlyHandleError(new codes.ERR_STREAM_PREMATURE_CLOSE());
  });
  src.pipe(dst, { end: false });
  if (end) {
    const endDestination = () => {
      ended = true;
      dst.end();
    };
    // The end of a source that is over already won't come.
    if (isReadableFinished(src)) nextTick(endDestination);
    else src.once('end', endDestination);
  } else {
    finish();
  }
  eos(src, { readable: true, writable: false }, (err: any) => {
    const r = src._readableState;
    if (err && err.code === 'ERR_STREAM_PREMATURE_CLOSE' && r && r.ended && !r.errored && !r.errorEmitted) {
      // It was destroyed after its last chunk: 'end' still comes.
      src.once('end', finish).once('error', finish);
    } else {
      finish(err);
    }
  });
  return eos(dst, { readable: false, writable: true }, finish);
}

async function pumpToNode(iterable: any, writable: any, finish: any, end: boolean): Promise<void> {
  let error: any;
  let wake: any = null;
  const resume = (err?: any) => {
    if (err) error = err;
    if (wake) {
      const w = wake;
      wake = null;
      w();
    }
  };
  const wait = () => new Promise<void>((resolve, reject) => {
    if (error) {
      reject(error);
    } else {
      wake = () => {
        if (error) reject(error);
        else resolve();
      };
    }
  });
  writable.on('drain', resume);
  const cleanup = eos(writable, { readable: false }, resume);
  try {
    if (writable.writableNeedDrain) await wait();
    for await (const chunk of iterable) {
      if (!writable.write(chunk)) await wait();
    }
    if (end) {
      writable.end();
      await wait();
    }
    finish();
  } catch (err) {
    finish(error !== err ? aggregateTwoErrors(error, err) : err);
  } finally {
    cleanup();
    writable.off('drain', resume);
  }
}

async function pumpToWeb(readable: any, writable: any, finish: any, end: boolean): Promise<void> {
  if (isTransformStream(writable)) writable = writable.writable;
  const writer = writable.getWriter();
  try {
    for await (const chunk of readable) {
      await writer.ready;
      writer.write(chunk).catch(nop);
    }
    await writer.ready;
    if (end) await writer.close();
    finish();
  } catch (err) {
    try {
      await writer.abort(err);
      finish(err);
    } catch (err) {
      finish(err);
    }
  }
}
