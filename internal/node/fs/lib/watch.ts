// fs.watch, fs.watchFile and their promise form. https://nodejs.org/docs/latest-v24.x/api/fs.html#fswatchfilename-options-listener
import * as native from 'native:fs';
import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { adopt, release } from 'internal:handle';
import { request } from 'internal:request';
import { EventEmitter } from 'internal:events';
import { addAbortListener } from 'internal:events/abort';
import { nextTick } from 'internal:process/task';
import { clearTimeout, setTimeout } from 'internal:timers';
import { posix } from 'internal:path';
import {
  validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf, validateUint32,
} from 'internal:validators';
import { decodeName, getOptions, toPath, wantsBuffer } from 'internal:fs/arguments';
import { statsOf } from 'internal:fs/stats';

// Names that the listener doesn't want: globs, expressions, functions or lists of them.
function ignoreMatcher(ignore: any): ((name: string) => boolean) | null {
  if (ignore == null) {
    return null;
  }
  const list = Array.isArray(ignore) ? ignore : [ignore];
  const tests = list.map((item: any, index: number) => {
    if (typeof item === 'string') {
      if (item.length === 0) {
        throw new codes.ERR_INVALID_ARG_VALUE('options.ignore', item, 'must be a non-empty string');
      }
      return (name: string) => posix.matchesGlob(name, item) || posix.matchesGlob(posix.basename(name), item);
    }
    if (item instanceof RegExp) {
      return (name: string) => item.test(name);
    }
    if (typeof item === 'function') {
      return item;
    }
    throw new codes.ERR_INVALID_ARG_TYPE(Array.isArray(ignore) ? `options.ignore[${index}]` : 'options.ignore', ['string', 'RegExp', 'Function'], item);
  });
  return (name) => tests.some((test: any) => test(name));
}

class Handle {
  id: number;
  owner: any;
  path: string; // for reports
  constructor(id: number, owner: any, path: string) {
    this.id = id;
    this.path = path;
    this.owner = owner;
    adopt(id, this, 'FSEVENTWRAP');
  }
  onevent(_event: number, kind: string, name: any): void {
    this.owner._change(kind, name);
  }
}

export class FSWatcher extends EventEmitter {
  _handle: any = null;
  _ignoreMatcher: any = null;
  #encoding: any;
  #closed = false;

  /** Internal: starts on a path that was validated. */
  _begin(path: any, persistent: boolean, recursive: boolean, encoding: any, ignore?: any): void {
    this.#encoding = encoding;
    this._ignoreMatcher = ignoreMatcher(ignore);
    this._handle = new Handle(native.watch(path, recursive, persistent, wantsBuffer(encoding)), this, String(path));
  }
  _change(kind: string, name: any): void {
    if (this.#closed) {
      return;
    }
    name = decodeName(name, this.#encoding);
    if (this._ignoreMatcher !== null && this._ignoreMatcher(String(name))) {
      return;
    }
    this.emit('change', kind, name);
  }
  start(): void { /* started by fs.watch */ }
  close(): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    if (this._handle !== null) {
      native.unwatch(this._handle.id);
      release(this._handle.id);
      this._handle = null;
    }
    nextTick(() => this.emit('close'));
  }
  ref(): this {
    if (this._handle) {
      native.watchRef(this._handle.id, true);
    }
    return this;
  }
  unref(): this {
    if (this._handle) {
      native.watchRef(this._handle.id, false);
    }
    return this;
  }
}

export function watch(filename: any, options: any, listener?: any): any {
  if (typeof options === 'function') {
    listener = options;
  }
  options = getOptions(options);
  if (options.persistent !== undefined) {
    validateBoolean(options.persistent, 'options.persistent');
  }
  if (options.recursive !== undefined) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  const { persistent = true, recursive = false, encoding, signal, ignore } = options;
  const path = toPath(filename, 'filename');
  const watcher = new FSWatcher();
  try {
    watcher._begin(path, persistent, recursive, encoding, ignore);
  } catch (err: any) {
    if (err?.syscall === 'watch') {
      err.filename = filename;
    }
    throw err;
  }
  if (listener) {
    watcher.on('change', listener);
  }
  if (signal) {
    if (signal.aborted) {
      nextTick(() => watcher.close());
    } else {
      const disposable = addAbortListener(signal, () => watcher.close());
      watcher.once('close', () => disposable[Symbol.dispose]());
    }
  }
  return watcher;
}

