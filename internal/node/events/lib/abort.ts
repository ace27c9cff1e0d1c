// AbortController and AbortSignal. https://dom.spec.whatwg.org/#aborting-ongoing-activities

import { codes } from 'internal:errors';
import { validateAbortSignal, validateFunction, validateObject, validateUint32 } from 'internal:validators';
import { load } from 'internal:load';
import { whenCollected } from 'internal:asynchooks/state';
import { DOMException } from 'internal:web/domexception';
import {
  Event, EventTarget, defineEventHandler, kMaxEventTargetListeners, kNewListener, kRemoveListener, kResistStopPropagation, kTrustEvent, kWeakHandler, listenerCountOf,
} from 'internal:events/target';

const { defineProperties } = Object;
const kInspect = Symbol.for('nodejs.util.inspect.custom');

const kCreate = Symbol('kCreate');
const kAborted = Symbol('kAborted');
const kReason = Symbol('kReason');
const kTimeout = Symbol('kTimeout');
const kComposite = Symbol('kComposite');
// Sets of weak references: a signal made by any() lives as long as somebody uses it, not as long as its sources.
const kSourceSignals = Symbol('kSourceSignals');
const kDependantSignals = Symbol('kDependantSignals');

// Signals that somebody listens to though nobody else holds them: they must stay until they fire or lose their listeners.
const listened = new Set<any>();

let expired: FinalizationRegistry<any> | undefined;

function forget({ set, ref }: any): void {
  set.deref()?.delete(ref);
}

/** When the dependant goes, its entry in the source's set goes. */
function whenDropped(signal: any, set: WeakRef<Set<any>>, ref: WeakRef<any>): void {
  whenCollected(signal, forget, { set, ref });
}

