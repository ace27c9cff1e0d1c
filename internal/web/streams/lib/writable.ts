// WritableStream. https://streams.spec.whatwg.org/#ws

import { codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { AbortController } from 'internal:events/abort';
import {
  SizedQueue, answerClassicStreams, check, checkChunkSize, deferred, extractHighWaterMark, extractSize, finishClass, handled, inspectAs, invalidState, is, kConstruct,
  kInspect, kIsWritable, kState, nop, promiseCall, rejectedDeferred, resolvedDeferred, startPromise, then, rangeError,
} from 'internal:web/streams/core';

const { apply } = Reflect;

// Stands in the queue for close().
const kClose = Symbol('kClose');

export class WritableStream {
  constructor(sink: any = {}, strategy: any = {}) {
    if (sink === kConstruct) {
      (this as any)[kState] = newState();
      return;
    }
    // A dictionary may be a function.
    validateObject(sink, 'sink', 0b110);
    validateObject(strategy, 'strategy', 0b111);
    const type = sink?.type;
    if (type !== undefined) throw rangeError('ERR_INVALID_ARG_VALUE', 'type', type);
    (this as any)[kState] = newState();
    const size = extractSize(strategy?.size);
    const highWaterMark = extractHighWaterMark(strategy?.highWaterMark, 1);

    const controller: any = new WritableStreamDefaultController(kConstruct);
    const start = method(sink, 'start');
    const write = method(sink, 'write');
    const close = method(sink, 'close');
    const abort = method(sink, 'abort');
    setupController(this, controller,
      start === undefined ? nop : () => apply(start, sink, [controller]),
      write === undefined ? resolved : (chunk: any) => promiseCall(write, sink, [chunk, controller]),
      close === undefined ? resolved : () => promiseCall(close, sink, []),
      abort === undefined ? resolved : (reason: any) => promiseCall(abort, sink, [reason]),
      highWaterMark, size);
  }

  get locked(): boolean {
    check(this, 'WritableStream');
    return isLocked(this);
  }

  abort(reason: any = undefined): Promise<void> {
    if (!is(this, 'WritableStream')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStream'));
    if (isLocked(this)) return Promise.reject(invalidState('WritableStream is locked'));
    return writableAbort(this, reason);
  }

  close(): Promise<void> {
    if (!is(this, 'WritableStream')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStream'));
    if (isLocked(this)) return Promise.reject(invalidState('WritableStream is locked'));
    if (closeQueuedOrInFlight(this)) return Promise.reject(invalidState('Failure closing WritableStream'));
    return writableClose(this);
  }

  getWriter(): any {
    check(this, 'WritableStream');
    return new WritableStreamDefaultWriter(this);
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, { locked: this.locked, state: (this as any)[kState].state });
  }
}
answerClassicStreams(WritableStream, { [kIsWritable]: (s) => s.state === 'writable' });
finishClass(WritableStream, 'WritableStream', ['locked', 'abort', 'close', 'getWriter']);

const resolvedPromise = Promise.resolve();
function resolved(): Promise<any> { return resolvedPromise; }

function method(object: any, name: string): any {
  const fn = object?.[name];
  if (fn !== undefined && typeof fn !== 'function') throw new codes.ERR_INVALID_ARG_TYPE(`sink.${name}`, 'Function', fn);
  return fn;
}

function newState(): any {
  return {
    state: 'writable',
    backpressure: false,
    controller: undefined,
    writer: undefined,
    storedError: undefined,
    closeRequest: undefined,
    inFlightClose: undefined,
    inFlightWrite: undefined,
    pendingAbort: undefined,
    // Deferreds of write(), in order.
    writeRequests: [] as any[],
    closedPromise: undefined,
  };
}

function isLocked(stream: any): boolean {
  return stream[kState].writer !== undefined;
}
export { isLocked as isWritableLocked };

/** A WritableStream with the algorithms of our own code. */
export function createWritableStream(start: any, write: any, close: any, abort: any, highWaterMark = 1, size: any = () => 1): any {
  const stream = new WritableStream(kConstruct as any);
  const controller = new WritableStreamDefaultController(kConstruct);
  setupController(stream, controller, start, write, close, abort, highWaterMark, size);
  return stream;
}

// --- Writer --------------------------------------------------------------------------------------------------

export class WritableStreamDefaultWriter {
  constructor(stream: any) {
    if (!is(stream, 'WritableStream')) throw new codes.ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
    if (isLocked(stream)) throw invalidState('WritableStream is locked');
    const self: any = this;
    const s = stream[kState];
    self[kState] = { stream, ready: undefined, close: undefined };
    s.writer = this;
    switch (s.state) {
      case 'writable':
        self[kState].ready = !closeQueuedOrInFlight(stream) && s.backpressure ? deferred() : resolvedDeferred();
        self[kState].close = deferred();
        break;
      case 'erroring':
        self[kState].ready = rejectedDeferred(s.storedError);
        self[kState].close = deferred();
        break;
      case 'closed':
        self[kState].ready = resolvedDeferred();
        self[kState].close = resolvedDeferred();
        break;
      default:
        self[kState].ready = rejectedDeferred(s.storedError);
        self[kState].close = rejectedDeferred(s.storedError);
    }
  }

  get closed(): Promise<void> {
    if (!is(this, 'WritableStreamDefaultWriter')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    return (this as any)[kState].close.promise;
  }

  get desiredSize(): number | null {
    check(this, 'WritableStreamDefaultWriter');
    const { stream } = (this as any)[kState];
    if (stream === undefined) throw invalidState('Writer is not bound to a WritableStream');
    const s = stream[kState];
    if (s.state === 'errored' || s.state === 'erroring') return null;
    if (s.state === 'closed') return 0;
    return desiredSize(s.controller);
  }

  get ready(): Promise<void> {
    if (!is(this, 'WritableStreamDefaultWriter')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    return (this as any)[kState].ready.promise;
  }

  abort(reason: any = undefined): Promise<void> {
    if (!is(this, 'WritableStreamDefaultWriter')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    const { stream } = (this as any)[kState];
    if (stream === undefined) return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    return writableAbort(stream, reason);
  }

  close(): Promise<void> {
    if (!is(this, 'WritableStreamDefaultWriter')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    const { stream } = (this as any)[kState];
    if (stream === undefined) return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    if (closeQueuedOrInFlight(stream)) return Promise.reject(invalidState('Failure to close WritableStream'));
    return writableClose(stream);
  }

  releaseLock(): void {
    check(this, 'WritableStreamDefaultWriter');
    if ((this as any)[kState].stream !== undefined) writerRelease(this);
  }

  write(chunk: any = undefined): Promise<void> {
    if (!is(this, 'WritableStreamDefaultWriter')) return Promise.reject(new codes.ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    if ((this as any)[kState].stream === undefined) return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    return writerWrite(this, chunk);
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name, { stream: s.stream, close: s.close.promise, ready: s.ready.promise });
  }
}
finishClass(WritableStreamDefaultWriter, 'WritableStreamDefaultWriter',
  ['closed', 'desiredSize', 'ready', 'abort', 'close', 'releaseLock', 'write']);

export function writerWrite(writer: any, chunk: any): Promise<void> {
  const { stream } = writer[kState];
  const s = stream[kState];
  const { controller } = s;
  const c = controller[kState];
  let size = 1;
  if (c.size !== undefined) {
    try {
      size = apply(c.size, undefined, [chunk]);
    } catch (err) {
      errorIfNeeded(controller, err);
    }
  }
  // size() is user code: it may have released the lock.
  if (stream !== writer[kState].stream) return Promise.reject(invalidState('Mismatched WritableStreams'));
  if (s.state === 'errored') return Promise.reject(s.storedError);
  if (closeQueuedOrInFlight(stream) || s.state === 'closed') return Promise.reject(invalidState('WritableStream is closed'));
  if (s.state === 'erroring') return Promise.reject(s.storedError);
  const request = deferred();
  s.writeRequests.push(request);
  controllerWrite(controller, chunk, size);
  return request.promise;
}

export function writerRelease(writer: any): void {
  const w = writer[kState];
  const { stream } = w;
  const err = invalidState('Writer has been released');
  ensureReadyRejected(writer, err);
  ensureClosedRejected(writer, err);
  stream[kState].writer = undefined;
  w.stream = undefined;
}

/** close() for pipes: a stream that is closing already counts as success. */
export function writerCloseWithErrorPropagation(writer: any): Promise<void> {
  const { stream } = writer[kState];
  const s = stream[kState];
  if (closeQueuedOrInFlight(stream) || s.state === 'closed') return Promise.resolve();
  if (s.state === 'errored') return Promise.reject(s.storedError);
  return writableClose(stream);
}

function isPending(d: any): boolean {
  return d.resolve !== nop;
}

function ensureReadyRejected(writer: any, err: any): void {
  const w = writer[kState];
  if (isPending(w.ready)) {
    w.ready.reject(err);
    w.ready.resolve = nop;
    handled(w.ready.promise);
  } else {
    w.ready = rejectedDeferred(err);
  }
}

function ensureClosedRejected(writer: any, err: any): void {
  const w = writer[kState];
  if (isPending(w.close)) {
    w.close.reject(err);
    w.close.resolve = nop;
    handled(w.close.promise);
  } else {
    w.close = rejectedDeferred(err);
  }
}

function resolveReady(w: any): void {
  w.ready.resolve();
  w.ready.resolve = nop;
}

// --- Stream --------------------------------------------------------------------------------------------------

export function closeQueuedOrInFlight(stream: any): boolean {
  const s = stream[kState];
  return s.closeRequest !== undefined || s.inFlightClose !== undefined;
}

export function writableAbort(stream: any, reason: any): Promise<void> {
  const s = stream[kState];
  if (s.state === 'closed' || s.state === 'errored') return Promise.resolve();
  s.controller[kState].abortController.abort(reason);
  // The signal's listeners are user code.
  if (s.state === 'closed' || s.state === 'errored') return Promise.resolve();
  if (s.pendingAbort !== undefined) return s.pendingAbort.abort.promise;
  let wasAlreadyErroring = false;
  if (s.state === 'erroring') {
    wasAlreadyErroring = true;
    reason = undefined;
  }
  const abort = deferred();
  s.pendingAbort = { abort, reason, wasAlreadyErroring };
  if (!wasAlreadyErroring) startErroring(stream, reason);
  return abort.promise;
}

export function writableClose(stream: any): Promise<void> {
  const s = stream[kState];
  if (s.state === 'closed' || s.state === 'errored') return Promise.reject(invalidState('WritableStream is closed'));
  const { promise } = s.closeRequest = deferred();
  if (s.writer !== undefined && s.backpressure && s.state === 'writable') resolveReady(s.writer[kState]);
  const { controller } = s;
  controller[kState].queue.push(kClose, 0);
  advance(controller);
  return promise;
}

function dealWithRejection(stream: any, err: any): void {
  if (stream[kState].state === 'writable') startErroring(stream, err);
  else finishErroring(stream);
}

function startErroring(stream: any, reason: any): void {
  const s = stream[kState];
  s.state = 'erroring';
  s.storedError = reason;
  if (s.writer !== undefined) ensureReadyRejected(s.writer, reason);
  if (!operationInFlight(s) && s.controller[kState].started) finishErroring(stream);
}

function operationInFlight(s: any): boolean {
  return s.inFlightWrite !== undefined || s.inFlightClose !== undefined;
}

function finishErroring(stream: any): void {
  const s = stream[kState];
  s.state = 'errored';
  s.controller[kState].queue.reset();
  for (const request of s.writeRequests) request.reject(s.storedError);
  s.writeRequests = [];
  const { pendingAbort } = s;
  if (pendingAbort === undefined) {
    rejectCloseAndClosed(stream);
    return;
  }
  s.pendingAbort = undefined;
  if (pendingAbort.wasAlreadyErroring) {
    pendingAbort.abort.reject(s.storedError);
    rejectCloseAndClosed(stream);
    return;
  }
  const c = s.controller[kState];
  const { abort } = c;
  clearAlgorithms(c);
  then((abort ?? resolved)(pendingAbort.reason), () => {
    pendingAbort.abort.resolve();
    rejectCloseAndClosed(stream);
  }, (err: any) => {
    pendingAbort.abort.reject(err);
    rejectCloseAndClosed(stream);
  });
}

function rejectCloseAndClosed(stream: any): void {
  const s = stream[kState];
  if (s.closeRequest !== undefined) {
    s.closeRequest.reject(s.storedError);
    s.closeRequest = undefined;
  }
  s.closedPromise?.reject(s.storedError);
  if (s.writer !== undefined) {
    const w = s.writer[kState];
    w.close.reject(s.storedError);
    w.close.resolve = nop;
    handled(w.close.promise);
  }
}

function finishInFlightWrite(stream: any): void {
  const s = stream[kState];
  s.inFlightWrite.resolve();
  s.inFlightWrite = undefined;
}

function finishInFlightWriteWithError(stream: any, err: any): void {
  const s = stream[kState];
  s.inFlightWrite.reject(err);
  s.inFlightWrite = undefined;
  dealWithRejection(stream, err);
}

function finishInFlightClose(stream: any): void {
  const s = stream[kState];
  s.inFlightClose.resolve();
  s.inFlightClose = undefined;
  if (s.state === 'erroring') {
    // The close succeeded after all.
    s.storedError = undefined;
    if (s.pendingAbort !== undefined) {
      s.pendingAbort.abort.resolve();
      s.pendingAbort = undefined;
    }
  }
  s.state = 'closed';
  if (s.writer !== undefined) {
    s.writer[kState].close.resolve();
    s.writer[kState].close.resolve = nop;
  }
  s.closedPromise?.resolve();
}

function finishInFlightCloseWithError(stream: any, err: any): void {
  const s = stream[kState];
  s.inFlightClose.reject(err);
  s.inFlightClose = undefined;
  if (s.pendingAbort !== undefined) {
    s.pendingAbort.abort.reject(err);
    s.pendingAbort = undefined;
  }
  dealWithRejection(stream, err);
}

function updateBackpressure(stream: any, backpressure: boolean): void {
  const s = stream[kState];
  if (s.writer !== undefined && backpressure !== s.backpressure) {
    const w = s.writer[kState];
    if (backpressure) w.ready = deferred();
    else resolveReady(w);
  }
  s.backpressure = backpressure;
}

// --- Controller ----------------------------------------------------------------------------------------------

export class WritableStreamDefaultController {
  constructor(token?: any) {
    if (token !== kConstruct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    (this as any)[kState] = {
      stream: undefined,
      abortController: undefined,
      queue: new SizedQueue(),
      highWaterMark: 0,
      size: undefined,
      started: false,
      write: undefined,
      close: undefined,
      abort: undefined,
    };
  }

  get signal(): any {
    check(this, 'WritableStreamDefaultController');
    return (this as any)[kState].abortController.signal;
  }

  error(reason: any = undefined): void {
    check(this, 'WritableStreamDefaultController');
    if ((this as any)[kState].stream[kState].state === 'writable') controllerError(this, reason);
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, { stream: (this as any)[kState].stream });
  }
}
finishClass(WritableStreamDefaultController, 'WritableStreamDefaultController', ['signal', 'error']);

function setupController(stream: any, controller: any, start: any, write: any, close: any, abort: any, highWaterMark: number, size: any): void {
  const c = controller[kState];
  c.stream = stream;
  stream[kState].controller = controller;
  c.abortController = new AbortController();
  c.highWaterMark = highWaterMark;
  c.size = size;
  c.write = write;
  c.close = close;
  c.abort = abort;
  updateBackpressure(stream, desiredSize(controller) <= 0);
  then(startPromise(start()), () => {
    c.started = true;
    advance(controller);
  }, (err: any) => {
    c.started = true;
    dealWithRejection(stream, err);
  });
}

function desiredSize(controller: any): number {
  const c = controller[kState];
  return c.highWaterMark - c.queue.size;
}

function clearAlgorithms(c: any): void {
  c.write = undefined;
  c.close = undefined;
  c.abort = undefined;
  c.size = undefined;
}

function controllerWrite(controller: any, chunk: any, size: any): void {
  const c = controller[kState];
  try {
    c.queue.push(chunk, checkChunkSize(size));
  } catch (err) {
    errorIfNeeded(controller, err);
    return;
  }
  const { stream } = c;
  if (!closeQueuedOrInFlight(stream) && stream[kState].state === 'writable') updateBackpressure(stream, desiredSize(controller) <= 0);
  advance(controller);
}

function errorIfNeeded(controller: any, err: any): void {
  if (controller[kState].stream[kState].state === 'writable') controllerError(controller, err);
}
export { errorIfNeeded as writableErrorIfNeeded };

function controllerError(controller: any, err: any): void {
  const c = controller[kState];
  clearAlgorithms(c);
  startErroring(c.stream, err);
}

/** Starts what is next in the queue, if nothing is under way. */
function advance(controller: any): void {
  const c = controller[kState];
  const { stream } = c;
  const s = stream[kState];
  if (!c.started || s.inFlightWrite !== undefined) return;
  if (s.state === 'erroring') {
    finishErroring(stream);
    return;
  }
  if (c.queue.length === 0) return;
  const next = c.queue.peek();
  if (next === kClose) processClose(controller);
  else processWrite(controller, next);
}

function processClose(controller: any): void {
  const c = controller[kState];
  const { stream } = c;
  const s = stream[kState];
  s.inFlightClose = s.closeRequest;
  s.closeRequest = undefined;
  c.queue.shift();
  const promise = c.close();
  clearAlgorithms(c);
  then(promise, () => finishInFlightClose(stream), (err: any) => finishInFlightCloseWithError(stream, err));
}

function processWrite(controller: any, chunk: any): void {
  const c = controller[kState];
  const { stream } = c;
  const s = stream[kState];
  s.inFlightWrite = s.writeRequests.shift();
  then(c.write(chunk), () => {
    finishInFlightWrite(stream);
    c.queue.shift();
    if (!closeQueuedOrInFlight(stream) && s.state === 'writable') updateBackpressure(stream, desiredSize(controller) <= 0);
    advance(controller);
  }, (err: any) => {
    if (s.state === 'writable') clearAlgorithms(c);
    finishInFlightWriteWithError(stream, err);
  });
}
