// class Worker: a thread of the process with an isolate, a loop and an environment of its own.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#class-worker
import {
  workerAsk, workerEval, workerHold, workerInput, workerLoop, workerNew, workerRelease, workerStop, workerTaken,
} from 'native:workerthreads';
import { codes } from 'internal:errors';
import { destroyHook, executionAsyncId, hooksActive, initHook, newAsyncId } from 'internal:asynchooks/state';
import { channel } from 'internal:diagnosticschannel';
import { EventEmitter } from 'internal:events';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { process } from 'internal:process';
import { env as processEnv, shareEnvironment } from 'internal:process/env';
import { nextTick } from 'internal:process/task';
import { promised } from 'internal:request';
import { URL, fileURLToPath, isURL } from 'internal:url';
import { validateArray, validateObject, validateString } from 'internal:validators';
import { MessageChannel, openParcel, parcelOf, receiveMessageOnPort, serialize } from 'internal:web/message';
import { unpack } from 'internal:workerthreads/errors';
import { limitsOf, state } from 'internal:workerthreads/state';
import { openInbox } from 'internal:workerthreads/thread';

/** An option of builtins: which of their own programs the worker runs, as the runtime names it. */
export const kProgram = Symbol('program');
export const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');

// Events, as in Go.
const ON_ONLINE = 0;
const ON_OUTPUT = 1;
const ON_NEEDS = 2;
const ON_ERROR = 3;

const limitNames = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];

/** What a worker runs: [kind, path, source text or URL]. */
function programOf(filename: any, options: any): [string, string] {
  if (options[kProgram] !== undefined) return [options[kProgram], ''];
  if (options.eval) {
    if (typeof filename !== 'string') {
      throw new codes.ERR_INVALID_ARG_VALUE('options.eval', options.eval, "must be false when 'filename' is not a string");
    }
    return ['eval', filename];
  }
  if (isURL(filename)) {
    return filename.protocol === 'data:' ? ['url', filename.href] : ['file', fileURLToPath(filename)];
  }
  if (typeof filename !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
  }
  const path = load('node:path').default;
  if (path.isAbsolute(filename) || /^\.\.?[\\/]/.test(filename)) {
    return ['file', path.resolve(filename)];
  }
  throw new codes.ERR_WORKER_PATH(filename);
}

function environmentOf(env: any): [mode: number, values: string[]] {
  if (env === SHARE_ENV) {
    shareEnvironment();
    return [1, []];
  }
  if (env === undefined || env === null) {
    env = processEnv;
  } else if (typeof env !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env);
  }
  return [0, Object.entries(env).map(([key, value]) => `${key}=${value}`)];
}

