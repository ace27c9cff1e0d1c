// Messages as resources of async_hooks: one for each request that a server reads, and for each answer that a client waits for.
import {
  afterHook, beforeHook, destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId,
} from 'internal:asynchooks/state';

export class MessageResource {
  #asyncId = newAsyncId();
  #triggerId = executionAsyncId();

  constructor(type: string) {
    initHook(this.#asyncId, type, this.#triggerId, this);
  }
  /** What follows is executed for the message, until leave(). */
  enter(): void {
    pushAsyncId(this.#asyncId, this.#triggerId, this);
    if (hooksActive[0] > 0) beforeHook(this.#asyncId);
  }
  leave(): void {
    if (hooksActive[0] > 0) afterHook(this.#asyncId);
    popAsyncId(this.#asyncId);
  }
  destroy(): void {
    if (hooksActive[0] > 0) destroyHook(this.#asyncId);
  }
}

/** A server reads a request, the next one of its connection; `before` stands for the last. Null while nobody listens. */
export function nextIncoming(before: MessageResource | null): MessageResource | null {
  before?.destroy();
  return hooksActive[0] > 0 ? new MessageResource('HTTPINCOMINGMESSAGE') : null;
}

/** A client waits for an answer. Null while nobody listens. */
export function clientRequest(): MessageResource | null {
  return hooksActive[0] > 0 ? new MessageResource('HTTPCLIENTREQUEST') : null;
}
