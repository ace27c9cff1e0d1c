// Mocks of functions, methods and accessors. https://nodejs.org/docs/latest-v24.x/api/test.html#mocking
import { codes, unavailable } from 'internal:errors';
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
      return record(args, undefined, target, () => construct(fn, args, target === proxyOf.get(context) ? fn : target));
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
  #mocks: { context: MockFunctionContext }[] = [];

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
    const own = getOwnPropertyDescriptor(object, name);
    const restore = () => {
      if (own === undefined) {
        delete object[name];
      } else {
        defineProperty(object, name, own);
      }
    };
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
    return implementation !== null && typeof implementation === 'object' ?
      this.method(object, name, { ...implementation, getter: true }) :
      this.method(object, name, implementation, { ...options, getter: true });
  }
  setter(object: any, name: any, implementation?: any, options: any = {}): any {
    return implementation !== null && typeof implementation === 'object' ?
      this.method(object, name, { ...implementation, setter: true }) :
      this.method(object, name, implementation, { ...options, setter: true });
  }

  // Differs from Node: time, modules and plain properties can't be mocked.
  property(_object: any, _name: any, _value: any): never { return unavailable('mock.property()'); }
  module(_specifier: any, _options: any): never { return unavailable('mock.module()'); }
  get timers(): never { return unavailable('mock.timers'); }

  /** Takes everything back and forgets it. */
  reset(): void {
    this.restoreAll();
    this.#mocks = [];
  }
  restoreAll(): void {
    for (const { context } of this.#mocks.toReversed()) {
      context.restore();
    }
  }
}