/** The events of a path as an async iterator, until the signal aborts. */
export async function* watchIterator(filename: any, options: any = {}): AsyncGenerator<any> {
  const path = toPath(filename);
  validateObject(options, 'options');
  const { persistent = true, recursive = false, encoding = 'utf8', maxQueue = 2048, overflow = 'ignore', signal, ignore } = options;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  validateInteger(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'error']);
  validateAbortSignal(signal, 'options.signal');
  if (encoding && encoding !== 'buffer' && !load('internal:buffer').Buffer.isEncoding(encoding)) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.encoding', encoding, 'is invalid encoding');
  }
  if (signal?.aborted) {
    throw new AbortError(undefined, { cause: signal.reason });
  }
  const watcher = new FSWatcher();
  const queue: any[] = [];
  let wake: (() => void) | undefined;
  let failure: any;
  watcher.on('change', (eventType: string, name: any) => {
    if (queue.length < maxQueue) {
      queue.push({ __proto__: null, eventType, filename: name });
    } else if (overflow === 'error') {
      failure ??= new codes.ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue);
    } else {
      load('internal:process').process.emitWarning('fs.watch maxQueue exceeded');
    }
    wake?.();
  });
  const onAbort = () => {
    failure ??= new AbortError(undefined, { cause: signal.reason });
    wake?.();
  };
  watcher._begin(path, persistent, recursive, encoding, ignore);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (true) {
      if (signal?.aborted && failure) {
        throw failure;
      }
      if (queue.length > 0) {
        yield queue.shift();
        continue;
      }
      if (failure) {
        throw failure;
      }
      await new Promise<void>((resolve) => { wake = resolve; });
      wake = undefined;
    }
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// watchFile: asks for the file's status again and again
// ---------------------------------------------------------------------------------------------------------------

const missing = new Float64Array(18);
const missingBig = new BigInt64Array(18);
const watched = new Map<string, StatWatcher>();

/** What watchFile watches, for reports. */
export function watchedFiles(): { path: string; referenced: boolean }[] {
  return [...watched].map(([path, watcher]) => ({ path, referenced: watcher.referenced }));
}

export class StatWatcher extends EventEmitter {
  #path: string;
  #big: boolean;
  #interval: number;
  #timer: any;
  #last: any; // undefined before the first answer
  #stopped = true;
  #references = 1;
  #persistent: boolean;

  constructor(path: string, big: boolean, persistent: boolean, interval: number) {
    super();
    this.#path = path;
    this.#big = big;
    this.#interval = interval;
    this.#persistent = persistent;
  }
  get referenced(): boolean {
    return this.#persistent && this.#references > 0;
  }
  start(): void {
    if (this.#stopped) {
      this.#stopped = false;
      this.#poll();
    }
  }
  #poll(): void {
    native.stat(this.#path, false, undefined, this.#big, true, request((err, numbers) => {
      if (this.#stopped) {
        return;
      }
      const now = err === null ? numbers : this.#big ? missingBig : missing;
      const before = this.#last;
      this.#last = now;
      this.#timer = setTimeout(() => this.#poll(), this.#interval);
      if (!this.#persistent || this.#references === 0) {
        this.#timer.unref();
      }
      if (before === undefined) {
        // A file that isn't there is reported once, as one whose numbers are zero.
        if (err !== null) {
          this.emit('change', statsOf(now), statsOf(now));
        }
        return;
      }
      if (now.some((value: any, i: number) => i !== 10 && i !== 11 && value !== before[i])) {
        this.emit('change', statsOf(now), statsOf(before));
      }
    }));
  }
  stop(): void {
    if (this.#stopped) {
      return;
    }
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#last = undefined;
    nextTick(() => this.emit('stop'));
  }
  ref(): this {
    if (this.#references === 0) {
      this.#references = 1;
      this.#timer?.ref();
    }
    return this;
  }
  unref(): this {
    this.#references = 0;
    this.#timer?.unref();
    return this;
  }
}

export function watchFile(filename: any, options: any, listener?: any): any {
  filename = posix.resolve(String(toPath(filename, 'filename')));
  if (options === null || typeof options !== 'object') {
    listener = options;
    options = {};
  }
  options = { interval: 5007, persistent: true, ...options };
  validateFunction(listener, 'listener');
  validateUint32(options.interval, 'interval');
  let watcher = watched.get(filename);
  if (watcher === undefined) {
    watcher = new StatWatcher(filename, options.bigint === true, options.persistent !== false, Math.max(1, options.interval));
    watched.set(filename, watcher);
    watcher.start();
  }
  watcher.addListener('change', listener);
  return watcher;
}

export function unwatchFile(filename: any, listener?: any): void {
  filename = posix.resolve(String(toPath(filename, 'filename')));
  const watcher = watched.get(filename);
  if (watcher === undefined) {
    return;
  }
  if (typeof listener === 'function') {
    watcher.removeListener('change', listener);
  } else {
    watcher.removeAllListeners('change');
  }
  if (watcher.listenerCount('change') === 0) {
    watcher.stop();
    watched.delete(filename);
  }
}
