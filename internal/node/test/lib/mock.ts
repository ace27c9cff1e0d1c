// Mocks of functions, methods and accessors. https://nodejs.org/docs/latest-v24.x/api/test.html#mocking
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateFunction, validateInteger, validateObject } from 'internal:validators';

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply, construct } = Reflect;

/** The `mock` property of a mocked function. */
export class MockFunctionContext {
  #calls: any[] = [];
  #original: any;
  #implementation: any;
  #times: number;
  #restore: (() => void) | undefined;
  #once = new Map<number, any>();

  constructor(original: any, implementation: any, times: number, restore: (() => void) | undefined) {
    this.#original = original;
    this.#implementation = implementation;
    this.#times = times;
    this.#restore = restore;
  }
  static next(self: MockFunctionContext): any { return self.#next(); }
  static note(self: MockFunctionContext, call: any): void { self.#calls.push(call); }

  get calls(): any[] { return this.#calls.slice(); }
  callCount(): number { return this.#calls.length; }
  mockImplementation(implementation: any): void {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }
  mockImplementationOnce(implementation: any, onCall?: any): void {
    validateFunction(implementation, 'implementation');
    const call = onCall ?? this.#calls.length;
    validateInteger(call, 'onCall', this.#calls.length);
    this.#once.set(call, implementation);
  }
  restore(): void {
    this.#implementation = this.#original;
    this.#times = Infinity;
    this.#once.clear();
    this.#restore?.();
    this.#restore = undefined;
  }
  resetCalls(): void { this.#calls = []; }

  #next(): any {
    const n = this.#calls.length;
    const once = this.#once.get(n);
    if (once !== undefined) {
      this.#once.delete(n);
      return once;
    }
    return n < this.#times ? this.#implementation : this.#original;
  }
}
const { next, note } = MockFunctionContext;
delete (MockFunctionContext as any).next;
delete (MockFunctionContext as any).note;

/** The `mock` property of a mocked property. */
export class MockPropertyContext {
  #object: any;
  #name: any;
  #descriptor: PropertyDescriptor;
  #original: any;
  #value: any;
  #accesses: any[] = [];
  #once = new Map<number, any>();

  constructor(object: any, name: any, descriptor: PropertyDescriptor, value: any) {
    this.#object = object;
    this.#name = name;
    this.#descriptor = descriptor;
    this.#original = object[name];
    this.#value = value;
    const { configurable, enumerable } = descriptor;
    defineProperty(object, name, {
      configurable, enumerable,
      get: () => {
        const now = this.#valueNow();
        this.#accesses.push({ type: 'get', value: now, stack: new Error() });
        return now;
      },
      set: (next: any) => this.mockImplementation(next),
    });
  }
  get accesses(): any[] { return this.#accesses.slice(); }
  accessCount(): number { return this.#accesses.length; }
  mockImplementation(value: any): void {
    if (this.#descriptor.writable === false) {
      throw new codes.ERR_INVALID_ARG_VALUE('propertyName', this.#name, 'cannot be set');
    }
    const once = this.#once.get(this.#accesses.length);
    this.#once.delete(this.#accesses.length);
    this.#accesses.push({ type: 'set', value: once ?? value, stack: new Error() });
    this.#value = value;
  }
  mockImplementationOnce(value: any, onAccess?: any): void {
    const next = this.#accesses.length;
    const n = onAccess ?? next;
    validateInteger(n, 'onAccess', next);
    this.#once.set(n, { value });
  }
  resetAccesses(): void { this.#accesses = []; }
  restore(): void {
    const { configurable, enumerable, get, set, writable } = this.#descriptor;
    defineProperty(this.#object, this.#name, get !== undefined || set !== undefined ? { configurable, enumerable, get, set } :
      { configurable, enumerable, writable, value: this.#original });
  }
  #valueNow(): any {
    const n = this.#accesses.length;
    const once = this.#once.get(n);
    if (once !== undefined) {
      this.#once.delete(n);
      return once.value;
    }
    return this.#value;
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

function lookup(object: any, name: any): PropertyDescriptor | undefined {
  for (let o = object; o !== null && o !== undefined; o = getPrototypeOf(o)) {
    const descriptor = getOwnPropertyDescriptor(o, name);
    if (descriptor !== undefined) {
      return descriptor;
    }
  }
  return undefined;
}

/** Makes mocks and takes them back. */
export class MockTracker {
  #mocks: { context: { restore(): void } }[] = [];
  #timers: any;

  #make(original: any, implementation: any, times: number, restore?: () => void): any {
    const fn = mocked(original, implementation, times, restore);
    proxyOf.set(fn.mock, fn);
    this.#mocks.push({ context: fn.mock });
    return fn;
  }

  /** fn(original?, implementation?, { times }?): a mock function. */
  fn(original: any = function() {}, implementation: any = original, options: any = {}): any {
    if (original !== null && typeof original === 'object') {
      options = original;
      original = function() {};
      implementation = original;
    } else if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    return this.#make(original, implementation, timesOf(options));
  }

  /** method(object, name, implementation?, { getter, setter, times }?): replaces a method of object. */
  method(object: any, name: any, implementation?: any, options: any = {}): any {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      throw new codes.ERR_INVALID_ARG_TYPE('object', ['Object', 'Function'], object);
    }
    if (typeof name !== 'string' && typeof name !== 'symbol') {
      throw new codes.ERR_INVALID_ARG_TYPE('methodName', ['string', 'symbol'], name);
    }
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    }
    validateObject(options, 'options');
    const { getter = false, setter = false } = options;
    const times = timesOf(options);
    if (getter && setter) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const descriptor = lookup(object, name);
    const original: any = getter ? descriptor?.get : setter ? descriptor?.set : descriptor?.value;
    if (typeof original !== 'function') {
      throw new codes.ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    }
    if (implementation !== undefined) {
      validateFunction(implementation, 'implementation');
    }
    // An inherited method stays on the object itself.
    const restore = () => { defineProperty(object, name, descriptor as PropertyDescriptor); };
    const fn = this.#make(original, implementation ?? original, times, restore);
    const { configurable, enumerable, get, set, writable } = descriptor as PropertyDescriptor;
    if (getter || setter) {
      defineProperty(object, name, { configurable, enumerable, get: getter ? fn : get, set: setter ? fn : set });
    } else {
      defineProperty(object, name, { configurable, enumerable, value: fn, writable });
    }
    return fn;
  }

  getter(object: any, name: any, implementation?: any, options: any = {}): any {
    return this.#accessor('getter', object, name, implementation, options);
  }
  setter(object: any, name: any, implementation?: any, options: any = {}): any {
    return this.#accessor('setter', object, name, implementation, options);
  }
  #accessor(kind: 'getter' | 'setter', object: any, name: any, implementation: any, options: any): any {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    }
    validateObject(options, 'options');
    const { [kind]: wanted = true } = options;
    if (wanted === false) {
      throw new codes.ERR_INVALID_ARG_VALUE(`options.${kind}`, wanted, 'cannot be false');
    }
    return this.method(object, name, implementation, { ...options, [kind]: wanted });
  }

  /** property(object, name, value?): replaces a property, and records its accesses. */
  property(object: any, name: any, ...rest: any[]): any {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      throw new codes.ERR_INVALID_ARG_TYPE('object', ['Object', 'Function'], object);
    }
    if (typeof name !== 'string' && typeof name !== 'symbol') {
      throw new codes.ERR_INVALID_ARG_TYPE('propertyName', ['string', 'symbol'], name);
    }
    const descriptor = lookup(object, name);
    if (descriptor === undefined) {
      throw new codes.ERR_INVALID_ARG_VALUE('propertyName', object, 'is not a property of the object');
    }
    const context = new MockPropertyContext(object, name, descriptor, rest.length > 0 ? rest[0] : object[name]);
    this.#mocks.push({ context });
    return new Proxy(object, {
      get(target, key, receiver) {
        return key === 'mock' ? context : Reflect.get(target, key, receiver);
      },
    });
  }
  /** module(specifier, { cache, defaultExport, namedExports }): see internal:test/mockmodule. */
  module(specifier: any, options?: any): any {
    const context = load('internal:test/mockmodule').mockModule(specifier, options);
    this.#mocks.push({ context });
    return context;
  }
  /** Mocked time. */
  get timers(): any {
    return this.#timers ??= new (load('internal:test/mocktimers').MockTimers)();
  }

  /** Takes everything back and forgets it. */
  reset(): void {
    this.restoreAll();
    this.#timers?.reset();
    this.#mocks = [];
  }
  restoreAll(): void {
    for (const { context } of this.#mocks.toReversed()) {
      context.restore();
    }
  }
}
