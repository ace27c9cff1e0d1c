// Between classic streams and web streams: the toWeb() and fromWeb() of Readable, Writable and Duplex.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#streamreadablefromwebreadablestream-options

import { AbortError, codes } from 'internal:errors';
import { validateBoolean, validateObject } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { Buffer } from 'internal:buffer';
import { Readable } from 'internal:stream/readable';
import { Writable } from 'internal:stream/writable';
import { Duplex } from 'internal:stream/duplex';
import { eos } from 'internal:stream/endofstream';
import { destroyer } from 'internal:stream/destroy';
import { isDestroyed, isReadable, isWritable, isWritableEnded, isWritableNodeStream } from 'internal:stream/state';
import { CountQueuingStrategy, deferred, is, nop } from 'internal:web/streams/core';
import { ReadableStream } from 'internal:web/streams/readable';
import { WritableStream } from 'internal:web/streams/writable';

/** What classic streams fail with, in the terms of web streams. */
function webError(err: any): any {
  if (err?.code === 'ERR_STREAM_PREMATURE_CLOSE') return new AbortError(undefined, { cause: err });
  // The errors of zlib: the compression standard asks for a TypeError.
  if (typeof err?.code === 'string' && (err.code.startsWith('Z_') || err.code.startsWith('ERR__ERROR_FORMAT') ||
      err.code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END' || err.code.startsWith('ERR_BROTLI'))) {
    const wrapped: any = new TypeError(undefined, { cause: err });
    wrapped.code = err.code;
    return wrapped;
  }
  return err;
}

export function newWritableStreamFromStreamWritable(streamWritable: any): any {
  if (!streamWritable || (typeof streamWritable._writableState !== 'object' && !isWritableNodeStream(streamWritable))) {
    throw new codes.ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', streamWritable);
  }
  if (isDestroyed(streamWritable) || isWritable(streamWritable) === false) {
    let controller: any;
    const over: any = new WritableStream({ start(c: any) { controller = c; } });
    if (isDestroyed(streamWritable)) controller.error(streamWritable.errored ?? new AbortError());
    else over.close();
    return over;
  }

  const highWaterMark = streamWritable.writableHighWaterMark;
  const strategy = streamWritable.writableObjectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark };
  let controller: any;
  let room: any;
  let closed: any;

  streamWritable.on('drain', () => {
    if (room !== undefined) {
      room.resolve();
      room = undefined;
    }
  });
  const cleanup = eos(streamWritable, { readable: false }, (err: any) => {
    err = webError(err);
    cleanup();
    // A late error of a stream that is over has nowhere to go.
    streamWritable.on('error', nop);
    if (err != null) {
      room?.reject(err);
      room = undefined;
      closed?.reject(err);
      closed = undefined;
      controller.error(err);
      return;
    }
    if (closed !== undefined) {
      closed.resolve();
      closed = undefined;
      return;
    }
    controller.error(new AbortError());
  });

  return new WritableStream({
    start(c: any) { controller = c; },
    write(chunk: any): any {
      if (streamWritable.writableNeedDrain || !streamWritable.write(chunk)) {
        if (streamWritable.destroyed || !streamWritable.writableNeedDrain) return undefined;
        room = deferred();
        return room.promise;
      }
      return undefined;
    },
    abort(reason: any) { destroyer(streamWritable, reason); },
    close(): any {
      if (closed === undefined && !isWritableEnded(streamWritable)) {
        closed = deferred();
        const { promise } = closed;
        streamWritable.end();
        return promise;
      }
      return undefined;
    },
  }, strategy);
}

