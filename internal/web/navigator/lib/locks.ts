// The lock manager: navigator.locks and worker_threads.locks. https://w3c.github.io/web-locks/
import { lockOpen, lockQuery, lockRelease, lockRequest, lockTake } from 'native:web/navigator';
import { codes } from 'internal:errors';
import { adopt } from 'internal:handle';
import { load } from 'internal:load';
import { validateFunction } from 'internal:validators';
import { DOMException } from 'internal:web/domexception';

const kMade = Symbol('made');

// Events of Go.
const GRANTED = 0;
const UNAVAILABLE = 1;
const WAITS = 2;

/** A lock that is held, as the callback of a request gets it. */
export class Lock {
  #name: string;
  #mode: string;
  constructor(key: any, name: string, mode: string) {
    if (key !== kMade) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    this.#name = name;
    this.#mode = mode;
  }
  get name(): string {
    return this.#name;
  }
  get mode(): string {
    return this.#mode;
  }
}

/** What waits for events of a request. */
interface Waiting {
  granted(): void;
  stolen(): void;
}
const waiting = new Map<number, Waiting>();
let opened = false;

const receiver = {
  onevent(event: number, id: number): void {
    const request = waiting.get(id);
    if (event === GRANTED) {
      request?.granted();
    } else {
      request?.stolen();
    }
  },
};

// What a call meant for other requests of this thread.
function hear(): void {
  const events = lockTake();
  for (let i = 0; i < events.length; i += 2) {
    receiver.onevent(events[i], events[i + 1]);
  }
}

function open(): void {
  if (!opened) {
    opened = true;
    adopt(lockOpen(load('internal:workerthreads/state').state.threadId), receiver);
  }
}

interface Options { mode: 'exclusive' | 'shared'; ifAvailable: boolean; steal: boolean; signal: any }

// https://webidl.spec.whatwg.org/#js-dictionary
function readOptions(given: any): Options {
  if (given !== undefined && given !== null && typeof given !== 'object' && typeof given !== 'function') {
    throw invalid('ERR_INVALID_ARG_TYPE', 'Value cannot be converted to a dictionary');
  }
  const { ifAvailable = false, mode = 'exclusive', signal, steal = false } = given ?? {};
  const text = `${mode}`;
  if (text !== 'exclusive' && text !== 'shared') {
    throw invalid('ERR_INVALID_ARG_VALUE', `mode '${text}' is not a valid enum value of type LockMode.`);
  }
  if (signal !== undefined && !load('internal:events/abort').isAbortSignal(signal)) {
    throw invalid('ERR_INVALID_ARG_TYPE', 'signal is not an object.');
  }
  return { mode: text, ifAvailable: Boolean(ifAvailable), steal: Boolean(steal), signal };
}

function invalid(code: string, message: string): TypeError {
  const error: any = new TypeError(message);
  error.code = code;
  return error;
}

const unsupported = (message: string) => new DOMException(message, 'NotSupportedError');

function check(name: string, { ifAvailable, mode, signal, steal }: Options): void {
  if (name.startsWith('-')) {
    throw unsupported('Lock name may not start with hyphen');
  }
  if (ifAvailable && steal) {
    throw unsupported('ifAvailable and steal are mutually exclusive');
  }
  if (steal && mode !== 'exclusive') {
    throw unsupported(`mode: "${mode}" and steal are mutually exclusive`);
  }
  if (signal !== undefined && (steal || ifAvailable)) {
    throw unsupported('signal cannot be used with steal or ifAvailable');
  }
}

/** One lock manager for all threads of the process. */
export class LockManager {
  constructor(key?: any) {
    if (key !== kMade) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
  }

  /**
   * Calls callback with the lock once it is granted, and holds it until what callback returns is settled.
   * @param name of the lock
   * @param options {mode: 'exclusive' | 'shared', ifAvailable, steal, signal}
   * @returns what callback returns. Rejected with an AbortError when the lock is stolen, with the signal's reason when that aborts before
   */
  async request(name: any, options: any, callback?: any): Promise<any> {
    if (callback === undefined) {
      callback = options;
      options = undefined;
    }
    name = `${name}`;
    validateFunction(callback, 'callback');
    const wanted = readOptions(options);
    check(name, wanted);
    const { mode, signal } = wanted;
    if (signal?.aborted) {
      throw signal.reason;
    }
    open();
    const [id, state] = lockRequest(name, mode === 'shared', wanted.ifAvailable, wanted.steal);
    if (wanted.steal) {
      hear();
    }
    if (state === UNAVAILABLE) {
      return callback(null);
    }
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    let isLost = false;
    const request: Waiting = {
      granted: () => {},
      stolen() {
        isLost = true;
        lost.reject(new DOMException('The operation was aborted', 'AbortError'));
      },
    };
    waiting.set(id, request);
    try {
      if (state === WAITS) {
        await grant(id, request, signal);
      }
      const result = await Promise.race([lost.promise, (async () => callback(new Lock(kMade, name, mode)))()]);
      return isLost ? await lost.promise : result;
    } finally {
      waiting.delete(id);
      lockRelease(id);
      hear();
    }
  }

  /** What is held and what waits, in all threads. */
  async query(): Promise<any> {
    const held: any[] = [];
    const pending: any[] = [];
    for (const [isHeld, name, shared, clientId] of lockQuery()) {
      (isHeld ? held : pending).push({ name, mode: shared ? 'shared' : 'exclusive', clientId });
    }
    return { held, pending };
  }
}

/** Waits until a request is granted. Rejected when signal aborts before. */
function grant(id: number, request: Waiting, signal: any): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      if (lockRelease(id)) {
        hear();
        reject(signal.reason);
      }
    };
    signal?.addEventListener('abort', abort, { once: true });
    request.granted = () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
  });
}

for (const [target, names] of [[LockManager.prototype, ['request', 'query']], [Lock.prototype, ['name', 'mode']]] as const) {
  for (const name of names) {
    Object.defineProperty(target, name, { enumerable: true });
  }
}
Object.defineProperty(LockManager.prototype, Symbol.toStringTag, { value: 'LockManager', configurable: true });
Object.defineProperty(Lock.prototype, Symbol.toStringTag, { value: 'Lock', configurable: true });
Object.defineProperty(LockManager.prototype.request, 'length', { value: 2, configurable: true });

export const locks = new LockManager(kMade);
