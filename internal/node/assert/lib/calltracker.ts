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
    // calls(n) and calls() count a function that does nothing.
    const target = typeof fn === 'function' ? fn : fn === undefined || typeof fn === 'number' ? noop : fn;
    const times = typeof fn === 'number' ? fn : expected;
    validateUint32(times, 'expected', true);
    const tracked = new Tracked(times, target.name || 'calls', new Error('CallTracker'));
    const counting: any = { __proto__: null };
    counting.apply = (original: any, thisArg: unknown, args: unknown[]): any => {
      tracked.calls.push(freeze({ thisArg, arguments: freeze(args.slice()) }) as Call);
      return Reflect.apply(original, thisArg, args);
    };
    const proxy = new Proxy(target, counting);
    this.#tracked.set(proxy, tracked);
    return proxy;
  }

  report(): any[] {
    return [...this.#tracked.values()].map((tracked) => tracked.report()).filter((entry) => entry !== undefined);
  }

  verify(): void {
    const details = this.report();
    if (details.length === 0) return;
    const message = details.length > 1 ? 'Functions were not called the expected number of times' : details[0].message;
    throw new AssertionError({ message, details });
  }
}

let warned = false;
function warn(): void {
  if (!warned) {
    warned = true;
    load('node:process').default.emitWarning('assert.CallTracker is deprecated.', 'DeprecationWarning', 'DEP0173');
  }
}
