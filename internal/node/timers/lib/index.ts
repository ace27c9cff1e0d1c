// Timers: lists by duration under one priority queue, driven by one timer of the loop.
// https://nodejs.org/docs/latest-v24.x/api/timers.html
//
// All timers of one duration are in one list, in order of their start, so starting and stopping is O(1); the queue orders the lists by
// the time when their first timer is due.
import { getContext, setContext } from 'native:engine';
import { loopNow, loopTime, refImmediates, refTimer, scheduleTimer } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { runTicks } from 'internal:process/task';
import {
  afterHook, beforeHook, destroyHook, executionAsyncId, flushDestroyHooks, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId,
} from 'internal:asynchooks/state';

const { defineProperty } = Object;
const { apply } = Reflect;
const noArgs: any[] = [];

/** The longest delay, in milliseconds: more than this is 1 ms, with a warning. */
export const TIMEOUT_MAX = 2 ** 31 - 1;

const kDispose: typeof Symbol.dispose = (Symbol as any).dispose;

class TimerList {
  _idleNext: any = this;
  _idlePrev: any = this;
  duration: number;
  expiry: number;
  position = 0; // in the queue
  constructor(duration: number, expiry: number) {
    this.duration = duration;
    this.expiry = expiry;
  }
}

// ---- a binary heap of lists by expiry ----
const heap: TimerList[] = [];
function place(list: TimerList, i: number): void {
  heap[i] = list;
  list.position = i;
}
function up(list: TimerList, i: number): void {
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent].expiry <= list.expiry) {
      break;
    }
    place(heap[parent], i);
    i = parent;
  }
  place(list, i);
}
function down(list: TimerList, i: number): void {
  const n = heap.length;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= n) {
      break;
    }
    if (child + 1 < n && heap[child + 1].expiry < heap[child].expiry) {
      child++;
    }
    if (heap[child].expiry >= list.expiry) {
      break;
    }
    place(heap[child], i);
    i = child;
  }
  place(list, i);
}
function removeList(list: TimerList): void {
  const i = list.position;
  const last = heap.pop() as TimerList;
  if (last !== list) {
    down(last, i);
    if (last.position === i) {
      up(last, i);
    }
  }
  lists.delete(list.duration);
}

const lists = new Map<number, TimerList>();
let nextExpiry = Infinity;
let refCount = 0;
let processing = false;

const byId = new Map<number, Timeout>(); // those whose number user code has asked for

function countRef(delta: number): void {
  const before = refCount;
  refCount += delta;
  if (before === 0 && refCount > 0) {
    refTimer(true);
  } else if (refCount === 0 && before > 0) {
    refTimer(false);
  }
}

/** How many timers keep the loop alive. */
export function activeTimers(): number {
  return refCount;
}
/** Milliseconds until the next timer, for reports; undefined when there is none. */
export function untilNextTimer(): number | undefined {
  return nextExpiry === Infinity ? undefined : Math.round(nextExpiry - loopNow());
}

function unlink(timer: any): void {
  timer._idlePrev._idleNext = timer._idleNext;
  timer._idleNext._idlePrev = timer._idlePrev;
  timer._idleNext = timer._idlePrev = null;
}

// A list stays in the queue when its last timer is cleared: the next one of this duration finds it there.
function insert(timer: Timeout, duration: number, start: number): void {
  timer._idleStart = start;
  let list = lists.get(duration);
  if (list === undefined) {
    const expiry = start + duration;
    list = new TimerList(duration, expiry);
    lists.set(duration, list);
    heap.push(list);
    up(list, heap.length - 1);
    if (expiry < nextExpiry) {
      nextExpiry = expiry;
      if (!processing) {
        scheduleTimer(duration);
      }
    }
  }
  const last = list._idlePrev;
  timer._idlePrev = last;
  timer._idleNext = list;
  last._idleNext = timer;
  list._idlePrev = timer;
}

function append(timer: Timeout): void {
  insert(timer, timer._idleTimeout, loopNow());
  if (timer._destroyed) {
    timer._destroyed = false;
    if (hooksActive[0] > 0) {
      timer[kAsyncId] = newAsyncId();
      timer[kTriggerId] = executionAsyncId();
      initHook(timer[kAsyncId], 'Timeout', timer[kTriggerId], timer);
    }
    if (timer[kRefed]) {
      countRef(1);
    }
  }
}