// A stream of a worker in its parent.
class ReadableWorkerStdio extends (load('internal:stream/readable').Readable as any) {
  #worker: number;
  #fd: number;
  #read = 0;
  constructor(worker: number, fd: number) {
    super();
    this.#worker = worker;
    this.#fd = fd;
  }
  _read(): void {
    if (this.#read > 0) {
      workerTaken(this.#worker, this.#fd, this.#read);
      this.#read = 0;
    }
  }
  arrived(chunk: Uint8Array): void {
    this.#read += chunk.length;
    this.push(chunk);
  }
}

// Standard input of a worker in its parent.
class WritableWorkerStdio extends (load('internal:stream/writable').Writable as any) {
  #worker: number;
  #underway = 0;
  #waiting: ((err?: any) => void) | null = null;
  constructor(worker: number) {
    super({ decodeStrings: false });
    this.#worker = worker;
  }
  _write(chunk: any, encoding: any, callback: any): void {
    const { LIMIT, bytesOf } = load('internal:workerthreads/stdio');
    const bytes = bytesOf(chunk, encoding);
    workerInput(this.#worker, bytes);
    this.#underway += bytes.length;
    if (this.#underway < LIMIT) {
      callback();
    } else {
      this.#waiting = callback;
    }
  }
  _final(callback: any): void {
    workerInput(this.#worker, null);
    callback();
  }
  wanted(): void {
    this.#underway = 0;
    const callback = this.#waiting;
    this.#waiting = null;
    callback?.();
  }
}

const created = channel('worker_threads');

/** A thread. Emits 'online', 'message', 'messageerror', 'error' and 'exit'. */
export class Worker extends (EventEmitter as any) {
  #id: number; // of the handle; 0: the worker has exited
  #threadId: number;
  #name: string;
  #limits: Record<string, number>;
  #port: any;
  #stdin: any = null;
  #stdout: any = null;
  #stderr: any = null;
  #onlineAt = 0;
  #ref: boolean | undefined = true; // undefined: the handle is gone
  #asyncId: number;
  performance: any;
  constructor(filename: any, options: any = {}) {
    super();
    if (options === null || typeof options !== 'object') {
      validateObject(options, 'options');
    }
    if (options.execArgv && !Array.isArray(options.execArgv)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.execArgv', 'Array', options.execArgv);
    }
    let argv: string[] = [];
    if (options.argv) {
      if (!Array.isArray(options.argv)) {
        throw new codes.ERR_INVALID_ARG_TYPE('options.argv', 'Array', options.argv);
      }
      argv = options.argv.map(String);
    }
    const [kind, main] = programOf(filename, options);
    let name = 'WorkerThread';
    if (options.name) {
      validateString(options.name, 'options.name');
      name = options.name.trim();
    }
    const [envMode, env] = environmentOf(options.env);
    let limits: number[] = [];
    if (typeof options.resourceLimits === 'object' && options.resourceLimits !== null) {
      limits = limitNames.map((key) => {
        const value = options.resourceLimits[key];
        return typeof value === 'number' ? Math.max(value, key === 'maxOldGenerationSizeMb' ? 2 : 0) : 0;
      });
    }
    if (options.transferList !== undefined && options.transferList !== null) {
      validateArray([...options.transferList], 'options.transferList');
    }
    this.#asyncId = newAsyncId();
    if (hooksActive[0] > 0) {
      initHook(this.#asyncId, 'WORKER', executionAsyncId(), { hasRef: () => this.#ref });
    }
    const { port1, port2 } = new (MessageChannel as any)();
    const parcel = parcelOf(serialize({ workerData: options.workerData, environmentData: state.environmentData, port: port2 },
      [...(options.transferList ?? []), port2]));
    openInbox();
    const made = workerNew(name, kind, main, argv, options.execArgv ? options.execArgv.map(String) : undefined, envMode, env, limits,
      Boolean(options.stdin), options.trackUnmanagedFds === false, parcel);
    if (typeof made[0] === 'string') {
      throw new codes.ERR_WORKER_INVALID_EXEC_ARGV(made.slice(1), made[0]);
    }
    const [id, threadId, actual] = made as [number, number, Float64Array];
    this.#id = id;
    this.#threadId = threadId;
    this.#name = name;
    this.#limits = limitsOf(actual);
    this.#port = port1;
    adopt(id, { onevent: (event: number, a: any, b: any, c: any) => this.#onevent(event, a, b, c) });
    port1.on('message', (message: any) => this.emit('message', message));
    port1.on('messageerror', (error: any) => this.emit('messageerror', error));
    port1.unref(); // the handle keeps the loop alive
    if (options.stdin) {
      this.#stdin = new WritableWorkerStdio(id);
    }
    if (options.stdout) {
      this.#stdout = new ReadableWorkerStdio(id, 1);
    }
    if (options.stderr) {
      this.#stderr = new ReadableWorkerStdio(id, 2);
    }
    this.performance = { eventLoopUtilization: (first: any, second: any) => this.#utilization(first, second) };
    if (options[kProgram] !== undefined) return;
    if (created.hasSubscribers) created.publish({ worker: this });
    nextTick(() => process.emit('worker', this));
  }

  #onevent(event: number, a: any, b: any, c: any): void {
    switch (event) {
      case ON_ONLINE:
        this.#onlineAt = load('internal:perfhooks').performance.now();
        this.emit('online');
        break;
      case ON_OUTPUT:
        this.#output(a, b);
        break;
      case ON_NEEDS:
        this.#stdin?.wanted();
        break;
      case ON_ERROR: {
        this.#drain();
        const error = unpack(openParcel(a));
        this.emit('error', error);
        break;
      }
      default:
        this.#exited(a, b, c);
    }
  }

  #output(fd: number, chunk: Uint8Array): void {
    const stream = fd === 1 ? this.#stdout : this.#stderr;
    if (stream !== null) {
      stream.arrived(chunk);
      return;
    }
    (fd === 1 ? process.stdout : process.stderr).write(chunk);
    workerTaken(this.#id, fd, chunk.length);
  }

  // Messages that came before the end are delivered before it.
  #drain(): void {
    for (;;) {
      let received: any;
      try {
        received = receiveMessageOnPort(this.#port);
      } catch (err) {
        this.emit('messageerror', err);
        continue;
      }
      if (received === undefined) {
        return;
      }
      this.emit('message', received.message);
    }
  }

  #exited(code: number, errorCode: string | undefined, message: string): void {
    try {
      this.#drain();
    } finally {
      const id = this.#id;
      this.#id = 0;
      this.#threadId = -1;
      this.#limits = {};
      this.#name = null as any;
      this.#port.unref(); // closing takes until the next turn
      this.#port.close();
      release(id);
      workerRelease(id);
      this.#stdout?.push(null);
      this.#stderr?.push(null);
      this.#stdin?.destroy();
      if (errorCode !== undefined) {
        const error: any = new codes[errorCode](message.slice(message.indexOf(': ') + 2));
        this.emit('error', error);
      }
      this.emit('exit', code);
      load('internal:timers').setImmediate(() => {
        this.#ref = undefined;
        destroyHook(this.#asyncId);
      });
    }
  }

  /** Like port.postMessage. */
  postMessage(...args: any[]): void {
    if (this.#id !== 0) {
      this.#port.postMessage(...args);
    }
  }
  /** Ends the worker as soon as possible. @returns a promise of its exit code */
  terminate(callback?: any): Promise<number | undefined> {
    this.ref();
    if (typeof callback === 'function') {
      process.emitWarning('Passing a callback to worker.terminate() is deprecated. It returns a Promise instead.', 'DeprecationWarning', 'DEP0132');
      if (this.#id === 0) {
        return Promise.resolve(undefined);
      }
      this.once('exit', (code: number) => callback(null, code));
    }
    if (this.#id === 0) {
      return Promise.resolve(undefined);
    }
    workerStop(this.#id);
    return new Promise((resolve) => this.once('exit', resolve));
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate();
  }
  ref(): void {
    if (this.#id !== 0) {
      this.#ref = true;
      workerHold(this.#id, true);
      this.#port.ref();
    }
  }
  unref(): void {
    if (this.#id !== 0) {
      this.#ref = false;
      workerHold(this.#id, false);
      this.#port.unref();
    }
  }
  get threadId(): number {
    return this.#threadId;
  }
  get threadName(): string {
    return this.#name;
  }
  get stdin(): any {
    return this.#stdin;
  }
  get stdout(): any {
    return (this.#stdout ??= this.#piped(1, 'stdout'));
  }
  get stderr(): any {
    return (this.#stderr ??= this.#piped(2, 'stderr'));
  }
  // A stream that the program looks at though it goes to its own.
  #piped(fd: number, name: string): any {
    const stream = new ReadableWorkerStdio(this.#id, fd);
    if (this.#id === 0) {
      stream.push(null);
    } else {
      stream.on('data', (chunk: any) => process[name].write(chunk));
    }
    return stream;
  }
  get resourceLimits(): Record<string, number> {
    return { ...this.#limits };
  }
  #utilization(first: any, second: any): any {
    const loop = this.#id === 0 ? undefined : workerLoop(this.#id);
    if (loop === undefined || this.#onlineAt === 0) {
      return { idle: 0, active: 0, utilization: 0 };
    }
    const part = (idle: number, active: number) => ({ idle, active, utilization: active / (idle + active) });
    if (second) {
      return part(first.idle - second.idle, first.active - second.active);
    }
    const idle = loop[0];
    const active = Math.max(load('internal:perfhooks').performance.now() - this.#onlineAt - idle, 0);
    return first ? part(idle - first.idle, active - first.active) : part(idle, active);
  }
  #ask(what: 'heap' | 'cpu' | 'snapshot', flags = 0): Promise<any> {
    return promised((request) => workerAsk(this.#id, what, request, flags));
  }
  /** V8's statistics of the worker's heap. */
  async getHeapStatistics(): Promise<any> {
    return heapStatistics(await this.#ask('heap'));
  }
  /** A readable stream of a heap snapshot of the worker. */
  getHeapSnapshot(options: any = {}): Promise<any> {
    validateObject(options, 'options');
    const { validateBoolean } = load('internal:validators');
    const { exposeInternals = false, exposeNumericValues = false } = options;
    validateBoolean(exposeInternals, 'options.exposeInternals');
    validateBoolean(exposeNumericValues, 'options.exposeNumericValues');
    return this.#ask('snapshot', (exposeInternals ? 1 : 0) | (exposeNumericValues ? 2 : 0)).then((text) => {
      const stream = new (load('internal:stream/readable').Readable)({ read() { /* all is there */ } });
      for (let i = 0; i < text.length; i += 65536) {
        stream.push(text.subarray(i, i + 65536));
      }
      stream.push(null);
      return stream;
    });
  }
  /** Processor time of the thread in microseconds. */
  cpuUsage(previous?: any): Promise<{ user: number; system: number }> {
    if (previous) {
      validateObject(previous, 'prev');
      for (const key of ['user', 'system']) {
        load('internal:validators').validateNumber(previous[key], `prev.${key}`, 0);
        if (!Number.isFinite(previous[key])) {
          throw new codes.ERR_OUT_OF_RANGE(`prev.${key}`, '>= 0 && <= 2^53', previous[key]);
        }
      }
    }
    return this.#ask('cpu').then(([user, system]) => (previous ? { user: user - previous.user, system: system - previous.system } : { user, system }));
  }
  /** Begins a CPU profile of the worker. @returns a handle whose stop() gives a promise of the profile */
  startCpuProfile(): Promise<any> {
    return load('internal:workerthreads/profile').startCpuProfile((what: string) => this.#evaluate(what));
  }
  /** Begins a profile of the worker's allocations. @returns a handle whose stop() gives a promise of the profile */
  startHeapProfile(): Promise<any> {
    return load('internal:workerthreads/profile').startHeapProfile((what: string) => this.#evaluate(what));
  }
  #evaluate(what: string): Promise<string> {
    return this.#id === 0 ? Promise.reject(new codes.ERR_WORKER_NOT_RUNNING()) : promised((request) => workerEval(this.#id, what, request));
  }
}
for (const name of ['stdin', 'stdout', 'stderr', 'threadId', 'threadName', 'resourceLimits', 'postMessage', 'terminate', 'ref', 'unref']) {
  Object.defineProperty(Worker.prototype, name, { enumerable: false });
}

const statisticNames = ['total_heap_size', 'total_heap_size_executable', 'total_physical_size', 'total_available_size', 'used_heap_size',
  'heap_size_limit', 'malloced_memory', 'peak_malloced_memory', 'does_zap_garbage', 'number_of_native_contexts', 'number_of_detached_contexts',
  'total_global_handles_size', 'used_global_handles_size', 'external_memory'];
function heapStatistics(values: Float64Array): Record<string, number | boolean> {
  const out: Record<string, number | boolean> = {};
  statisticNames.forEach((name, i) => {
    out[name] = name === 'does_zap_garbage' ? values[i] !== 0 : values[i]; // v8.getHeapStatistics has a number there
  });
  return out;
}
