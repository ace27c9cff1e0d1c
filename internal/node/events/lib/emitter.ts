// EventEmitter. https://nodejs.org/docs/latest-v24.x/api/events.html
//
// A type's listeners are a function (one listener, the common case) or an array. Emitting walks the array as it stands:
// no copy is made. Whoever adds or removes while some emitter walks a list works on a copy of it instead (`walking`),
// so that a walk never sees a change.

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal, validateBoolean, validateFunction, validateNumber, validateInteger, validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { kResistStopPropagation, kMaxEventTargetListeners, kMaxEventTargetListenersWarned, isEventTarget, listenersOf, setDefaultTargetMaxListeners } from 'internal:events/target';
import { addAbortListener } from 'internal:events/abort';

const { apply, ownKeys } = Reflect;
const { defineProperty, defineProperties, getPrototypeOf, setPrototypeOf } = Object;
const { isArray } = Array;
const captureStackTrace = Error.captureStackTrace;

/** Set to true on an emitter whose `_events` was laid out in advance (streams): a type without listeners is `undefined` there instead of absent. */
export const kShapeMode = Symbol('shapeMode');
export const kCapture = Symbol('kCapture');
export const kErrorMonitor = Symbol('events.errorMonitor');
export const kRejection = Symbol.for('nodejs.rejection');
export const kWatermarkData = Symbol.for('nodejs.watermarkData');
/** Option of on(): the iterator gives the first event argument itself instead of an array of all. */
export const kFirstEventParam = Symbol('nodejs.kFirstEventParam');
/** Own property of an error thrown by an unhandled 'error' event: a function that adds where it was emitted to the stack. */
export const kEnhanceStackBeforeInspector = Symbol('kEnhanceStackBeforeInspector');

let defaultMaxListeners = 10;

// How many walks over listener arrays are under way in this isolate.
let walking = 0;

/**
 * The class behind `require('events')`. Callable without `new`, for `EventEmitter.call(this)`.
 *
 * @param options `captureRejections`: route rejections of async listeners to 'error'.
 */
export function EventEmitter(this: any, options?: any): void {
  EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;
defineProperty(EventEmitter.prototype, kCapture, { value: false, writable: true, enumerable: false });

EventEmitter.init = function(this: any, options?: any): void {
  if (this._events === undefined || this._events === getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
  } else {
    this[kShapeMode] = true;
  }
  this._maxListeners = this._maxListeners || undefined;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, 'options.captureRejections');
    this[kCapture] = true;
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};

EventEmitter.prototype.setMaxListeners = function setMaxListeners(n: number): any {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

function maxListenersOf(emitter: any): number {
  return emitter._maxListeners === undefined ? defaultMaxListeners : emitter._maxListeners;
}

EventEmitter.prototype.getMaxListeners = function getMaxListeners(): number {
  return maxListenersOf(this);
};

EventEmitter.prototype.emit = function emit(type: any, ...args: any[]): boolean {
  const events = this._events;
  if (type === 'error' && (events === undefined || events.error === undefined || events[kErrorMonitor] !== undefined)) {
    if (events !== undefined && events[kErrorMonitor] !== undefined) this.emit(kErrorMonitor, ...args);
    if (events === undefined || events.error === undefined) throwUnhandled(this, args[0]);
  }
  if (events === undefined) return false;
  const handler = events[type];
  if (handler === undefined) return false;

  if (typeof handler === 'function') {
    const result = apply(handler, this, args);
    if (result !== undefined && result !== null && this[kCapture] === true) watch(this, result, type, [...args]);
    return true;
  }

  walking++;
  try {
    const length = handler.length;
    for (let i = 0; i < length; i++) {
      const result = apply(handler[i], this, args);
      if (result !== undefined && result !== null && this[kCapture] === true) watch(this, result, type, [...args]);
    }
  } finally {
    walking--;
  }
  return true;
};

/** Throws what an 'error' event without listeners throws. */
function throwUnhandled(emitter: any, error: any): never {
  if (error instanceof Error) {
    try {
      const here: any = {};
      captureStackTrace(here, EventEmitter.prototype.emit);
      defineProperty(error, kEnhanceStackBeforeInspector, {
        __proto__: null, value: () => stackWithEmitter(emitter, error, here.stack), configurable: true,
      } as any);
    } catch {
      // A frozen error: it is thrown as it is.
    }
    throw error;
  }
  let text;
  try {
    text = load('internal:util').inspect(error);
  } catch {
    text = error;
  }
  const wrapped: any = new codes.ERR_UNHANDLED_ERROR(text);
  wrapped.context = error;
  throw wrapped;
}

/** The error's stack followed by the one of the emit() call; frames that both share at the end are counted only. */
function stackWithEmitter(emitter: any, error: any, emitStack: any): string {
  let of = '';
  try {
    const { name } = emitter.constructor;
    if (name !== 'EventEmitter') of = ` on ${name} instance`;
  } catch {
    // No constructor to name.
  }
  const own = `${error.stack}`.split('\n').slice(1);
  const emitted = `${emitStack}`.split('\n').slice(1);
  let shared = 0;
  while (shared < own.length && shared < emitted.length && own[own.length - 1 - shared] === emitted[emitted.length - 1 - shared]) shared++;
  if (shared > 3) emitted.splice(emitted.length - shared + 1, shared - 2, '    [... lines matching original stack trace ...]');
  return `${error.stack}\nEmitted 'error' event${of} at:\n${emitted.join('\n')}`;
}

/** captureRejections: follows a listener's promise. */
function watch(emitter: any, promise: any, type: any, args: any[]): void {
  try {
    const { then } = promise;
    if (typeof then === 'function') {
      // The rejection is handled outside of the promise, so that an error in handling it is an uncaught exception.
      then.call(promise, undefined, (err: any) => nextTick(rejected, emitter, err, type, args));
    }
  } catch (err) {
    emitter.emit('error', err);
  }
}

function rejected(emitter: any, err: any, type: any, args: any[]): void {
  if (typeof emitter[kRejection] === 'function') {
    emitter[kRejection](err, type, ...args);
    return;
  }
  // A rejection of the 'error' listener itself must not come round again.
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false;
    emitter.emit('error', err);
  } finally {
    emitter[kCapture] = before;
  }
}

