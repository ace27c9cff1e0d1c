// module.register: hooks of import on a thread of their own.
// https://nodejs.org/docs/latest-v24.x/api/module.html#asynchronous-hooks-accepted-by-moduleregister
//
// The loader is synchronous and the hooks are not: it asks their thread over a port and sleeps until the answer is there. One word of
// shared memory counts the answers, another says that the thread has ended. The thread's side is hooksthread.ts.
//
// Differs from Node: workers don't inherit the hooks of the thread that makes them; they register their own.
import { setImportHooks } from 'internal:module/cjs';
import { load } from 'internal:load';
import { atEndWrite } from 'internal:process/lifecycle';

const { Atomics: { load: read, wait } } = globalThis;

/** Words of the shared memory. */
export const ANSWERS = 0;
export const ENDED = 1; // exit code + 1
export const UNSAVED = 2; // 1: the thread has compiled code that the next start could use
const WORDS = 3;

const SAVE_LIMIT = 1000; // ms that the program's end waits for that code

/** Thrown when a hook will never settle: nor does the import then. */
export const NEVER = Symbol('never');

/** What the thread gets as workerData. */
export interface HooksThreadData {
  port: any;
  shared: Int32Array;
}

class HooksThread {
  #port: any;
  #shared = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  #receive: (port: any) => any;

  constructor() {
    const { Worker, kProgram } = load('internal:workerthreads');
    const { MessageChannel, receiveMessageOnPort } = load('internal:web/message');
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#receive = receiveMessageOnPort;
    const worker = new Worker('', { [kProgram]: 'hooks', workerData: { port: port2, shared: this.#shared }, transferList: [port2], name: 'hooks' });
    worker.on('error', (err: any) => { throw err; });
    worker.unref();
    port1.unref();
    atEndWrite(() => this.#saveCode());
    if (load('internal:process').process.env.NODE_V8_COVERAGE) {
      load('internal:inspector/coverage').alsoTake(() => this.call('takeCoverage', []));
    }
  }

  #saveCode(): void {
    const shared = this.#shared;
    if (read(shared, UNSAVED) === 0 || read(shared, ENDED) !== 0) return;
    const answers = read(shared, ANSWERS);
    this.#port.postMessage(['saveCode', []]);
    wait(shared, ANSWERS, answers, SAVE_LIMIT);
  }

  /** Calls a method of the thread and waits for what it returns or throws. */
  call(method: string, args: any[], transferList: any[] = []): any {
    const shared = this.#shared;
    this.#port.postMessage([method, args], transferList);
    for (;;) {
      const answers = read(shared, ANSWERS);
      const received = this.#receive(this.#port);
      if (received !== undefined) {
        const { value, told, never } = received.message;
        if (never) throw NEVER;
        if (told !== undefined) throw load('internal:workerthreads/errors').unpack(told);
        return value;
      }
      const ended = read(shared, ENDED);
      if (ended !== 0) load('internal:process').process.exit(ended - 1);
      wait(shared, ANSWERS, answers);
    }
  }
}

let thread: HooksThread | undefined;

/**
 * module.register(specifier[, parentURL][, options])
 * @throws what importing specifier and its initialize() throw
 */
export function register(specifier: any, parentURL: any = undefined, options: any = undefined): void {
  const { URL } = load('internal:url');
  if (parentURL !== null && typeof parentURL === 'object' && !(parentURL instanceof URL)) {
    options = parentURL;
    parentURL = options.parentURL;
  }
  const base = parentURL === undefined ? 'data:' : parentURL instanceof URL ? parentURL.href : `${new URL(parentURL).href}`;
  thread ??= new HooksThread();
  thread.call('register', [`${specifier}`, base, options?.data], options?.transferList === undefined ? [] : [...options.transferList]);
  setImportHooks(true);
}

/** The hooks' answer to an import, as the last of the chain of synchronous hooks; undefined when there are none. */
export function resolveOffThread(specifier: string, parentURL: string | undefined, importAttributes: any, conditions: string[]): any {
  return thread?.call('resolve', [specifier, parentURL, { ...importAttributes }, conditions]);
}
export function loadOffThread(url: string, format: string | undefined, importAttributes: any): any {
  return thread?.call('load', [url, format, { ...importAttributes }]);
}