// The timer is at its end: it ran, or was cleared.
function destroy(timer: Timeout): void {
  if (timer._destroyed) {
    return;
  }
  timer._destroyed = true;
  if (timer[kHasPrimitive]) {
    byId.delete(timer[kAsyncId]);
  }
  if (timer[kRefed]) {
    countRef(-1);
  }
  if (hooksActive[0] > 0) {
    destroyHook(timer[kAsyncId]);
  }
}

let warnedNegative = false;
let warnedNaN = false;
function warn(text: string, name: string): void {
  load('node:process').default.emitWarning(`${text}\nTimeout duration was set to 1.`, name);
}
/** The delay that a timer really gets. */
function delayOf(after: any): number {
  after *= 1;
  if (after >= 1 && after <= TIMEOUT_MAX) {
    return Math.trunc(after);
  }
  if (after > TIMEOUT_MAX) {
    warn(`${after} does not fit into a 32-bit signed integer.`, 'TimeoutOverflowWarning');
  } else if (after < 0) {
    if (!warnedNegative) {
      warnedNegative = true;
      warn(`${after} is a negative number.`, 'TimeoutNegativeWarning');
    }
  } else if (after !== after && !warnedNaN) {
    warnedNaN = true;
    warn(`${after} is not a number.`, 'TimeoutNaNWarning');
  }
  return 1;
}

const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const kAsyncId = Symbol('asyncId');
const kTriggerId = Symbol('triggerId');
const kContext = Symbol('kAsyncContextFrame');

/** What setTimeout and setInterval return. */
export class Timeout {
  _idleTimeout: number;
  _idlePrev: any;
  _idleNext: any;
  _idleStart: number;
  _onTimeout: Function | null | undefined;
  _timerArgs: any[] | undefined;
  _repeat: number | null;
  _destroyed: boolean; // a destroyed timer is in no list and not counted
  [kRefed]: boolean;
  [kHasPrimitive]: boolean;
  [kAsyncId]: number;
  [kTriggerId]: number;
  [kContext]: any;
  constructor(callback: Function, after: any, args: any[] | undefined, repeat: boolean, refed: boolean) {
    const delay = after === undefined ? 1 : delayOf(after);
    this._idleTimeout = delay;
    this._idlePrev = null;
    this._idleNext = null;
    this._idleStart = 0;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = repeat ? delay : null;
    this._destroyed = false;
    this[kRefed] = refed;
    this[kHasPrimitive] = false;
    this[kAsyncId] = newAsyncId();
    this[kTriggerId] = executionAsyncId();
    this[kContext] = getContext();
    if (hooksActive[0] > 0) {
      initHook(this[kAsyncId], 'Timeout', this[kTriggerId], this);
    }
    if (refed) {
      countRef(1);
    }
    insert(this, delay, loopNow());
  }
  /** Starts the delay anew. */
  refresh(): this {
    if (this[kRefed] !== undefined && this._onTimeout) {
      if (this._idleNext !== null) {
        unlink(this);
      }
      append(this);
    }
    return this;
  }
  /** The timer does not keep the loop alive. */
  unref(): this {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) {
        countRef(-1);
      }
    }
    return this;
  }
  ref(): this {
    if (!this[kRefed]) {
      this[kRefed] = true;
      if (!this._destroyed) {
        countRef(1);
      }
    }
    return this;
  }
  hasRef(): boolean {
    return this[kRefed];
  }
  close(): this {
    clearTimeout(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    if (!this[kHasPrimitive] && !this._destroyed) {
      this[kHasPrimitive] = true;
      byId.set(this[kAsyncId], this);
    }
    return this[kAsyncId];
  }
}
defineProperty(Timeout.prototype, kDispose, {
  value: function dispose(this: Timeout) {
    clearTimeout(this);
  },
  writable: true,
  enumerable: false,
  configurable: true,
});

function validCallback(callback: any): void {
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
}

/** setTimeout(callback, delay = 1, ...args): runs callback once after delay milliseconds. */
export function setTimeout(callback: Function, after?: any, ...args: any[]): Timeout {
  validCallback(callback);
  return new Timeout(callback, after, args.length > 0 ? args : undefined, false, true);
}

/** setInterval(callback, delay = 1, ...args): runs callback every delay milliseconds. */
export function setInterval(callback: Function, repeat?: any, ...args: any[]): Timeout {
  validCallback(callback);
  return new Timeout(callback, repeat, args.length > 0 ? args : undefined, true, true);
}

