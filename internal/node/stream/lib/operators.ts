// The operators of Readable: map, filter and so on.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#readablemapfn-options

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal, validateInteger, validateObject } from 'internal:validators';
import { AbortController, AbortSignal } from 'internal:events/abort';
import { kResistStopPropagation } from 'internal:events/target';
import { load } from 'internal:load';
import { addAbortSignalNoValidate } from 'internal:stream/addabortsignal';
import { finished } from 'internal:stream/endofstream';
import { isNodeStream, isWritable, nop } from 'internal:stream/state';

// Stands for "no value" and "no more values".
const kEmpty = Symbol('kEmpty');
const kEof = Symbol('kEof');

function checkFunction(fn: any, name: string): void {
  if (typeof fn !== 'function') throw new codes.ERR_INVALID_ARG_TYPE(name, ['Function', 'AsyncFunction'], fn);
}

function checkOptions(options: any): void {
  if (options != null) validateObject(options, 'options');
  if (options?.signal != null) validateAbortSignal(options.signal, 'options.signal');
}

export function compose(this: any, stream: any, options?: any): any {
  checkOptions(options);
  if (isNodeStream(stream) && !isWritable(stream)) throw new codes.ERR_INVALID_ARG_VALUE('stream', stream, 'must be writable');
  const composed = load('internal:stream/compose').compose(this, stream);
  // Validated above.
  if (options?.signal) addAbortSignalNoValidate(options.signal, composed);
  return composed;
}

/** Calls fn for up to `concurrency` chunks at a time and gives the results in order. */
function map(this: any, fn: any, options?: any): any {
  checkFunction(fn, 'fn');
  checkOptions(options);
  let concurrency = 1;
  if (options?.concurrency != null) concurrency = Math.floor(options.concurrency);
  let highWaterMark = concurrency - 1;
  if (options?.highWaterMark != null) highWaterMark = Math.floor(options.highWaterMark);
  validateInteger(concurrency, 'options.concurrency', 1);
  validateInteger(highWaterMark, 'options.highWaterMark', 0);
  return mapped(this, fn, options, concurrency, highWaterMark + concurrency);
}

async function* mapped(stream: any, fn: any, options: any, concurrency: number, limit: number): any {
  const signal = AbortSignal.any([options?.signal].filter(Boolean));
  const context = { signal };
  const results: any[] = [];
  let running = 0;
  let done = false;
  // One of the two sides sleeps: the consumer until there is a result, the producer until there is room.
  let wakeConsumer: any;
  let wakeProducer: any;

  function maybeWakeProducer(): void {
    if (wakeProducer && !done && running < concurrency && results.length < limit) {
      wakeProducer();
      wakeProducer = null;
    }
  }
  function completed(): void {
    running--;
    maybeWakeProducer();
  }
  function failed(): void {
    done = true;
    completed();
  }

  async function produce(): Promise<void> {
    try {
      for await (let value of stream) {
        if (done) return;
        if (signal.aborted) throw new AbortError();
        try {
          value = fn(value, context);
          if (value === kEmpty) continue;
          value = Promise.resolve(value);
        } catch (err) {
          value = Promise.reject(err);
        }
        running++;
        value.then(completed, failed);
        results.push(value);
        if (wakeConsumer) {
          wakeConsumer();
          wakeConsumer = null;
        }
        if (!done && (results.length >= limit || running >= concurrency)) {
          await new Promise<void>((resolve) => { wakeProducer = resolve; });
        }
      }
      results.push(kEof);
    } catch (err) {
      const rejection = Promise.reject(err);
      rejection.then(completed, failed);
      results.push(rejection);
    } finally {
      done = true;
      if (wakeConsumer) {
        wakeConsumer();
        wakeConsumer = null;
      }
    }
  }
  produce();

  try {
    while (true) {
      while (results.length > 0) {
        const value = await results[0];
        if (value === kEof) return;
        if (signal.aborted) throw new AbortError();
        if (value !== kEmpty) yield value;
        results.shift();
        maybeWakeProducer();
      }
      await new Promise<void>((resolve) => { wakeConsumer = resolve; });
    }
  } finally {
    done = true;
    if (wakeProducer) {
      wakeProducer();
      wakeProducer = null;
    }
  }
}

