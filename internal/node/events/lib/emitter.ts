// EventEmitter. https://nodejs.org/docs/latest-v24.x/api/events.html
//
// A type's listeners are a function (one listener, the common case) or an array. Emitting walks the array as it stands:
// no copy is made. Whoever adds or removes works on a copy of a short list, and of a long one while some emitter walks one (`walking`),
// so that a walk never sees a change.

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal, validateBoolean, validateFunction, validateNumber, validateInteger, validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { kResistStopPropagation, kMaxEventTargetListeners, kMaxEventTargetListenersWarned, isEventTarget, listenersOf, setDefaultTargetMaxListeners } from 'internal:events/target';
import { addAbortListener } from 'internal:events/abort';

const { apply, ownKeys } = Reflect;
const { defineProperty, getPrototypeOf, setPrototypeOf } = Object;
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

// How many walks over long arrays of listeners are under way in this isolate.
let walking = 0;

// An array of up to so many listeners never changes: that costs less than counting the walks over it, which is a quarter of what emit() does.
const SHORT = 16;

/**
 * The class behind `require('events')`. Callable without `new`, for `EventEmitter.call(this)`.
 *
 * @param options `captureRejections`: route rejections of async listeners to 'error'.
 */
export function EventEmitter(this: any, options?: any): void {
  EventEmitter.init.call(this, options);
}

const proto: any = EventEmitter.prototype;

// Programs and packages read these three; an emitter without own values stands for one without listeners.
Object.assign(proto, { _events: undefined, _eventsCount: 0, _maxListeners: undefined });
defineProperty(proto, kCapture, { value: false, writable: true });

/** Gives the emitter an empty table of its own. */
function reset(emitter: any): void {
  emitter._events = { __proto__: null };
  emitter._eventsCount = 0;
  emitter[kShapeMode] = false;
}

// What the constructor does, for subclasses that were made without it. A table that the object inherits belongs to another emitter.
EventEmitter.init = function(this: any, options?: any): void {
  const own = this._events;
  if (own !== undefined && own !== getPrototypeOf(this)._events) this[kShapeMode] = true;
  else reset(this);
  this._maxListeners ||= undefined;
  let capture = proto[kCapture];
  if (options?.captureRejections) {
    capture = true;
    validateBoolean(options.captureRejections, 'options.captureRejections');
  }
  this[kCapture] = capture;
};

function maxListenersOf(emitter: any): number {
  return emitter._maxListeners ?? defaultMaxListeners;
}

// One place for all: it has seen many names before the first emit(), and V8 looks a name up quicker in a table where it doesn't expect one.
function lookUp(events: any, type: any): any {
  return events[type];
}

// Calls listeners with all arguments. `args` goes nowhere else and what is rare is handed `arguments`: so optimised code passes them on from
// its frame and makes no array. Of `this` it reads `_events` alone before the calls: emitters have many shapes, and each property that is looked
// up on all of them costs as much as the rest.
proto.emit = function emit(type: any, ...args: any[]): boolean {
  if (type === 'error') return apply(emitError, this, arguments as any);
  const events = this._events;
  if (events === undefined || events === null) return false;
  const handler = lookUp(events, type);
  if (typeof handler === 'function') {
    const result = handler.apply(this, args); // a third quicker than Reflect.apply
    if (result !== undefined && result !== null && this[kCapture] === true) {
      capturing = this;
      apply(capture, result, arguments as any);
    }
    return true;
  }
  if (handler === undefined) return false;
  // Its length is that of the start: what comes in meanwhile comes into a copy.
  const { length } = handler;
  if (length > SHORT) return apply(emitMany, this, arguments as any);
  for (let i = 0; i < length; i++) {
    const result = handler[i].apply(this, args);
    if (result !== undefined && result !== null && this[kCapture] === true) {
      capturing = this;
      apply(capture, result, arguments as any);
    }
  }
  return true;
};