/** For builtins: a timer that does not keep the loop alive. */
export function setUnrefTimeout(callback: Function, after: number): Timeout {
  return new Timeout(callback, after, undefined, false, false);
}

// util.promisify(setTimeout) and the like.
for (const fn of [setTimeout, setImmediate]) {
  defineProperty(fn, Symbol.for('nodejs.util.promisify.custom'), {
    enumerable: true,
    get: () => load('internal:timers/promises')[fn.name],
  });
}

/** clearTimeout(timeout | number | string): anything else is ignored. */
export function clearTimeout(timer?: any): void {
  if (typeof timer === 'object' && timer !== null) {
    if (timer._onTimeout) {
      timer._onTimeout = undefined;
      if (timer instanceof Timeout && !timer._destroyed) {
        if (timer._idleNext !== null) {
          unlink(timer);
        }
        timer._idleTimeout = -1;
        destroy(timer);
      }
    }
    return;
  }
  if (typeof timer === 'number' || typeof timer === 'string') {
    const found = byId.get(+timer);
    if (found !== undefined) {
      clearTimeout(found);
    }
  }
}
export function clearInterval(timer?: any): void {
  clearTimeout(timer);
}

/**
 * Runs what is due. Called by Go from the timers phase, and again after an exception.
 * @returns when the next timer is due, in loop milliseconds; 0 when there is none
 */
export function processTimers(now: number): number {
  nextExpiry = Infinity;
  processing = true;
  interrupted = resumeTimers;
  try {
    let ran = false;
    while (heap.length > 0) {
      const list = heap[0];
      if (list.expiry > now) {
        const real = loopTime();
        if (list.expiry > real) {
          nextExpiry = list.expiry;
          interrupted = undefined;
          return list.expiry;
        }
        now = real;
      }
      if (ran) {
        runTicks();
      } else {
        ran = true;
      }
      runList(list, now);
    }
    interrupted = undefined;
    return 0;
  } finally {
    processing = false;
  }
}
function resumeTimers(): void {
  processTimers(loopNow());
}

function runList(list: TimerList, now: number): void {
  let ran = false;
  for (;;) {
    const timer = list._idleNext as Timeout;
    if ((timer as any) === list) {
      break;
    }
    const age = now - timer._idleStart;
    if (age < list.duration) {
      list.expiry = Math.max(timer._idleStart + list.duration, now + 1);
      down(list, list.position);
      return;
    }
    if (ran) {
      runTicks();
      // Ticks may have cleared it.
      if ((list._idleNext as any) !== timer) {
        continue;
      }
    } else {
      ran = true;
    }
    unlink(timer);
    const callback = timer._onTimeout;
    if (!callback) {
      destroy(timer);
      continue;
    }
    const asyncId = timer[kAsyncId];
    const context = getContext();
    setContext(timer[kContext]);
    pushAsyncId(asyncId, timer[kTriggerId], timer);
    if (hooksActive[0] > 0) {
      beforeHook(asyncId);
    }
    let start = 0;
    if (timer._repeat !== null) {
      start = loopNow();
    }
    try {
      apply(callback, timer, timer._timerArgs ?? noArgs);
    } finally {
      if (timer._repeat !== null && timer._idleTimeout !== -1) {
        if (timer._idleNext !== null) {
          unlink(timer);
        }
        timer._idleTimeout = timer._repeat;
        insert(timer, timer._idleTimeout, start);
      } else if (timer._idleNext === null) {
        destroy(timer);
      }
    }
    setContext(context); // after an exception it stays, for the handlers of the exception
    if (hooksActive[0] > 0) {
      afterHook(asyncId);
    }
    popAsyncId(asyncId);
  }
  if (lists.get(list.duration) === list) {
    removeList(list);
  }
}

