// EventTarget, Event and their relatives. https://dom.spec.whatwg.org/#events
// and https://nodejs.org/docs/latest-v24.x/api/events.html#eventtarget-and-event-api
//
// There is no tree: a dispatch has one target. The listeners of a type are an array that is never changed in place by a
// removal, so that a dispatch walks the one that it began with and passes over the entries marked as removed.

import { codes } from 'internal:errors';
import { validateAbortSignal, validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';

const { defineProperties, defineProperty } = Object;
const { apply } = Reflect;
const kInspect = Symbol.for('nodejs.util.inspect.custom');

export const kEventTarget = Symbol.for('nodejs.event_target');
export const kMaxEventTargetListeners = Symbol('events.maxEventTargetListeners');
export const kMaxEventTargetListenersWarned = Symbol('events.maxEventTargetListenersWarned');
/** Hooks for subclasses: called with (number of listeners, type, listener, once, capture, passive, weak). */
export const kNewListener = Symbol('kNewListener');
export const kRemoveListener = Symbol('kRemoveListener');
/** (type, value) => Event: what NodeEventTarget.emit() hands to listeners of the web kind. */
export const kCreateEvent = Symbol('kCreateEvent');
/** (value, type, event?): dispatch that gives `value` to Node-style listeners and an event to the others. */
export const kHybridDispatch = Symbol.for('nodejs.internal.kHybridDispatch');
/** Event option: the event is trusted. */
export const kTrustEvent = Symbol('kTrustEvent');
/** addEventListener option, an object: the target holds the listener weakly, that object keeps it alive. */
export const kWeakHandler = Symbol('kWeak');
/** addEventListener option: stopImmediatePropagation() doesn't keep this listener from being called. */
export const kResistStopPropagation = Symbol('kResistStopPropagation');
const kNodeStyle = Symbol('kIsNodeStyleListener');
const kEvents = Symbol('kEvents');
const kHandlers = Symbol('kHandlers');

let defaultMaxListeners = 10;

/** For events.setMaxListeners() and EventEmitter.defaultMaxListeners. */
export function setDefaultTargetMaxListeners(n: number): void {
  defaultMaxListeners = n;
}

let clock: (() => number) | undefined;

/** Milliseconds of performance.now(). The module is loaded by the first event only. */
function now(): number {
  if (clock === undefined) {
    try {
      const { performance } = load('internal:perfhooks');
      performance.now();
      clock = () => performance.now();
    } catch {
      // A build without perf_hooks still has events; their times count from the first one.
      const first = Date.now() - 1;
      clock = () => Date.now() - first;
    }
  }
  return clock();
}

function emitWarning(warning: any): void {
  const m = load('node:process');
  (m.default ?? m).emitWarning(warning);
}

function inspect(value: any, options: any): string {
  return load('internal:util').inspect(value, options);
}

/** The custom inspection that all classes here share: the class name before an object of properties. */
function inspectAs(self: any, depth: number, options: any, properties: any): string {
  const { name } = self.constructor;
  if (depth < 0) return name;
  const inner = { ...options, depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth };
  return `${name} ${inspect(properties, inner)}`;
}

// --- Event ---------------------------------------------------------------------------------------------------

// Hands out from inside the class what the dispatch needs.
let targetOf: (event: any) => any;
let setTarget: (event: any, target: any) => void;
let isDispatching: (event: any) => boolean;
let setDispatching: (event: any, on: boolean) => void;
let isStopped: (event: any) => boolean;
let setPassive: (event: any, on: boolean) => void;
let isEventObject: (value: any) => boolean;

export class Event {
  #type: string;
  #bubbles = false;
  #cancelable = false;
  #composed = false;
  #defaultPrevented = false;
  #timestamp: number;
  #propagationStopped = false;
  #immediateStopped = false;
  #target: any = null;
  #dispatching = false;
  #passive = false;
  #trusted = false;

  static {
    isEventObject = (value) => typeof value === 'object' && value !== null && #type in value;
    targetOf = (event) => event.#target;
    setTarget = (event, target) => { event.#target = target; };
    isDispatching = (event) => event.#dispatching;
    setDispatching = (event, on) => { event.#dispatching = on; };
    isStopped = (event) => event.#immediateStopped;
    setPassive = (event, on) => { event.#passive = on; };
  }

  constructor(type: any, options: any = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (options != null) {
      validateObject(options, 'options');
      this.#bubbles = !!options.bubbles;
      this.#cancelable = !!options.cancelable;
      this.#composed = !!options.composed;
      this.#trusted = !!options[kTrustEvent];
    }
    this.#type = `${type}`;
    this.#timestamp = now();
  }

  static #check(event: any): void {
    if (!isEventObject(event)) throw new codes.ERR_INVALID_THIS('Event');
  }

  initEvent(type: any, bubbles: any = false, cancelable: any = false): void {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (this.#dispatching) return;
    this.#type = `${type}`;
    this.#bubbles = !!bubbles;
    this.#cancelable = !!cancelable;
  }

  [kInspect](depth: number, options: any): any {
    Event.#check(this);
    return inspectAs(this, depth, options, {
      type: this.#type,
      defaultPrevented: this.#cancelable && this.#defaultPrevented,
      cancelable: this.#cancelable,
      timeStamp: this.#timestamp,
    });
  }

  stopImmediatePropagation(): void {
    Event.#check(this);
    // stopPropagation() is called too, for it may have been replaced.
    this.stopPropagation();
    this.#immediateStopped = true;
  }

  preventDefault(): void {
    Event.#check(this);
    if (!this.#passive) this.#defaultPrevented = true;
  }

  get target(): any { Event.#check(this); return this.#target; }
  get currentTarget(): any { Event.#check(this); return this.#dispatching ? this.#target : null; }
  get srcElement(): any { Event.#check(this); return this.#target; }
  get type(): string { Event.#check(this); return this.#type; }
  get cancelable(): boolean { Event.#check(this); return this.#cancelable; }
  get defaultPrevented(): boolean { Event.#check(this); return this.#cancelable && this.#defaultPrevented; }
  get timeStamp(): number { Event.#check(this); return this.#timestamp; }
  composedPath(): any[] { Event.#check(this); return this.#dispatching ? [this.#target] : []; }
  get returnValue(): boolean { Event.#check(this); return !this.#cancelable || !this.#defaultPrevented; }
  set returnValue(value: any) {
    Event.#check(this);
    if (!value && !this.#passive) this.#defaultPrevented = true;
  }
  get bubbles(): boolean { Event.#check(this); return this.#bubbles; }
  get composed(): boolean { Event.#check(this); return this.#composed; }
  get eventPhase(): number { Event.#check(this); return this.#dispatching ? 2 : 0; }
  get cancelBubble(): boolean { Event.#check(this); return this.#propagationStopped; }
  set cancelBubble(value: any) {
    Event.#check(this);
    if (value) this.#propagationStopped = true;
  }
  stopPropagation(): void { Event.#check(this); this.#propagationStopped = true; }
  get isTrusted(): boolean { Event.#check(this); return this.#trusted; }

  declare static readonly NONE: number;
  declare static readonly CAPTURING_PHASE: number;
  declare static readonly AT_TARGET: number;
  declare static readonly BUBBLING_PHASE: number;
}

const enumerable = { __proto__: null, enumerable: true } as any;

defineProperties(Event, {
  NONE: { value: 0, enumerable: true },
  CAPTURING_PHASE: { value: 1, enumerable: true },
  AT_TARGET: { value: 2, enumerable: true },
  BUBBLING_PHASE: { value: 3, enumerable: true },
});
// Web IDL: operations and attributes show in `for in`.
for (const name of [
  'type', 'target', 'currentTarget', 'srcElement', 'composedPath', 'eventPhase', 'stopPropagation', 'cancelBubble', 'stopImmediatePropagation', 'bubbles',
  'cancelable', 'returnValue', 'preventDefault', 'defaultPrevented', 'composed', 'timeStamp', 'initEvent',
]) {
  defineProperty(Event.prototype, name, enumerable);
}
defineProperty(Event.prototype, 'isTrusted', { enumerable: true, configurable: false });
defineProperty(Event.prototype, Symbol.toStringTag, { configurable: true, value: 'Event' });

export class CustomEvent extends Event {
  #detail: any;
  constructor(type: any, options: any = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }
  get detail(): any {
    if (!(#detail in this)) throw new codes.ERR_INVALID_THIS('CustomEvent');
    return this.#detail;
  }
}
defineProperties(CustomEvent.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'CustomEvent' },
  detail: enumerable,
} as any);

/** https://websockets.spec.whatwg.org/#the-closeevent-interface */
export class CloseEvent extends Event {
  #wasClean: boolean;
  #code: number;
  #reason: string;
  constructor(type: any, options: any = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    super(type, options);
    this.#wasClean = !!options?.wasClean;
    this.#code = (Number(options?.code ?? 0) >>> 0) & 0xffff;
    this.#reason = options?.reason === undefined ? '' : `${options.reason}`;
  }
  get wasClean(): boolean { return this.#wasClean; }
  get code(): number { return this.#code; }
  get reason(): string { return this.#reason; }
}
defineProperties(CloseEvent.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'CloseEvent' },
  wasClean: enumerable,
  code: enumerable,
  reason: enumerable,
} as any);

/** https://html.spec.whatwg.org/#the-errorevent-interface */
export class ErrorEvent extends Event {
  #message: string;
  #filename: string;
  #lineno: number;
  #colno: number;
  #error: any;
  constructor(type: any, options: any = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    super(type, options);
    this.#message = options?.message === undefined ? '' : `${options.message}`;
    this.#filename = options?.filename === undefined ? '' : `${options.filename}`;
    this.#lineno = Number(options?.lineno ?? 0) >>> 0;
    this.#colno = Number(options?.colno ?? 0) >>> 0;
    this.#error = options?.error;
  }
  get message(): string { return this.#message; }
  get filename(): string { return this.#filename; }
  get lineno(): number { return this.#lineno; }
  get colno(): number { return this.#colno; }
  get error(): any { return this.#error; }
}
defineProperties(ErrorEvent.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'ErrorEvent' },
  message: enumerable,
  filename: enumerable,
  lineno: enumerable,
  colno: enumerable,
  error: enumerable,
} as any);

// --- Listeners -----------------------------------------------------------------------------------------------

// What keeps a weakly held listener alive: its owner does.
const heldBy = new WeakMap<object, Set<any>>();
let collected: FinalizationRegistry<any> | undefined;

class Listener {
  callback: any;
  weak: WeakRef<any> | undefined;
  once: boolean;
  capture: boolean;
  passive: boolean;
  nodeStyle: boolean;
  resist: boolean;
  removed = false;
  constructor(callback: any, once: boolean, capture: boolean, passive: boolean, nodeStyle: boolean, resist: boolean) {
    this.callback = callback;
    this.weak = undefined;
    this.once = once;
    this.capture = capture;
    this.passive = passive;
    this.nodeStyle = nodeStyle;
    this.resist = resist;
  }
  get target(): any { return this.weak === undefined ? this.callback : this.weak.deref(); }
}

function indexOf(list: Listener[], callback: any, capture: boolean): number {
  for (let i = 0; i < list.length; i++) {
    if (list[i].capture === capture && list[i].target === callback) return i;
  }
  return -1;
}

/** Marks the entry as removed and takes it out of a copy of its type's list. */
function detach(target: any, type: string, list: Listener[], at: number): void {
  const entry = list[at];
  entry.removed = true;
  const events = target[kEvents];
  if (list.length === 1) {
    events.delete(type);
  } else {
    const rest = list.slice();
    rest.splice(at, 1);
    events.set(type, rest);
  }
  target[kRemoveListener](list.length - 1, type, entry.target, entry.capture);
}

function usable(listener: any): boolean {
  if (typeof listener === 'function' || typeof listener?.handleEvent === 'function') return true;
  if (listener == null) return false;
  // handleEvent may come later.
  if (typeof listener === 'object') return true;
  throw new codes.ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

const noOptions: any = { __proto__: null };

function readOptions(options: any): any {
  if (typeof options === 'boolean') return { __proto__: null, capture: options };
  if (options === null) return noOptions;
  if (typeof options !== 'object' && typeof options !== 'function') validateObject(options, 'options');
  return options;
}

/** Prepares an object that wasn't made by `new EventTarget()`. */
export function initEventTarget(self: any): void {
  self[kEvents] = null;
  self[kMaxEventTargetListeners] = defaultMaxListeners;
  self[kMaxEventTargetListenersWarned] = false;
  self[kHandlers] = null;
}

function check(self: any): void {
  if (!isEventTarget(self)) throw new codes.ERR_INVALID_THIS('EventTarget');
}

function addCatch(promise: any): void {
  const { then } = promise;
  if (typeof then === 'function') then.call(promise, undefined, (err: any) => throwLater(err));
}

// An error in a listener is an uncaught exception and stops nothing else.
function throwLater(err: any): void {
  nextTick(() => { throw err; });
}

export class EventTarget {
  static [kEventTarget] = true;

  constructor() {
    initEventTarget(this);
  }

  [kNewListener](size: number, type: string, _listener: any, _once: boolean, _capture: boolean, _passive: boolean, _weak: boolean): void {
    const self: any = this;
    const max = self[kMaxEventTargetListeners];
    if (max > 0 && size > max && !self[kMaxEventTargetListenersWarned]) {
      self[kMaxEventTargetListenersWarned] = true;
      const warning: any = new Error('Possible EventTarget memory leak detected. ' +
        `${size} ${type} listeners added to ${inspect(this, { depth: -1 })}. MaxListeners is ${max}. ` +
        'Use events.setMaxListeners() to increase limit');
      warning.name = 'MaxListenersExceededWarning';
      warning.target = this;
      warning.type = type;
      warning.count = size;
      emitWarning(warning);
    }
  }

  [kRemoveListener](_size: number, _type: string, _listener: any, _capture: boolean): void { /* for subclasses */ }

  addEventListener(type: any, listener: any, options: any = noOptions): void {
    check(this);
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    let once = false;
    let capture = false;
    let passive = false;
    let resist = false;
    let nodeStyle = false;
    let weak;
    let signal;
    if (options !== noOptions) {
      options = readOptions(options);
      once = !!options.once;
      capture = !!options.capture;
      passive = !!options.passive;
      resist = !!options[kResistStopPropagation];
      nodeStyle = !!options[kNodeStyle];
      weak = options[kWeakHandler];
      signal = options.signal;
      validateAbortSignal(signal, 'options.signal');
    }

    if (!usable(listener)) {
      const warning: any = new Error(`addEventListener called with ${String(listener)} which has no effect.`);
      warning.name = 'AddEventListenerArgumentTypeWarning';
      warning.target = this;
      warning.type = type;
      emitWarning(warning);
      return;
    }
    type = `${type}`;

    if (signal) {
      if (signal.aborted) return;
      signal.addEventListener('abort', () => this.removeEventListener(type, listener, options),
        { once: true, [kWeakHandler]: this, [kResistStopPropagation]: true });
    }

    const self: any = this;
    const events: Map<string, Listener[]> = self[kEvents] ??= new Map();
    const list = events.get(type);
    if (list !== undefined && indexOf(list, listener, capture) >= 0) return;

    const entry = new Listener(listener, once, capture, passive, nodeStyle, resist);
    if (weak) {
      entry.callback = null;
      entry.weak = new WeakRef(listener);
      let kept = heldBy.get(weak);
      if (kept === undefined) heldBy.set(weak, kept = new Set());
      kept.add(listener);
      const owner = new WeakRef(this);
      collected ??= new FinalizationRegistry((f: any) => f());
      collected.register(listener, () => {
        const target: any = owner.deref();
        const current = target?.[kEvents]?.get(type);
        const at = current === undefined ? -1 : current.indexOf(entry);
        if (at >= 0) detach(target, type, current, at);
      });
    }
    if (list === undefined) events.set(type, [entry]);
    else list.push(entry);
    this[kNewListener](list === undefined ? 1 : list.length, type, listener, once, capture, passive, !!weak);
  }

  removeEventListener(type: any, listener: any, options: any = noOptions): void {
    check(this);
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    if (!usable(listener)) return;
    type = `${type}`;
    const capture = typeof options === 'boolean' ? options : !!options?.capture;
    const list = (this as any)[kEvents]?.get(type);
    if (list === undefined) return;
    const at = indexOf(list, listener, capture);
    if (at >= 0) detach(this, type, list, at);
  }

  dispatchEvent(event: any): boolean {
    check(this);
    if (arguments.length < 1) throw new codes.ERR_MISSING_ARGS('event');
    if (!isEventObject(event)) throw new codes.ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (isDispatching(event)) throw new codes.ERR_EVENT_RECURSION(event.type);
    this[kHybridDispatch](event, event.type, event);
    return event.defaultPrevented !== true;
  }

  [kHybridDispatch](value: any, type: string, event: any): boolean {
    if (event !== undefined) {
      setTarget(event, this);
      setDispatching(event, true);
    }
    const list: Listener[] | undefined = (this as any)[kEvents]?.get(type);
    if (list === undefined) {
      if (event !== undefined) setDispatching(event, false);
      return true;
    }
    // Differs from Node: a listener that is added during the dispatch is not called by it, as the DOM standard says.
    const length = list.length;
    for (let i = 0; i < length; i++) {
      const entry = list[i];
      if (entry.removed) continue;
      if (event !== undefined && isStopped(event) && !entry.resist) continue;
      const callback = entry.target;
      if (callback === undefined) continue;
      if (entry.once) {
        const current = (this as any)[kEvents].get(type);
        detach(this, type, current, current.indexOf(entry));
      }
      let arg = value;
      if (!entry.nodeStyle) {
        if (event === undefined) {
          event = this[kCreateEvent](value, type);
          setTarget(event, this);
          setDispatching(event, true);
        }
        arg = event;
      }
      if (event !== undefined) setPassive(event, entry.passive);
      try {
        const result = typeof callback === 'function' ? callback.call(this, arg) : callback.handleEvent(arg);
        if (result !== undefined && result !== null) addCatch(result);
      } catch (err) {
        throwLater(err);
      }
      if (event !== undefined) setPassive(event, false);
    }
    if (event !== undefined) setDispatching(event, false);
    return true;
  }

  [kCreateEvent](value: any, type: string): any {
    return new CustomEvent(type, { detail: value });
  }

  [kInspect](depth: number, options: any): any {
    check(this);
    return inspectAs(this, depth, options, {});
  }
}

defineProperties(EventTarget.prototype, {
  addEventListener: enumerable,
  removeEventListener: enumerable,
  dispatchEvent: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'EventTarget' },
} as any);

/** How many listeners a type has, for classes that need to know. */
export function listenerCountOf(target: any, type: string): number {
  return target[kEvents]?.get(type)?.length ?? 0;
}

/** Copies of the listeners of a type. */
export function listenersOf(target: any, type: any): any[] {
  const list: Listener[] = target[kEvents]?.get(`${String(type)}`) ?? [];
  return list.map((entry) => entry.target).filter((callback) => callback !== undefined).map((callback) => callback[kHandlerOf] ?? callback);
}

// --- NodeEventTarget -----------------------------------------------------------------------------------------

function checkNode(self: any): void {
  if (!isNodeEventTarget(self)) throw new codes.ERR_INVALID_THIS('NodeEventTarget');
}

export function initNodeEventTarget(self: any): void {
  initEventTarget(self);
}

const kNodeEventTarget = Symbol('kIsNodeEventTarget');

/**
 * An EventTarget that knows part of EventEmitter's API, such as MessagePort.
 * https://nodejs.org/docs/latest-v24.x/api/events.html#class-nodeeventtarget
 */
export class NodeEventTarget extends EventTarget {
  static [kNodeEventTarget] = true;
  static defaultMaxListeners = 10;

  constructor() {
    super();
    initNodeEventTarget(this);
  }

  setMaxListeners(n: number): void {
    checkNode(this);
    load('internal:events/emitter').setMaxListeners(n, this);
  }
  getMaxListeners(): number {
    checkNode(this);
    return (this as any)[kMaxEventTargetListeners];
  }
  eventNames(): any[] {
    checkNode(this);
    return [...((this as any)[kEvents]?.keys() ?? [])];
  }
  listenerCount(type: any): number {
    checkNode(this);
    return listenerCountOf(this, `${String(type)}`);
  }
  off(type: any, listener: any, options?: any): any {
    checkNode(this);
    this.removeEventListener(type, listener, options);
    return this;
  }
  removeListener(type: any, listener: any, options?: any): any {
    checkNode(this);
    this.removeEventListener(type, listener, options);
    return this;
  }
  on(type: any, listener: any): any {
    checkNode(this);
    this.addEventListener(type, listener, { [kNodeStyle]: true });
    return this;
  }
  addListener(type: any, listener: any): any {
    checkNode(this);
    this.addEventListener(type, listener, { [kNodeStyle]: true });
    return this;
  }
  emit(type: any, arg: any): boolean {
    checkNode(this);
    validateString(type, 'type');
    const had = this.listenerCount(type) > 0;
    (this as any)[kHybridDispatch](arg, type);
    return had;
  }
  once(type: any, listener: any): any {
    checkNode(this);
    this.addEventListener(type, listener, { once: true, [kNodeStyle]: true });
    return this;
  }
  removeAllListeners(type?: any): any {
    checkNode(this);
    const events = (this as any)[kEvents];
    if (events !== null) {
      for (const name of type !== undefined ? [`${String(type)}`] : [...events.keys()]) {
        const list = events.get(name);
        if (list === undefined) continue;
        for (const entry of [...list]) {
          const current = events.get(name);
          const at = current === undefined ? -1 : current.indexOf(entry);
          if (at >= 0) detach(this, name, current, at);
        }
      }
    }
    return this;
  }
}

defineProperties(NodeEventTarget.prototype, {
  setMaxListeners: enumerable,
  getMaxListeners: enumerable,
  eventNames: enumerable,
  listenerCount: enumerable,
  off: enumerable,
  removeListener: enumerable,
  on: enumerable,
  addListener: enumerable,
  once: enumerable,
  emit: enumerable,
  removeAllListeners: enumerable,
} as any);

export function isEventTarget(value: any): boolean {
  return !!value?.constructor?.[kEventTarget];
}

export function isNodeEventTarget(value: any): boolean {
  return !!value?.constructor?.[kNodeEventTarget];
}

// --- Event handler attributes --------------------------------------------------------------------------------

const kHandlerOf = Symbol('kHandler');

/** Defines the attribute `on<name>` on a prototype. https://html.spec.whatwg.org/#event-handler-attributes */
export function defineEventHandler(prototype: any, name: string, type: string = name): void {
  const property = `on${name}`;
  function get(this: any): any {
    check(this);
    return this[kHandlers]?.get(type)?.[kHandlerOf] ?? null;
  }
  function set(this: any, value: any): void {
    check(this);
    const handlers = this[kHandlers] ??= new Map();
    const handler = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
    const known = handlers.get(type);
    if (handler === null) {
      if (known !== undefined) {
        this.removeEventListener(type, known);
        handlers.delete(type);
      }
      return;
    }
    if (known !== undefined) {
      // The place in the order of listeners stays.
      known[kHandlerOf] = handler;
      return;
    }
    const wrapper: any = function(this: any, ...args: any[]): any {
      const current = wrapper[kHandlerOf];
      if (typeof current === 'function') return apply(current, this, args);
      return undefined;
    };
    wrapper[kHandlerOf] = handler;
    handlers.set(type, wrapper);
    this.addEventListener(type, wrapper);
  }
  defineProperty(get, 'name', { value: `get ${property}` });
  defineProperty(set, 'name', { value: `set ${property}` });
  defineProperty(prototype, property, { get, set, configurable: true, enumerable: true });
}