// The same for a long list.
function emitMany(this: any, type: any, ...args: any[]): boolean {
  const handler = this._events[type];
  const { length } = handler;
  walking++;
  try {
    for (let i = 0; i < length; i++) {
      const result = handler[i].apply(this, args);
      if (result !== undefined && result !== null && this[kCapture] === true) {
        capturing = this;
        apply(capture, result, arguments as any);
      }
    }
  } finally {
    walking--;
  }
  return true;
}

// The emitter whose listener has just returned a promise: `this` of capture is the promise.
let capturing: any;

function capture(this: any, type: any, ...args: any[]): void {
  watch(capturing, this, type, args);
}

// The same for 'error': those who only watch hear first; without a listener it is thrown.
function emitError(this: any, type: any, ...args: any[]): boolean {
  const events = this._events;
  if (events?.[kErrorMonitor] !== undefined) this.emit(kErrorMonitor, ...args);
  const handler = events?.[type];
  if (handler === undefined) throwUnhandled(this, args[0]);
  walking++;
  try {
    const list = typeof handler === 'function' ? [handler] : handler;
    const { length } = list;
    for (let i = 0; i < length; i++) {
      const result = apply(list[i], this, args);
      if (result !== undefined && result !== null && this[kCapture] === true) watch(this, result, type, args.slice());
    }
  } finally {
    walking--;
  }
  return true;
}

