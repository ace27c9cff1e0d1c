// Between classic streams and web streams: the toWeb() and fromWeb() of Readable, Writable and Duplex.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#streamreadablefromwebreadablestream-options
//
// Four classes do it, one for each direction of each half: NodeSink and NodeSource stand under a web stream,
// WebReading and WebWriting under a classic one. A pair is made of two of them.

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

/** The errors of zlib: the compression standard asks for a TypeError. */
const compressionError = /^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_TRAILING_JUNK_AFTER_STREAM_END$)/;

/** What classic streams fail with, in the terms of web streams. */
function webError(err: any): any {
  const code = err?.code;
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new AbortError(undefined, { cause: err });
  if (typeof code !== 'string' || !compressionError.test(code)) return err;
  return Object.assign(new TypeError(undefined, { cause: err }), { code });
}

/** Tells once how a half of a classic stream ended. */
function whenOver(stream: any, half: any, tell: (err: any) => void): void {
  const stop = eos(stream, half, (err: any) => {
    stop();
    // A late error of a stream that is over has nowhere to go.
    stream.on('error', nop);
    tell(webError(err) ?? null);
  });
}

// --- Classic to web ---------------------------------------------------------------------------------------------

/** An underlying sink over a Writable. */
class NodeSink {
  #stream: any;
  #controller: any;
  // What write() and close() have promised.
  #room: any = null;
  #closed: any = null;

  constructor(stream: any) {
    this.#stream = stream;
  }

  start(controller: any): void {
    this.#controller = controller;
    this.#stream.on('drain', () => this.#take('room')?.resolve());
    whenOver(this.#stream, { readable: false }, (err) => this.#over(err));
  }

  write(chunk: any): any {
    const stream = this.#stream;
    const hadRoom = !stream.writableNeedDrain && stream.write(chunk);
    if (hadRoom || stream.destroyed || !stream.writableNeedDrain) return undefined;
    this.#room = deferred();
    return this.#room.promise;
  }

  close(): any {
    if (this.#closed !== null || isWritableEnded(this.#stream)) return undefined;
    const { promise } = this.#closed = deferred();
    this.#stream.end();
    return promise;
  }

  abort(reason: any): void {
    destroyer(this.#stream, reason);
  }

  #take(what: 'room' | 'closed'): any {
    const promised = what === 'room' ? this.#room : this.#closed;
    if (what === 'room') this.#room = null;
    else this.#closed = null;
    return promised;
  }

  #over(err: any): void {
    const room = this.#take('room');
    const closed = this.#take('closed');
    if (err === null && closed !== null) {
      closed.resolve();
      return;
    }
    // Ended by somebody else than the web side.
    const reason = err ?? new AbortError();
    if (err !== null) for (const promised of [room, closed]) promised?.reject(reason);
    this.#controller.error(reason);
  }
}

/** An underlying source over a Readable. */
class NodeSource {
  type: string | undefined;
  #stream: any;
  #controller: any;
  #cancelled = false;

  constructor(stream: any, type: string | undefined) {
    this.#stream = stream;
    this.type = type;
  }