function checkListener(listener: any): void {
  if (typeof listener !== 'function') validateFunction(listener, 'listener');
}

function add(target: any, type: any, listener: any, prepend: boolean): any {
  checkListener(listener);
  let events = target._events;
  if (events === undefined) {
    events = target._events = { __proto__: null };
    target._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    target.emit('newListener', type, listener.listener ?? listener);
    // A listener of 'newListener' may have replaced the table.
    events = target._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++target._eventsCount;
    return target;
  }
  let list: any[];
  if (typeof existing === 'function') {
    list = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else {
    list = existing;
    if (walking > 0) {
      list = events[type] = existing.slice();
      if ((existing as any).warned) (list as any).warned = true;
    }
    if (prepend) list.unshift(listener);
    else list.push(listener);
  }
  const max = maxListenersOf(target);
  if (max > 0 && list.length > max && !(list as any).warned) warnOfLeak(target, type, list, max);
  return target;
}

function warnOfLeak(target: any, type: any, list: any, max: number): void {
  list.warned = true;
  const shown = load('internal:util').inspect(target, { depth: -1 });
  const warning: any = new Error('Possible EventEmitter memory leak detected. ' +
    `${list.length} ${String(type)} listeners added to ${shown}. MaxListeners is ${max}. ` +
    'Use emitter.setMaxListeners() to increase limit');
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = target;
  warning.type = type;
  warning.count = list.length;
  emitWarning(warning);
}

function emitWarning(warning: any): void {
  const m = load('node:process');
  (m.default ?? m).emitWarning(warning);
}

EventEmitter.prototype.addListener = function addListener(type: any, listener: any): any {
  return add(this, type, listener, false);
};

EventEmitter.prototype.on = EventEmitter.prototype.addListener;

EventEmitter.prototype.prependListener = function prependListener(type: any, listener: any): any {
  return add(this, type, listener, true);
};

/** The listener that removes itself before it calls `listener`. */
function oneTime(target: any, type: any, listener: any): any {
  let fired = false;
  function wrapper(this: any, ...args: any[]): any {
    if (fired) return undefined;
    target.removeListener(type, wrapper);
    fired = true;
    return apply(listener, target, args);
  }
  wrapper.listener = listener;
  return wrapper;
}

EventEmitter.prototype.once = function once(type: any, listener: any): any {
  checkListener(listener);
  this.on(type, oneTime(this, type, listener));
  return this;
};

EventEmitter.prototype.prependOnceListener = function prependOnceListener(type: any, listener: any): any {
  checkListener(listener);
  this.prependListener(type, oneTime(this, type, listener));
  return this;
};

/** Takes the entry of `type` out of the table. */
function forget(emitter: any, type: any): void {
  emitter._eventsCount--;
  if (emitter[kShapeMode]) emitter._events[type] = undefined;
  else if (emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else delete emitter._events[type];
}

EventEmitter.prototype.removeListener = function removeListener(type: any, listener: any): any {
  checkListener(listener);
  const events = this._events;
  if (events === undefined) return this;
  const existing = events[type];
  if (existing === undefined) return this;

  if (existing === listener || existing.listener === listener) {
    forget(this, type);
    if (events.removeListener !== undefined) this.emit('removeListener', type, existing.listener || listener);
  } else if (typeof existing !== 'function') {
    let at = existing.length - 1;
    while (at >= 0 && existing[at] !== listener && existing[at].listener !== listener) at--;
    if (at < 0) return this;
    if (existing.length === 2) {
      events[type] = existing[1 - at];
    } else if (at === 0 && walking === 0) {
      existing.shift();
    } else {
      let list = existing;
      if (walking > 0) {
        list = events[type] = existing.slice();
        if ((existing as any).warned) (list as any).warned = true;
      }
      list.splice(at, 1);
    }
    if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
  }
  return this;
};

EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type?: any): any {
  const events = this._events;
  if (events === undefined) return this;

  if (events.removeListener === undefined) {
    // Nobody listens for removals.
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
      this[kShapeMode] = false;
    } else if (events[type] !== undefined) {
      forget(this, type);
    }
    return this;
  }

  if (arguments.length === 0) {
    for (const key of ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    this._events = { __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
    return this;
  }

  const existing = events[type];
  if (typeof existing === 'function') {
    this.removeListener(type, existing);
  } else if (existing !== undefined) {
    const list = existing.slice();
    for (let i = list.length - 1; i >= 0; i--) this.removeListener(type, list[i]);
  }
  return this;
};

function listed(emitter: any, type: any, unwrap: boolean): any[] {
  const existing = emitter._events?.[type];
  if (existing === undefined) return [];
  const list = typeof existing === 'function' ? [existing] : existing.slice();
  if (unwrap) {
    for (let i = 0; i < list.length; i++) {
      const { listener } = list[i];
      if (typeof listener === 'function') list[i] = listener;
    }
  }
  return list;
}

EventEmitter.prototype.listeners = function listeners(type: any): any[] {
  return listed(this, type, true);
};

EventEmitter.prototype.rawListeners = function rawListeners(type: any): any[] {
  return listed(this, type, false);
};

function countListeners(this: any, type: any, listener?: any): number {
  const existing = this._events?.[type];
  if (existing === undefined) return 0;
  if (listener == null) return typeof existing === 'function' ? 1 : existing.length;
  let n = 0;
  for (const one of typeof existing === 'function' ? [existing] : existing) {
    if (one === listener || one.listener === listener) n++;
  }
  return n;
}

EventEmitter.prototype.listenerCount = function listenerCount(type: any, listener?: any): number {
  return apply(countListeners, this, [type, listener]);
};

EventEmitter.prototype.eventNames = function eventNames(): any[] {
  if (!(this._eventsCount > 0)) return [];
  const names = ownKeys(this._events);
  return this[kShapeMode] ? names.filter((name) => this._events[name] !== undefined) : names;
};

// --- Functions of the module ---------------------------------------------------------------------------------

function invalidEmitter(emitter: any): Error {
  return new codes.ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitter);
}

/**
 * A promise for the arguments of the next `type` event, rejected by an 'error' event or by `options.signal`.
 * https://nodejs.org/docs/latest-v24.x/api/events.html#eventsonceemitter-name-options
 */
export async function once(emitter: any, type: any, options: any = {}): Promise<any[]> {
  validateObject(options, 'options');
  const signal = options?.signal;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  return new Promise((resolve, reject) => {
    const onError = (err: any) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener(type, onEvent);
      if (signal != null) signal.removeEventListener('abort', onAbort);
      reject(err);
    };
    const onEvent = (...args: any[]) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      if (signal != null) signal.removeEventListener('abort', onAbort);
      resolve(args);
    };
    function onAbort(): void {
      drop(emitter, type, onEvent);
      drop(emitter, 'error', onError);
      reject(new AbortError(undefined, { cause: signal?.reason }));
    }
    listen(emitter, type, onEvent, { once: true });
    // An 'error' event of an EventTarget means nothing special.
    if (type !== 'error' && typeof emitter.once === 'function') emitter.once('error', onError);
    if (signal != null) listen(signal, 'abort', onAbort, { once: true, [kResistStopPropagation]: true });
  });
}

