// ReadableStream. https://streams.spec.whatwg.org/#rs

import { codes } from 'internal:errors';
import { validateAbortSignal, validateObject } from 'internal:validators';
import { addAbortListener } from 'internal:events/abort';
import {
  Fifo, SizedQueue, answerClassicStreams, check, checkChunkSize, deferred, extractHighWaterMark, extractSize, finishClass, handled, inspectAs, invalidState, is, kConstruct,
  kInspect, kIsDisturbed, kIsReadable, kState, nop, promiseCall, rejectedDeferred,
  resolvedDeferred, startPromise, then, rangeError,
} from 'internal:web/streams/core';
import {
  WritableStreamDefaultWriter, closeQueuedOrInFlight, isWritableLocked, writableAbort, writerCloseWithErrorPropagation, writerRelease, writerWrite,
} from 'internal:web/streams/writable';

const { apply } = Reflect;
const { isView } = ArrayBuffer;
const { getPrototypeOf } = Object;
const bufferTransfer: any = (ArrayBuffer.prototype as any).transfer;
const detachedGetter: any = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached')!.get;

const resolvedPromise = Promise.resolve();
function resolved(): Promise<any> { return resolvedPromise; }

const kCancel = Symbol('kCancel');
const kPull = Symbol('kPull');
const kRelease = Symbol('kRelease');

export class ReadableStream {
  constructor(source: any = {}, strategy: any = {}) {
    const self: any = this;
    self[kState] = newState();
    if (source === kConstruct) return;
    // A dictionary may be a function.
    validateObject(source, 'source', 0b110);
    validateObject(strategy, 'strategy', 0b111);
    // The order in which the standard reads them.
    const highWaterMark = strategy?.highWaterMark;
    const size = strategy?.size;
    const autoAllocateChunkSize = source.autoAllocateChunkSize;
    const cancel = method(source, 'cancel');
    const pull = method(source, 'pull');
    const start = method(source, 'start');
    const { type } = source;

    if (type !== undefined && `${type}` === 'bytes') {
      if (size !== undefined) throw rangeError('ERR_INVALID_ARG_VALUE', 'strategy.size', size);
      const controller: any = new ReadableByteStreamController(kConstruct);
      if (autoAllocateChunkSize !== undefined && !(autoAllocateChunkSize > 0)) {
        throw new codes.ERR_INVALID_ARG_VALUE('source.autoAllocateChunkSize', autoAllocateChunkSize);
      }
      setupByteController(this, controller,
        start === undefined ? nop : () => apply(start, source, [controller]),
        pull === undefined ? resolved : () => promiseCall(pull, source, [controller]),
        cancel === undefined ? resolved : (reason: any) => promiseCall(cancel, source, [reason]),
        extractHighWaterMark(highWaterMark, 0), autoAllocateChunkSize);
      return;
    }
    if (type !== undefined) throw new codes.ERR_INVALID_ARG_VALUE('source.type', type);
    const sizeAlgorithm = size === undefined ? undefined : extractSize(size);
    const controller: any = new ReadableStreamDefaultController(kConstruct);
    setupDefaultController(this, controller,
      start === undefined ? nop : () => apply(start, source, [controller]),
      pull === undefined ? resolved : () => promiseCall(pull, source, [controller]),
      cancel === undefined ? resolved : (reason: any) => promiseCall(cancel, source, [reason]),
      extractHighWaterMark(highWaterMark, 1), sizeAlgorithm);
  }

  /** A stream over an iterable or async iterable. */
  static from(iterable: any): ReadableStream {
    return streamFromIterable(iterable);
  }

  get locked(): boolean {
    check(this, 'ReadableStream');
    return isLocked(this);
  }

  cancel(reason: any = undefined): Promise<void> {
    if (!is(this, 'ReadableStream')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStream'));
    if (isLocked(this)) return Promise.reject(invalidState('ReadableStream is locked'));
    return readableCancel(this, reason);
  }

  getReader(options: any = {}): any {
    check(this, 'ReadableStream');
    validateObject(options, 'options', 0b111);
    const mode = options?.mode;
    if (mode === undefined) return new ReadableStreamDefaultReader(this);
    if (`${mode}` !== 'byob') throw new codes.ERR_INVALID_ARG_VALUE('options.mode', mode);
    return new ReadableStreamBYOBReader(this);
  }

  pipeThrough(transform: any, options: any = {}): any {
    check(this, 'ReadableStream');
    const { readable, writable } = transform ?? {};
    if (!is(readable, 'ReadableStream')) throw new codes.ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
    handled(startPipe(this, writable, options));
    return readable;
  }

  pipeTo(destination: any, options: any = {}): Promise<void> {
    try {
      check(this, 'ReadableStream');
      return startPipe(this, destination, options);
    } catch (refused) {
      return Promise.reject(refused);
    }
  }

  tee(): [ReadableStream, ReadableStream] {
    check(this, 'ReadableStream');
    return readableTee(this, false);
  }

  values(options: any = {}): any {
    check(this, 'ReadableStream');
    validateObject(options, 'options', 0b111);
    return newIterator(this, !!options?.preventCancel);
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name,
      { locked: this.locked, state: s.state, supportsBYOB: is(s.controller, 'ReadableByteStreamController') });
  }

  declare [Symbol.asyncIterator]: any;
}
answerClassicStreams(ReadableStream, { [kIsDisturbed]: (s) => s.disturbed, [kIsReadable]: (s) => s.state === 'readable' });
finishClass(ReadableStream, 'ReadableStream', ['locked', 'cancel', 'getReader', 'pipeThrough', 'pipeTo', 'tee', 'values']);
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  configurable: true, enumerable: false, writable: true, value: ReadableStream.prototype.values,
});
Object.defineProperty(ReadableStream, 'from', { enumerable: true });

function method(object: any, name: string): any {
  const fn = object?.[name];
  if (fn !== undefined && typeof fn !== 'function') throw new codes.ERR_INVALID_ARG_TYPE(`source.${name}`, 'Function', fn);
  return fn;
}

function newState(): any {
  return {
    disturbed: false,
    state: 'readable',
    reader: undefined,
    controller: undefined,
    storedError: undefined,
    closedPromise: undefined,
  };
}

/** What pipeTo() and pipeThrough() check and then do. */
function startPipe(source: any, dest: any, options: any): Promise<void> {
  if (!is(dest, 'WritableStream')) throw new codes.ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', dest);
  validateObject(options, 'options', 0b111);
  // Read in the order of the standard's dictionary.
  const [preventAbort, preventCancel, preventClose] = ['preventAbort', 'preventCancel', 'preventClose'].map((name) => Boolean(options?.[name]));
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  const locked = isLocked(source) ? 'ReadableStream' : isWritableLocked(dest) ? 'WritableStream' : null;
  if (locked !== null) throw invalidState(`The ${locked} is locked`);
  return pipe(source, dest, preventClose, preventAbort, preventCancel, signal);
}

export function isReadableStream(value: any): boolean {
  return is(value, 'ReadableStream');
}

function isLocked(stream: any): boolean {
  return stream[kState].reader !== undefined;
}
export { isLocked as isReadableLocked };