  start(controller: any): void {
    this.#controller = controller;
    const stream = this.#stream;
    stream.pause();
    whenOver(stream, { writable: false }, (err) => this.#over(err));
    stream.on('data', (chunk: any) => this.#forward(chunk));
    stream.pause();
  }

  pull(): void {
    this.#stream.resume();
  }

  cancel(reason: any): void {
    this.#cancelled = true;
    destroyer(this.#stream, reason);
  }

  #forward(chunk: any): void {
    const stream = this.#stream;
    // A copy: the memory may be Buffer's pool, which a receiver could transfer.
    const copies = !stream.readableObjectMode && Buffer.isBuffer(chunk);
    this.#controller.enqueue(copies ? new Uint8Array(chunk) : chunk);
    if (this.#controller.desiredSize <= 0) stream.pause();
  }

  #over(err: any): void {
    const controller = this.#controller;
    if (err !== null) {
      controller.error(err);
    } else if (!this.#cancelled) {
      controller.close();
      // A read into the reader's own memory ends too.
      if (this.type === 'bytes') controller.byobRequest?.respond(0);
    }
  }
}

function sizeInBytes(chunk: any): number {
  return chunk.byteLength ?? chunk.length;
}

/** A web stream that is over; with an error if there is one. */
function endedWritable(err?: any): any {
  const stream: any = new WritableStream({ start(controller: any) { if (err) controller.error(err); } });
  if (!err) stream.close();
  return stream;
}

function endedReadable(type: any, err?: any): any {
  const stream: any = new ReadableStream({ type, start(controller: any) { if (err) controller.error(err); } });
  if (!err) stream.cancel();
  return stream;
}

export function newWritableStreamFromStreamWritable(streamWritable: any): any {
  const fits = streamWritable && (typeof streamWritable._writableState === 'object' || isWritableNodeStream(streamWritable));
  if (!fits) throw new codes.ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', streamWritable);
  if (isDestroyed(streamWritable)) return endedWritable(streamWritable.errored ?? new AbortError());
  if (isWritable(streamWritable) === false) return endedWritable();
  const { writableHighWaterMark: highWaterMark, writableObjectMode } = streamWritable;
  return new WritableStream(new NodeSink(streamWritable), writableObjectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark });
}

export function newReadableStreamFromStreamReadable(streamReadable: any, options: any = {}): any {
  if (typeof streamReadable?._readableState !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', streamReadable);
  }
  validateObject(options, 'options');
  const { type } = options;
  if (type !== undefined && type !== 'bytes') throw new codes.ERR_INVALID_ARG_VALUE('options.type', type);

  const wasCutOff = isDestroyed(streamReadable) && !streamReadable.readableEnded;
  if (wasCutOff) return endedReadable(type, streamReadable.errored ?? new AbortError());
  if (isDestroyed(streamReadable) || !isReadable(streamReadable)) return endedReadable(type);

  const { readableHighWaterMark: highWaterMark, readableObjectMode } = streamReadable;
  let strategy: any = { highWaterMark };
  if (type === undefined) {
    const own = readableObjectMode ? new CountQueuingStrategy(strategy) : { highWaterMark, size: sizeInBytes };
    strategy = options.strategy || own;
  }
  return new ReadableStream(new NodeSource(streamReadable, type), strategy);
}

export function newReadableWritablePairFromDuplex(duplex: any, options: any = {}): any {
  const isDuplex = typeof duplex?._readableState === 'object' && typeof duplex._writableState === 'object';
  if (!isDuplex) throw new codes.ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  validateObject(options, 'options');
  const alive = !isDestroyed(duplex);
  return {
    writable: alive && isWritable(duplex) ? newWritableStreamFromStreamWritable(duplex) : endedWritable(),
    readable: alive && isReadable(duplex) ? newReadableStreamFromStreamReadable(duplex, options) : endedReadable(options.type),
  };
}

// --- Web to classic ---------------------------------------------------------------------------------------------

/** Calls back from a promise: what the callback throws is an uncaught exception and not a rejection. */
function callBack(callback: any, err?: any): void {
  try {
    callback(err);
  } catch (thrown) {
    nextTick(() => { throw thrown; });
  }
}

/** The readable half of a classic stream, over a reader. */
class WebReading {
  isClosed = false;
  #reader: any;

  constructor(stream: any) {
    this.#reader = stream.getReader();
  }

  /** Destroys `stream` with the web stream's failure. `failed` runs before. */
  watch(stream: any, failed: () => void): void {
    this.#reader.closed.then(() => { this.isClosed = true; }, (err: any) => {
      this.isClosed = true;
      failed();
      destroyer(stream, err);
    });
  }

  readInto(stream: any): void {
    const give = ({ done, value }: any) => { stream.push(done ? null : value); };
    this.#reader.read().then(give, (err: any) => destroyer(stream, err));
  }

  cancel(reason: any): Promise<any> {
    return this.isClosed ? Promise.resolve() : this.#reader.cancel(reason).catch(nop);
  }
}

/** The writable half of a classic stream, over a writer. */
class WebWriting {
  isClosed = false;
  #writer: any;
  /** Strings are given as bytes. */
  #encodes: boolean;

  constructor(stream: any, encodes: boolean) {
    this.#writer = stream.getWriter();
    this.#encodes = encodes;
  }

  watch(stream: any): void {
    const over = (err?: any) => {
      this.isClosed = true;
      // Closed from the web side: what is written from now on is lost.
      const reason = err ?? (isWritableEnded(stream) ? null : new codes.ERR_STREAM_PREMATURE_CLOSE());
      if (reason !== null) destroyer(stream, reason);
    };
    this.#writer.closed.then(() => over(), over);
  }

