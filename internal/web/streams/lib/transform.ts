// TransformStream. https://streams.spec.whatwg.org/#ts

import { codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import {
  check, deferred, extractHighWaterMark, extractSize, finishClass, inspectAs, invalidState, kConstruct, kInspect, kState, promiseCall, startPromise, then, rangeError,
} from 'internal:web/streams/core';
import { createWritableStream, writableErrorIfNeeded } from 'internal:web/streams/writable';
import {
  createReadableStream, defaultClose, defaultEnqueue, defaultError, readableCanCloseOrEnqueue, readableDesiredSize, readableHasBackpressure,
} from 'internal:web/streams/readable';

const { apply } = Reflect;

const resolvedPromise = Promise.resolve();
function resolved(): Promise<any> { return resolvedPromise; }

function method(object: any, name: string): any {
  const fn = object?.[name];
  if (fn !== undefined && typeof fn !== 'function') throw new codes.ERR_INVALID_ARG_TYPE(`transformer.${name}`, 'Function', fn);
  return fn;
}

export class TransformStream {
  constructor(transformer: any = {}, writableStrategy: any = {}, readableStrategy: any = {}) {
    // A dictionary may be a function.
    validateObject(transformer, 'transformer', 0b110);
    validateObject(writableStrategy, 'writableStrategy', 0b111);
    validateObject(readableStrategy, 'readableStrategy', 0b111);
    const cancel = method(transformer, 'cancel');
    const flush = method(transformer, 'flush');
    const readableType = transformer?.readableType;
    const start = method(transformer, 'start');
    const transform = method(transformer, 'transform');
    const writableType = transformer?.writableType;
    if (readableType !== undefined) throw rangeError('ERR_INVALID_ARG_VALUE', 'transformer.readableType', readableType);
    if (writableType !== undefined) throw rangeError('ERR_INVALID_ARG_VALUE', 'transformer.writableType', writableType);

    const readableHighWaterMark = extractHighWaterMark(readableStrategy?.highWaterMark, 0);
    const readableSize = readableStrategy?.size === undefined ? undefined : extractSize(readableStrategy.size);
    const writableHighWaterMark = extractHighWaterMark(writableStrategy?.highWaterMark, 1);
    const writableSize = extractSize(writableStrategy?.size);

    const startResult = deferred();
    const stream: any = this;
    const controller: any = new TransformStreamDefaultController(kConstruct);
    const s: any = stream[kState] = {
      readable: undefined,
      writable: undefined,
      controller,
      backpressure: undefined,
      backpressureChange: undefined,
    };
    s.writable = createWritableStream(
      () => startResult.promise,
      (chunk: any) => sinkWrite(stream, chunk),
      () => sinkClose(stream),
      (reason: any) => sinkAbort(stream, reason),
      writableHighWaterMark, writableSize);
    s.readable = createReadableStream(
      () => startResult.promise,
      () => sourcePull(stream),
      (reason: any) => sourceCancel(stream, reason),
      readableHighWaterMark, readableSize);
    setBackpressure(stream, true);

    const c = controller[kState];
    c.stream = stream;
    c.transform = transform === undefined ? (chunk: any) => {
      try {
        controllerEnqueue(controller, chunk);
        return resolvedPromise;
      } catch (err) {
        return Promise.reject(err);
      }
    } : (chunk: any) => promiseCall(transform, transformer, [chunk, controller]);
    c.flush = flush === undefined ? resolved : () => promiseCall(flush, transformer, [controller]);
    c.cancel = cancel === undefined ? resolved : (reason: any) => startPromise(promiseCall(cancel, transformer, [reason]));

    if (start === undefined) startResult.resolve();
    else startResult.resolve(apply(start, transformer, [controller]));
  }

  get readable(): any {
    check(this, 'TransformStream');
    return (this as any)[kState].readable;
  }

  get writable(): any {
    check(this, 'TransformStream');
    return (this as any)[kState].writable;
  }

  [kInspect](depth: number, options: any): any {
    const s = (this as any)[kState];
    return inspectAs(this, depth, options, this.constructor.name, { readable: s.readable, writable: s.writable, backpressure: s.backpressure });
  }
}
finishClass(TransformStream, 'TransformStream', ['readable', 'writable']);

export class TransformStreamDefaultController {
  constructor(token?: any) {
    if (token !== kConstruct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    (this as any)[kState] = { stream: undefined, transform: undefined, flush: undefined, cancel: undefined, finish: undefined };
  }

  get desiredSize(): number | null {
    check(this, 'TransformStreamDefaultController');
    return readableDesiredSize(readableController((this as any)[kState].stream));
  }

  enqueue(chunk: any = undefined): void {
    check(this, 'TransformStreamDefaultController');
    controllerEnqueue(this, chunk);
  }

  error(reason: any = undefined): void {
    check(this, 'TransformStreamDefaultController');
    errorStream((this as any)[kState].stream, reason);
  }

  terminate(): void {
    check(this, 'TransformStreamDefaultController');
    const { stream } = (this as any)[kState];
    defaultClose(readableController(stream));
    errorWritableAndUnblock(stream, invalidState('TransformStream terminated'));
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, { stream: (this as any)[kState].stream });
  }
}
finishClass(TransformStreamDefaultController, 'TransformStreamDefaultController', ['desiredSize', 'enqueue', 'error', 'terminate']);

function readableController(stream: any): any {
  return stream[kState].readable[kState].controller;
}

function setBackpressure(stream: any, backpressure: boolean): void {
  const s = stream[kState];
  s.backpressureChange?.resolve();
  s.backpressureChange = deferred();
  s.backpressure = backpressure;
}

function errorStream(stream: any, err: any): void {
  defaultError(readableController(stream), err);
  errorWritableAndUnblock(stream, err);
}

function errorWritableAndUnblock(stream: any, err: any): void {
  const s = stream[kState];
  clearAlgorithms(s.controller);
  writableErrorIfNeeded(s.writable[kState].controller, err);
  // A write that waits for room must see the error.
  if (s.backpressure) setBackpressure(stream, false);
}

function clearAlgorithms(controller: any): void {
  const c = controller[kState];
  c.transform = undefined;
  c.flush = undefined;
  c.cancel = undefined;
}

function controllerEnqueue(controller: any, chunk: any): void {
  const { stream } = controller[kState];
  const s = stream[kState];
  const rc = readableController(stream);
  if (!readableCanCloseOrEnqueue(rc)) throw invalidState('Unable to enqueue');
  try {
    defaultEnqueue(rc, chunk);
  } catch (err) {
    errorWritableAndUnblock(stream, err);
    throw s.readable[kState].storedError;
  }
  if (readableHasBackpressure(rc) !== s.backpressure) setBackpressure(stream, true);
}

function performTransform(controller: any, chunk: any): Promise<any> {
  const { transform, stream } = controller[kState];
  if (transform === undefined) return resolvedPromise;
  return then(transform(chunk), undefined, (err: any) => {
    errorStream(stream, err);
    throw err;
  });
}

function sinkWrite(stream: any, chunk: any): Promise<any> {
  const s = stream[kState];
  const { controller } = s;
  if (s.backpressure) {
    return then(s.backpressureChange.promise, () => {
      const w = s.writable[kState];
      if (w.state === 'erroring') throw w.storedError;
      return performTransform(controller, chunk);
    });
  }
  return performTransform(controller, chunk);
}

function sinkAbort(stream: any, reason: any): Promise<any> {
  const s = stream[kState];
  const c = s.controller[kState];
  if (c.finish !== undefined) return c.finish.promise;
  const finish = c.finish = deferred();
  const promise = c.cancel(reason);
  clearAlgorithms(s.controller);
  then(promise, () => {
    const r = s.readable[kState];
    if (r.state === 'errored') {
      finish.reject(r.storedError);
    } else {
      defaultError(r.controller, reason);
      finish.resolve();
    }
  }, (err: any) => {
    defaultError(s.readable[kState].controller, err);
    finish.reject(err);
  });
  return finish.promise;
}

function sinkClose(stream: any): Promise<any> {
  const s = stream[kState];
  const c = s.controller[kState];
  if (c.finish !== undefined) return c.finish.promise;
  const finish = c.finish = deferred();
  const promise = c.flush();
  clearAlgorithms(s.controller);
  then(promise, () => {
    const r = s.readable[kState];
    if (r.state === 'errored') {
      finish.reject(r.storedError);
    } else {
      defaultClose(r.controller);
      finish.resolve();
    }
  }, (err: any) => {
    defaultError(s.readable[kState].controller, err);
    finish.reject(err);
  });
  return finish.promise;
}

function sourcePull(stream: any): Promise<any> {
  setBackpressure(stream, false);
  return stream[kState].backpressureChange.promise;
}

function sourceCancel(stream: any, reason: any): Promise<any> {
  const s = stream[kState];
  const c = s.controller[kState];
  if (c.finish !== undefined) return c.finish.promise;
  const finish = c.finish = deferred();
  const promise = c.cancel(reason);
  clearAlgorithms(s.controller);
  const unblock = () => { if (s.backpressure) setBackpressure(stream, false); };
  then(promise, () => {
    const w = s.writable[kState];
    if (w.state === 'errored') {
      finish.reject(w.storedError);
    } else {
      writableErrorIfNeeded(w.controller, reason);
      unblock();
      finish.resolve();
    }
  }, (err: any) => {
    writableErrorIfNeeded(s.writable[kState].controller, err);
    unblock();
    finish.reject(err);
  });
  return finish.promise;
}