/** A ReadableStream with the algorithms of our own code. */
export function createReadableStream(start: any, pull: any, cancel: any, highWaterMark = 1, size?: any): any {
  const stream = new ReadableStream(kConstruct);
  setupDefaultController(stream, new ReadableStreamDefaultController(kConstruct), start, pull, cancel, highWaterMark, size);
  return stream;
}

export function createReadableByteStream(start: any, pull: any, cancel: any): any {
  const stream = new ReadableStream(kConstruct);
  setupByteController(stream, new ReadableByteStreamController(kConstruct), start, pull, cancel, 0, undefined);
  return stream;
}

// --- Readers -------------------------------------------------------------------------------------------------

// A read request is what waits in a reader: chunk(value), close(value?) and error(reason) settle it.

/** The request behind reader.read(). */
class PromiseRead {
  promise: Promise<any>;
  #resolve: any;
  #reject: any;
  constructor() {
    const d = deferred();
    this.promise = d.promise;
    this.#resolve = d.resolve;
    this.#reject = d.reject;
  }
  chunk(value: any): void { this.#resolve({ value, done: false }); }
  close(value?: any): void { this.#resolve({ value, done: true }); }
  error(reason: any): void { this.#reject(reason); }
}

export class ReadableStreamDefaultReader {
  constructor(stream: any) {
    if (!is(stream, 'ReadableStream')) throw new codes.ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    if (isLocked(stream)) throw invalidState('ReadableStream is locked');
    (this as any)[kState] = { requests: new Fifo(), stream: undefined, close: undefined };
    readerInitialize(this, stream);
  }

  read(): Promise<any> {
    if (!is(this, 'ReadableStreamDefaultReader')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStreamDefaultReader'));
    const { stream } = (this as any)[kState];
    if (stream === undefined) return Promise.reject(invalidState('The reader is not attached to a stream'));
    const s = stream[kState];
    const { controller } = s;
    // A chunk that waits needs no request.
    if (s.state === 'readable' && controller[kQueued]) {
      s.disturbed = true;
      return Promise.resolve({ value: takeQueued(controller), done: false });
    }
    const request = new PromiseRead();
    defaultReaderRead(this, request);
    return request.promise;
  }

  releaseLock(): void {
    check(this, 'ReadableStreamDefaultReader');
    if ((this as any)[kState].stream !== undefined) defaultReaderRelease(this);
  }

  get closed(): Promise<void> {
    if (!is(this, 'ReadableStreamDefaultReader')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStreamDefaultReader'));
    return (this as any)[kState].close.promise;
  }

  cancel(reason: any = undefined): Promise<void> {
    if (!is(this, 'ReadableStreamDefaultReader')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStreamDefaultReader'));
    const { stream } = (this as any)[kState];
    if (stream === undefined) return Promise.reject(invalidState('The reader is not attached to a stream'));
    return readableCancel(stream, reason);
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name, { stream: s.stream, readRequests: s.requests.length, close: s.close.promise });
  }
}
finishClass(ReadableStreamDefaultReader, 'ReadableStreamDefaultReader', ['read', 'releaseLock', 'closed', 'cancel']);

export class ReadableStreamBYOBReader {
  constructor(stream: any) {
    if (!is(stream, 'ReadableStream')) throw new codes.ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    if (isLocked(stream)) throw invalidState('ReadableStream is locked');
    if (!is(stream[kState].controller, 'ReadableByteStreamController')) throw new codes.ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
    (this as any)[kState] = { requests: new Fifo(), stream: undefined, close: undefined };
    readerInitialize(this, stream);
  }

  async read(view: any, options: any = {}): Promise<any> {
    check(this, 'ReadableStreamBYOBReader');
    if (!isView(view)) throw new codes.ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
    validateObject(options, 'options', 0b111);
    if (view.byteLength === 0 || (view.buffer as any).byteLength === 0 || isDetached(view.buffer)) {
      throw invalidState('View or Viewed ArrayBuffer is zero-length or detached');
    }
    const min = options?.min === undefined ? 1 : options.min;
    if (typeof min !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('options.min', 'number', min);
    if (!Number.isInteger(min)) throw new codes.ERR_INVALID_ARG_VALUE('options.min', min, 'must be an integer');
    if (min <= 0) throw new codes.ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
    const isData = view instanceof DataView;
    const length = isData ? view.byteLength : (view as any).length;
    if (min > length) throw new codes.ERR_OUT_OF_RANGE('options.min', `<= ${isData ? 'view.byteLength' : 'view.length'}`, min);
    const { stream } = (this as any)[kState];
    if (stream === undefined) throw invalidState('The reader is not attached to a stream');
    const request = new PromiseRead();
    byobReaderRead(this, view, min, request);
    return request.promise;
  }

  releaseLock(): void {
    check(this, 'ReadableStreamBYOBReader');
    if ((this as any)[kState].stream !== undefined) byobReaderRelease(this);
  }

  get closed(): Promise<void> {
    if (!is(this, 'ReadableStreamBYOBReader')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStreamBYOBReader'));
    return (this as any)[kState].close.promise;
  }

  cancel(reason: any = undefined): Promise<void> {
    if (!is(this, 'ReadableStreamBYOBReader')) return Promise.reject(new codes.ERR_INVALID_THIS('ReadableStreamBYOBReader'));
    const { stream } = (this as any)[kState];
    if (stream === undefined) return Promise.reject(invalidState('The reader is not attached to a stream'));
    return readableCancel(stream, reason);
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name, { stream: s.stream, readIntoRequests: s.requests.length, close: s.close.promise });
  }
}
finishClass(ReadableStreamBYOBReader, 'ReadableStreamBYOBReader', ['read', 'releaseLock', 'closed', 'cancel']);

function readerInitialize(reader: any, stream: any): void {
  const r = reader[kState];
  r.stream = stream;
  const s = stream[kState];
  s.reader = reader;
  if (s.state === 'readable') r.close = deferred();
  else if (s.state === 'closed') r.close = resolvedDeferred();
  else r.close = rejectedDeferred(s.storedError);
}

function readerRelease(reader: any): void {
  const r = reader[kState];
  const { stream } = r;
  const s = stream[kState];
  const err = invalidState('Reader released');
  if (s.state === 'readable') {
    r.close.reject(err);
    handled(r.close.promise);
  } else {
    r.close = rejectedDeferred(err);
  }
  s.controller[kRelease]();
  s.reader = undefined;
  r.stream = undefined;
}

export function defaultReaderRelease(reader: any): void {
  readerRelease(reader);
  const err = invalidState('Releasing reader');
  for (const request of reader[kState].requests.drain()) request.error(err);
}

function byobReaderRelease(reader: any): void {
  readerRelease(reader);
  const err = invalidState('Releasing reader');
  for (const request of reader[kState].requests.drain()) request.error(err);
}

export function defaultReaderRead(reader: any, request: any): void {
  const { stream } = reader[kState];
  const s = stream[kState];
  s.disturbed = true;
  if (s.state === 'closed') request.close();
  else if (s.state === 'errored') request.error(s.storedError);
  else s.controller[kPull](request);
}

function byobReaderRead(reader: any, view: any, min: number, request: any): void {
  const { stream } = reader[kState];
  const s = stream[kState];
  s.disturbed = true;
  if (s.state === 'errored') request.error(s.storedError);
  else bytePullInto(s.controller, view, min, request);
}

function hasDefaultReader(stream: any): boolean {
  return is(stream[kState].reader, 'ReadableStreamDefaultReader');
}

function hasBYOBReader(stream: any): boolean {
  return is(stream[kState].reader, 'ReadableStreamBYOBReader');
}

function numRequests(stream: any): number {
  return stream[kState].reader[kState].requests.length;
}

// --- Stream --------------------------------------------------------------------------------------------------

export function readableCancel(stream: any, reason: any): Promise<void> {
  const s = stream[kState];
  s.disturbed = true;
  if (s.state === 'closed') return Promise.resolve();
  if (s.state === 'errored') return Promise.reject(s.storedError);
  readableClose(stream);
  if (hasBYOBReader(stream)) {
    for (const request of s.reader[kState].requests.drain()) request.close();
  }
  return then(s.controller[kCancel](reason), nop);
}

export function readableClose(stream: any): void {
  const s = stream[kState];
  s.state = 'closed';
  s.closedPromise?.resolve();
  const { reader } = s;
  if (reader === undefined) return;
  reader[kState].close.resolve();
  if (is(reader, 'ReadableStreamDefaultReader')) {
    for (const request of reader[kState].requests.drain()) request.close();
  }
}

export function readableError(stream: any, err: any): void {
  const s = stream[kState];
  s.state = 'errored';
  s.storedError = err;
  s.closedPromise?.reject(err);
  const { reader } = s;
  if (reader === undefined) return;
  reader[kState].close.reject(err);
  handled(reader[kState].close.promise);
  for (const request of reader[kState].requests.drain()) request.error(err);
}

function fulfillRequest(stream: any, chunk: any, done: boolean): void {
  const request = stream[kState].reader[kState].requests.shift();
  if (done) request.close(chunk);
  else request.chunk(chunk);
}

function streamFromIterable(iterable: any): ReadableStream {
  let isAsync = true;
  let getIterator = iterable == null ? undefined : iterable[Symbol.asyncIterator];
  if (getIterator == null) {
    isAsync = false;
    getIterator = iterable == null ? undefined : iterable[Symbol.iterator];
  }
  if (typeof getIterator !== 'function') throw new codes.ERR_ARG_NOT_ITERABLE(iterable);
  const iterator: any = apply(getIterator, iterable, []);
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) {
    throw invalidState('The iterator method must return an object');
  }
  const { next } = iterator;

  async function pull(): Promise<void> {
    const result = await apply(next, iterator, []);
    if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
      throw invalidState('The promise returned by the iterator.next() method must fulfill with an object');
    }
    if (result.done) defaultClose(stream[kState].controller);
    else defaultEnqueue(stream[kState].controller, isAsync ? result.value : await result.value);
  }
  async function cancel(reason: any): Promise<void> {
    const returnMethod = iterator.return;
    if (returnMethod == null) return;
    if (typeof returnMethod !== 'function') throw new TypeError('iterator.return is not a function');
    const result = await apply(returnMethod, iterator, [reason]);
    if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
      throw invalidState('The promise returned by the iterator.return() method must fulfill with an object');
    }
  }
  const stream = createReadableStream(nop, pull, cancel, 0);
  return stream;
}

// --- Async iteration -----------------------------------------------------------------------------------------

const AsyncIteratorPrototype = getPrototypeOf(getPrototypeOf(async function* () { /* only its prototype */ }).prototype);
const kIterator = Symbol('kIterator');

class IterationRead {
  #state: any;
  #d: any;
  constructor(state: any, d: any) {
    this.#state = state;
    this.#d = d;
  }
  chunk(value: any): void {
    this.#state.current = undefined;
    this.#d.resolve({ value, done: false });
  }
  close(): void {
    this.#state.current = undefined;
    this.#state.done = true;
    defaultReaderRelease(this.#state.reader);
    this.#d.resolve({ value: undefined, done: true });
  }
  error(reason: any): void {
    this.#state.current = undefined;
    this.#state.done = true;
    defaultReaderRelease(this.#state.reader);
    this.#d.reject(reason);
  }
}

function same(value: any): any { return value; }

function iteratorNext(state: any): Promise<any> {
  if (state.done) return Promise.resolve({ value: undefined, done: true });
  if (state.reader[kState].stream === undefined) {
    return Promise.reject(invalidState('The reader is not bound to a ReadableStream'));
  }
  const d = deferred();
  defaultReaderRead(state.reader, new IterationRead(state, d));
  // One turn of the microtask queue later, as Web IDL's iterators are.
  return then(d.promise, same);
}

async function iteratorReturn(state: any, value: any): Promise<any> {
  if (state.done) return { done: true, value };
  state.done = true;
  const { reader } = state;
  if (reader[kState].stream === undefined) throw invalidState('The reader is not bound to a ReadableStream');
  if (state.preventCancel) {
    defaultReaderRelease(reader);
  } else {
    const result = readableCancel(reader[kState].stream, value);
    defaultReaderRelease(reader);
    await result;
  }
  return { done: true, value };
}

const iteratorPrototype = Object.setPrototypeOf({
  next(this: any): Promise<any> {
    const state = this[kIterator];
    // One at a time, in order.
    const run = () => iteratorNext(state);
    state.current = state.current === undefined ? run() : then(state.current, run, run);
    return state.current;
  },
  return(this: any, value?: any): Promise<any> {
    const state = this[kIterator];
    const run = () => iteratorReturn(state, value);
    state.current = state.current === undefined ? run() : then(state.current, run, run);
    return state.current;
  },
}, AsyncIteratorPrototype);

function newIterator(stream: any, preventCancel: boolean): any {
  const reader = new ReadableStreamDefaultReader(stream);
  const iterator = Object.create(iteratorPrototype);
  Object.defineProperty(iterator, kIterator, { value: { reader, preventCancel, done: false, current: undefined } });
  return iterator;
}

// --- Pipes ---------------------------------------------------------------------------------------------------

/** https://streams.spec.whatwg.org/#readable-stream-pipe-to */
function pipe(source: any, dest: any, preventClose: boolean, preventAbort: boolean, preventCancel: boolean, signal: any): Promise<void> {
  const reader: any = new ReadableStreamDefaultReader(source);
  const writer: any = new WritableStreamDefaultWriter(dest);
  source[kState].disturbed = true;
  const s = source[kState];
  const d = dest[kState];
  const result = deferred();
  let shuttingDown = false;
  let currentWrite: Promise<any> = resolvedPromise;
  let listening: any;

  // Reads while the destination has room.
  class PipeRead {
    chunk(value: any): void {
      // In a microtask of its own: what write() does must not run inside enqueue().
      then(resolvedPromise, () => {
        currentWrite = then(writerWrite(writer, value), undefined, nop);
        step();
      });
    }
    close(): void { /* the source's closing is watched */ }
    error(): void { /* so is its failure */ }
  }
  function step(): void {
    if (shuttingDown) return;
    const { ready } = writer[kState];
    if (d.state === 'writable' && !d.backpressure) defaultReaderRead(reader, new PipeRead());
    else then(ready.promise, () => { if (!shuttingDown) defaultReaderRead(reader, new PipeRead()); }, nop);
  }

  async function waitForWrites(): Promise<void> {
    // Another write may have been added while waiting.
    let seen;
    do {
      seen = currentWrite;
      await seen;
    } while (seen !== currentWrite);
  }
  function finalize(hasError: boolean, err: any): void {
    writerRelease(writer);
    defaultReaderRelease(reader);
    listening?.[Symbol.dispose]();
    if (hasError) result.reject(err);
    else result.resolve();
  }
  function shutdownWith(action: () => Promise<any>, hasError = false, err?: any): void {
    if (shuttingDown) return;
    shuttingDown = true;
    const act = () => {
      then(action(), () => finalize(hasError, err), (newError: any) => finalize(true, newError));
    };
    if (d.state === 'writable' && !closeQueuedOrInFlight(dest)) then(waitForWrites(), act);
    else act();
  }
  function shutdown(hasError = false, err?: any): void {
    if (shuttingDown) return;
    shuttingDown = true;
    if (d.state === 'writable' && !closeQueuedOrInFlight(dest)) then(waitForWrites(), () => finalize(hasError, err));
    else finalize(hasError, err);
  }

  if (signal !== undefined) {
    const abort = () => {
      const err = signal.reason;
      const actions: Array<() => Promise<any>> = [];
      if (!preventAbort) actions.push(() => (d.state === 'writable' ? writableAbort(dest, err) : Promise.resolve()));
      if (!preventCancel) actions.push(() => (s.state === 'readable' ? readableCancel(source, err) : Promise.resolve()));
      shutdownWith(() => Promise.all(actions.map((action) => action())), true, err);
    };
    if (signal.aborted) {
      abort();
      return result.promise;
    }
    listening = addAbortListener(signal, abort);
  }

  // What has happened already is looked at in the standard's order; then what will.
  const sourceErrored = (err: any) => {
    if (!preventAbort) shutdownWith(() => writableAbort(dest, err), true, err);
    else shutdown(true, err);
  };
  const destErrored = (err: any) => {
    if (!preventCancel) shutdownWith(() => readableCancel(source, err), true, err);
    else shutdown(true, err);
  };
  const sourceClosed = () => {
    if (!preventClose) shutdownWith(() => writerCloseWithErrorPropagation(writer));
    else shutdown();
  };
  if (s.state === 'errored') sourceErrored(s.storedError);
  else then(reader[kState].close.promise, undefined, sourceErrored);
  if (d.state === 'errored' || d.state === 'erroring') destErrored(d.storedError);
  else then(writer[kState].close.promise, undefined, destErrored);
  if (s.state === 'closed') sourceClosed();
  else then(reader[kState].close.promise, sourceClosed, nop);
  if (closeQueuedOrInFlight(dest) || d.state === 'closed') {
    const err = invalidState('Destination WritableStream is closed');
    if (!preventCancel) shutdownWith(() => readableCancel(source, err), true, err);
    else shutdown(true, err);
  }
  step();
  return result.promise;
}

// --- tee -----------------------------------------------------------------------------------------------------

export function readableTee(stream: any, cloneForBranch2: boolean): [ReadableStream, ReadableStream] {
  return is(stream[kState].controller, 'ReadableByteStreamController') ? byteTee(stream) : defaultTee(stream, cloneForBranch2);
}

function defaultTee(stream: any, cloneForBranch2: boolean): [any, any] {
  const reader: any = new ReadableStreamDefaultReader(stream);
  let reading = false;
  let readAgain = false;
  let canceled1 = false;
  let canceled2 = false;
  let reason1: any;
  let reason2: any;
  const cancelResult = deferred();

  function pull(): Promise<void> {
    if (reading) {
      readAgain = true;
      return resolvedPromise;
    }
    reading = true;
    defaultReaderRead(reader, {
      chunk(value: any) {
        then(resolvedPromise, () => {
          readAgain = false;
          const value1 = value;
          let value2 = value;
          if (!canceled2 && cloneForBranch2) {
            try {
              value2 = (globalThis as any).structuredClone(value);
            } catch (err) {
              defaultError(branch1[kState].controller, err);
              defaultError(branch2[kState].controller, err);
              cancelResult.resolve(readableCancel(stream, err));
              return;
            }
          }
          if (!canceled1) defaultEnqueue(branch1[kState].controller, value1);
          if (!canceled2) defaultEnqueue(branch2[kState].controller, value2);
          reading = false;
          if (readAgain) pull();
        });
      },
      close() {
        reading = false;
        if (!canceled1) defaultClose(branch1[kState].controller);
        if (!canceled2) defaultClose(branch2[kState].controller);
        if (!canceled1 || !canceled2) cancelResult.resolve();
      },
      error() { reading = false; },
    });
    return resolvedPromise;
  }
  function cancel1(reason: any): Promise<any> {
    canceled1 = true;
    reason1 = reason;
    if (canceled2) cancelResult.resolve(readableCancel(stream, [reason1, reason2]));
    return cancelResult.promise;
  }
  function cancel2(reason: any): Promise<any> {
    canceled2 = true;
    reason2 = reason;
    if (canceled1) cancelResult.resolve(readableCancel(stream, [reason1, reason2]));
    return cancelResult.promise;
  }
  const branch1 = createReadableStream(nop, pull, cancel1);
  const branch2 = createReadableStream(nop, pull, cancel2);
  then(reader[kState].close.promise, undefined, (err: any) => {
    defaultError(branch1[kState].controller, err);
    defaultError(branch2[kState].controller, err);
    if (!canceled1 || !canceled2) cancelResult.resolve();
  });
  return [branch1, branch2];
}

function cloneView(view: any): Uint8Array {
  return new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function byteTee(stream: any): [any, any] {
  let reader: any = new ReadableStreamDefaultReader(stream);
  let reading = false;
  let readAgain1 = false;
  let readAgain2 = false;
  let canceled1 = false;
  let canceled2 = false;
  let reason1: any;
  let reason2: any;
  const cancelResult = deferred();

  function forwardError(current: any): void {
    then(current[kState].close.promise, undefined, (err: any) => {
      if (current !== reader) return;
      byteError(branch1[kState].controller, err);
      byteError(branch2[kState].controller, err);
      if (!canceled1 || !canceled2) cancelResult.resolve();
    });
  }

  function clonedOrFailed(chunk: any): any {
    try {
      return cloneView(chunk);
    } catch (err) {
      byteError(branch1[kState].controller, err);
      byteError(branch2[kState].controller, err);
      cancelResult.resolve(readableCancel(stream, err));
      return undefined;
    }
  }

  function again(): void {
    reading = false;
    if (readAgain1) pull1();
    else if (readAgain2) pull2();
  }

  function pullWithDefaultReader(): void {
    if (is(reader, 'ReadableStreamBYOBReader')) {
      byobReaderRelease(reader);
      reader = new ReadableStreamDefaultReader(stream);
      forwardError(reader);
    }
    defaultReaderRead(reader, {
      chunk(chunk: any) {
        then(resolvedPromise, () => {
          readAgain1 = false;
          readAgain2 = false;
          let chunk2 = chunk;
          if (!canceled1 && !canceled2) {
            chunk2 = clonedOrFailed(chunk);
            if (chunk2 === undefined) return;
          }
          if (!canceled1) byteEnqueue(branch1[kState].controller, chunk);
          if (!canceled2) byteEnqueue(branch2[kState].controller, chunk2);
          again();
        });
      },
      close() {
        reading = false;
        if (!canceled1) byteClose(branch1[kState].controller);
        if (!canceled2) byteClose(branch2[kState].controller);
        if (branch1[kState].controller[kState].pendingPullIntos.length > 0) byteRespond(branch1[kState].controller, 0);
        if (branch2[kState].controller[kState].pendingPullIntos.length > 0) byteRespond(branch2[kState].controller, 0);
        if (!canceled1 || !canceled2) cancelResult.resolve();
      },
      error() { reading = false; },
    });
  }

  function pullWithBYOBReader(view: any, forBranch2: boolean): void {
    if (is(reader, 'ReadableStreamDefaultReader')) {
      defaultReaderRelease(reader);
      reader = new ReadableStreamBYOBReader(stream);
      forwardError(reader);
    }
    const byobBranch = forBranch2 ? branch2 : branch1;
    const otherBranch = forBranch2 ? branch1 : branch2;
    byobReaderRead(reader, view, 1, {
      chunk(chunk: any) {
        then(resolvedPromise, () => {
          readAgain1 = false;
          readAgain2 = false;
          const byobCanceled = forBranch2 ? canceled2 : canceled1;
          const otherCanceled = forBranch2 ? canceled1 : canceled2;
          if (!otherCanceled) {
            const copy = clonedOrFailed(chunk);
            if (copy === undefined) return;
            if (!byobCanceled) byteRespondWithNewView(byobBranch[kState].controller, chunk);
            byteEnqueue(otherBranch[kState].controller, copy);
          } else if (!byobCanceled) {
            byteRespondWithNewView(byobBranch[kState].controller, chunk);
          }
          again();
        });
      },
      close(chunk: any) {
        reading = false;
        const byobCanceled = forBranch2 ? canceled2 : canceled1;
        const otherCanceled = forBranch2 ? canceled1 : canceled2;
        if (!byobCanceled) byteClose(byobBranch[kState].controller);
        if (!otherCanceled) byteClose(otherBranch[kState].controller);
        if (chunk !== undefined) {
          if (!byobCanceled) byteRespondWithNewView(byobBranch[kState].controller, chunk);
          if (!otherCanceled && otherBranch[kState].controller[kState].pendingPullIntos.length > 0) {
            byteRespond(otherBranch[kState].controller, 0);
          }
        }
        if (!byobCanceled || !otherCanceled) cancelResult.resolve();
      },
      error() { reading = false; },
    });
  }

  function pull1(): Promise<void> {
    if (reading) {
      readAgain1 = true;
      return resolvedPromise;
    }
    reading = true;
    const request = byobRequestOf(branch1[kState].controller);
    if (request === null) pullWithDefaultReader();
    else pullWithBYOBReader(request[kState].view, false);
    return resolvedPromise;
  }
  function pull2(): Promise<void> {
    if (reading) {
      readAgain2 = true;
      return resolvedPromise;
    }
    reading = true;
    const request = byobRequestOf(branch2[kState].controller);
    if (request === null) pullWithDefaultReader();
    else pullWithBYOBReader(request[kState].view, true);
    return resolvedPromise;
  }
  function cancel1(reason: any): Promise<any> {
    canceled1 = true;
    reason1 = reason;
    if (canceled2) cancelResult.resolve(readableCancel(stream, [reason1, reason2]));
    return cancelResult.promise;
  }
  function cancel2(reason: any): Promise<any> {
    canceled2 = true;
    reason2 = reason;
    if (canceled1) cancelResult.resolve(readableCancel(stream, [reason1, reason2]));
    return cancelResult.promise;
  }
  const branch1 = createReadableByteStream(nop, pull1, cancel1);
  const branch2 = createReadableByteStream(nop, pull2, cancel2);
  forwardError(reader);
  return [branch1, branch2];
}

// --- Default controller --------------------------------------------------------------------------------------

// Whether a chunk can be taken without a request. Getter on both kinds of controller.
const kQueued = Symbol('kQueued');

export class ReadableStreamDefaultController {
  constructor(token?: any) {
    if (token !== kConstruct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    (this as any)[kState] = {
      stream: undefined,
      queue: new SizedQueue(),
      started: false,
      closeRequested: false,
      pullAgain: false,
      pulling: false,
      highWaterMark: 0,
      size: undefined,
      pull: undefined,
      cancel: undefined,
    };
  }

  get desiredSize(): number | null {
    check(this, 'ReadableStreamDefaultController');
    return defaultDesiredSize(this);
  }

  close(): void {
    check(this, 'ReadableStreamDefaultController');
    if (!canCloseOrEnqueue(this)) throw invalidState('Controller is already closed');
    defaultClose(this);
  }

  enqueue(chunk: any = undefined): void {
    check(this, 'ReadableStreamDefaultController');
    if (!canCloseOrEnqueue(this)) throw invalidState('Controller is already closed');
    defaultEnqueue(this, chunk);
  }

  error(err: any = undefined): void {
    check(this, 'ReadableStreamDefaultController');
    defaultError(this, err);
  }

  get [kQueued](): boolean { return (this as any)[kState].queue.length > 0; }

  [kCancel](reason: any): Promise<any> {
    const c = (this as any)[kState];
    c.queue.reset();
    const { cancel } = c;
    clearDefaultAlgorithms(c);
    return (cancel ?? resolved)(reason);
  }

  [kPull](request: any): void {
    const c = (this as any)[kState];
    if (c.queue.length > 0) {
      request.chunk(takeQueued(this));
    } else {
      c.stream[kState].reader[kState].requests.push(request);
      defaultPullIfNeeded(this);
    }
  }

  [kRelease](): void { /* nothing to do */ }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, {});
  }
}
finishClass(ReadableStreamDefaultController, 'ReadableStreamDefaultController', ['desiredSize', 'close', 'enqueue', 'error']);

/** Takes the first chunk of the queue, of a controller whose kQueued is true. */
function takeQueued(controller: any): any {
  const c = controller[kState];
  if (c.pendingPullIntos !== undefined) return takeBytes(controller);
  const chunk = c.queue.shift();
  if (c.closeRequested && c.queue.length === 0) {
    clearDefaultAlgorithms(c);
    readableClose(c.stream);
  } else {
    defaultPullIfNeeded(controller);
  }
  return chunk;
}

function setupDefaultController(stream: any, controller: any, start: any, pull: any, cancel: any, highWaterMark: number, size: any): void {
  const c = controller[kState];
  c.stream = stream;
  c.highWaterMark = highWaterMark;
  c.size = size;
  c.pull = pull;
  c.cancel = cancel;
  stream[kState].controller = controller;
  then(startPromise(start()), () => {
    c.started = true;
    defaultPullIfNeeded(controller);
  }, (err: any) => defaultError(controller, err));
}

function clearDefaultAlgorithms(c: any): void {
  c.pull = undefined;
  c.cancel = undefined;
  c.size = undefined;
}

function defaultDesiredSize(controller: any): number | null {
  const c = controller[kState];
  const { state } = c.stream[kState];
  if (state === 'errored') return null;
  if (state === 'closed') return 0;
  return c.highWaterMark - c.queue.size;
}
export { defaultDesiredSize as readableDesiredSize };

function canCloseOrEnqueue(controller: any): boolean {
  const c = controller[kState];
  return !c.closeRequested && c.stream[kState].state === 'readable';
}
export { canCloseOrEnqueue as readableCanCloseOrEnqueue };

export function readableHasBackpressure(controller: any): boolean {
  return !defaultShouldPull(controller);
}

function defaultShouldPull(controller: any): boolean {
  const c = controller[kState];
  if (!canCloseOrEnqueue(controller) || !c.started) return false;
  const { stream } = c;
  if (isLocked(stream) && numRequests(stream) > 0) return true;
  return (defaultDesiredSize(controller) as number) > 0;
}

function defaultPullIfNeeded(controller: any): void {
  const c = controller[kState];
  if (!defaultShouldPull(controller)) return;
  if (c.pulling) {
    c.pullAgain = true;
    return;
  }
  c.pulling = true;
  then(c.pull(), c.afterPull ??= () => {
    c.pulling = false;
    if (c.pullAgain) {
      c.pullAgain = false;
      defaultPullIfNeeded(controller);
    }
  }, c.pullFailed ??= (err: any) => defaultError(controller, err));
}

export function defaultClose(controller: any): void {
  if (!canCloseOrEnqueue(controller)) return;
  const c = controller[kState];
  c.closeRequested = true;
  if (c.queue.length === 0) {
    clearDefaultAlgorithms(c);
    readableClose(c.stream);
  }
}

export function defaultEnqueue(controller: any, chunk: any): void {
  if (!canCloseOrEnqueue(controller)) return;
  const c = controller[kState];
  const { stream } = c;
  if (isLocked(stream) && numRequests(stream) > 0) {
    fulfillRequest(stream, chunk, false);
  } else {
    try {
      c.queue.push(chunk, c.size === undefined ? 1 : checkChunkSize(apply(c.size, undefined, [chunk])));
    } catch (err) {
      defaultError(controller, err);
      throw err;
    }
  }
  defaultPullIfNeeded(controller);
}

export function defaultError(controller: any, err: any): void {
  const c = controller[kState];
  if (c.stream[kState].state !== 'readable') return;
  c.queue.reset();
  clearDefaultAlgorithms(c);
  readableError(c.stream, err);
}

// --- Byte controller -----------------------------------------------------------------------------------------

export class ReadableStreamBYOBRequest {
  constructor(token?: any) {
    if (token !== kConstruct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    (this as any)[kState] = { view: null, controller: undefined };
  }

  get view(): any {
    check(this, 'ReadableStreamBYOBRequest');
    return (this as any)[kState].view;
  }

  respond(bytesWritten: any): void {
    check(this, 'ReadableStreamBYOBRequest');
    const { view, controller } = (this as any)[kState];
    if (controller === undefined) throw invalidState('This BYOB request has been invalidated');
    if (isDetached(view.buffer)) throw invalidState('Viewed ArrayBuffer is detached');
    byteRespond(controller, bytesWritten);
  }

  respondWithNewView(view: any): void {
    check(this, 'ReadableStreamBYOBRequest');
    const { controller } = (this as any)[kState];
    if (controller === undefined) throw invalidState('This BYOB request has been invalidated');
    if (!isView(view)) throw new codes.ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
    if (isDetached(view.buffer)) throw invalidState('Viewed ArrayBuffer is detached');
    byteRespondWithNewView(controller, view);
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name, { view: s.view, controller: s.controller });
  }
}
finishClass(ReadableStreamBYOBRequest, 'ReadableStreamBYOBRequest', ['view', 'respond', 'respondWithNewView']);

export class ReadableByteStreamController {
  constructor(token?: any) {
    if (token !== kConstruct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    (this as any)[kState] = {
      stream: undefined,
      queue: new Fifo(),
      queueSize: 0,
      started: false,
      closeRequested: false,
      pullAgain: false,
      pulling: false,
      highWaterMark: 0,
      pull: undefined,
      cancel: undefined,
      autoAllocateChunkSize: undefined,
      byobRequest: null,
      pendingPullIntos: [] as any[],
    };
  }

  get byobRequest(): any {
    check(this, 'ReadableByteStreamController');
    return byobRequestOf(this);
  }

  get desiredSize(): number | null {
    check(this, 'ReadableByteStreamController');
    return byteDesiredSize(this);
  }

  close(): void {
    check(this, 'ReadableByteStreamController');
    const c = (this as any)[kState];
    if (c.closeRequested) throw invalidState('Controller is already closed');
    if (c.stream[kState].state !== 'readable') throw invalidState('ReadableStream is already closed');
    byteClose(this);
  }

  enqueue(chunk: any): void {
    check(this, 'ReadableByteStreamController');
    if (!isView(chunk)) throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], chunk);
    const c = (this as any)[kState];
    if (chunk.byteLength === 0 || (chunk.buffer as any).byteLength === 0 || isDetached(chunk.buffer)) {
      throw invalidState('chunk ArrayBuffer is zero-length or detached');
    }
    if (c.closeRequested) throw invalidState('Controller is already closed');
    if (c.stream[kState].state !== 'readable') throw invalidState('ReadableStream is already closed');
    byteEnqueue(this, chunk);
  }

  error(err: any = undefined): void {
    check(this, 'ReadableByteStreamController');
    byteError(this, err);
  }

  get [kQueued](): boolean { return (this as any)[kState].queueSize > 0; }

  [kCancel](reason: any): Promise<any> {
    const c = (this as any)[kState];
    clearPendingPullIntos(this);
    resetByteQueue(c);
    const { cancel } = c;
    clearByteAlgorithms(c);
    return (cancel ?? resolved)(reason);
  }

  [kPull](request: any): void {
    const c = (this as any)[kState];
    if (c.queueSize > 0) {
      request.chunk(takeBytes(this));
      return;
    }
    if (c.autoAllocateChunkSize !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(c.autoAllocateChunkSize);
      } catch (err) {
        request.error(err);
        return;
      }
      c.pendingPullIntos.push({
        buffer,
        bufferByteLength: c.autoAllocateChunkSize,
        byteOffset: 0,
        byteLength: c.autoAllocateChunkSize,
        bytesFilled: 0,
        minimumFill: 1,
        elementSize: 1,
        ctor: Uint8Array,
        type: 'default',
      });
    }
    c.stream[kState].reader[kState].requests.push(request);
    bytePullIfNeeded(this);
  }

  [kRelease](): void {
    const c = (this as any)[kState];
    if (c.pendingPullIntos.length > 0) {
      const first = c.pendingPullIntos[0];
      first.type = 'none';
      c.pendingPullIntos = [first];
    }
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, {});
  }
}
finishClass(ReadableByteStreamController, 'ReadableByteStreamController', ['byobRequest', 'desiredSize', 'close', 'enqueue', 'error']);

function isDetached(buffer: any): boolean {
  // A SharedArrayBuffer is never detached.
  return buffer instanceof ArrayBuffer && apply(detachedGetter, buffer, []);
}

/** A new ArrayBuffer with the memory of the given one, which is detached. */
function transfer(buffer: any): ArrayBuffer {
  return apply(bufferTransfer, buffer, []);
}

function setupByteController(stream: any, controller: any, start: any, pull: any, cancel: any, highWaterMark: number, autoAllocate: any): void {
  const c = controller[kState];
  c.stream = stream;
  c.highWaterMark = highWaterMark;
  c.autoAllocateChunkSize = autoAllocate;
  c.pull = pull;
  c.cancel = cancel;
  stream[kState].controller = controller;
  then(startPromise(start()), () => {
    c.started = true;
    bytePullIfNeeded(controller);
  }, (err: any) => byteError(controller, err));
}

function clearByteAlgorithms(c: any): void {
  c.pull = undefined;
  c.cancel = undefined;
}

function resetByteQueue(c: any): void {
  c.queue = new Fifo();
  c.queueSize = 0;
}

function byteDesiredSize(controller: any): number | null {
  const c = controller[kState];
  const { state } = c.stream[kState];
  if (state === 'errored') return null;
  if (state === 'closed') return 0;
  return c.highWaterMark - c.queueSize;
}

function byteShouldPull(controller: any): boolean {
  const c = controller[kState];
  const { stream } = c;
  if (stream[kState].state !== 'readable' || c.closeRequested || !c.started) return false;
  if (hasDefaultReader(stream) && numRequests(stream) > 0) return true;
  if (hasBYOBReader(stream) && numRequests(stream) > 0) return true;
  return (byteDesiredSize(controller) as number) > 0;
}

function bytePullIfNeeded(controller: any): void {
  const c = controller[kState];
  if (!byteShouldPull(controller)) return;
  if (c.pulling) {
    c.pullAgain = true;
    return;
  }
  c.pulling = true;
  then(c.pull(), () => {
    c.pulling = false;
    if (c.pullAgain) {
      c.pullAgain = false;
      bytePullIfNeeded(controller);
    }
  }, (err: any) => byteError(controller, err));
}

/** One queued chunk, as a Uint8Array. */
function takeBytes(controller: any): Uint8Array {
  const c = controller[kState];
  const entry = c.queue.shift();
  c.queueSize -= entry.byteLength;
  handleQueueDrain(controller);
  return new Uint8Array(entry.buffer, entry.byteOffset, entry.byteLength);
}

function handleQueueDrain(controller: any): void {
  const c = controller[kState];
  if (c.queueSize === 0 && c.closeRequested) {
    clearByteAlgorithms(c);
    readableClose(c.stream);
  } else {
    bytePullIfNeeded(controller);
  }
}

function invalidateRequest(c: any): void {
  if (c.byobRequest === null) return;
  c.byobRequest[kState].controller = undefined;
  c.byobRequest[kState].view = null;
  c.byobRequest = null;
}

function clearPendingPullIntos(controller: any): void {
  const c = controller[kState];
  invalidateRequest(c);
  c.pendingPullIntos = [];
}

function byobRequestOf(controller: any): any {
  const c = controller[kState];
  if (c.byobRequest === null && c.pendingPullIntos.length > 0) {
    const first = c.pendingPullIntos[0];
    const request: any = new ReadableStreamBYOBRequest(kConstruct);
    request[kState].controller = controller;
    request[kState].view = new Uint8Array(first.buffer, first.byteOffset + first.bytesFilled, first.byteLength - first.bytesFilled);
    c.byobRequest = request;
  }
  return c.byobRequest;
}

function byteClose(controller: any): void {
  const c = controller[kState];
  if (c.closeRequested || c.stream[kState].state !== 'readable') return;
  if (c.queueSize > 0) {
    c.closeRequested = true;
    return;
  }
  if (c.pendingPullIntos.length > 0) {
    const first = c.pendingPullIntos[0];
    if (first.bytesFilled % first.elementSize !== 0) {
      const err = invalidState('Partial read');
      byteError(controller, err);
      throw err;
    }
  }
  clearByteAlgorithms(c);
  readableClose(c.stream);
}

function byteError(controller: any, err: any): void {
  const c = controller[kState];
  if (c.stream[kState].state !== 'readable') return;
  clearPendingPullIntos(controller);
  resetByteQueue(c);
  clearByteAlgorithms(c);
  readableError(c.stream, err);
}

function byteEnqueue(controller: any, chunk: any): void {
  const c = controller[kState];
  const { stream } = c;
  if (c.closeRequested || stream[kState].state !== 'readable') return;
  const { byteOffset, byteLength } = chunk;
  if (isDetached(chunk.buffer)) throw invalidState('chunk ArrayBuffer is detached');
  const buffer = transfer(chunk.buffer);
  if (c.pendingPullIntos.length > 0) {
    const first = c.pendingPullIntos[0];
    if (isDetached(first.buffer)) throw invalidState('Destination ArrayBuffer is detached');
    invalidateRequest(c);
    first.buffer = transfer(first.buffer);
    if (first.type === 'none') enqueueDetachedPullInto(controller, first);
  }
  if (hasDefaultReader(stream)) {
    // What was queued goes first.
    const { requests } = stream[kState].reader[kState];
    while (requests.length > 0 && c.queueSize > 0) requests.shift().chunk(takeBytes(controller));
    if (numRequests(stream) === 0) {
      enqueueChunk(c, buffer, byteOffset, byteLength);
    } else {
      if (c.pendingPullIntos.length > 0) shiftPullInto(c);
      fulfillRequest(stream, new Uint8Array(buffer, byteOffset, byteLength), false);
    }
  } else if (hasBYOBReader(stream)) {
    enqueueChunk(c, buffer, byteOffset, byteLength);
    for (const filled of processPullIntos(controller)) commitPullInto(stream, filled);
  } else {
    enqueueChunk(c, buffer, byteOffset, byteLength);
  }
  bytePullIfNeeded(controller);
}

function enqueueChunk(c: any, buffer: ArrayBuffer, byteOffset: number, byteLength: number): void {
  c.queue.push({ buffer, byteOffset, byteLength });
  c.queueSize += byteLength;
}

function enqueueCloned(controller: any, buffer: ArrayBuffer, byteOffset: number, byteLength: number): void {
  let copy;
  try {
    copy = buffer.slice(byteOffset, byteOffset + byteLength);
  } catch (err) {
    byteError(controller, err);
    throw err;
  }
  enqueueChunk(controller[kState], copy, 0, byteLength);
}

/** What a released reader's request had got already belongs to the next one. */
function enqueueDetachedPullInto(controller: any, descriptor: any): void {
  if (descriptor.bytesFilled > 0) enqueueCloned(controller, descriptor.buffer, descriptor.byteOffset, descriptor.bytesFilled);
  shiftPullInto(controller[kState]);
}

function shiftPullInto(c: any): any {
  return c.pendingPullIntos.shift();
}

function bytePullInto(controller: any, view: any, min: number, request: any): void {
  const c = controller[kState];
  const { stream } = c;
  let elementSize = 1;
  let ctor: any = DataView;
  if (!(view instanceof DataView)) {
    ctor = viewConstructor(view);
    elementSize = ctor.BYTES_PER_ELEMENT;
  }
  const { byteOffset, byteLength } = view;
  let buffer;
  try {
    buffer = transfer(view.buffer);
  } catch (err) {
    request.error(err);
    return;
  }
  const descriptor: any = {
    buffer,
    bufferByteLength: buffer.byteLength,
    byteOffset,
    byteLength,
    bytesFilled: 0,
    minimumFill: min * elementSize,
    elementSize,
    ctor,
    type: 'byob',
  };
  if (c.pendingPullIntos.length > 0) {
    c.pendingPullIntos.push(descriptor);
    stream[kState].reader[kState].requests.push(request);
    return;
  }
  if (stream[kState].state === 'closed') {
    request.close(new ctor(descriptor.buffer, descriptor.byteOffset, 0));
    return;
  }
  if (c.queueSize > 0) {
    if (fillFromQueue(c, descriptor)) {
      const filled = convertPullInto(descriptor);
      handleQueueDrain(controller);
      request.chunk(filled);
      return;
    }
    if (c.closeRequested) {
      const err = invalidState('ReadableStream closed');
      byteError(controller, err);
      request.error(err);
      return;
    }
  }
  c.pendingPullIntos.push(descriptor);
  stream[kState].reader[kState].requests.push(request);
  bytePullIfNeeded(controller);
}

const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const typedArrayTag = Object.getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag)!.get!;
const viewConstructors: Record<string, any> = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
};
if (typeof (globalThis as any).Float16Array === 'function') viewConstructors.Float16Array = (globalThis as any).Float16Array;

