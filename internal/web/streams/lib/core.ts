// Things that all web streams need: promises, queues with sizes, strategies. https://streams.spec.whatwg.org/

import { codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { load } from 'internal:load';

export const kInspect = Symbol.for('nodejs.util.inspect.custom');
export const kIsDisturbed = Symbol.for('nodejs.stream.disturbed');
export const kIsErrored = Symbol.for('nodejs.stream.errored');
export const kIsReadable = Symbol.for('nodejs.stream.readable');
export const kIsWritable = Symbol.for('nodejs.stream.writable');
export const kIsClosedPromise = Symbol.for('nodejs.webstream.isClosedPromise');
export const kControllerErrorFunction = Symbol.for('nodejs.webstream.controllerErrorFunction');

/** Where each object of this folder keeps its slots. */
export const kState = Symbol('kState');
/** The name of the class, for brand checks. */
export const kType = Symbol('kType');

/** Token that lets our own code call the constructors which throw for everybody else. */
export const kConstruct = Symbol('kConstruct');

const promiseThen = Promise.prototype.then;
const resolvePromise = Promise.resolve.bind(Promise);
const { apply } = Reflect;
const { defineProperties, defineProperty } = Object;

export function nop(): void { /* nothing */ }

export interface Deferred { promise: Promise<any>; resolve: (value?: any) => void; reject: (reason?: any) => void }

export function deferred(): Deferred {
  return (Promise as any).withResolvers();
}

export function resolvedDeferred(value?: any): Deferred {
  return { promise: resolvePromise(value), resolve: nop, reject: nop };
}

/** A rejected one, counted as handled. */
export function rejectedDeferred(reason: any): Deferred {
  const promise = Promise.reject(reason);
  handled(promise);
  return { promise, resolve: nop, reject: nop };
}

/** then() that user code cannot replace. */
export function then(promise: Promise<any>, onFulfilled?: any, onRejected?: any): Promise<any> {
  return apply(promiseThen, promise, [onFulfilled, onRejected]);
}

/** Keeps the promise from being reported as an unhandled rejection. */
export function handled(promise: Promise<any>): void {
  apply(promiseThen, promise, [undefined, nop]);
}

/** Calls a method of an underlying source or sink: what it throws becomes a rejection. */
export function promiseCall(fn: any, self: any, args: any[]): Promise<any> {
  try {
    return resolvePromise(apply(fn, self, args));
  } catch (err) {
    return Promise.reject(err);
  }
}

/**
 * A new promise even for a promise: its reactions run later than those of the promise itself, as Web IDL has it.
 * Used where the order is seen: for start(), and for a transformer's cancel() beside it.
 */
export function startPromise(result: any): Promise<any> {
  return new Promise((resolve) => resolve(result));
}

/** The error of that code in another class than its usual one. */
function ofClass(Base: any, code: string, args: any[]): Error {
  const { message, stack } = new codes[code](...args);
  const err = new Base(message);
  err.code = code;
  Object.defineProperty(err, 'stack', {
    __proto__: null,
    value: `${Base.name} [${code}]: ${message}${String(stack).slice(String(stack).indexOf('\n    at '))}`,
    writable: true,
    configurable: true,
    enumerable: false,
  } as any);
  return err;
}

export function rangeError(code: string, ...args: any[]): Error {
  return ofClass(RangeError, code, args);
}

export function invalidState(message: string): Error {
  return ofClass(TypeError, 'ERR_INVALID_STATE', [message]);
}

export function is(value: any, type: string): boolean {
  return typeof value === 'object' && value !== null && value[kType] === type && value[kState] !== undefined;
}

export function check(value: any, type: string): void {
  if (!is(value, type)) throw new codes.ERR_INVALID_THIS(type);
}

/** Marks the class's prototype: brand, string tag, enumerable members. */
export function finishClass(cls: any, type: string, members: string[], tag = true): void {
  defineProperty(cls.prototype, kType, { value: type });
  const descriptors: any = {};
  for (const name of members) descriptors[name] = { enumerable: true };
  if (tag) descriptors[Symbol.toStringTag] = { configurable: true, enumerable: false, writable: false, value: type };
  defineProperties(cls.prototype, descriptors);
}

export function inspectAs(self: any, depth: number, options: any, name: string, properties: any): any {
  if (depth < 0) return self;
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${name} ${load('internal:util').inspect(properties, inner)}`;
}

// --- Queues --------------------------------------------------------------------------------------------------

/** A queue whose entries have sizes: https://streams.spec.whatwg.org/#queue-with-sizes */
export class SizedQueue {
  size = 0;
  #values: any[] = [];
  #sizes: number[] = [];
  #first = 0;

  get length(): number { return this.#values.length - this.#first; }
  peek(): any { return this.#values[this.#first]; }

  push(value: any, size: number): void {
    this.#values.push(value);
    this.#sizes.push(size);
    this.size += size;
  }

  shift(): any {
    const value = this.#values[this.#first];
    this.size -= this.#sizes[this.#first];
    // Sizes are doubles: rounding may leave less than nothing.
    if (this.size < 0) this.size = 0;
    this.#values[this.#first++] = undefined;
    if (this.#first === this.#values.length) {
      this.#values.length = 0;
      this.#sizes.length = 0;
      this.#first = 0;
    } else if (this.#first > 1024) {
      this.#values.splice(0, this.#first);
      this.#sizes.splice(0, this.#first);
      this.#first = 0;
    }
    return value;
  }

  reset(): void {
    this.#values = [];
    this.#sizes = [];
    this.#first = 0;
    this.size = 0;
  }
}

/** A plain first-in first-out list. */
export class Fifo {
  #items: any[] = [];
  #first = 0;
  get length(): number { return this.#items.length - this.#first; }
  push(item: any): void { this.#items.push(item); }
  peek(): any { return this.#items[this.#first]; }
  shift(): any {
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.#first === this.#items.length) {
      this.#items.length = 0;
      this.#first = 0;
    } else if (this.#first > 1024) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }
  /** Takes all. */
  drain(): any[] {
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    return items;
  }
}

/** What size() gave must be a size. */
export function checkChunkSize(size: any): number {
  const n = +size;
  if (!(n >= 0) || n === Infinity) throw rangeError('ERR_INVALID_ARG_VALUE', 'strategy.size', size);
  return n;
}

// --- Strategies ----------------------------------------------------------------------------------------------

const defaultSize = () => 1;

export function extractHighWaterMark(value: any, byDefault: number): number {
  if (value === undefined) return byDefault;
  const n = +value;
  if (!(n >= 0)) throw rangeError('ERR_INVALID_ARG_VALUE', 'strategy.highWaterMark', value);
  return n;
}

export function extractSize(size: any): (chunk: any) => number {
  if (size === undefined) return defaultSize;
  if (typeof size !== 'function') throw new codes.ERR_INVALID_ARG_TYPE('strategy.size', 'Function', size);
  return size;
}

// One function for all instances, as the standard has it.
const byteSize = { size(chunk: any) { return chunk.byteLength; } }.size;
const countSize = { size() { return 1; } }.size;

function readInit(init: any): number {
  validateObject(init, 'init');
  if (init.highWaterMark === undefined) throw new codes.ERR_MISSING_OPTION('init.highWaterMark');
  return +init.highWaterMark;
}

export class ByteLengthQueuingStrategy {
  #highWaterMark: number;
  constructor(init: any) { this.#highWaterMark = readInit(init); }
  get highWaterMark(): number { return this.#highWaterMark; }
  get size(): any {
    void this.#highWaterMark;
    return byteSize;
  }
  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, { highWaterMark: this.highWaterMark });
  }
}
finishClass(ByteLengthQueuingStrategy, 'ByteLengthQueuingStrategy', ['highWaterMark', 'size']);

export class CountQueuingStrategy {
  #highWaterMark: number;
  constructor(init: any) { this.#highWaterMark = readInit(init); }
  get highWaterMark(): number { return this.#highWaterMark; }
  get size(): any {
    void this.#highWaterMark;
    return countSize;
  }
  [kInspect](depth: number, options: any): any {
    return inspectAs(this, depth, options, this.constructor.name, { highWaterMark: this.highWaterMark });
  }
}
finishClass(CountQueuingStrategy, 'CountQueuingStrategy', ['highWaterMark', 'size']);

/**
 * What the functions of classic streams (finished(), isErrored(), addAbortSignal(), ...) ask a web stream by symbols.
 * `questions`: those of this class alone.
 */
export function answerClassicStreams(streamClass: any, questions: Record<symbol, (state: any) => any>): void {
  const all: any = { ...questions, [kIsErrored]: (state: any) => state.state === 'errored', [kIsClosedPromise]: closedPromiseOf };
  for (const key of Object.getOwnPropertySymbols(all)) {
    Object.defineProperty(streamClass.prototype, key, { configurable: true, get() { return all[key](this[kState]); } });
  }
  Object.defineProperty(streamClass.prototype, kControllerErrorFunction, {
    configurable: true, writable: true, value(this: any, err: any): void { this[kState].controller.error(err); },
  });
}

/** Made when somebody asks: most streams are never watched so. */
function closedPromiseOf(state: any): any {
  if (state.closedPromise !== undefined) return state.closedPromise;
  const made = state.state === 'closed' ? resolvedDeferred() : state.state === 'errored' ? rejectedDeferred(state.storedError) : deferred();
  handled(made.promise);
  return (state.closedPromise = made);
}
