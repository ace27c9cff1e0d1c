// stream.finished(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamfinishedstream-options-callback

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal, validateBoolean, validateFunction, validateObject } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { getContext, setContext } from 'native:engine';
import { addAbortListener } from 'internal:events/abort';
import {
  isClosed, isNodeStream, isReadable, isReadableErrored, isReadableFinished, isReadableNodeStream, isReadableStream, isRequest, isWritable,
  isWritableErrored, isWritableFinished, isWritableNodeStream, isWritableStream, kIsClosedPromise, nop, willEmitClose as expectsClose,
} from 'internal:stream/state';

/** The callback, at most once, in the async context of now. */
function onceInContext(callback: any): any {
  const context = getContext();
  let called = false;
  return function(this: any, ...args: any[]): void {
    if (called) return;
    called = true;
    if (context === undefined) {
      Reflect.apply(callback, this, args);
      return;
    }
    const outer = getContext();
    setContext(context);
    try {
      Reflect.apply(callback, this, args);
    } finally {
      setContext(outer);
    }
  };
}

/** Calls back once when the stream is readable or writable no more, or failed. Returns the function that stops watching. */
export function eos(stream: any, options: any, callback?: any): () => void {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  } else if (options == null) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  validateFunction(callback, 'callback');
  validateAbortSignal(options.signal, 'options.signal');
  callback = onceInContext(callback);

  if (isReadableStream(stream) || isWritableStream(stream)) return eosWeb(stream, options, callback);
  if (!isNodeStream(stream)) throw new codes.ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);

  const readable = options.readable ?? isReadableNodeStream(stream);
  const writable = options.writable ?? isWritableNodeStream(stream);
  const w = stream._writableState;
  const r = stream._readableState;

  // With 'close' to come, that is when all is over. Some streams have one half only though they look like both.
  let willEmitClose = expectsClose(stream) && isReadableNodeStream(stream) === readable && isWritableNodeStream(stream) === writable;
  let writableFinished = isWritableFinished(stream, false);
  let readableFinished = isReadableFinished(stream, false);
  let closed = isClosed(stream);

  function onlegacyfinish(): void {
    if (!stream.writable) onfinish();
  }
  function onfinish(): void {
    writableFinished = true;
    // A stream destroyed by somebody else may never emit 'close'.
    if (stream.destroyed) willEmitClose = false;
    if (willEmitClose && (!stream.writable || readable)) return;
    if (!readable || readableFinished) callback.call(stream);
  }
  function onend(): void {
    readableFinished = true;
    if (stream.destroyed) willEmitClose = false;
    if (willEmitClose && (!stream.readable || writable)) return;
    if (!writable || writableFinished) callback.call(stream);
  }
  function onerror(err: any): void {
    callback.call(stream, err);
  }
  function failure(): any {
    const errored = isWritableErrored(stream) || isReadableErrored(stream);
    return errored && typeof errored !== 'boolean' ? errored : undefined;
  }
  function onclose(): void {
    closed = true;
    const errored = failure();
    if (errored !== undefined) {
      callback.call(stream, errored);
    } else if (readable && !readableFinished && isReadableNodeStream(stream, true) && !isReadableFinished(stream, false)) {
      callback.call(stream, new codes.ERR_STREAM_PREMATURE_CLOSE());
    } else if (writable && !writableFinished && !isWritableFinished(stream, false)) {
      callback.call(stream, new codes.ERR_STREAM_PREMATURE_CLOSE());
    } else {
      callback.call(stream);
    }
  }
  function onclosed(): void {
    closed = true;
    const errored = failure();
    if (errored !== undefined) callback.call(stream, errored);
    else callback.call(stream);
  }
  function onrequest(): void {
    stream.req.on('finish', onfinish);
  }

  if (isRequest(stream)) {
    stream.on('complete', onfinish);
    if (!willEmitClose) stream.on('abort', onclose);
    if (stream.req) onrequest();
    else stream.on('request', onrequest);
  } else if (writable && !w) {
    // Streams of the first kind.
    stream.on('end', onlegacyfinish);
    stream.on('close', onlegacyfinish);
  }
  // An incoming message may have no 'close'.
  if (!willEmitClose && typeof stream.aborted === 'boolean') stream.on('aborted', onclose);
  stream.on('end', onend);
  stream.on('finish', onfinish);
  if (options.error !== false) stream.on('error', onerror);
  stream.on('close', onclose);

  // What is over already.
  if (closed) {
    nextTick(onclose);
  } else if (w?.errorEmitted || r?.errorEmitted) {
    if (!willEmitClose) nextTick(onclosed);
  } else if (!readable && (!willEmitClose || isReadable(stream)) && (writableFinished || isWritable(stream) === false) &&
             (w == null || w.pendingcb === undefined || w.pendingcb === 0)) {
    nextTick(onclosed);
  } else if (!writable && (!willEmitClose || isWritable(stream)) && (readableFinished || isReadable(stream) === false)) {
    nextTick(onclosed);
  }

  const cleanup = () => {
    callback = nop;
    stream.removeListener('aborted', onclose);
    stream.removeListener('complete', onfinish);
    stream.removeListener('abort', onclose);
    stream.removeListener('request', onrequest);
    if (stream.req) stream.req.removeListener('finish', onfinish);
    stream.removeListener('end', onlegacyfinish);
    stream.removeListener('close', onlegacyfinish);
    stream.removeListener('finish', onfinish);
    stream.removeListener('end', onend);
    stream.removeListener('error', onerror);
    stream.removeListener('close', onclose);
  };

  if (options.signal && !closed) {
    const abort = () => {
      // cleanup() takes the callback away.
      const end = callback;
      cleanup();
      end.call(stream, new AbortError(undefined, { cause: options.signal.reason }));
    };
    if (options.signal.aborted) {
      nextTick(abort);
    } else {
      const listening = addAbortListener(options.signal, abort);
      const original = callback;
      callback = function(this: any, ...args: any[]) {
        listening[Symbol.dispose]();
        Reflect.apply(original, stream, args);
      };
    }
  }
  return cleanup;
}

function eosWeb(stream: any, options: any, callback: any): () => void {
  let aborted = false;
  let abort: any = nop;
  if (options.signal) {
    abort = () => {
      aborted = true;
      callback.call(stream, new AbortError(undefined, { cause: options.signal.reason }));
    };
    if (options.signal.aborted) {
      nextTick(abort);
    } else {
      const listening = addAbortListener(options.signal, abort);
      const original = callback;
      callback = function(this: any, ...args: any[]) {
        listening[Symbol.dispose]();
        Reflect.apply(original, stream, args);
      };
    }
  }
  const settled = (...args: any[]) => {
    if (!aborted) nextTick(() => callback.apply(stream, args));
  };
  stream[kIsClosedPromise].promise.then(settled, settled);
  return nop;
}

/** The promise form. `cleanup`: take the listeners away afterwards. */
export function finished(stream: any, options?: any): Promise<void> {
  let autoCleanup = false;
  if (options == null) options = {};
  if (options.cleanup) {
    validateBoolean(options.cleanup, 'cleanup');
    autoCleanup = options.cleanup;
  }
  return new Promise((resolve, reject) => {
    const cleanup = eos(stream, options, (err: any) => {
      if (autoCleanup) cleanup();
      if (err) reject(err);
      else resolve();
    });
  });
}