export function newReadableStreamFromStreamReadable(streamReadable: any, options: any = {}): any {
  if (typeof streamReadable?._readableState !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', streamReadable);
  }
  validateObject(options, 'options');
  const isBytes = options.type === 'bytes';
  if (options.type !== undefined && !isBytes) throw new codes.ERR_INVALID_ARG_VALUE('options.type', options.type);

  if (isDestroyed(streamReadable) || !isReadable(streamReadable)) {
    let controller: any;
    const over: any = new ReadableStream({ type: isBytes ? 'bytes' : undefined, start(c: any) { controller = c; } });
    if (isDestroyed(streamReadable) && !streamReadable.readableEnded) controller.error(streamReadable.errored ?? new AbortError());
    else over.cancel();
    return over;
  }

  const objectMode = streamReadable.readableObjectMode;
  const highWaterMark = streamReadable.readableHighWaterMark;
  const strategy = isBytes ? { highWaterMark } :
    options.strategy ? options.strategy :
      objectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark, size: byteLength };

  let controller: any;
  let wasCanceled = false;

  streamReadable.pause();
  const cleanup = eos(streamReadable, { writable: false }, (err: any) => {
    err = webError(err);
    cleanup();
    streamReadable.on('error', nop);
    if (err) {
      controller.error(err);
      return;
    }
    if (!wasCanceled) {
      controller.close();
      if (isBytes) controller.byobRequest?.respond(0);
    }
  });

  const result = new ReadableStream({
    type: isBytes ? 'bytes' : undefined,
    start(c: any) { controller = c; },
    pull() { streamReadable.resume(); },
    cancel(reason: any) {
      wasCanceled = true;
      destroyer(streamReadable, reason);
    },
  }, strategy);

  streamReadable.on('data', (chunk: any) => {
    // A copy: the memory may be Buffer's pool, which a receiver could transfer.
    if (Buffer.isBuffer(chunk) && !objectMode) chunk = new Uint8Array(chunk);
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) streamReadable.pause();
  });
  streamReadable.pause();
  return result;
}

function byteLength(chunk: any): number {
  return typeof chunk === 'string' ? chunk.length : chunk.byteLength;
}

/** cb(err), whose exceptions are uncaught ones and not rejections. */
function callLater(cb: any, err: any): void {
  try {
    cb(err);
  } catch (thrown) {
    nextTick(() => { throw thrown; });
  }
}

export function newStreamReadableFromReadableStream(readableStream: any, options: any = {}): any {
  if (!is(readableStream, 'ReadableStream')) throw new codes.ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', readableStream);
  validateObject(options, 'options');
  const { highWaterMark, encoding, objectMode = false, signal } = options;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) throw new codes.ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  validateBoolean(objectMode, 'options.objectMode');

  const reader = readableStream.getReader();
  let closed = false;
  const readable: any = new (Readable as any)({
    objectMode,
    highWaterMark,
    encoding,
    signal,
    read() { readInto(readable, reader); },
    destroy(err: any, callback: any) {
      if (closed) {
        callback(err);
        return;
      }
      const done = () => callLater(callback, err);
      reader.cancel(err).then(done, done);
    },
  });
  reader.closed.then(() => { closed = true; }, (err: any) => {
    closed = true;
    destroyer(readable, err);
  });
  return readable;
}

function readInto(readable: any, reader: any): void {
  reader.read().then((result: any) => {
    if (result.done) readable.push(null);
    else readable.push(result.value);
  }, (err: any) => destroyer(readable, err));
}

