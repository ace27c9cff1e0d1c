// Handles of Go by number: sockets, servers, timers of the host. Go reports events of an open handle; JavaScript keeps it until release.

import { tickInfo } from 'native:engine';
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';

interface Target {
  onevent(event: number, a?: any, b?: any, c?: any, d?: any, e?: any): void;
}

const targets: (Target | undefined)[] = [];
// As resources of async_hooks; 0 for a handle that is none.
const asyncIds: number[] = [];
const triggerIds: number[] = [];
const types: string[] = [];

/**
 * From now on events of the handle id call target.onevent(event, ...args). Keeps target alive.
 * @param type what async_hooks calls the resource; without it the events belong to no resource, and target itself tells where it enters one
 */
export function adopt(id: number, target: Target, type?: string): void {
  targets[id] = target;
  asyncIds[id] = 0;
  if (type !== undefined) {
    types[id] = type;
    const asyncId = asyncIds[id] = newAsyncId();
    const triggerId = triggerIds[id] = executionAsyncId();
    if (hooksActive[0] > 0) {
      initHook(asyncId, type, triggerId, target);
    }
  }
}

/** The async id of an adopted handle, 0 if it has none. */
export function asyncIdOf(id: number): number {
  return asyncIds[id] ?? 0;
}

/** Ends the registration, after the handle's close event. */
export function release(id: number): void {
  targets[id] = undefined;
  if (hooksActive[0] > 0 && asyncIds[id] > 0) {
    destroyHook(asyncIds[id]);
  }
}

/** The resources among the adopted handles. */
export function allHandles(): { id: number; type: string; target: any }[] {
  const out: { id: number; type: string; target: any }[] = [];
  targets.forEach((target: any, id) => {
    if (target !== undefined && asyncIds[id] > 0) {
      out.push({ id, type: types[id], target });
    }
  });
  return out;
}

/** The resources among the adopted handles that keep the loop alive, as far as their targets tell. */
export function activeHandles(): { type: string; target: any }[] {
  const out: { type: string; target: any }[] = [];
  targets.forEach((target: any, id) => {
    if (target !== undefined && asyncIds[id] > 0 && (target.hasRef?.() ?? true)) {
      out.push({ type: types[id], target });
    }
  });
  return out;
}

let ticks: () => void = () => {};
/** Sets what runs ticks: of the module that has them, which builds on others. */
export function setTicks(f: () => void): void {
  ticks = f;
}

/** Called by Go. An event of a handle that was released in the meantime is dropped. */
export function dispatch(id: number, event: number, a: any, b: any, c: any, d: any, e: any): void {
  const target = targets[id];
  if (target === undefined) {
    return;
  }
  const asyncId = asyncIds[id];
  if (asyncId === 0) {
    target.onevent(event, a, b, c, d, e);
    if (tickInfo[2] !== 0 && tickInfo[0] !== 0) ticks();
    return;
  }
  pushAsyncId(asyncId, triggerIds[id], target);
  if (hooksActive[0] > 0) {
    beforeHook(asyncId);
  }
  target.onevent(event, a, b, c, d, e); // after an exception the ids are unwound by who reports it
  if (hooksActive[0] > 0) {
    afterHook(asyncId);
  }
  popAsyncId(asyncId);
  if (tickInfo[2] !== 0 && tickInfo[0] !== 0) ticks();
}
