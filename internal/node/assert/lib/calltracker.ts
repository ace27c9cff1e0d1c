// assert.CallTracker: whether functions were called as often as they should be. Deprecated in Node 24, not gone.
// https://nodejs.org/docs/latest-v24.x/api/assert.html#class-assertcalltracker

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateUint32 } from 'internal:validators';
import { AssertionError } from 'internal:assert/error';

const { freeze } = Object;
// A function without a name.
const noop: any = Function.prototype;

interface Call {
  thisArg: unknown;
  arguments: readonly unknown[];
}

class Tracked {
  expected: number | undefined;
  name: string;
  error: Error;
  calls: Call[] = [];

  constructor(expected: number | undefined, name: string, error: Error) {
    this.expected = expected;
    this.name = name;
    this.error = error;
  }

  report(): object | undefined {
    if (this.calls.length === this.expected) {
      return undefined;
    }
    return {
      message: `Expected the ${this.name} function to be executed ${this.expected} time(s) but was executed ${this.calls.length} time(s).`,
      actual: this.calls.length,
      expected: this.expected,
      operator: this.name,
      stack: this.error,
    };
  }
}

export class CallTracker {
  #tracked = new Map<Function, Tracked>();

  constructor() {
    warn();
  }

  #find(fn: any): Tracked {
    const tracked = this.#tracked.get(fn);
    if (tracked === undefined) {
      throw new codes.ERR_INVALID_ARG_VALUE('tracked', fn, 'is not a tracked function');
    }
    return tracked;
  }

  /** Forgets the calls of fn, or of all. */
  reset(fn?: any): void {
    if (fn === undefined) {
      for (const tracked of this.#tracked.values()) {
        tracked.calls = [];
      }
      return;
    }
    this.#find(fn).calls = [];
  }

  getCalls(fn: any): readonly Call[] {
    return freeze(this.#find(fn).calls.slice());
  }

  /** A function that calls fn and counts. */
  calls(fn?: any, expected: any = 1): any {
    if (load('node:process').default._exiting) {
      throw new codes.ERR_UNAVAILABLE_DURING_EXIT();
    }
    if (typeof fn === 'number') {
      expected = fn;
      fn = noop;
    } else if (fn === undefined) {
      fn = noop;
    }
    validateUint32(expected, 'expected', true);
    const tracked = new Tracked(expected, fn.name || 'calls', new Error('CallTracker'));
    const proxy = new Proxy(fn, {
      __proto__: null as never,
      apply(target: any, thisArg: unknown, args: unknown[]) {
        tracked.calls.push(freeze({ thisArg, arguments: freeze(args.slice()) }) as Call);
        return Reflect.apply(target, thisArg, args);
      },
    } as ProxyHandler<any>);
    this.#tracked.set(proxy, tracked);
    return proxy;
  }

  report(): any[] {
    const list: any[] = [];
    for (const tracked of this.#tracked.values()) {
      const entry = tracked.report();
      if (entry !== undefined) {
        list.push(entry);
      }
    }
    return list;
  }

  verify(): void {
    const errors = this.report();
    if (errors.length === 0) {
      return;
    }
    throw new AssertionError({
      message: errors.length === 1 ? errors[0].message : 'Functions were not called the expected number of times',
      details: errors,
    });
  }
}

let warned = false;
function warn(): void {
  if (!warned) {
    warned = true;
    load('node:process').default.emitWarning('assert.CallTracker is deprecated.', 'DeprecationWarning', 'DEP0173');
  }
}
