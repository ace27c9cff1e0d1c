// Sessions, streams, pings and settings as resources of async_hooks: events run in the async context in which the resource was made.
import { getContext, setContext } from 'native:engine';
import { afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';

export class Scope {
  asyncId = newAsyncId();
  triggerId = executionAsyncId();
  context = getContext();
  resource: any;
  #seen = false;

  constructor(type: string, resource: any) {
    this.resource = resource;
    if (hooksActive[0] > 0) {
      this.#seen = true;
      initHook(this.asyncId, type, this.triggerId, resource);
    }
  }

  /** Calls fn(...args) on self. After an exception context and ids stay until it has been reported. */
  run(fn: Function, self: any, ...args: any[]): void {
    const before = getContext();
    setContext(this.context);
    pushAsyncId(this.asyncId, this.triggerId, this.resource);
    if (hooksActive[0] > 0) beforeHook(this.asyncId);
    Reflect.apply(fn, self, args);
    if (hooksActive[0] > 0) afterHook(this.asyncId);
    popAsyncId(this.asyncId);
    setContext(before);
  }

  end(): void {
    if (this.#seen && hooksActive[0] > 0) destroyHook(this.asyncId);
    this.#seen = false;
  }
}