// What an exception broke off, to be finished before ticks and promise jobs run.
let interrupted: (() => void) | undefined;
/** Runs the rest of the phase that an exception broke off. Called when user code has handled the exception; may throw the next one. */
export function resumeInterrupted(): boolean {
  const resume = interrupted;
  if (resume === undefined) {
    return false;
  }
  interrupted = undefined;
  resume();
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// Immediates
// ---------------------------------------------------------------------------------------------------------------

let immediates: Immediate[] = [];
let outstanding: Immediate[] | null = null; // what an exception left of the last check phase
let immediateCount = 0;
let immediateRefs = 0;

/** How many immediates keep the loop alive. */
export function activeImmediates(): number {
  return immediateRefs;
}

/** What setImmediate returns. */
export class Immediate {
  _idleNext: any;
  _idlePrev: any;
  _onImmediate: Function | null | undefined;
  _argv: any[] | undefined;
  _destroyed: boolean;
  [kRefed]: boolean;
  [kAsyncId]: number;
  [kTriggerId]: number;
  [kContext]: any;
  constructor(callback: Function, args: any[] | undefined) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = true;
    this[kAsyncId] = newAsyncId();
    this[kTriggerId] = executionAsyncId();
    this[kContext] = getContext();
    if (hooksActive[0] > 0) {
      initHook(this[kAsyncId], 'Immediate', this[kTriggerId], this);
    }
    immediates.push(this);
    immediateCount++;
    if (++immediateRefs === 1) {
      refImmediates(true, true);
    }
  }
  ref(): this {
    if (!this[kRefed] && !this._destroyed) {
      this[kRefed] = true;
      if (immediateRefs++ === 0) {
        refImmediates(true, true);
      }
    }
    return this;
  }
  unref(): this {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (--immediateRefs === 0) {
        refImmediates(immediateCount > 0, false);
      }
    }
    return this;
  }
  hasRef(): boolean {
    return this[kRefed];
  }
}
defineProperty(Immediate.prototype, kDispose, {
  value: function dispose(this: Immediate) {
    clearImmediate(this);
  },
  writable: true,
  enumerable: false,
  configurable: true,
});

function endImmediate(immediate: Immediate): void {
  immediate._destroyed = true;
  immediateCount--;
  if (immediate[kRefed]) {
    immediate[kRefed] = false;
    immediateRefs--;
  }
}

/** setImmediate(callback, ...args): runs callback in the check phase. */
export function setImmediate(callback: Function, ...args: any[]): Immediate {
  validCallback(callback);
  return new Immediate(callback, args.length > 0 ? args : undefined);
}

/** For async_hooks: an immediate that hooks don't see. Its id is 0. */
export function setHiddenImmediate(callback: Function): void {
  const active = hooksActive[0];
  hooksActive[0] = 0;
  new Immediate(callback, undefined)[kAsyncId] = 0;
  hooksActive[0] = active;
}

/** clearImmediate(immediate): anything else is ignored. */
export function clearImmediate(immediate?: any): void {
  if (!(immediate instanceof Immediate) || immediate._destroyed) {
    return;
  }
  endImmediate(immediate);
  immediate._onImmediate = null;
  if (hooksActive[0] > 0) {
    destroyHook(immediate[kAsyncId]);
  }
  if (immediateRefs === 0) {
    refImmediates(immediateCount > 0, false);
  }
}

/** The check phase: runs the immediates that were there when it began. */
export function processImmediates(): void {
  if (hooksActive[0] > 0) {
    flushDestroyHooks();
  }
  let list: Immediate[];
  if (outstanding !== null) {
    list = outstanding;
    outstanding = null;
  } else {
    list = immediates;
    immediates = [];
  }
  let ran = false;
  let i = 0;
  interrupted = undefined;
  try {
    for (; i < list.length; i++) {
      const immediate = list[i];
      if (immediate._destroyed) {
        continue;
      }
      if (ran) {
        runTicks();
        if (immediate._destroyed) {
          continue;
        }
      }
      ran = true;
      endImmediate(immediate);
      const callback = immediate._onImmediate as Function;
      const asyncId = immediate[kAsyncId];
      const context = getContext();
      setContext(immediate[kContext]);
      pushAsyncId(asyncId, immediate[kTriggerId], immediate);
      if (hooksActive[0] > 0) {
        beforeHook(asyncId);
      }
      try {
        apply(callback, immediate, immediate._argv ?? noArgs);
      } finally {
        immediate._onImmediate = undefined;
        if (hooksActive[0] > 0) {
          destroyHook(asyncId);
        }
      }
      setContext(context);
      if (hooksActive[0] > 0) {
        afterHook(asyncId);
      }
      popAsyncId(asyncId);
    }
  } finally {
    if (i < list.length) {
      // An exception: of ticks before list[i], or of list[i] itself.
      const rest = list.slice(list[i]._destroyed ? i + 1 : i);
      if (rest.length > 0) {
        outstanding = rest;
        interrupted = processImmediates;
      }
    }
    refImmediates(immediateCount > 0, immediateRefs > 0);
  }
}