  /** The methods of the classic stream, which `stream` gives once it is made. */
  methods(stream: () => any): any {
    const settle = (work: Promise<any>, callback: any) => {
      work.then(() => callBack(callback), (err: any) => {
        try {
          callback(err);
        } catch (thrown) {
          // The stream is told in the next tick, as this isn't its stack.
          nextTick(() => destroyer(stream(), thrown));
        }
      });
    };
    const writer = this.#writer;
    const whenReady = (work: () => any) => writer.ready.then(work);
    return {
      write: (chunk: any, encoding: any, callback: any) => {
        const data = this.#convert(chunk, encoding);
        settle(whenReady(() => writer.write(data)), callback);
      },
      writev: (waiting: any[], callback: any) => {
        const writeAll = () => Promise.all(waiting.map(({ chunk, encoding }) => writer.write(this.#convert(chunk, encoding))));
        settle(whenReady(writeAll), callback);
      },
      final: (callback: any) => {
        if (this.isClosed) callback();
        else settle(writer.close(), callback);
      },
    };
  }

  #convert(chunk: any, encoding: any): any {
    if (!this.#encodes || typeof chunk !== 'string') return chunk;
    const { buffer, byteOffset, byteLength } = Buffer.from(chunk, encoding);
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  /** `closes`: without a reason it is closed and not aborted. */
  end(reason: any, closes: boolean): Promise<any> {
    if (this.isClosed) return Promise.resolve();
    const isClose = closes && (reason === undefined || reason === null);
    return (isClose ? this.#writer.close() : this.#writer.abort(reason)).catch(nop);
  }
}

function checkWeb(stream: any, kind: string, name: string): void {
  if (!is(stream, kind)) throw new codes.ERR_INVALID_ARG_TYPE(name, kind, stream);
}

/** The options that the classic streams take over, checked. */
function optionsOf(given: any, defaults: any): any {
  validateObject(given, 'options');
  const options: any = {};
  for (const name of ['highWaterMark', 'signal', ...Object.keys(defaults)]) options[name] = given[name] === undefined ? defaults[name] : given[name];
  for (const name of ['objectMode', 'decodeStrings']) {
    if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
  }
  if (options.encoding !== undefined && !Buffer.isEncoding(options.encoding)) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.encoding', options.encoding);
  }
  return options;
}

/** destroy() that waits for the web side; without one alive it calls back at once. */
function destroyAfter(isOver: () => boolean, work: (reason: any) => Promise<any>): any {
  return (reason: any, callback: any) => {
    if (isOver()) callback(reason);
    else work(reason).then(() => callBack(callback, reason));
  };
}

export function newStreamReadableFromReadableStream(readableStream: any, given: any = {}): any {
  checkWeb(readableStream, 'ReadableStream', 'readableStream');
  const options = optionsOf(given, { encoding: undefined, objectMode: false });
  const reading = new WebReading(readableStream);
  const readable: any = new (Readable as any)({
    ...options,
    read() { reading.readInto(readable); },
    destroy: destroyAfter(() => reading.isClosed, (reason) => reading.cancel(reason)),
  });
  reading.watch(readable, nop);
  return readable;
}

export function newStreamWritableFromWritableStream(writableStream: any, given: any = {}): any {
  checkWeb(writableStream, 'WritableStream', 'writableStream');
  const options = optionsOf(given, { decodeStrings: true, objectMode: false });
  const writing = new WebWriting(writableStream, options.decodeStrings && !options.objectMode);
  const writable: any = new (Writable as any)({
    ...options,
    ...writing.methods(() => writable),
    destroy: destroyAfter(() => writing.isClosed, (reason) => writing.end(reason, true)),
  });
  writing.watch(writable);
  return writable;
}

export function newStreamDuplexFromReadableWritablePair(pair: any = {}, given: any = {}): any {
  validateObject(pair, 'pair');
  checkWeb(pair.readable, 'ReadableStream', 'pair.readable');
  checkWeb(pair.writable, 'WritableStream', 'pair.writable');
  const options = optionsOf(given, { allowHalfOpen: false, encoding: undefined, decodeStrings: true, objectMode: false });
  const writing = new WebWriting(pair.writable, options.decodeStrings && !options.objectMode);
  const reading = new WebReading(pair.readable);
  const duplex: any = new (Duplex as any)({
    ...options,
    ...writing.methods(() => duplex),
    read() { reading.readInto(duplex); },
    destroy: destroyAfter(() => false, (reason) => Promise.all([writing.end(reason, false), reading.cancel(reason)])),
  });
  writing.watch(duplex);
  // A failure to read is one of the whole.
  reading.watch(duplex, () => { writing.isClosed = true; });
  return duplex;
}
