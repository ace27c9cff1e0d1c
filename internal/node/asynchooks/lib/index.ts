// AsyncLocalStorage and AsyncResource on V8's continuation-preserved embedder data.
// https://nodejs.org/docs/latest-v24.x/api/async_context.html
//
// The context is a map from storages to their values that is never changed once it is current (but for disable()): V8 carries it through
// promises, and requests, timers, ticks and handles save and restore it. Where no storage is used it is undefined and costs nothing.
import { getContext, setContext } from 'native:engine';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateFunction, validateObject, validateString } from 'internal:validators';
import {
  afterHook, beforeHook, destroyHook, executionAsyncId, executionAsyncResource, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId, triggerAsyncId,
} from 'internal:asynchooks/state';

export { getContext, setContext, newAsyncId, executionAsyncId, triggerAsyncId, executionAsyncResource };

const { apply } = Reflect;
const { is, defineProperties } = Object;
const { has: mapHas, get: mapGet } = Map.prototype;

class AsyncContextFrame extends Map<any, any> {
  declare changed: boolean; // disable() took a storage away
  constructor(storage: any, value: any) {
    const current = getContext();
    super(current instanceof AsyncContextFrame ? current : undefined);
    this.set(storage, value);
  }
}

/** A value that follows asynchronous execution. */
export class AsyncLocalStorage {
  #outside: any; // what getStore() gives outside of run()
  #label = '';
  /**
   * @param options defaultValue: what getStore() gives outside of run(); name: for debugging
   * @throws ERR_INVALID_ARG_TYPE
   */
  constructor(options: any = {}) {
    validateObject(options, 'options');
    const { defaultValue, name } = options;
    this.#outside = defaultValue;
    if (name !== undefined) this.#label = `${name}`;
  }
  /** What the constructor was told, for debugging. */
  get name(): string {
    return this.#label;
  }
  /** A function that calls fn in the context of this call. */
  static bind(fn: any): any {
    return AsyncResource.bind(fn);
  }
  /** A function that calls its first argument in the context of this call. */
  static snapshot(): any {
    return AsyncLocalStorage.bind((callback: Function, ...args: any[]) => callback(...args));
  }
  /** Forgets the value in the current context. */
  disable(): void {
    const frame = getContext();
    if (frame !== undefined) {
      frame.delete(this);
      Object.defineProperty(frame, 'changed', { value: true, enumerable: false });
    }
  }
  /** Sets the value for the rest of the current execution and what it starts. */
  enterWith(value: any): void {
    setContext(new AsyncContextFrame(this, value));
  }
  /** Calls callback(...args) with the value. */
  run(value: any, callback: Function, ...args: any[]): any {
    const frame = getContext();
    const before = this.getStore();
    if (is(before, value)) {
      return apply(callback, null, args);
    }
    const inside = new AsyncContextFrame(this, value);
    setContext(inside);
    try {
      return apply(callback, null, args);
    } finally {
      // What other storages entered meanwhile stays entered.
      if (getContext() === inside && !inside.changed) {
        setContext(frame);
      } else {
        setContext(new AsyncContextFrame(this, before));
      }
    }
  }
  /** Calls callback(...args) without a value. */
  exit(callback: Function, ...args: any[]): any {
    return this.run(undefined, callback, ...args);
  }
  /** The value of the current context. */
  getStore(): any {
    const frame = getContext();
    if (frame !== undefined && apply(mapHas, frame, [this])) {
      return apply(mapGet, frame, [this]);
    }
    return this.#outside;
  }
}

let collected: FinalizationRegistry<{ asyncId: number; destroyed: { value: boolean } }> | undefined;

/** A resource of user code whose callbacks run in the context in which it was made. */
export class AsyncResource {
  #asyncId: number;
  #triggerId: number;
  #context: any;
  #destroyed = { value: false };
  /**
   * @param type names the kind of resource
   * @param options triggerAsyncId, requireManualDestroy
   * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ASYNC_ID, ERR_ASYNC_TYPE
   */
  constructor(type: any, options: any = {}) {
    validateString(type, 'type');
    let triggerId: any;
    let manual = false;
    if (typeof options === 'number') {
      triggerId = options;
    } else {
      triggerId = options.triggerAsyncId === undefined ? executionAsyncId() : options.triggerAsyncId;
      manual = !!options.requireManualDestroy;
    }
    if (!Number.isSafeInteger(triggerId) || triggerId < -1) {
      throw new codes.ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerId);
    }
    this.#context = getContext();
    this.#asyncId = newAsyncId();
    this.#triggerId = triggerId;
    if (hooksActive[0] > 0) {
      if (type.length === 0) {
        throw new codes.ERR_ASYNC_TYPE(type);
      }
      initHook(this.#asyncId, type, triggerId, this);
      if (!manual && load('internal:asynchooks/hooks').destroyWanted()) {
        collected ??= new FinalizationRegistry(({ asyncId, destroyed }) => {
          if (!destroyed.value) {
            destroyHook(asyncId);
          }
        });
        collected.register(this, { asyncId: this.#asyncId, destroyed: this.#destroyed });
      }
    }
  }
  /** Calls fn.apply(thisArg, args) in the resource's context, as its execution. */
  runInAsyncScope(fn: Function, thisArg?: any, ...args: any[]): any {
    const asyncId = this.#asyncId;
    const before = getContext();
    pushAsyncId(asyncId, this.#triggerId, this);
    setContext(this.#context);
    try {
      if (hooksActive[0] > 0) {
        beforeHook(asyncId);
      }
      return apply(fn, thisArg, args);
    } finally {
      setContext(before);
      if (hooksActive[0] > 0) {
        afterHook(asyncId);
      }
      popAsyncId(asyncId);
    }
  }
  /** Reports that the resource is gone. */
  emitDestroy(): this {
    this.#destroyed.value = true;
    if (hooksActive[0] > 0) {
      destroyHook(this.#asyncId);
    }
    return this;
  }
  asyncId(): number {
    return this.#asyncId;
  }
  triggerAsyncId(): number {
    return this.#triggerId;
  }
  /** A function that calls fn in the resource's context. */
  bind(fn: any, thisArg?: any): any {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound = thisArg === undefined
      ? function bound(this: any, ...args: any[]) {
        return resource.runInAsyncScope(fn, this, ...args);
      }
      : function bound(...args: any[]) {
        return resource.runInAsyncScope(fn, thisArg, ...args);
      };
    let value: any = this;
    defineProperties(bound, {
      length: { value: fn.length, writable: false, enumerable: false, configurable: true },
      asyncResource: {
        enumerable: true,
        configurable: true,
        get() {
          warnBound();
          return value;
        },
        set(to) {
          warnBound();
          value = to;
        },
      },
    });
    return bound;
  }
  /** A function that calls fn in the context of this call. */
  static bind(fn: any, type?: string, thisArg?: any): any {
    type = type || fn?.name;
    return new AsyncResource(type || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

let warned = false;
function warnBound(): void {
  if (!warned) {
    warned = true;
    load('internal:process').process.emitWarning(
      'The asyncResource property on bound functions is deprecated', 'DeprecationWarning', 'DEP0172');
  }
}
