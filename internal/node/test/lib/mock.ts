// Mocks of functions, methods and accessors. https://nodejs.org/docs/latest-v24.x/api/test.html#mocking
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateFunction, validateInteger, validateObject } from 'internal:validators';

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply, construct } = Reflect;

const isObject = (value: any): boolean => value !== null && typeof value === 'object';

/** What happened to a mock, in order, and what was planned for the next times. */
class History {
  entries: any[] = [];
  #plans = new Map<number, any>();

  /** Plans a value for one time; name is the argument that tells which. */
  plan(value: any, time: any, name: string): void {
    const next = this.entries.length;
    time ??= next;
    validateInteger(time, name, next);
    this.#plans.set(time, value);
  }
  /** What is planned for this time, which uses it up; `otherwise` when nothing is. */
  take(otherwise: any): any {
    const time = this.entries.length;
    if (!this.#plans.has(time)) return otherwise;
    const planned = this.#plans.get(time);
    this.#plans.delete(time);
    return planned;
  }
  forgetPlans(): void { this.#plans.clear(); }
}

/** The `mock` property of a mocked function. */
export class MockFunctionContext {
  #history = new History();
  #original: any;
  #current: any;
  // From this call on the original is called again.
  #limit: number;
  #undo: (() => void) | undefined;

  constructor(original: any, implementation: any, limit: number, undo: (() => void) | undefined) {
    this.#original = original;
    this.#current = implementation;
    this.#limit = limit;
    this.#undo = undo;
  }
  /** What the next call runs. */
  static next(self: MockFunctionContext): any {
    const spent = self.#history.entries.length >= self.#limit;
    return self.#history.take(spent ? self.#original : self.#current);
  }
  static note(self: MockFunctionContext, call: any): void { self.#history.entries.push(call); }

  get calls(): any[] { return [...this.#history.entries]; }
  callCount(): number { return this.#history.entries.length; }
  mockImplementation(implementation: any): void {
    validateFunction(implementation, 'implementation');
    this.#current = implementation;
  }
  mockImplementationOnce(implementation: any, onCall?: any): void {
    validateFunction(implementation, 'implementation');
    this.#history.plan(implementation, onCall, 'onCall');
  }
  resetCalls(): void { this.#history.entries = []; }
  restore(): void {
    this.#history.forgetPlans();
    this.#current = this.#original;
    this.#limit = Infinity;
    const undo = this.#undo;
    this.#undo = undefined;
    undo?.();
  }
}
const { next, note } = MockFunctionContext;
delete (MockFunctionContext as any).next;
delete (MockFunctionContext as any).note;

/** The `mock` property of a mocked property. */
export class MockPropertyContext {
  #history = new History();
  #place: [any, any];
  #before: PropertyDescriptor;
  #original: any;
  #value: any;

  constructor(object: any, name: any, before: PropertyDescriptor, value: any) {
    this.#place = [object, name];
    this.#before = before;
    this.#original = object[name];
    this.#value = value;
    this.#define({ get: () => this.#note('get', this.#history.take(this.#value)), set: (given) => this.mockImplementation(given) });
  }
  get accesses(): any[] { return [...this.#history.entries]; }
  accessCount(): number { return this.#history.entries.length; }
  mockImplementation(value: any): void {
    if (this.#before.writable === false) {
      throw new codes.ERR_INVALID_ARG_VALUE('propertyName', this.#place[1], 'cannot be set');
    }
    this.#value = this.#note('set', this.#history.take(value));
  }
  mockImplementationOnce(value: any, onAccess?: any): void { this.#history.plan(value, onAccess, 'onAccess'); }
  resetAccesses(): void { this.#history.entries = []; }
  restore(): void {
    const { get, set, writable } = this.#before;
    this.#define(get ?? set ? { get, set } : { writable, value: this.#original });
  }
  #note(type: string, value: any): any {
    this.#history.entries.push({ type, value, stack: new Error() });
    return value;
  }
  #define(how: PropertyDescriptor): void {
    const { configurable, enumerable } = this.#before;
    defineProperty(...this.#place, { ...how, configurable, enumerable });
  }
}

// A function that records its calls in its `mock`.
function mocked(original: any, implementation: any, times: number, restore?: () => void): any {
  const context = new MockFunctionContext(original, implementation, times, restore);
  const record = (args: any[], self: any, target: any, run: () => any): any => {
    const stack = new Error();
    let result: any;
    let error: any;
    try {
      result = run();
    } catch (e) {
      error = e;
      throw e;
    } finally {
      note(context, { __proto__: null, arguments: args, error, result, stack, target, this: target === undefined ? self : result });
    }
    return result;
  };
  return new Proxy(original, {
    __proto__: null as never,
    apply(_fn, self, args) {
      const fn = next(context);
      return record(args, self, undefined, () => apply(fn, self, args));
    },
    construct(_fn, args, target) {
      const fn = next(context);
      const made = target === proxyOf.get(context) ? original : target;
      return record(args, undefined, made, () => construct(fn, args, made));
    },
    get(fn, key, receiver) {
      return key === 'mock' ? context : Reflect.get(fn, key, receiver);
    },
  } as ProxyHandler<any>);
}
const proxyOf = new WeakMap<MockFunctionContext, any>();

function timesOf(options: any): number {
  const { times = Infinity } = options;
  if (times !== Infinity) {
    validateInteger(times, 'options.times', 1);
  }
  return times;
}

/** The descriptor of a property that an object has or inherits; argument is what the user calls the name. */
function descriptorOf(object: any, name: any, argument: string): PropertyDescriptor | undefined {
  if (!isObject(object) && typeof object !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('object', 'object', object);
  }
  if (!['string', 'symbol'].includes(typeof name)) {
    throw new codes.ERR_INVALID_ARG_TYPE(argument, ['string', 'symbol'], name);
  }
  let descriptor: PropertyDescriptor | undefined;
  for (let owner = object; owner !== null && descriptor === undefined; owner = getPrototypeOf(owner)) {
    descriptor = getOwnPropertyDescriptor(owner, name);
  }
  return descriptor;
}

/** Tells apart arguments of which some may be left out before the options: [what came before, the options]. */
function withOptions(args: any[], most: number): [any[], any] {
  const early = args.findIndex((arg, i) => i < most && isObject(arg));
  const at = early === -1 ? most : early;
  const { [at]: options = {} } = args;
  validateObject(options, 'options');
  return [args.slice(0, at), options];
}

/** Makes mocks and takes them back. */
export class MockTracker {
  #mocks: { restore(): void }[] = [];
  #timers: any;

  #make(original: any, implementation: any, times: number, restore?: () => void): any {
    const fn = mocked(original, implementation, times, restore);
    proxyOf.set(fn.mock, fn);
    this.#mocks.push(fn.mock);
    return fn;
  }

  /** fn(original?, implementation?, { times }?): a mock function. */
  fn(...args: any[]): any {
    const [[original = function() {}, implementation = original], options] = withOptions(args, 2);
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    return this.#make(original, implementation, timesOf(options));
  }

  /** method(object, name, implementation?, { getter, setter, times }?): replaces a method of object. */
  method(object: any, name: any, ...args: any[]): any {
    const descriptor = descriptorOf(object, name, 'methodName');
    const [[implementation], options] = withOptions(args, 1);
    const { getter = false, setter = false } = options;
    const times = timesOf(options);
    if (getter && setter) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const part = getter ? 'get' : setter ? 'set' : 'value';
    const original: any = descriptor?.[part];
    if (descriptor === undefined || typeof original !== 'function') {
      throw new codes.ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    }
    if (implementation !== undefined) validateFunction(implementation, 'implementation');
    // An inherited method stays on the object itself.
    const mock = this.#make(original, implementation ?? original, times, () => defineProperty(object, name, descriptor));
    defineProperty(object, name, { ...descriptor, [part]: mock });
    return mock;
  }

  getter(object: any, name: any, ...args: any[]): any {
    return this.#accessor('getter', object, name, args);
  }
  setter(object: any, name: any, ...args: any[]): any {
    return this.#accessor('setter', object, name, args);
  }
  #accessor(kind: 'getter' | 'setter', object: any, name: any, args: any[]): any {
    const [[implementation], options] = withOptions(args, 1);
    if (options[kind] === false) throw new codes.ERR_INVALID_ARG_VALUE(`options.${kind}`, false, 'cannot be false');
    return this.method(object, name, implementation, { ...options, [kind]: options[kind] ?? true });
  }

  /** property(object, name, value?): replaces a property, and records its accesses. */
  property(object: any, name: any, ...value: any[]): any {
    const descriptor = descriptorOf(object, name, 'propertyName');
    if (descriptor === undefined) throw new codes.ERR_INVALID_ARG_VALUE('propertyName', name, 'is not a property of the object');
    const mock = new MockPropertyContext(object, name, descriptor, value.length > 0 ? value[0] : object[name]);
    this.#mocks.push(mock);
    return new Proxy(object, {
      get: (target, key, receiver) => (key === 'mock' ? mock : Reflect.get(target, key, receiver)),
    });
  }
  /** module(specifier, { cache, defaultExport, namedExports }): see internal:test/mockmodule. */
  module(specifier: any, options?: any): any {
    const context = load('internal:test/mockmodule').mockModule(specifier, options);
    this.#mocks.push(context);
    return context;
  }
  /** Mocked time. */
  get timers(): any {
    return this.#timers ??= new (load('internal:test/mocktimers').MockTimers)();
  }

  /** Takes everything back, the last mock first. */
  restoreAll(): void {
    for (let i = this.#mocks.length - 1; i >= 0; i--) this.#mocks[i].restore();
  }
  /** Takes everything back and forgets it. */
  reset(): void {
    this.restoreAll();
    this.#mocks.length = 0;
    this.#timers?.reset();
  }
}
