// Timers: lists by duration under one priority queue, driven by one timer of the loop.
// https://nodejs.org/docs/latest-v24.x/api/timers.html
//
// All timers of one duration are in one list, in order of their start, so starting and stopping is O(1); the queue orders the lists by
// the time when their first timer is due.
import { getContext, setContext } from 'native:engine';
import { loopNow, refImmediates, refTimer, scheduleTimer } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { runTicks } from 'internal:process/task';
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';

const { defineProperties } = Object;

/** The longest delay, in milliseconds: more than this is 1 ms, with a warning. */
export const TIMEOUT_MAX = 2 ** 31 - 1;

const kDispose: typeof Symbol.dispose = (Symbol as any).dispose;

class TimerList {
  next: any = this;
  prev: any = this;
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

function unlink(timer: any): void {
  timer.prev.next = timer.next;
  timer.next.prev = timer.prev;
  timer.next = timer.prev = null;
}

function insert(timer: Timeout, duration: number, start: number): void {
  timer.start = start;
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
  timer.prev = list.prev;
  timer.next = list;
  list.prev.next = timer;
  list.prev = timer;
}

function append(timer: Timeout): void {
  insert(timer, timer._idleTimeout, loopNow());
  if (timer.destroyed && hooksActive[0] > 0) {
    timer.asyncId = newAsyncId();
    initHook(timer.asyncId, 'Timeout', executionAsyncId(), timer);
  }
  timer.destroyed = false;
  if (timer.refed) {
    if (!timer.counted) {
      timer.counted = true;
      countRef(1);
    }
  }
}

function remove(timer: Timeout): void {
  if (timer.next !== null) {
    const next: any = timer.next;
    unlink(timer);
    // The list may be empty now: it then holds itself alone.
    if (next instanceof TimerList && next.next === next && next !== running) {
      removeList(next);
      if (heap.length === 0) {
        nextExpiry = Infinity;
      }
    }
  }
  if (timer.counted) {
    timer.counted = false;
    countRef(-1);
  }
  timer.destroyed = true;
  if (hooksActive[0] > 0) {
    destroyHook(timer.asyncId);
  }
}

let running: TimerList | null = null;

/** The delay that a timer really gets. */
function delayOf(after: any): number {
  after *= 1;
  if (!(after >= 1 && after <= TIMEOUT_MAX)) {
    if (after > TIMEOUT_MAX) {
      load('node:process').default.emitWarning(
        `${after} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
        'TimeoutOverflowWarning',
      );
    } else if (after < 0) {
      load('node:process').default.emitWarning(`${after} is a negative number.\nTimeout duration was set to 1.`, 'TimeoutNegativeWarning');
    } else if (after !== after) {
      load('node:process').default.emitWarning(`${after} is not a number.\nTimeout duration was set to 1.`, 'TimeoutNaNWarning');
    }
    return 1;
  }
  return Math.trunc(after);
}

/** What setTimeout and setInterval return. */
export class Timeout {
  declare next: any;
  declare prev: any;
  declare start: number;
  declare refed: boolean;
  declare counted: boolean;
  declare destroyed: boolean;
  declare asyncId: number;
  declare triggerId: number;
  declare context: any;
  _idleTimeout: number;
  _onTimeout: Function | null;
  _repeat: number | null;
  constructor(callback: Function, after: any, args: any[] | undefined, repeat: boolean, refed: boolean) {
    const delay = after === undefined ? 1 : delayOf(after);
    this._idleTimeout = delay;
    this._onTimeout = callback;
    this._repeat = repeat ? delay : null;
    // Hidden from inspect, as they are no business of the user's.
    defineProperties(this, hidden);
    (this as any).args = args;
    this.refed = refed;
    this.context = getContext();
    this.asyncId = newAsyncId();
    this.triggerId = executionAsyncId();
    if (hooksActive[0] > 0) {
      initHook(this.asyncId, 'Timeout', this.triggerId, this);
    }
  }
  get _destroyed(): boolean {
    return this.destroyed;
  }
  ref(): this {
    if (!this.refed) {
      this.refed = true;
      if (!this.destroyed && !this.counted) {
        this.counted = true;
        countRef(1);
      }
    }
    return this;
  }
  unref(): this {
    if (this.refed) {
      this.refed = false;
      if (this.counted) {
        this.counted = false;
        countRef(-1);
      }
    }
    return this;
  }
  hasRef(): boolean {
    return this.refed;
  }
  refresh(): this {
    if (this._onTimeout !== null) {
      if (this.next !== null) {
        const next = this.next;
        unlink(this);
        if (next instanceof TimerList && next.next === next && next !== running) {
          removeList(next);
        }
      }
      append(this);
    }
    return this;
  }
  close(): this {
    clearTimeout(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    byId.set(this.asyncId, this);
    return this.asyncId;
  }
}
const hiddenValue = (value: any) => ({ value, writable: true, enumerable: false, configurable: true });
const hidden = {
  next: hiddenValue(null),
  prev: hiddenValue(null),
  start: hiddenValue(0),
  args: hiddenValue(undefined),
  refed: hiddenValue(true),
  counted: hiddenValue(false),
  destroyed: hiddenValue(false),
  context: hiddenValue(undefined),
  asyncId: hiddenValue(0),
  triggerId: hiddenValue(0),
};
(Timeout.prototype as any)[kDispose] = function dispose(this: Timeout) {
  clearTimeout(this);
};

function validCallback(callback: any): void {
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
}

/** setTimeout(callback, delay = 1, ...args): runs callback once after delay milliseconds. */
export function setTimeout(callback: Function, after?: any, ...args: any[]): Timeout {
  validCallback(callback);
  const timer = new Timeout(callback, after, args.length > 0 ? args : undefined, false, true);
  append(timer);
  return timer;
}

/** setInterval(callback, delay = 1, ...args): runs callback every delay milliseconds. */
export function setInterval(callback: Function, repeat?: any, ...args: any[]): Timeout {
  validCallback(callback);
  const timer = new Timeout(callback, repeat, args.length > 0 ? args : undefined, true, true);
  append(timer);
  return timer;
}

/** For builtins: a timer that does not keep the loop alive. */
export function setUnrefTimeout(callback: Function, after: number): Timeout {
  const timer = new Timeout(callback, after, undefined, false, false);
  append(timer);
  return timer;
}

/** clearTimeout(timeout | number | string): anything else is ignored. */
export function clearTimeout(timer?: any): void {
  if (timer instanceof Timeout) {
    if (timer._onTimeout !== null) {
      timer._onTimeout = null;
      byId.delete(timer.asyncId);
      if (!timer.destroyed) {
        remove(timer);
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
 * @returns when the next timer is due, in loop milliseconds: positive when one of them keeps the loop alive, negative when none does, 0 when
 *   there is none
 */
export function processTimers(now: number): number {
  nextExpiry = Infinity;
  processing = true;
  try {
    let ran = false;
    while (heap.length > 0) {
      const list = heap[0];
      if (list.expiry > now) {
        const real = loopNow();
        if (list.expiry > real) {
          nextExpiry = list.expiry;
          return refCount > 0 ? list.expiry : -list.expiry;
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
    return 0;
  } finally {
    processing = false;
    running = null;
  }
}

function runList(list: TimerList, now: number): void {
  let ran = false;
  for (;;) {
    const timer = list.next as Timeout;
    if ((timer as any) === list) {
      break;
    }
    const age = now - timer.start;
    if (age < list.duration) {
      list.expiry = Math.max(timer.start + list.duration, now + 1);
      down(list, list.position);
      return;
    }
    if (ran) {
      runTicks();
      // Ticks may have cleared it.
      if ((list.next as any) !== timer) {
        continue;
      }
    } else {
      ran = true;
    }
    unlink(timer);
    const callback = timer._onTimeout;
    if (callback === null) {
      remove(timer);
      continue;
    }
    running = list;
    const context = getContext();
    setContext(timer.context);
    pushAsyncId(timer.asyncId, timer.triggerId, timer);
    if (hooksActive[0] > 0) {
      beforeHook(timer.asyncId);
    }
    let start = 0;
    if (timer._repeat !== null) {
      start = loopNow();
    }
    try {
      const args = (timer as any).args;
      if (args === undefined) {
        callback.call(timer);
      } else {
        callback.apply(timer, args);
      }
    } finally {
      running = null;
      if (timer._repeat !== null && timer._onTimeout !== null && timer.next === null) {
        timer._idleTimeout = timer._repeat;
        insert(timer, timer._idleTimeout, start);
      } else if (timer.next === null && !timer.destroyed) {
        if (timer.counted) {
          timer.counted = false;
          countRef(-1);
        }
        timer.destroyed = true;
        byId.delete(timer.asyncId);
        if (hooksActive[0] > 0) {
          destroyHook(timer.asyncId);
        }
      }
      if (list.next === list && lists.get(list.duration) === list) {
        removeList(list);
      }
      setContext(context);
    }
    if (hooksActive[0] > 0) {
      afterHook(timer.asyncId);
    }
    popAsyncId(timer.asyncId);
    if (lists.get(list.duration) !== list) {
      return;
    }
  }
  if (lists.get(list.duration) === list) {
    removeList(list);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Immediates
// ---------------------------------------------------------------------------------------------------------------

let immediates: Immediate[] = [];
let outstanding: Immediate[] | null = null; // what an exception left of the last check phase
let immediateCount = 0;
let immediateRefs = 0;

/** What setImmediate returns. */
export class Immediate {
  declare context: any;
  declare asyncId: number;
  declare triggerId: number;
  declare refed: boolean;
  declare destroyed: boolean;
  _onImmediate: Function | null;
  _argv: any[] | undefined;
  constructor(callback: Function, args: any[] | undefined) {
    this._onImmediate = callback;
    this._argv = args;
    defineProperties(this, hiddenImmediate);
    this.context = getContext();
    this.asyncId = newAsyncId();
    this.triggerId = executionAsyncId();
    if (hooksActive[0] > 0) {
      initHook(this.asyncId, 'Immediate', this.triggerId, this);
    }
    immediates.push(this);
    immediateCount++;
    immediateRefs++;
    if (immediateCount === 1 || immediateRefs === 1) {
      refImmediates(true, true);
    }
  }
  get _destroyed(): boolean {
    return this.destroyed;
  }
  ref(): this {
    if (!this.refed && !this.destroyed) {
      this.refed = true;
      if (immediateRefs++ === 0) {
        refImmediates(true, true);
      }
    }
    return this;
  }
  unref(): this {
    if (this.refed) {
      this.refed = false;
      if (--immediateRefs === 0) {
        refImmediates(immediateCount > 0, false);
      }
    }
    return this;
  }
  hasRef(): boolean {
    return this.refed;
  }
}
const hiddenImmediate = {
  context: hiddenValue(undefined),
  asyncId: hiddenValue(0),
  triggerId: hiddenValue(0),
  refed: hiddenValue(true),
  destroyed: hiddenValue(false),
};
(Immediate.prototype as any)[kDispose] = function dispose(this: Immediate) {
  clearImmediate(this);
};

function endImmediate(immediate: Immediate): void {
  immediate.destroyed = true;
  immediateCount--;
  if (immediate.refed) {
    immediate.refed = false;
    immediateRefs--;
  }
}

/** setImmediate(callback, ...args): runs callback in the check phase. */
export function setImmediate(callback: Function, ...args: any[]): Immediate {
  validCallback(callback);
  return new Immediate(callback, args.length > 0 ? args : undefined);
}

/** clearImmediate(immediate): anything else is ignored. */
export function clearImmediate(immediate?: any): void {
  if (!(immediate instanceof Immediate) || immediate.destroyed) {
    return;
  }
  endImmediate(immediate);
  immediate._onImmediate = null;
  if (hooksActive[0] > 0) {
    destroyHook(immediate.asyncId);
  }
  if (immediateRefs === 0) {
    refImmediates(immediateCount > 0, false);
  }
}

/** The check phase: runs the immediates that were there when it began. */
export function processImmediates(): void {
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
  try {
    for (; i < list.length; i++) {
      const immediate = list[i];
      if (immediate.destroyed) {
        continue;
      }
      if (ran) {
        runTicks();
        if (immediate.destroyed) {
          continue;
        }
      }
      ran = true;
      endImmediate(immediate);
      const callback = immediate._onImmediate as Function;
      const context = getContext();
      setContext(immediate.context);
      pushAsyncId(immediate.asyncId, immediate.triggerId, immediate);
      if (hooksActive[0] > 0) {
        beforeHook(immediate.asyncId);
      }
      try {
        const args = immediate._argv;
        if (args === undefined) {
          callback.call(immediate);
        } else {
          callback.apply(immediate, args);
        }
      } finally {
        immediate._onImmediate = null;
        if (hooksActive[0] > 0) {
          destroyHook(immediate.asyncId);
        }
        setContext(context);
      }
      if (hooksActive[0] > 0) {
        afterHook(immediate.asyncId);
      }
      popAsyncId(immediate.asyncId);
    }
  } finally {
    if (i < list.length) {
      outstanding = list.slice(i + 1).concat(immediates);
      immediates = [];
      if (outstanding.length === 0) {
        outstanding = null;
      }
    }
    refImmediates(immediateCount > 0, immediateRefs > 0);
  }
}