function viewConstructor(view: any): any {
  return viewConstructors[apply(typedArrayTag, view, [])];
}

/** Copies what is queued into the descriptor; true when its minimum is there. */
function fillFromQueue(c: any, descriptor: any): boolean {
  const maxToCopy = Math.min(c.queueSize, descriptor.byteLength - descriptor.bytesFilled);
  const maxFilled = descriptor.bytesFilled + maxToCopy;
  let remaining = maxToCopy;
  let ready = false;
  const maxAligned = maxFilled - (maxFilled % descriptor.elementSize);
  if (maxAligned >= descriptor.minimumFill) {
    remaining = maxAligned - descriptor.bytesFilled;
    ready = true;
  }
  while (remaining > 0) {
    const head = c.queue.peek();
    const n = Math.min(remaining, head.byteLength);
    new Uint8Array(descriptor.buffer, descriptor.byteOffset + descriptor.bytesFilled, n)
      .set(new Uint8Array(head.buffer, head.byteOffset, n));
    if (head.byteLength === n) {
      c.queue.shift();
    } else {
      head.byteOffset += n;
      head.byteLength -= n;
    }
    c.queueSize -= n;
    descriptor.bytesFilled += n;
    remaining -= n;
  }
  return ready;
}

function convertPullInto(descriptor: any): any {
  const { bytesFilled, elementSize } = descriptor;
  return new descriptor.ctor(transfer(descriptor.buffer), descriptor.byteOffset, bytesFilled / elementSize);
}