/** write(), writev() and final() over a writer. */
function writerMethods(writer: any, stream: () => any, decodeStrings: boolean, objectMode: boolean, isClosed: () => boolean): any {
  const convert = (chunk: any, encoding: any) => {
    if (typeof chunk !== 'string' || !decodeStrings || objectMode) return chunk;
    const bytes = Buffer.from(chunk, encoding);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const settle = (promise: Promise<any>, callback: any) => {
    promise.then(() => callLater(callback, undefined), (err: any) => {
      try {
        callback(err);
      } catch (thrown) {
        // The stream is told in the next tick, as this isn't its stack.
        nextTick(() => destroyer(stream(), thrown));
      }
    });
  };
  return {
    writev(chunks: any[], callback: any) {
      settle(writer.ready.then(() => Promise.all(chunks.map((data) => writer.write(convert(data.chunk, data.encoding))))), callback);
    },
    write(chunk: any, encoding: any, callback: any) {
      chunk = convert(chunk, encoding);
      settle(writer.ready.then(() => writer.write(chunk)), callback);
    },
    final(callback: any) {
      if (isClosed()) {
        callback();
        return;
      }
      settle(writer.close(), callback);
    },
  };
}

export function newStreamWritableFromWritableStream(writableStream: any, options: any = {}): any {
  if (!is(writableStream, 'WritableStream')) throw new codes.ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', writableStream);
  validateObject(options, 'options');
  const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
  validateBoolean(objectMode, 'options.objectMode');
  validateBoolean(decodeStrings, 'options.decodeStrings');

  const writer = writableStream.getWriter();
  let closed = false;
  const writable: any = new (Writable as any)({
    highWaterMark,
    objectMode,
    decodeStrings,
    signal,
    ...writerMethods(writer, () => writable, decodeStrings, objectMode, () => closed),
    destroy(err: any, callback: any) {
      if (closed) {
        callback(err);
        return;
      }
      const done = () => callLater(callback, err);
      if (err != null) writer.abort(err).then(done, done);
      else writer.close().then(done, done);
    },
  });
  watchWriter(writer, () => writable, () => { closed = true; });
  return writable;
}

function watchWriter(writer: any, stream: () => any, closed: () => void): void {
  writer.closed.then(() => {
    closed();
    // Closed from the web side: what is written from now on is lost.
    if (!isWritableEnded(stream())) destroyer(stream(), new codes.ERR_STREAM_PREMATURE_CLOSE());
  }, (err: any) => {
    closed();
    destroyer(stream(), err);
  });
}

export function newReadableWritablePairFromDuplex(duplex: any, options: any = {}): any {
  if (typeof duplex?._writableState !== 'object' || typeof duplex?._readableState !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  }
  validateObject(options, 'options');
  if (isDestroyed(duplex)) {
    const writable: any = new WritableStream();
    const readable: any = new ReadableStream({ type: options.type });
    writable.close();
    readable.cancel();
    return { readable, writable };
  }
  let writable: any;
  if (isWritable(duplex)) {
    writable = newWritableStreamFromStreamWritable(duplex);
  } else {
    writable = new WritableStream();
    writable.close();
  }
  let readable: any;
  if (isReadable(duplex)) {
    readable = newReadableStreamFromStreamReadable(duplex, options);
  } else {
    readable = new ReadableStream({ type: options.type });
    readable.cancel();
  }
  return { writable, readable };
}

export function newStreamDuplexFromReadableWritablePair(pair: any = {}, options: any = {}): any {
  validateObject(pair, 'pair');
  const { readable: readableStream, writable: writableStream } = pair;
  if (!is(readableStream, 'ReadableStream')) throw new codes.ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', readableStream);
  if (!is(writableStream, 'WritableStream')) throw new codes.ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', writableStream);
  validateObject(options, 'options');
  const { allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark, signal } = options;
  validateBoolean(objectMode, 'options.objectMode');
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) throw new codes.ERR_INVALID_ARG_VALUE('options.encoding', encoding);

  const writer = writableStream.getWriter();
  const reader = readableStream.getReader();
  let writableClosed = false;
  let readableClosed = false;

  const duplex: any = new (Duplex as any)({
    allowHalfOpen,
    highWaterMark,
    objectMode,
    encoding,
    decodeStrings,
    signal,
    ...writerMethods(writer, () => duplex, decodeStrings, objectMode, () => writableClosed),
    read() { readInto(duplex, reader); },
    destroy(err: any, callback: any) {
      const done = () => callLater(callback, err);
      const waits: Array<Promise<any>> = [];
      if (!writableClosed) waits.push(writer.abort(err).then(nop, nop));
      if (!readableClosed) waits.push(reader.cancel(err).then(nop, nop));
      if (waits.length === 0) done();
      else Promise.all(waits).then(done, done);
    },
  });
  watchWriter(writer, () => duplex, () => { writableClosed = true; });
  reader.closed.then(() => { readableClosed = true; }, (err: any) => {
    writableClosed = true;
    readableClosed = true;
    destroyer(duplex, err);
  });
  return duplex;
}
