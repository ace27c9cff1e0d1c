// Requests: callbacks of asynchronous natives by number. Go settles them in batches, one call for all that a turn collected.
// The async context of the caller is saved with each request and restored around its callback.
import { getContext, setContext } from 'native:engine';
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';
import { runTicks } from 'internal:process/task';

type Callback = (err: any, value: any) => void;

const callbacks: (Callback | undefined)[] = [];
const contexts: any[] = [];
// As resources of async_hooks: type, ids, and the object that stands for the request while hooks are enabled.
const types: string[] = [];
const asyncIds: number[] = [];
const triggerIds: number[] = [];
const resources: any[] = [];
const free: number[] = [];

/**
 * Registers callback(error | null, value) and returns the number to hand to a native. It is called once, from the loop.
 * @param type what async_hooks calls the resource (async_hooks.html, "type")
 */
export function request(callback: Callback, type = 'FSREQCALLBACK'): number {
  const id = free.length > 0 ? (free.pop() as number) : callbacks.length;
  callbacks[id] = callback;
  contexts[id] = getContext();
  types[id] = type;
  const asyncId = asyncIds[id] = newAsyncId();
  const triggerId = triggerIds[id] = executionAsyncId();
  if (hooksActive[0] > 0) {
    initHook(asyncId, type, triggerId, resources[id] = new Resource(callback));
  }
  return id;
}

/** The types of the requests that wait. */
export function activeRequests(): string[] {
  return types.filter((_type, id) => callbacks[id] !== undefined);
}

// What a hook gets as the resource of a request.
class Resource {
  oncomplete: Callback;
  constructor(oncomplete: Callback) {
    this.oncomplete = oncomplete;
  }
}

/** Forgets a request whose native threw at once. */
export function cancelRequest(id: number): void {
  if (callbacks[id] !== undefined) {
    callbacks[id] = undefined;
    contexts[id] = undefined;
    free.push(id);
    if (resources[id] !== undefined) {
      resources[id] = undefined;
      destroyHook(asyncIds[id]);
    }
  }
}

/**
 * A promise for a native that takes a request number.
 * @param start calls the native with the number; what it throws rejects
 */
export function promised<T>(start: (id: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const id = request((err, value) => {
      if (err !== null) {
        reject(err);
      } else {
        resolve(value);
      }
    }, 'FSREQPROMISE');
    try {
      start(id);
    } catch (err) {
      cancelRequest(id);
      reject(err);
    }
  });
}

const queue: any[] = [];
let head = 0;

/**
 * Called by Go: settle(id, error | null, value, id, ...), or settle() to go on after an exception.
 * Between two callbacks ticks and microtasks run, as after every callback from the loop.
 */
export function settle(...batch: any[]): void {
  for (let i = 0; i < batch.length; i++) {
    queue.push(batch[i]);
  }
  let first = true;
  while (head < queue.length) {
    if (!first) {
      runTicks();
    }
    first = false;
    const id = queue[head];
    const err = queue[head + 1];
    const value = queue[head + 2];
    head += 3;
    const callback = callbacks[id];
    if (callback === undefined) {
      continue;
    }
    const context = contexts[id];
    const asyncId = asyncIds[id];
    const resource = resources[id];
    callbacks[id] = undefined;
    contexts[id] = undefined;
    resources[id] = undefined;
    free.push(id);
    const before = getContext();
    setContext(context);
    pushAsyncId(asyncId, triggerIds[id], resource);
    // Hooks hear only of what they have seen begin. After an exception the ids and the context stay until it has been reported.
    const seen = resource !== undefined && hooksActive[0] > 0;
    if (seen) {
      beforeHook(asyncId);
    }
    callback(err, value);
    setContext(before);
    if (seen) {
      afterHook(asyncId);
      destroyHook(asyncId);
    }
    popAsyncId(asyncId);
  }
  queue.length = 0;
  head = 0;
}
