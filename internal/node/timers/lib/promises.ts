// timers/promises. https://nodejs.org/docs/latest-v24.x/api/timers.html#timers-promises-api
import { AbortError, codes } from 'internal:errors';
import { kResistStopPropagation } from 'internal:events/target';
import { Immediate, Timeout, clearImmediate, clearTimeout } from 'internal:timers';
import { validateAbortSignal, validateBoolean, validateNumber, validateObject } from 'internal:validators';

function check(options: any): { signal: any; ref: boolean } {
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(ref, 'options.ref');
  return { signal, ref };
}

// Settles with value unless the signal fires first. start makes the timer, which calls done.
function wait(value: any, signal: any, start: (done: () => void) => any, cancel: (timer: any) => void): Promise<any> {
  return new Promise((resolve, reject) => {
    let onAbort: (() => void) | undefined;
    const timer = start(() => {
      if (onAbort !== undefined) {
        signal.removeEventListener('abort', onAbort);
      }
      resolve(value);
    });
    if (signal) {
      onAbort = () => {
        cancel(timer);
        signal.removeEventListener('abort', onAbort);
        reject(new AbortError(undefined, { cause: signal.reason }));
      };
      signal.addEventListener('abort', onAbort, { [kResistStopPropagation]: true });
    }
  });
}

/**
 * A promise for value after delay milliseconds.
 * @param options signal: rejects with an AbortError; ref: whether it keeps the loop alive
 */
export function setTimeout(delay?: any, value?: any, options: any = {}): Promise<any> {
  let signal: any;
  let ref = true;
  try {
    if (delay !== undefined) {
      validateNumber(delay, 'delay');
    }
    ({ signal, ref } = check(options));
  } catch (err) {
    return Promise.reject(err);
  }
  if (signal?.aborted) {
    return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  }
  return wait(value, signal, (done) => new Timeout(done, delay, undefined, false, ref), clearTimeout);
}

/** A promise for value, settled in the check phase. */
export function setImmediate(value?: any, options: any = {}): Promise<any> {
  let signal: any;
  let ref = true;
  try {
    ({ signal, ref } = check(options));
  } catch (err) {
    return Promise.reject(err);
  }
  if (signal?.aborted) {
    return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  }
  return wait(value, signal, (done) => {
    const immediate = new Immediate(done, undefined);
    if (!ref) {
      immediate.unref();
    }
    return immediate;
  }, clearImmediate);
}

/** An async iterator that gives value every delay milliseconds. */
export async function* setInterval(delay?: any, value?: any, options: any = {}): AsyncGenerator<any> {
  if (delay !== undefined) {
    validateNumber(delay, 'delay');
  }
  const { signal, ref } = check(options);
  if (signal?.aborted) {
    throw new AbortError(undefined, { cause: signal.reason });
  }
  let onAbort: (() => void) | undefined;
  let timer: Timeout | undefined;
  try {
    let passed = 0; // intervals that were not given yet
    let wake: (() => void) | undefined;
    timer = new Timeout(() => {
      passed++;
      wake?.();
      wake = undefined;
    }, delay, undefined, true, ref);
    if (signal) {
      onAbort = () => {
        clearTimeout(timer);
        wake?.();
        wake = undefined;
      };
      signal.addEventListener('abort', onAbort, { once: true, [kResistStopPropagation]: true });
    }
    while (!signal?.aborted) {
      if (passed === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; passed > 0; passed--) {
        yield value;
      }
    }
    throw new AbortError(undefined, { cause: signal?.reason });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) {
      signal.removeEventListener('abort', onAbort);
    }
  }
}

const kScheduler = Symbol('kScheduler');

// https://github.com/WICG/scheduling-apis
class Scheduler {
  constructor() {
    throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }
  /** A promise that is settled in the check phase. */
  yield(): Promise<any> {
    if (!(this as any)[kScheduler]) {
      throw new codes.ERR_INVALID_THIS('Scheduler');
    }
    return setImmediate();
  }
  /** A promise that is settled after delay milliseconds. */
  wait(delay: any, options?: any): Promise<any> {
    if (!(this as any)[kScheduler]) {
      throw new codes.ERR_INVALID_THIS('Scheduler');
    }
    return setTimeout(delay, undefined, options);
  }
}
export const scheduler: Scheduler = Object.create(Scheduler.prototype, { [kScheduler]: { value: true, enumerable: true, writable: true, configurable: true } });
