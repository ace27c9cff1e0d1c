// util.aborted: a promise for the abort event that doesn't outlive the resource it is about.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilabortedsignal-resource

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateAbortSignal } from 'internal:validators';

// Listeners whose resource is gone are taken away.
let registry: FinalizationRegistry<{ signal: WeakRef<any>; listener: () => void }> | undefined;

/** A promise that is fulfilled when signal aborts; when resource is collected before, it stays pending. */
export async function aborted(signal: any, resource: any): Promise<void> {
  if (signal === undefined) {
    throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  validateAbortSignal(signal, 'signal');
  if (resource === null || (typeof resource !== 'object' && typeof resource !== 'function')) {
    throw new codes.ERR_INVALID_ARG_TYPE('resource', 'object', resource);
  }
  if (signal.aborted) {
    return undefined;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const weak = new WeakRef(resource);
  const listener = () => {
    if (weak.deref() !== undefined) {
      resolve();
    }
  };
  signal.addEventListener('abort', listener, { once: true });
  registry ??= new FinalizationRegistry(({ signal: target, listener: dead }) => target.deref()?.removeEventListener('abort', dead));
  registry.register(resource, { signal: new WeakRef(signal), listener });
  return promise;
}

/** An AbortController whose signal may be posted to another thread. */
export function transferableAbortController(): any {
  return load('internal:events/transfer').transferableAbortController();
}

/** Marks signal as one that may be posted to another thread. */
export function transferableAbortSignal(signal: any): any {
  return load('internal:events/transfer').transferableAbortSignal(signal);
}
