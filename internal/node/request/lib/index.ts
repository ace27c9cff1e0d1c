// Requests: callbacks of asynchronous natives by number. Go settles them in batches, one call for all that a turn collected.
// The async context of the caller is saved with each request and restored around its callback.
import { getContext, setContext } from 'native:engine';
import { runTicks } from 'internal:process/task';

type Callback = (err: any, value: any) => void;

const callbacks: (Callback | undefined)[] = [];
const contexts: any[] = [];
const free: number[] = [];

/**
 * Registers callback(error | null, value) and returns the number to hand to a native. It is called once, from the loop.
 */
export function request(callback: Callback): number {
  const id = free.length > 0 ? (free.pop() as number) : callbacks.length;
  callbacks[id] = callback;
  contexts[id] = getContext();
  return id;
}

/** Forgets a request whose native threw at once. */
export function cancelRequest(id: number): void {
  if (callbacks[id] !== undefined) {
    callbacks[id] = undefined;
    contexts[id] = undefined;
    free.push(id);
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
    });
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
    callbacks[id] = undefined;
    contexts[id] = undefined;
    free.push(id);
    const before = getContext();
    setContext(context);
    try {
      callback(err, value);
    } finally {
      setContext(before);
    }
  }
  queue.length = 0;
  head = 0;
}