/** Throws what an 'error' event without listeners throws. */
function throwUnhandled(emitter: any, error: any): never {
  if (error instanceof Error) {
    try {
      const here: any = {};
      captureStackTrace(here, proto.emit);
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
    // Read once: `then` may be a getter. The rejection is handled outside of the promise, so that an error there is an uncaught exception.
    const method = promise.then;
    if (typeof method === 'function') apply(method, promise, [undefined, (err: any) => nextTick(rejected, emitter, err, type, args)]);
  } catch (failure) {
    emitter.emit('error', failure);
  }
}

function rejected(emitter: any, err: any, type: any, args: any[]): void {
  const handler = emitter[kRejection];
  if (typeof handler === 'function') {
    apply(handler, emitter, [err, type, ...args]);
    return;
  }
  // While 'error' runs nothing is captured, or a rejection of its own listener would come round again.
  const captures = emitter[kCapture];
  emitter[kCapture] = false;
  try {
    emitter.emit('error', err);
  } finally {
    emitter[kCapture] = captures;
  }
}

function checkListener(listener: any): void {
  if (typeof listener !== 'function') validateFunction(listener, 'listener');
}

// Emits 'newListener' or 'removeListener'. Where it comes to the same, the listener is called from here: the process's own is called before any
// of the program's, and optimised code of emit() would count on both of them.
function tell(target: any, event: string, type: any, listener: any): void {
  const handler = target._events[event];
  if (typeof handler === 'function' && target.emit === proto.emit && target[kCapture] !== true) handler.call(target, type, listener);
  else target.emit(event, type, listener);
}

function add(target: any, type: any, listener: any, prepend: boolean): any {
  checkListener(listener);
  if (target._events === undefined) reset(target);
  else if (target._events.newListener !== undefined) tell(target, 'newListener', type, listener.listener ?? listener);
  // Read only now: a listener of 'newListener' may have put another table there.
  const events = target._events;
  const existing = lookUp(events, type);
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
    if (walking > 0 || existing.length <= SHORT) {
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
  Object.assign(warning, { name: 'MaxListenersExceededWarning', emitter: target, type, count: list.length });
  emitWarning(warning);
}

function emitWarning(warning: any): void {
  const m = load('node:process');
  (m.default ?? m).emitWarning(warning);
}

/** The listener that removes itself before it calls `listener`; it runs once even where the removal is thwarted. */
function oneTime(target: any, type: any, listener: any): any {
  let spent = false;
  const wrapper: any = function(...args: any[]): any {
    if (spent) return;
    target.removeListener(type, wrapper);
    spent = true;
    return apply(listener, target, args);
  };
  wrapper.listener = listener;
  return wrapper;
}

/** Takes the entry of `type` out of the table. */
function forget(emitter: any, type: any): void {
  emitter._eventsCount--;
  if (emitter[kShapeMode]) emitter._events[type] = undefined;
  else if (emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else delete emitter._events[type];
}

function remove(emitter: any, type: any, listener: any): void {
  const events = emitter._events;
  const existing = events?.[type];
  if (existing === undefined) return;

  if (existing === listener || existing.listener === listener) {
    forget(emitter, type);
    if (events.removeListener !== undefined) tell(emitter, 'removeListener', type, existing.listener || listener);
  } else if (typeof existing !== 'function') {
    let at = existing.length - 1;
    while (at >= 0 && existing[at] !== listener && existing[at].listener !== listener) at--;
    if (at < 0) return;
    if (existing.length === 2) {
      events[type] = existing[1 - at];
    } else if (at === 0 && walking === 0 && existing.length > SHORT) {
      existing.shift();
    } else {
      let list = existing;
      if (walking > 0 || existing.length <= SHORT) {
        list = events[type] = existing.slice();
        if ((existing as any).warned) (list as any).warned = true;
      }
      list.splice(at, 1);
    }
    if (events.removeListener !== undefined) tell(emitter, 'removeListener', type, listener);
  }
}

// Takes every listener of the type off, the youngest first, and tells each.
function removeEach(emitter: any, type: any): void {
  const existing = emitter._events[type];
  if (existing === undefined) return;
  const leaving = typeof existing === 'function' ? [existing] : existing.slice();
  while (leaving.length > 0) emitter.removeListener(type, leaving.pop());
}

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

/** What emitters inherit, beside emit(). The order is that of the documentation's oldest names first; it shows in `for in`. */
const methods: any = {
  setMaxListeners(n: number): any {
    validateNumber(n, 'setMaxListeners', 0);
    this._maxListeners = n;
    return this;
  },
  getMaxListeners(): number { return maxListenersOf(this); },
  addListener(type: any, listener: any): any { return add(this, type, listener, false); },
  prependListener(type: any, listener: any): any { return add(this, type, listener, true); },
  once(type: any, listener: any): any {
    checkListener(listener);
    this.on(type, oneTime(this, type, listener));
    return this;
  },
  prependOnceListener(type: any, listener: any): any {
    checkListener(listener);
    this.prependListener(type, oneTime(this, type, listener));
    return this;
  },
  removeListener(type: any, listener: any): any {
    checkListener(listener);
    remove(this, type, listener);
    return this;
  },
  removeAllListeners(...types: any[]): any {
    const events = this._events;
    if (events === undefined) return this;
    const told = events.removeListener !== undefined;
    if (types.length > 0) {
      const type = types[0];
      if (told) removeEach(this, type);
      else if (events[type] !== undefined) forget(this, type);
      return this;
    }
    if (told) {
      // Those who are told of the others leave last.
      for (const type of ownKeys(events)) {
        if (type !== 'removeListener') this.removeAllListeners(type);
      }
      this.removeAllListeners('removeListener');
    }
    reset(this);
    return this;
  },
  listeners(type: any): any[] { return listed(this, type, true); },
  rawListeners(type: any): any[] { return listed(this, type, false); },
  listenerCount(type: any, listener?: any): number { return apply(countListeners, this, [type, listener]); },
  eventNames(): any[] {
    const names = this._eventsCount > 0 ? ownKeys(this._events) : [];
    // A table that was laid out in advance holds names without listeners.
    return this[kShapeMode] ? names.filter((name) => this._events[name] !== undefined) : names;
  },
};
for (const name of ownKeys(methods)) proto[name] = methods[name];
proto.on = proto.addListener;
proto.off = proto.removeListener;

// --- Functions of the module ---------------------------------------------------------------------------------

function invalidEmitter(emitter: any): Error {
  return new codes.ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitter);
}

// The signal among the options; it throws when that has aborted already.
function liveSignal(options: any): any {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return signal;
}

/**
 * A promise for the arguments of the next `type` event, rejected by an 'error' event or by `options.signal`.
 * https://nodejs.org/docs/latest-v24.x/api/events.html#eventsonceemitter-name-options
 */
export async function once(emitter: any, type: any, options: any = {}): Promise<any[]> {
  const signal = liveSignal(options);
  return new Promise((resolve, reject) => {
    // Whichever of the three comes first takes the others away.
    const settle = (onTarget: boolean, finish: () => void): void => {
      if (onTarget) {
        drop(emitter, type, arrived);
        drop(emitter, 'error', failed);
      } else if (typeof emitter.removeListener === 'function') {
        emitter.removeListener(type, arrived);
        emitter.removeListener('error', failed);
      }
      signal?.removeEventListener('abort', aborted);
      finish();
    };
    const arrived = (...args: any[]): void => settle(false, () => resolve(args));
    const failed = (err: any): void => settle(false, () => reject(err));
    const aborted = (): void => settle(true, () => reject(new AbortError(undefined, { cause: signal.reason })));
    listen(emitter, type, arrived, { once: true });
    // An 'error' event of an EventTarget means nothing special.
    if (type !== 'error' && typeof emitter.once === 'function') emitter.once('error', failed);
    if (signal) listen(signal, 'abort', aborted, { once: true, [kResistStopPropagation]: true });
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
  const signal = liveSignal(options);
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

/** How many listeners an emitter has, whatever programs have put in the place of its methods. */
export function ownListenerCount(emitter: any, type: any): number {
  return apply(countListeners, emitter, [type]);
}

let resourceClass: any;

/** EventEmitterAsyncResource: made when first asked for, as it needs async_hooks. */
function asyncResourceClass(): any {
  if (resourceClass !== undefined) return resourceClass;
  const { AsyncResource } = load('internal:asynchooks');
  const Base: any = EventEmitter;

  // The resource by which an emitter is known to async_hooks.
  const owners = new WeakMap<object, any>();
  class EventEmitterReferencingAsyncResource extends AsyncResource {
    get eventEmitter(): any {
      if (!owners.has(this)) throw new codes.ERR_INVALID_THIS('EventEmitterReferencingAsyncResource');
      return owners.get(this);
    }
  }

  class EventEmitterAsyncResource extends Base {
    #resource: any;
    constructor(options?: any) {
      const given = typeof options === 'string' ? { name: options } : options;
      if (new.target === EventEmitterAsyncResource) validateString(given?.name, 'options.name');
      super(given);
      const resource = new EventEmitterReferencingAsyncResource(given?.name || new.target.name, given);
      owners.set(resource, this);
      this.#resource = resource;
    }
    get asyncResource(): any { return this.#resource; }
    get asyncId(): any { return this.#resource.asyncId(); }
    get triggerAsyncId(): any { return this.#resource.triggerAsyncId(); }
    emitDestroy(): void { this.#resource.emitDestroy(); }
    emit(...call: any[]): any {
      return this.#resource.runInAsyncScope(super.emit, this, ...call);
    }
  }
  resourceClass = EventEmitterAsyncResource;
  return resourceClass;
}

// The class carries the module's functions and settings; require('events') is the class.
Object.assign(EventEmitter, {
  EventEmitter, addAbortListener, captureRejectionSymbol: kRejection, errorMonitor: kErrorMonitor, getEventListeners, getMaxListeners, listenerCount, on, once,
  setMaxListeners, usingDomains: false,
});

function setting(name: string, get: () => any, set: ((value: any) => void) | undefined, configurable: boolean): void {
  defineProperty(EventEmitter, name, { get, set, enumerable: true, configurable });
}
setting('EventEmitterAsyncResource', asyncResourceClass, undefined, true);
setting('captureRejections', () => proto[kCapture], (on) => {
  validateBoolean(on, 'EventEmitter.captureRejections');
  proto[kCapture] = on;
}, false);
setting('defaultMaxListeners', () => defaultMaxListeners, (n) => {
  validateNumber(n, 'defaultMaxListeners', 0);
  setMaxListeners(n);
}, false);
defineProperty(EventEmitter, 'kMaxEventTargetListeners', { value: kMaxEventTargetListeners });
defineProperty(EventEmitter, 'kMaxEventTargetListenersWarned', { value: kMaxEventTargetListenersWarned });

export { addAbortListener };
export default EventEmitter;