function filter(this: any, fn: any, options?: any): any {
  checkFunction(fn, 'fn');
  async function keep(value: any, context: any): Promise<any> {
    return (await fn(value, context)) ? value : kEmpty;
  }
  return map.call(this, keep, options);
}

async function forEach(this: any, fn: any, options?: any): Promise<void> {
  checkFunction(fn, 'fn');
  async function visit(value: any, context: any): Promise<any> {
    await fn(value, context);
    return kEmpty;
  }
  for await (const unused of map.call(this, visit, options)) void unused;
}

async function some(this: any, fn: any, options: any = undefined): Promise<boolean> {
  for await (const unused of filter.call(this, fn, options)) {
    void unused;
    return true;
  }
  return false;
}

async function every(this: any, fn: any, options: any = undefined): Promise<boolean> {
  checkFunction(fn, 'fn');
  return !(await some.call(this, async (...args: any[]) => !(await fn(...args)), options));
}

async function find(this: any, fn: any, options?: any): Promise<any> {
  for await (const result of filter.call(this, fn, options)) return result;
  return undefined;
}

function flatMap(this: any, fn: any, options?: any): any {
  const values = map.call(this, fn, options);
  return (async function* () {
    for await (const value of values) yield* value;
  })();
}

async function toArray(this: any, options?: any): Promise<any[]> {
  checkOptions(options);
  const all: any[] = [];
  const signal = options?.signal;
  for await (const chunk of this) {
    if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
    all.push(chunk);
  }
  return all;
}

/** Destroys the stream and gives the error, which reaches the caller through a promise alone. */
async function destroyAborted(stream: any, { reason }: any): Promise<any> {
  const aborted = new AbortError(undefined, { cause: reason });
  stream.once('error', nop);
  stream.destroy(aborted);
  await finished(stream).catch(nop);
  return aborted;
}

async function reduce(this: any, reducer: any, initialValue?: any, options?: any): Promise<any> {
  checkFunction(reducer, 'reducer');
  checkOptions(options);
  let hasValue = arguments.length > 1;
  if (options?.signal?.aborted) throw await destroyAborted(this, options.signal);
  const controller = new AbortController();
  const { signal } = controller;
  if (options?.signal) options.signal.addEventListener('abort', () => controller.abort(), { once: true, [kResistStopPropagation]: true });

  let value = initialValue;
  try {
    for await (const chunk of this) {
      if (options?.signal?.aborted) throw new AbortError();
      value = hasValue ? await reducer(value, chunk, { signal }) : chunk;
      hasValue = true;
    }
    if (!hasValue) {
      const message = 'Reduce of an empty stream requires an initial value';
      throw Object.assign(new codes.ERR_MISSING_ARGS('reduce'), { message });
    }
  } finally {
    controller.abort();
  }
  return value;
}

function toCount(number: any): number {
  number = Number(number);
  if (Number.isNaN(number)) return 0;
  if (number < 0) throw new codes.ERR_OUT_OF_RANGE('number', '>= 0', number);
  return number;
}

function drop(this: any, number: any, options: any = undefined): any {
  checkOptions(options);
  number = toCount(number);
  const source = this;
  return (async function* () {
    if (options?.signal?.aborted) throw new AbortError();
    for await (const value of source) {
      if (options?.signal?.aborted) throw new AbortError();
      if (number-- <= 0) yield value;
    }
  })();
}

function take(this: any, number: any, options: any = undefined): any {
  checkOptions(options);
  number = toCount(number);
  const source = this;
  return (async function* () {
    if (options?.signal?.aborted) throw new AbortError();
    for await (const value of source) {
      if (options?.signal?.aborted) throw new AbortError();
      if (number-- > 0) yield value;
      // Not waiting for one more that nobody gets.
      if (number <= 0) return;
    }
  })();
}

/** These give an iterable; as methods they give a Readable over it. */
export const streamReturningOperators: Record<string, any> = { drop, filter, flatMap, map, take };
export const promiseReturningOperators: Record<string, any> = { every, forEach, reduce, toArray, some, find };