function processPullIntos(controller: any): any[] {
  const c = controller[kState];
  const filled: any[] = [];
  while (c.pendingPullIntos.length > 0 && c.queueSize > 0) {
    const first = c.pendingPullIntos[0];
    if (!fillFromQueue(c, first)) break;
    shiftPullInto(c);
    filled.push(first);
  }
  return filled;
}

function commitPullInto(stream: any, descriptor: any): void {
  const done = stream[kState].state === 'closed';
  const view = convertPullInto(descriptor);
  fulfillRequest(stream, view, done);
}

function byteRespond(controller: any, bytesWritten: any): void {
  const c = controller[kState];
  const first = c.pendingPullIntos[0];
  const { state } = c.stream[kState];
  bytesWritten = Math.trunc(Number(bytesWritten));
  if (!(bytesWritten >= 0)) throw new codes.ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
  if (state === 'closed') {
    if (bytesWritten !== 0) throw invalidState('Controller is closed');
  } else {
    if (bytesWritten === 0) throw invalidState('Controller is not closed');
    if (first.bytesFilled + bytesWritten > first.byteLength) {
      throw rangeError('ERR_INVALID_ARG_VALUE', 'bytesWritten', bytesWritten);
    }
  }
  first.buffer = transfer(first.buffer);
  respondInternal(controller, bytesWritten);
}

