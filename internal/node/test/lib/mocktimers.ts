// Mocked time. https://nodejs.org/docs/latest-v24.x/api/test.html#class-mocktimers
import { AbortError, codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateAbortSignal, validateNumber, validateStringArray, validateObject } from 'internal:validators';

const supported = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'scheduler.wait', 'AbortSignal.timeout'];
const { defineProperty, getOwnPropertyDescriptor } = Object;
const RealDate = Date;

interface Entry {
  id: number;
  at: number;
  callback: Function;
  args: any[];
  every: number | undefined;
  timer: any;
}

// What a mocked setTimeout returns.
class MockTimeout {
  #clear: () => void;
  #refresh: () => void;
  #id: number;
  constructor(id: number, clear: () => void, refresh: () => void) {
    this.#id = id;
    this.#clear = clear;
    this.#refresh = refresh;
  }
  hasRef(): boolean { return true; }
  ref(): this { return this; }
  unref(): this { return this; }
  refresh(): this {
    this.#refresh();
    return this;
  }
  close(): this {
    this.#clear();
    return this;
  }
  [Symbol.toPrimitive](): number { return this.#id; }
  [Symbol.dispose](): void { this.#clear(); }
}

let lastId = 0;

export class MockTimers {
  #enabled = false;
  #apis: string[] = [];
  #now = 0;
  #queue: Entry[] = [];
  #byTimer = new Map<any, Entry>();
  #restores: (() => void)[] = [];

  #add(callback: Function, delay: any, args: any[], repeat: boolean): any {
    const ms = Number(delay) >= 1 ? Math.min(Number(delay), 2 ** 31 - 1) : delay === -1 ? 0 : 1;
    return this.#insert(callback, ms, args, repeat ? ms : undefined);
  }
  #insert(callback: Function, ms: number, args: any[], every: number | undefined): any {
    const id = ++lastId;
    const entry: Entry = { id, at: this.#now + ms, callback, args, every, timer: undefined };
    entry.timer = new MockTimeout(id, () => this.#remove(entry.timer), () => {
      if (this.#byTimer.has(entry.timer)) {
        entry.at = this.#now + ms;
      }
    });
    this.#queue.push(entry);
    this.#byTimer.set(entry.timer, entry);
    return entry.timer;
  }
  #remove(timer: any): void {
    const entry = this.#byTimer.get(timer) ?? this.#queue.find((e) => e.id === Number(timer));
    if (entry !== undefined) {
      this.#byTimer.delete(entry.timer);
      const i = this.#queue.indexOf(entry);
      if (i >= 0) this.#queue.splice(i, 1);
    }
  }
  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#queue) {
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.id < first.id)) first = entry;
    }
    return first;
  }
  #replace(target: any, name: string, value: any): void {
    const descriptor = getOwnPropertyDescriptor(target, name);
    defineProperty(target, name, { value, writable: true, configurable: true, enumerable: descriptor?.enumerable ?? true });
    this.#restores.push(() => {
      if (descriptor === undefined) {
        delete target[name];
      } else {
        defineProperty(target, name, descriptor);
      }
    });
  }
  #wait(ms: any, value: any, options: any, insert: (done: () => void) => any): Promise<any> {
    const { signal } = options ?? {};
    if (signal !== undefined) {
      try {
        validateAbortSignal(signal, 'options.signal');
      } catch (error) {
        return Promise.reject(error);
      }
      if (signal.aborted) {
        return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
      }
    }
    return new Promise((resolve, reject) => {
      const timer = insert(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      });
      const onAbort = () => {
        this.#remove(timer);
        reject(new AbortError(undefined, { cause: signal.reason }));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
  async *#intervals(ms: any, value: any, options: any): AsyncGenerator<any> {
    const { signal } = options ?? {};
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
      if (signal.aborted) {
        throw new AbortError(undefined, { cause: signal.reason });
      }
    }
    let due = 0;
    let wake: (() => void) | undefined;
    const timer = this.#add(() => {
      due++;
      wake?.();
    }, ms, [], true);
    const onAbort = () => wake?.();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (signal?.aborted) {
          throw new AbortError(undefined, { cause: signal.reason });
        }
        if (due > 0) {
          due--;
          yield value;
          continue;
        }
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    } finally {
      this.#remove(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #install(api: string): void {
    const timers = load('node:timers').default;
    const promises = load('node:timers/promises').default;
    const both = (name: string, value: any) => {
      this.#replace(globalThis, name, value);
      this.#replace(timers, name, value);
    };
    const clear = (timer: any) => { if (timer !== undefined && timer !== null) this.#remove(timer); };
    switch (api) {
      case 'setTimeout':
        both('setTimeout', (callback: Function, delay?: any, ...args: any[]) => this.#add(callback, delay, args, false));
        both('clearTimeout', clear);
        this.#replace(promises, 'setTimeout', (delay?: any, value?: any, options?: any) => this.#wait(delay, value, options, (done) => this.#add(done, delay, [], false)));
        break;
      case 'setInterval':
        both('setInterval', (callback: Function, delay?: any, ...args: any[]) => this.#add(callback, delay, args, true));
        both('clearInterval', clear);
        this.#replace(promises, 'setInterval', (delay?: any, value?: any, options?: any) => this.#intervals(delay, value, options));
        break;
      case 'setImmediate':
        both('setImmediate', (callback: Function, ...args: any[]) => this.#insert(callback, 0, args, undefined));
        both('clearImmediate', clear);
        this.#replace(promises, 'setImmediate', (value?: any, options?: any) => this.#wait(0, value, options, (done) => this.#insert(done, 0, [], undefined)));
        break;
      case 'scheduler.wait':
        this.#replace(promises.scheduler, 'wait', (delay?: any, options?: any) => this.#wait(delay, undefined, options, (done) => this.#add(done, delay, [], false)));
        break;
      case 'AbortSignal.timeout': {
        const { AbortController } = load('internal:events');
        this.#replace(globalThis.AbortSignal, 'timeout', (delay: any) => {
          validateNumber(delay, 'delay', 0, Number.MAX_SAFE_INTEGER);
          const controller = new AbortController();
          this.#add(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay, [], false);
          return controller.signal;
        });
        break;
      }
      default:
        this.#replace(globalThis, 'Date', this.#date());
    }
  }
  #date(): any {
    const now = () => this.#now;
    function MockDate(this: any, ...args: any[]): any {
      if (new.target === undefined) {
        return new RealDate(now()).toString();
      }
      const target = new.target === MockDate ? RealDate : new.target;
      return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, target);
    }
    for (const key of Reflect.ownKeys(RealDate)) {
      if (key !== 'prototype') {
        defineProperty(MockDate, key, getOwnPropertyDescriptor(RealDate, key) as PropertyDescriptor);
      }
    }
    MockDate.prototype = RealDate.prototype;
    defineProperty(MockDate, 'now', { value: { now() { return now(); } }.now, writable: true, configurable: true, enumerable: false });
    defineProperty(MockDate, 'isMock', { value: true, configurable: true, enumerable: false });
    defineProperty(MockDate, 'toString', { value: { toString() { return 'function Date() { [native code] }'; } }.toString, configurable: true, enumerable: false, writable: true });
    return MockDate;
  }

  /** enable({ apis, now }) @throws ERR_INVALID_STATE when it is enabled, ERR_INVALID_ARG_VALUE */
  enable(options: any = { __proto__: null, apis: supported, now: 0 }): void {
    if (this.#enabled) {
      throw new codes.ERR_INVALID_STATE('MockTimers is already enabled!');
    }
    const given = { __proto__: null, ...options } as any;
    validateObject(given, 'options');
    given.apis ??= supported;
    if (given.now === undefined) {
      given.now = 0;
    } else if (given.now instanceof RealDate) {
      given.now = given.now.getTime();
    }
    validateNumber(given.now, 'initialTime');
    if (!(given.now >= 0)) {
      throw new codes.ERR_INVALID_ARG_VALUE('initialTime', given.now, 'epoch must be a positive integer received');
    }
    validateStringArray(given.apis, 'options.apis');
    for (const api of given.apis) {
      if (!supported.includes(api)) {
        throw new codes.ERR_INVALID_ARG_VALUE('options.apis', api, `option ${api} is not supported`);
      }
    }
    if (given.apis.includes('Date') && (globalThis.Date as any).isMock) {
      throw new codes.ERR_INVALID_STATE('Date is already being mocked!');
    }
    this.#now = given.now;
    this.#apis = given.apis;
    this.#enabled = true;
    for (const api of this.#apis) {
      this.#install(api);
    }
  }
  #check(): void {
    if (!this.#enabled) {
      throw new codes.ERR_INVALID_STATE('You should enable MockTimers first by calling the .enable function');
    }
  }
  /** Moves the time on, and runs what falls due. */
  tick(time: any = 1): void {
    this.#check();
    if (typeof time !== 'number') {
      throw new codes.ERR_INVALID_ARG_TYPE('time', 'number', time);
    }
    if (!(time >= 0)) {
      throw new codes.ERR_INVALID_ARG_VALUE('time', 'positive integer', time);
    }
    this.#advance(this.#now + time);
  }
  // Callbacks see the time at the end.
  #advance(until: number): void {
    this.#now = until;
    for (let entry = this.#next(); entry !== undefined && entry.at <= until; entry = this.#next()) {
      const { callback, args, timer } = entry;
      if (entry.every === undefined) {
        this.#remove(timer);
      } else {
        entry.at += entry.every;
        entry.id = ++lastId;
      }
      Reflect.apply(callback, timer, args);
    }
  }
  /** Runs all timers that there are. */
  runAll(): void {
    this.#check();
    let last = -1;
    for (const entry of this.#queue) {
      last = Math.max(last, entry.at);
    }
    if (last >= 0) {
      this.#advance(last);
    }
  }
  /** Sets what Date says; runs no timer. */
  setTime(time: any = 0): void {
    validateNumber(time, 'time');
    if (time < 0) {
      throw new codes.ERR_INVALID_ARG_VALUE('time', 'positive integer', time);
    }
    this.#check();
    this.#now = time;
  }
  /** Puts the real functions back. */
  reset(): void {
    if (!this.#enabled) {
      return;
    }
    for (const restore of this.#restores.reverse()) {
      restore();
    }
    this.#restores = [];
    this.#queue = [];
    this.#byTimer.clear();
    this.#enabled = false;
  }
  [Symbol.dispose](): void {
    this.reset();
  }
}
