// createHook: the listeners of async events, and promises seen through V8's promise hooks while one of them is enabled.
// https://nodejs.org/docs/latest-v24.x/api/async_hooks.html#async_hookscreatehookcallbacks
import { writeSync } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { addPromiseHooks } from 'internal:asynchooks/promisehooks';
import { executionAsyncId, hooksActive, newAsyncId, popAsyncId, pushAsyncId, setEmitters, whenCollected } from 'internal:asynchooks/state';

const kInit = Symbol('init');
const kBefore = Symbol('before');
const kAfter = Symbol('after');
const kDestroy = Symbol('destroy');
const kPromiseResolve = Symbol('promiseResolve');

let enabled: any[] = []; // replaced, never changed: an event that is being emitted goes on over the list it began with

// An error in a hook can't be attributed to anything that user code could handle: it ends the program.
function fatal(err: any): never {
  let text: string;
  try {
    text = typeof err?.stack === 'string' ? err.stack : `Error: ${String(err)}`;
  } catch {
    text = 'Error in an async hook';
  }
  writeSync(2, `${text}\n`);
  const { process } = load('internal:process');
  // It may be thrown again by a listener of 'exit': the hooks are off by now.
  enabled = [];
  hooksActive[0] = 0;
  updatePromiseHooks();
  try {
    process.exit(1);
  } finally {
    load('internal:process/lifecycle').reallyExit(1);
  }
  throw err;
}

function emit(event: symbol, asyncId: number): void {
  const list = enabled;
  try {
    for (let i = 0; i < list.length; i++) {
      const callback = list[i][event];
      if (callback !== undefined) {
        callback.call(list[i], asyncId);
      }
    }
  } catch (err) {
    fatal(err);
  }
}

function emitInit(asyncId: number, type: string, triggerId: number, resource: any): void {
  const list = enabled;
  try {
    for (let i = 0; i < list.length; i++) {
      const callback = list[i][kInit];
      if (callback !== undefined) {
        callback.call(list[i], asyncId, type, triggerId, resource);
      }
    }
  } catch (err) {
    fatal(err);
  }
}

// Destroy events come on a later turn, together.
let destroyed: number[] = [];
function queueDestroy(asyncId: number): void {
  if (asyncId === 0 || !destroyWanted()) {
    return;
  }
  if (destroyed.push(asyncId) === 1) {
    // It keeps the loop alive for one more turn: no event is lost at the end.
    load('internal:timers').setHiddenImmediate(emitDestroyed);
  }
}
function emitDestroyed(): void {
  while (destroyed.length > 0) {
    const list = destroyed;
    destroyed = [];
    for (let i = 0; i < list.length; i++) {
      emit(kDestroy, list[i]);
    }
  }
}
/** Whether some enabled hook wants destroy events. */
export function destroyWanted(): boolean {
  return enabled.some((hook) => hook[kDestroy] !== undefined);
}

setEmitters({
  init: emitInit,
  before: (asyncId) => asyncId !== 0 && emit(kBefore, asyncId),
  after: (asyncId) => asyncId !== 0 && emit(kAfter, asyncId),
  destroy: queueDestroy,
  flush: emitDestroyed,
});

// ---- promises ----

interface Ids {
  asyncId: number;
  triggerId: number;
}
const ids = new WeakMap<object, Ids>();

// A promise that was made before a hook was enabled gets its ids without an init event.
function track(promise: any, parent: any, announce = false): Ids {
  let known = ids.get(promise);
  if (known === undefined) {
    const asyncId = newAsyncId();
    const triggerId = parent === undefined ? executionAsyncId() : track(parent, undefined).asyncId;
    known = { asyncId, triggerId };
    ids.set(promise, known);
    if (announce) {
      emitInit(asyncId, 'PROMISE', triggerId, promise);
    }
    if (destroyWanted()) {
      whenCollected(promise, queueDestroy, asyncId);
    }
  }
  return known;
}
function promiseInit(promise: any, parent: any): void {
  track(promise, parent, true);
}
function promiseBefore(promise: any): void {
  const { asyncId, triggerId } = track(promise, undefined);
  pushAsyncId(asyncId, triggerId, promise);
  emit(kBefore, asyncId);
}
function promiseAfter(promise: any): void {
  const { asyncId } = track(promise, undefined);
  // A promise that was settled while its own reaction ran may be left already (an exception reset the stack).
  emit(kAfter, asyncId);
  if (executionAsyncId() === asyncId) {
    popAsyncId(asyncId);
  }
}
function promiseSettled(promise: any): void {
  emit(kPromiseResolve, track(promise, undefined).asyncId);
}

let removePromiseHooks: (() => void) | undefined;
function updatePromiseHooks(): void {
  removePromiseHooks?.();
  removePromiseHooks = undefined;
  if (!enabled.some((hook) => !hook[kNoPromiseHook])) {
    return;
  }
  // Loading a builtin makes a promise: what hooks use to print must be there before the first event, or it would load without end.
  for (const specifier of ['internal:process', 'internal:util/inspect', 'internal:timers', 'node:fs']) {
    load(specifier);
  }
  const wants = (event: symbol) => enabled.some((hook) => hook[event] !== undefined);
  removePromiseHooks = addPromiseHooks({
    init: promiseInit, before: promiseBefore, after: promiseAfter, settled: wants(kPromiseResolve) ? promiseSettled : undefined,
  });
}
const kNoPromiseHook = Symbol('kNoPromiseHook');

/** What createHook returns. */
export class AsyncHook {
  constructor({ init, before, after, destroy, promiseResolve, trackPromises }: any) {
    for (const [name, value] of [['hook.init', init], ['hook.before', before], ['hook.after', after], ['hook.destroy', destroy],
      ['hook.promiseResolve', promiseResolve]] as const) {
      if (value !== undefined && typeof value !== 'function') {
        throw new codes.ERR_ASYNC_CALLBACK(name);
      }
    }
    if (trackPromises !== undefined) {
      load('internal:validators').validateBoolean(trackPromises, 'trackPromises');
      if (trackPromises === false && promiseResolve !== undefined) {
        throw new codes.ERR_INVALID_ARG_VALUE('trackPromises', trackPromises, 'must not be false when promiseResolve is enabled');
      }
    }
    const self = this as any;
    self[kInit] = init;
    self[kBefore] = before;
    self[kAfter] = after;
    self[kDestroy] = destroy;
    self[kPromiseResolve] = promiseResolve;
    self[kNoPromiseHook] = trackPromises === false;
  }
  enable(): this {
    if (!enabled.includes(this)) {
      enabled = [...enabled, this];
      hooksActive[0] = enabled.length;
      updatePromiseHooks();
    }
    return this;
  }
  disable(): this {
    if (enabled.includes(this)) {
      enabled = enabled.filter((hook) => hook !== this);
      hooksActive[0] = enabled.length;
      updatePromiseHooks();
    }
    return this;
  }
}

/**
 * Listens to the life of async resources.
 * @throws ERR_ASYNC_CALLBACK when one of the callbacks is no function
 */
export function createHook(callbacks: any): AsyncHook {
  return new AsyncHook(callbacks);
}