function inspectAs(self: any, properties: any, depth: number, options: any): any {
  const { name } = self.constructor;
  if (depth < 0) return self;
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${name} ${load('internal:util').inspect(properties, inner)}`;
}

function checkSignal(self: any): void {
  if (self === undefined || self === null || self[kAborted] === undefined) throw new codes.ERR_INVALID_THIS('AbortSignal');
}

export class AbortSignal extends EventTarget {
  constructor(token?: any) {
    if (token !== kCreate) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
    const self: any = this;
    self[kAborted] = false;
    self[kReason] = undefined;
    self[kComposite] = false;
    // Many operations wait for one signal: that is no leak.
    self[kMaxEventTargetListeners] = 0;
  }

  get aborted(): boolean { checkSignal(this); return !!(this as any)[kAborted]; }
  get reason(): any { checkSignal(this); return (this as any)[kReason]; }

  throwIfAborted(): void {
    checkSignal(this);
    if ((this as any)[kAborted]) throw (this as any)[kReason];
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, { aborted: this.aborted }, depth, options);
  }

  /** A signal that is aborted already. */
  static abort(reason: any = new DOMException('This operation was aborted', 'AbortError')): AbortSignal {
    const signal: any = new AbortSignal(kCreate);
    signal[kAborted] = true;
    signal[kReason] = reason;
    return signal;
  }

  /** A signal that aborts with a TimeoutError after `delay` milliseconds. Its timer keeps nothing alive. */
  static timeout(delay: number): AbortSignal {
    validateUint32(delay, 'delay', false);
    const signal: any = new AbortSignal(kCreate);
    signal[kTimeout] = true;
    const { setTimeout, clearTimeout } = load('internal:timers');
    const ref = new WeakRef(signal);
    const timer = setTimeout(() => {
      const target = ref.deref();
      if (target !== undefined) {
        listened.delete(target);
        abortSignal(target, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      }
    }, delay);
    timer.unref();
    expired ??= new FinalizationRegistry((t: any) => clearTimeout(t));
    expired.register(signal, timer);
    return signal;
  }

  /** A signal that aborts as soon as one of `signals` does. */
  static any(signals: any): AbortSignal {
    if (signals === null || typeof signals !== 'object' && typeof signals !== 'function' || typeof signals[Symbol.iterator] !== 'function') {
      throw conversionError('signals cannot be converted to sequence.');
    }
    const list: any[] = [...signals];
    for (let i = 0; i < list.length; i++) {
      if (!isAbortSignal(list[i])) throw new codes.ERR_INVALID_ARG_TYPE(`signals[${i}]`, 'AbortSignal', list[i]);
    }
    const result: any = new AbortSignal(kCreate);
    for (const signal of list) {
      if (signal.aborted) {
        result[kAborted] = true;
        result[kReason] = signal.reason;
        return result;
      }
    }
    result[kComposite] = true;
    if (list.length === 0) return result;

    const resultRef = new WeakRef(result);
    result[kSourceSignals] = new Set();
    for (const signal of list) {
      if (!signal[kComposite]) {
        depend(signal, result, resultRef);
      } else if (signal[kSourceSignals] !== undefined) {
        for (const ref of signal[kSourceSignals]) {
          const source = ref.deref();
          if (source !== undefined) depend(source, result, resultRef);
        }
      }
    }
    return result;
  }

  // A signal that somebody waits for stays alive, even if only its timer or its sources know it.
  [kNewListener](size: number, type: string, ...rest: [listener: any, once: boolean, capture: boolean, passive: boolean, weak: boolean]): void {
    super[kNewListener](size, type, ...rest);
    const weak = rest[4];
    if (type !== 'abort' || weak) return;
    const self: any = this;
    const mayAbort = !self[kAborted] && (self[kTimeout] || (self[kComposite] && self[kSourceSignals]?.size > 0));
    if (mayAbort) listened.add(this);
  }

  [kRemoveListener](size: number, type: string, ...rest: [listener: any, capture: boolean]): void {
    super[kRemoveListener](size, type, ...rest);
    if (size === 0 && type === 'abort') listened.delete(this);
  }

  declare onabort: any;
}

function conversionError(message: string): Error {
  // Web IDL's conversion errors carry a code in Node.
  const err: any = new TypeError(message);
  err.code = 'ERR_INVALID_ARG_TYPE';
  return err;
}

// What keeps a source alive while a signal that depends on it is listened to is the source's own user; a source that nobody
// can abort any more may go, and when all of them are gone nothing needs the dependant's listeners.
let sourceGone: FinalizationRegistry<any> | undefined;

function depend(source: any, result: any, resultRef: WeakRef<any>): void {
  const dependants: Set<any> = source[kDependantSignals] ??= new Set();
  const sourceRef = new WeakRef(source);
  if (dependants.has(resultRef)) return;
  dependants.add(resultRef);
  result[kSourceSignals].add(sourceRef);
  whenDropped(result, new WeakRef(dependants), resultRef);
  if (source[kTimeout]) {
    // Nobody but its dependants holds a timeout signal.
    (result[kHeld] ??= new Set()).add(source);
  }
  sourceGone ??= new FinalizationRegistry(({ resultRef, sourceRef }: any) => {
    const dependant = resultRef.deref();
    if (dependant === undefined) return;
    dependant[kSourceSignals].delete(sourceRef);
    if (dependant[kSourceSignals].size === 0) listened.delete(dependant);
  });
  sourceGone.register(source, { resultRef, sourceRef });
}

const kHeld = Symbol('kHeldSources');

defineProperties(AbortSignal.prototype, {
  aborted: { enumerable: true },
  [Symbol.toStringTag]: { configurable: true, value: 'AbortSignal' },
} as any);
defineEventHandler(AbortSignal.prototype, 'abort');

/** Whether a value is a signal. */
export function isAbortSignal(value: any): boolean {
  return typeof value === 'object' && value !== null && value[kAborted] !== undefined;
}

/** https://dom.spec.whatwg.org/#abortsignal-signal-abort */
function abortSignal(signal: any, reason: any): void {
  if (signal[kAborted]) return;
  signal[kAborted] = true;
  signal[kReason] = reason;
  let also: any[] | undefined;
  const dependants = signal[kDependantSignals];
  if (dependants !== undefined) {
    for (const ref of dependants) {
      const dependant = ref.deref();
      if (dependant === undefined || dependant[kAborted]) continue;
      dependant[kAborted] = true;
      dependant[kReason] = reason;
      (also ??= []).push(dependant);
    }
    dependants.clear();
  }
  fire(signal);
  if (also !== undefined) {
    for (const dependant of also) fire(dependant);
  }
}

/** Aborts a signal that has no controller in this thread. */
export function setAborted(signal: any, reason: any): void {
  abortSignal(signal, reason);
}

function fire(signal: any): void {
  if (listenerCountOf(signal, 'abort') > 0) signal.dispatchEvent(new Event('abort', { [kTrustEvent]: true } as any));
  listened.delete(signal);
}

/** A signal for classes that have one without a controller (WritableStreamDefaultController). */
export function createAbortSignal(): AbortSignal {
  return new AbortSignal(kCreate);
}

export class AbortController {
  #signal: AbortSignal | undefined;

  static #check(self: any): void {
    if (typeof self !== 'object' || self === null || !(#signal in self)) throw new codes.ERR_INVALID_THIS('AbortController');
  }

  get signal(): AbortSignal {
    AbortController.#check(this);
    return this.#signal ??= new AbortSignal(kCreate);
  }

  abort(reason: any = new DOMException('This operation was aborted', 'AbortError')): void {
    AbortController.#check(this);
    abortSignal(this.#signal ??= new AbortSignal(kCreate), reason);
  }

  [kInspect](depth: number, options: any): any {
    return inspectAs(this, { signal: this.signal }, depth, options);
  }
}

defineProperties(AbortController.prototype, {
  signal: { enumerable: true },
  abort: { enumerable: true },
  [Symbol.toStringTag]: { configurable: true, value: 'AbortController' },
} as any);

/**
 * Calls `listener` once when `signal` aborts (or soon, if it has), whatever stopImmediatePropagation() says.
 * https://nodejs.org/docs/latest-v24.x/api/events.html#eventsaddabortlistenersignal-listener
 */
export function addAbortListener(signal: any, listener: any): any {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove: (() => void) | undefined;
  if (signal.aborted) {
    load('internal:process/task').queueMicrotask(() => listener());
  } else {
    signal.addEventListener('abort', listener, { __proto__: null, once: true, [kResistStopPropagation]: true });
    remove = () => signal.removeEventListener('abort', listener);
  }
  return { __proto__: null, [Symbol.dispose]() { remove?.(); } };
}

/** util.aborted(): a promise that is resolved by the abort, as long as `resource` lives. */
export async function aborted(signal: any, resource: any): Promise<void> {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', 0b111);
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { __proto__: null, [kWeakHandler]: resource, once: true, [kResistStopPropagation]: true });
  });
}