function listen(emitter: any, type: any, listener: any, flags?: any): void {
  if (typeof emitter?.on === 'function') {
    if (flags?.once) emitter.once(type, listener);
    else emitter.on(type, listener);
  } else if (typeof emitter?.addEventListener === 'function') {
    emitter.addEventListener(type, listener, flags);
  } else {
    throw invalidEmitter(emitter);
  }
}

function drop(emitter: any, type: any, listener: any): void {
  if (typeof emitter?.removeListener === 'function') emitter.removeListener(type, listener);
  else if (typeof emitter?.removeEventListener === 'function') emitter.removeEventListener(type, listener);
  else throw invalidEmitter(emitter);
}

/** A first-in first-out list: taking does not move the rest. */
class Fifo {
  #items: any[] = [];
  #first = 0;
  get length(): number { return this.#items.length - this.#first; }
  push(item: any): void { this.#items.push(item); }
  shift(): any {
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.#first === this.#items.length) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first > 1024 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }
}

const AsyncIteratorPrototype = getPrototypeOf(getPrototypeOf(async function* () { /* only its prototype */ }).prototype);

/**
 * An async iterator over the `type` events of an emitter or an EventTarget.
 * https://nodejs.org/docs/latest-v24.x/api/events.html#eventsonemitter-eventname-options
 */
export function on(emitter: any, type: any, options: any = {}): any {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal?.reason });
  // Both spellings exist in Node.
  const high = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
  validateInteger(high, 'options.highWaterMark', 1);
  const low = options.lowWaterMark ?? options.lowWatermark ?? 1;
  validateInteger(low, 'options.lowWaterMark', 1);

  const seen = new Fifo();
  const waiting = new Fifo();
  const cleanup: Array<() => void> = [];
  let paused = false;
  let failure: any = null;
  let finished = false;

  const watched = (target: any, name: any, listener: any, flags?: any) => {
    listen(target, name, listener, flags);
    cleanup.push(() => drop(target, name, listener));
  };

  const iterator = setPrototypeOf({
    next(): Promise<any> {
      if (seen.length > 0) {
        const value = seen.shift();
        if (paused && seen.length < low) {
          emitter.resume();
          paused = false;
        }
        return Promise.resolve({ value, done: false });
      }
      if (failure !== null) {
        const p = Promise.reject(failure);
        failure = null;
        return p;
      }
      if (finished) return close();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return(): Promise<any> { return close(); },
    throw(err: any): void {
      if (!err || !(err instanceof Error)) {
        throw new codes.ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', err);
      }
      onError(err);
    },
    [Symbol.asyncIterator](): any { return this; },
    // For tests and diagnostics.
    [kWatermarkData]: {
      get size(): number { return seen.length; },
      get low(): number { return low; },
      get high(): number { return high; },
      get isPaused(): boolean { return paused; },
    },
  }, AsyncIteratorPrototype);

  const onEvent = options[kFirstEventParam] ? take : (...args: any[]) => take(args);
  function take(value: any): void {
    if (waiting.length > 0) {
      waiting.shift().resolve({ value, done: false });
      return;
    }
    seen.push(value);
    if (!paused && seen.length > high) {
      paused = true;
      emitter.pause();
    }
  }
  function onError(err: any): void {
    if (waiting.length > 0) waiting.shift().reject(err);
    else failure = err;
    close();
  }
  function close(): Promise<any> {
    for (const undo of cleanup.splice(0)) undo();
    finished = true;
    while (waiting.length > 0) waiting.shift().resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  }

  watched(emitter, type, onEvent);
  if (type !== 'error' && typeof emitter.on === 'function') watched(emitter, 'error', onError);
  if (options?.close?.length) {
    for (const name of options.close) watched(emitter, name, close);
  }
  if (signal) {
    const abort = addAbortListener(signal, () => onError(new AbortError(undefined, { cause: signal.reason })));
    cleanup.push(() => abort[Symbol.dispose]());
  }
  return iterator;
}

/** Copies of the listeners of an emitter or an EventTarget. */
export function getEventListeners(emitterOrTarget: any, type: any): any[] {
  if (typeof emitterOrTarget?.listeners === 'function') return emitterOrTarget.listeners(type);
  if (isEventTarget(emitterOrTarget)) return listenersOf(emitterOrTarget, type);
  throw invalidEmitter(emitterOrTarget);
}

export function getMaxListeners(emitterOrTarget: any): number {
  if (typeof emitterOrTarget?.getMaxListeners === 'function') return maxListenersOf(emitterOrTarget);
  if (emitterOrTarget?.[kMaxEventTargetListeners] !== undefined) return emitterOrTarget[kMaxEventTargetListeners];
  throw invalidEmitter(emitterOrTarget);
}

/** Sets the limit of the given emitters and targets; without any, the default of all. */
export function setMaxListeners(n: number = defaultMaxListeners, ...targets: any[]): void {
  validateNumber(n, 'setMaxListeners', 0);
  if (targets.length === 0) {
    defaultMaxListeners = n;
    setDefaultTargetMaxListeners(n);
    return;
  }
  for (const target of targets) {
    if (isEventTarget(target)) {
      target[kMaxEventTargetListeners] = n;
      target[kMaxEventTargetListenersWarned] = false;
    } else if (typeof target.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else {
      throw new codes.ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
    }
  }
}

/** @deprecated since Node 3.2: use `emitter.listenerCount()`. */
export function listenerCount(emitter: any, type: any): number {
  if (typeof emitter.listenerCount === 'function') return emitter.listenerCount(type);
  return apply(countListeners, emitter, [type]);
}

let resourceClass: any;

/** EventEmitterAsyncResource: made when first asked for, as it needs async_hooks. */
function asyncResourceClass(): any {
  if (resourceClass !== undefined) return resourceClass;
  const { AsyncResource } = load('internal:asynchooks');
  const Base: any = EventEmitter;

  class EventEmitterReferencingAsyncResource extends AsyncResource {
    #eventEmitter: any;
    constructor(emitter: any, type: string, options: any) {
      super(type, options);
      this.#eventEmitter = emitter;
    }
    get eventEmitter(): any {
      if (!(typeof this === 'object' && #eventEmitter in this)) throw new codes.ERR_INVALID_THIS('EventEmitterReferencingAsyncResource');
      return this.#eventEmitter;
    }
  }

  class EventEmitterAsyncResource extends Base {
    #asyncResource: any;
    constructor(options: any = undefined) {
      let name;
      if (typeof options === 'string') {
        name = options;
        options = undefined;
      } else {
        if (new.target === EventEmitterAsyncResource) validateString(options?.name, 'options.name');
        name = options?.name || new.target.name;
      }
      super(options);
      this.#asyncResource = new EventEmitterReferencingAsyncResource(this, name, options);
    }
    emit(event: any, ...args: any[]): any {
      return this.#asyncResource.runInAsyncScope(super.emit, this, event, ...args);
    }
    emitDestroy(): any {
      this.#asyncResource.emitDestroy();
    }
    get asyncId(): any { return this.#asyncResource.asyncId(); }
    get triggerAsyncId(): any { return this.#asyncResource.triggerAsyncId(); }
    get asyncResource(): any { return this.#asyncResource; }
  }
  resourceClass = EventEmitterAsyncResource;
  return resourceClass;
}

const statics: any = EventEmitter;
statics.addAbortListener = addAbortListener;
statics.once = once;
statics.on = on;
statics.getEventListeners = getEventListeners;
statics.getMaxListeners = getMaxListeners;
statics.listenerCount = listenerCount;
statics.EventEmitter = EventEmitter;
statics.usingDomains = false;
statics.captureRejectionSymbol = kRejection;
defineProperties(EventEmitter, {
  captureRejections: {
    get() { return EventEmitter.prototype[kCapture]; },
    set(value) {
      validateBoolean(value, 'EventEmitter.captureRejections');
      EventEmitter.prototype[kCapture] = value;
    },
    enumerable: true,
  },
  EventEmitterAsyncResource: {
    get: asyncResourceClass,
    set: undefined,
    enumerable: true,
    configurable: true,
  },
  errorMonitor: { value: kErrorMonitor, enumerable: true, configurable: true, writable: true },
  defaultMaxListeners: {
    get() { return defaultMaxListeners; },
    set(n) {
      validateNumber(n, 'defaultMaxListeners', 0);
      defaultMaxListeners = n;
      setDefaultTargetMaxListeners(n);
    },
    enumerable: true,
  },
  kMaxEventTargetListeners: { value: kMaxEventTargetListeners },
  kMaxEventTargetListenersWarned: { value: kMaxEventTargetListenersWarned },
});
statics.setMaxListeners = setMaxListeners;

export { addAbortListener };
export default EventEmitter;
