// Operations as resources of async_hooks: what isn't a handle or a request of Go, but has a beginning and an end that hooks may see.
// While no hook is enabled nothing is made: one load and a branch.
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';

export class Operation {
  #asyncId = newAsyncId();
  #triggerId: number;
  #over = false;

  constructor(type: string, triggerId: number = executionAsyncId()) {
    this.#triggerId = triggerId;
    initHook(this.#asyncId, type, this.#triggerId, this);
  }
  /** What follows is executed for the operation, until leave(). After an exception the ids are unwound by who reports it. */
  enter(): void {
    pushAsyncId(this.#asyncId, this.#triggerId, this);
    if (hooksActive[0] > 0) beforeHook(this.#asyncId);
  }
  leave(): void {
    if (hooksActive[0] > 0) afterHook(this.#asyncId);
    popAsyncId(this.#asyncId);
  }
  /** It is over; a second call does nothing. */
  destroy(): void {
    if (this.#over) return;
    this.#over = true;
    if (hooksActive[0] > 0) destroyHook(this.#asyncId);
  }
}

/** Undefined while nobody listens. triggerId: of the handle that it belongs to. */
export function beginOperation(type: string, triggerId?: number): Operation | undefined {
  return hooksActive[0] > 0 ? new Operation(type, triggerId) : undefined;
}

/** The callback of an operation that begins now, as it is when nobody listens. It is called once, or never: then the operation is never over. */
export function asOperation<T extends (...args: any[]) => void>(type: string, callback: T, triggerId?: number): T {
  if (hooksActive[0] === 0) return callback;
  const operation = new Operation(type, triggerId);
  return ((...args: any[]) => {
    operation.enter();
    callback(...args);
    operation.leave();
    operation.destroy();
  }) as T;
}
