// process.nextTick, microtasks and promise rejections: what runs after every callback from the loop.
// https://nodejs.org/docs/latest-v24.x/api/process.html#processnexttickcallback-args
import { enqueueMicrotask, getContext, runMicrotasks as drainMicrotasks, setContext, tickInfo } from 'native:engine';
import { codes } from 'internal:errors';
import { reportUncaught } from 'native:runtime';
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';
import { processRejections } from 'internal:process/rejections';

export const runMicrotasks: () => void = drainMicrotasks;

// A queue of ticks in chunks of a fixed size: push and shift cost no move.
const SIZE = 1024;
class Chunk {
  list: any[] = new Array(SIZE);
  bottom = 0;
  top = 0;
  next: Chunk | null = null;
}
let headChunk = new Chunk();
let tailChunk = headChunk;

class Tick {
  callback: Function;
  args: any[] | undefined;
  context: any;
  asyncId: number;
  triggerId: number;
  constructor(callback: Function, args: any[] | undefined) {
    this.callback = callback;
    this.args = args;
    this.context = getContext();
    this.asyncId = newAsyncId();
    this.triggerId = executionAsyncId();
    if (hooksActive[0] > 0) {
      initHook(this.asyncId, 'TickObject', this.triggerId, this);
    }
  }
}

/**
 * Queues callback(...args) to run after the current operation, before the loop goes on.
 * @throws ERR_INVALID_ARG_TYPE when callback is no function
 */
export function nextTick(callback: Function, ...args: any[]): void {
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
  if (exiting) {
    return;
  }
  if (tailChunk.top === SIZE) {
    tailChunk = tailChunk.next = new Chunk();
  }
  tailChunk.list[tailChunk.top++] = new Tick(callback, args.length > 0 ? args : undefined);
  tickInfo[0] = 1;
}

let exiting = false;
/** After the exit event no tick is queued. */
export function stopTicks(): void {
  exiting = true;
}

function shift(): Tick | undefined {
  if (headChunk.bottom === headChunk.top) {
    if (headChunk.next === null) {
      headChunk.bottom = headChunk.top = 0;
      return undefined;
    }
    headChunk = headChunk.next;
  }
  const tick = headChunk.list[headChunk.bottom];
  headChunk.list[headChunk.bottom++] = undefined;
  return tick;
}

/** Runs ticks, microtasks and rejection handlers until nothing is left. The engine's drain calls it. */
export function processTicks(): void {
  do {
    let tick = shift();
    while (tick !== undefined) {
      setContext(tick.context);
      pushAsyncId(tick.asyncId, tick.triggerId, tick);
      if (hooksActive[0] > 0) {
        beforeHook(tick.asyncId);
      }
      try {
        const args = tick.args;
        const callback = tick.callback;
        if (args === undefined) {
          callback();
        } else if (args.length === 1) {
          callback(args[0]);
        } else {
          callback(...args);
        }
      } finally {
        if (hooksActive[0] > 0) {
          destroyHook(tick.asyncId);
        }
      }
      if (hooksActive[0] > 0) {
        afterHook(tick.asyncId);
      }
      popAsyncId(tick.asyncId);
      setContext(undefined);
      tick = shift();
    }
    drainMicrotasks();
  } while (headChunk.bottom !== headChunk.top || headChunk.next !== null || processRejections());
  tickInfo[0] = 0;
  tickInfo[1] = 0;
}

/** What runs between two callbacks of one batch (timers, immediates, settled requests). */
export function runTicks(): void {
  if (tickInfo[0] === 0 && tickInfo[1] === 0) {
    drainMicrotasks();
  }
  if (tickInfo[0] !== 0 || tickInfo[1] !== 0) {
    const before = getContext();
    processTicks();
    setContext(before);
  }
}

/**
 * queueMicrotask of the global scope: what the callback throws is an uncaught exception.
 */
export function queueMicrotask(callback: Function): void {
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
  const asyncId = newAsyncId();
  const triggerId = executionAsyncId();
  const resource = hooksActive[0] > 0 ? { callback } : undefined;
  if (resource !== undefined) {
    initHook(asyncId, 'Microtask', triggerId, resource);
  }
  const context = getContext();
  enqueueMicrotask(() => {
    const before = getContext();
    setContext(context);
    pushAsyncId(asyncId, triggerId, resource);
    if (hooksActive[0] > 0) {
      beforeHook(asyncId);
    }
    try {
      callback();
    } catch (err) {
      reportUncaught(err, false);
    } finally {
      // An uncaught exception has left it already.
      if (executionAsyncId() === asyncId) {
        if (hooksActive[0] > 0) {
          afterHook(asyncId);
        }
        popAsyncId(asyncId);
      }
      if (hooksActive[0] > 0) {
        destroyHook(asyncId);
      }
      setContext(before);
    }
  });
}