function byteRespondWithNewView(controller: any, view: any): void {
  const c = controller[kState];
  const first = c.pendingPullIntos[0];
  const { state } = c.stream[kState];
  const { byteOffset, byteLength, buffer } = view;
  if (state === 'closed') {
    if (byteLength !== 0) throw invalidState('Controller is closed');
  } else if (byteLength === 0) {
    throw invalidState('View is zero-length');
  }
  if (first.byteOffset + first.bytesFilled !== byteOffset) throw rangeError('ERR_INVALID_ARG_VALUE', 'view', view);
  if (first.bufferByteLength !== buffer.byteLength) throw rangeError('ERR_INVALID_ARG_VALUE', 'view', view);
  if (first.bytesFilled + byteLength > first.byteLength) throw rangeError('ERR_INVALID_ARG_VALUE', 'view', view);
  first.buffer = transfer(buffer);
  respondInternal(controller, byteLength);
}

function respondInternal(controller: any, bytesWritten: number): void {
  const c = controller[kState];
  const { stream } = c;
  const first = c.pendingPullIntos[0];
  invalidateRequest(c);
  if (stream[kState].state === 'closed') {
    if (first.type === 'none') shiftPullInto(c);
    if (hasBYOBReader(stream)) {
      const filled: any[] = [];
      while (filled.length < numRequests(stream)) filled.push(shiftPullInto(c));
      for (const descriptor of filled) commitPullInto(stream, descriptor);
    }
  } else {
    first.bytesFilled += bytesWritten;
    if (first.type === 'none') {
      enqueueDetachedPullInto(controller, first);
      for (const descriptor of processPullIntos(controller)) commitPullInto(stream, descriptor);
    } else if (first.bytesFilled >= first.minimumFill) {
      shiftPullInto(c);
      const remainder = first.bytesFilled % first.elementSize;
      if (remainder > 0) {
        const end = first.byteOffset + first.bytesFilled;
        enqueueCloned(controller, first.buffer, end - remainder, remainder);
      }
      first.bytesFilled -= remainder;
      const filled = processPullIntos(controller);
      commitPullInto(stream, first);
      for (const descriptor of filled) commitPullInto(stream, descriptor);
    }
  }
  bytePullIfNeeded(controller);
}
