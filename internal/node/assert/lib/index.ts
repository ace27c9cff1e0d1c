// node:assert's functions.
// https://nodejs.org/docs/latest-v24.x/api/assert.html

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateFunction, validateOneOf } from 'internal:validators';
import { inspect } from 'internal:util/inspect';
import { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual } from 'internal:util/comparisons';
import * as types from 'internal:util/types';
import { AssertionError } from 'internal:assert/error';
import { callerExpression } from 'internal:assert/expression';
import { CallTracker } from 'internal:assert/calltracker';

const { apply } = Reflect;
const { assign, defineProperty, is, keys: enumerableKeys } = Object;
const isPrototypeOf = Function.prototype.call.bind(Object.prototype.isPrototypeOf) as (proto: any, value: any) => boolean;
const execute = Function.prototype.call.bind(RegExp.prototype.exec) as (regexp: any, text: string) => any;

const NO_EXCEPTION = {};

// The options of an Assert object. Its methods work without a receiver too: then they are assert's own.
const kOptions = Symbol('options');

const isError = (value: unknown): value is Error => types.isNativeError(value) || value instanceof Error;
const diffOf = (self: any): string => self?.[kOptions]?.diff ?? 'simple';
const skipsPrototype = (self: any): boolean => self?.[kOptions]?.skipPrototype ?? false;

function innerFail(options: any): never {
  if (isError(options.message)) {
    throw options.message;
  }
  throw new AssertionError(options);
}

function needTwo(count: number): void {
  if (count < 2) {
    throw new codes.ERR_MISSING_ARGS('actual', 'expected');
  }
}

function innerOk(fn: Function, count: number, value: unknown, message: any): void {
  if (value) {
    return;
  }
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message == null) {
    generated = true;
    const expression = callerExpression();
    message = expression === undefined ? `${inspect(value)} == true` : `The expression evaluated to a falsy value:\n\n  ${expression}\n`;
  } else if (isError(message)) {
    throw message;
  }
  const error = new AssertionError({ actual: value, expected: true, message, operator: '==', stackStartFn: fn });
  error.generatedMessage = generated;
  throw error;
}

// The properties that an expected error names, of both errors.
class Comparison {
  [key: string]: any;
  constructor(object: any, keys: string[], actual?: any) {
    for (const key of keys) {
      if (key in object) {
        // A pattern that matches isn't a difference.
        const matches = actual !== undefined && typeof actual[key] === 'string' && types.isRegExp(object[key]) && execute(object[key], actual[key]) !== null;
        this[key] = matches ? actual[key] : object[key];
      }
    }
  }
}

function compareKey(actual: any, expected: any, key: string, message: any, keys: string[], fn: Function, diff: string): void {
  if (key in actual && isDeepStrictEqual(actual[key], expected[key])) {
    return;
  }
  if (message) {
    innerFail({ actual, expected, message, operator: fn.name, stackStartFn: fn, diff });
  }
  const error = new AssertionError({
    actual: new Comparison(actual, keys), expected: new Comparison(expected, keys, actual), operator: 'deepStrictEqual', stackStartFn: fn, diff,
  });
  error.actual = actual;
  error.expected = expected;
  error.operator = fn.name;
  throw error;
}

function checkException(actual: any, expected: any, message: any, fn: Function, diff: string): void {
  let generated = false;
  if (typeof expected !== 'function') {
    if (types.isRegExp(expected)) {
      const text = String(actual);
      if (execute(expected, text) !== null) {
        return;
      }
      if (!message) {
        generated = true;
        message = `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`;
      }
    } else if (typeof actual !== 'object' || actual === null) {
      const error = new AssertionError({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn: fn, diff });
      error.operator = fn.name;
      throw error;
    } else {
      const keys = enumerableKeys(expected);
      if (expected instanceof Error) {
        keys.push('name', 'message');
      } else if (keys.length === 0) {
        throw new codes.ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
      }
      for (const key of keys) {
        if (typeof actual[key] === 'string' && types.isRegExp(expected[key]) && execute(expected[key], actual[key]) !== null) {
          continue;
        }
        compareKey(actual, expected, key, message, keys, fn, diff);
      }
      return;
    }
  } else if (expected.prototype !== undefined && actual instanceof expected) {
    return;
  } else if (isPrototypeOf(Error, expected)) {
    if (!message) {
      generated = true;
      message = `The error is expected to be an instance of "${expected.name}". Received `;
      if (!isError(actual)) {
        message += `"${inspect(actual, { depth: -1 })}"`;
      } else {
        const name = actual.constructor?.name || actual.name;
        message += name === expected.name ? 'an error with identical name but a different prototype.' : `"${name}"`;
      }
      if (isError(actual)) {
        message += `\n\nError message:\n\n${actual.message}`;
      }
    }
  } else {
    // A function that says whether it is the right one.
    const result = apply(expected, {}, [actual]);
    if (result === true) {
      return;
    }
    if (!message) {
      generated = true;
      message = `The ${expected.name ? `"${expected.name}" ` : ''}validation function is expected to return "true". Received ${inspect(result)}`;
      if (isError(actual)) {
        message += `\n\nCaught error:\n\n${actual}`;
      }
    }
  }
  const error = new AssertionError({ actual, expected, message, operator: fn.name, stackStartFn: fn, diff });
  error.generatedMessage = generated;
  throw error;
}

function thrownBy(fn: any): unknown {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return NO_EXCEPTION;
}

function isPromiseLike(value: any): boolean {
  return types.isPromise(value) || (value !== null && typeof value === 'object' && typeof value.then === 'function' && typeof value.catch === 'function');
}

async function rejectionOf(promiseFn: any): Promise<unknown> {
  let promise: any;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isPromiseLike(promise)) {
      throw new codes.ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    }
  } else if (isPromiseLike(promiseFn)) {
    promise = promiseFn;
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NO_EXCEPTION;
}

const expectedKinds = ['Object', 'Error', 'Function', 'RegExp'];

function expectsError(self: any, fn: Function, actual: any, args: any[]): void {
  let error = args[0];
  let message = args[1];
  if (typeof error === 'string') {
    if (args.length === 2) {
      throw new codes.ERR_INVALID_ARG_TYPE('error', expectedKinds, error);
    }
    if (typeof actual === 'object' && actual !== null) {
      if (actual.message === error) {
        throw new codes.ERR_AMBIGUOUS_ARGUMENT('error/message', `The error message "${actual.message}" is identical to the message.`);
      }
    } else if (actual === error) {
      throw new codes.ERR_AMBIGUOUS_ARGUMENT('error/message', `The error "${actual}" is identical to the message.`);
    }
    message = error;
    error = undefined;
  } else if (error != null && typeof error !== 'object' && typeof error !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('error', expectedKinds, error);
  }
  if (actual === NO_EXCEPTION) {
    const details = `${error?.name ? ` (${error.name})` : ''}${message ? `: ${message}` : '.'}`;
    innerFail({
      actual: undefined, expected: error, operator: fn.name, message: `Missing expected ${fn.name === 'rejects' ? 'rejection' : 'exception'}${details}`,
      stackStartFn: fn, diff: diffOf(self),
    });
  }
  if (error) {
    checkException(actual, error, message, fn, diffOf(self));
  }
}

function matchesError(actual: any, expected: any): boolean {
  if (typeof expected !== 'function') {
    if (types.isRegExp(expected)) {
      return execute(expected, String(actual)) !== null;
    }
    throw new codes.ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  }
  if (expected.prototype !== undefined && actual instanceof expected) {
    return true;
  }
  if (isPrototypeOf(Error, expected)) {
    return false;
  }
  return apply(expected, {}, [actual]) === true;
}

function expectsNoError(self: any, fn: Function, actual: any, error: any, message: any): void {
  if (actual === NO_EXCEPTION) {
    return;
  }
  if (typeof error === 'string') {
    message = error;
    error = undefined;
  }
  if (!error || matchesError(actual, error)) {
    innerFail({
      actual, expected: error, operator: fn.name,
      message: `Got unwanted ${fn.name === 'doesNotReject' ? 'rejection' : 'exception'}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
      stackStartFn: fn, diff: diffOf(self),
    });
  }
  throw actual;
}

function innerMatch(self: any, text: any, regexp: any, message: any, fn: Function, wanted: boolean): void {
  if (!types.isRegExp(regexp)) {
    throw new codes.ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  }
  if (typeof text === 'string' && (execute(regexp, text) !== null) === wanted) {
    return;
  }
  if (isError(message)) {
    throw message;
  }
  const generated = !message;
  if (generated) {
    message = typeof text !== 'string'
      ? `The "string" argument must be of type string. Received type ${typeof text} (${inspect(text)})`
      : `${wanted ? 'The input did not match the regular expression ' : 'The input was expected to not match the regular expression '}` +
        `${inspect(regexp)}. Input:\n\n${inspect(text)}\n`;
  }
  const error = new AssertionError({ actual: text, expected: regexp, message, operator: fn.name, stackStartFn: fn, diff: diffOf(self) });
  error.generatedMessage = generated;
  throw error;
}

let warnedFail = false;

// Everything but ok, which is assert itself. Each is a function of its own name: AssertionError.operator shows it.
const methods = {
  fail(this: any, ...args: any[]): never {
    let actual = args[0];
    const expected = args[1];
    let message = args[2];
    let operator = args[3];
    const stackStartFn = args[4];
    let generated = false;
    if (actual == null && args.length <= 1) {
      generated = true;
      message = 'Failed';
    } else if (args.length === 1) {
      message = actual;
      actual = undefined;
    } else {
      if (!warnedFail) {
        warnedFail = true;
        load('node:process').default.emitWarning(
          'assert.fail() with more than one argument is deprecated. Please use assert.strictEqual() instead or only pass a message.',
          'DeprecationWarning', 'DEP0094');
      }
      if (args.length === 2) {
        operator = '!=';
      }
    }
    if (isError(message)) {
      throw message;
    }
    const options: any = {
      actual, expected, operator: operator === undefined ? 'fail' : operator, stackStartFn: stackStartFn || methods.fail, message, diff: diffOf(this),
    };
    const error = new AssertionError(options);
    if (generated) {
      error.generatedMessage = true;
    }
    throw error;
  },

  equal(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (actual != expected && (actual === actual || expected === expected)) {
      innerFail({ actual, expected, message, operator: '==', stackStartFn: methods.equal, diff: diffOf(this) });
    }
  },

  notEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (actual == expected || (actual !== actual && expected !== expected)) {
      innerFail({ actual, expected, message, operator: '!=', stackStartFn: methods.notEqual, diff: diffOf(this) });
    }
  },

  deepEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (!isDeepEqual(actual, expected)) {
      innerFail({ actual, expected, message, operator: 'deepEqual', stackStartFn: methods.deepEqual, diff: diffOf(this) });
    }
  },

  notDeepEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (isDeepEqual(actual, expected)) {
      innerFail({ actual, expected, message, operator: 'notDeepEqual', stackStartFn: methods.notDeepEqual, diff: diffOf(this) });
    }
  },

  deepStrictEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (!isDeepStrictEqual(actual, expected, skipsPrototype(this))) {
      innerFail({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn: methods.deepStrictEqual, diff: diffOf(this) });
    }
  },

  notDeepStrictEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (isDeepStrictEqual(actual, expected, skipsPrototype(this))) {
      innerFail({ actual, expected, message, operator: 'notDeepStrictEqual', stackStartFn: methods.notDeepStrictEqual, diff: diffOf(this) });
    }
  },

  strictEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (!is(actual, expected)) {
      innerFail({ actual, expected, message, operator: 'strictEqual', stackStartFn: methods.strictEqual, diff: diffOf(this) });
    }
  },

  notStrictEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (is(actual, expected)) {
      innerFail({ actual, expected, message, operator: 'notStrictEqual', stackStartFn: methods.notStrictEqual, diff: diffOf(this) });
    }
  },

  partialDeepStrictEqual(this: any, ...args: any[]): void {
    needTwo(args.length);
    const actual = args[0];
    const expected = args[1];
    const message = args[2];
    if (!isPartialStrictEqual(actual, expected)) {
      innerFail({ actual, expected, message, operator: 'partialDeepStrictEqual', stackStartFn: methods.partialDeepStrictEqual, diff: diffOf(this) });
    }
  },

  throws(this: any, fn: any, ...args: any[]): void {
    expectsError(this, methods.throws, thrownBy(fn), args);
  },

  async rejects(this: any, promiseFn: any, ...args: any[]): Promise<void> {
    expectsError(this, methods.rejects, await rejectionOf(promiseFn), args);
  },

  doesNotThrow(this: any, fn: any, ...args: any[]): void {
    expectsNoError(this, methods.doesNotThrow, thrownBy(fn), args[0], args[1]);
  },

  async doesNotReject(this: any, fn: any, ...args: any[]): Promise<void> {
    expectsNoError(this, methods.doesNotReject, await rejectionOf(fn), args[0], args[1]);
  },

  ifError(this: any, error: any): void {
    if (error === null || error === undefined) {
      return;
    }
    let message = 'ifError got unwanted exception: ';
    if (typeof error === 'object' && typeof error.message === 'string') {
      message += error.message.length === 0 && error.constructor ? error.constructor.name : error.message;
    } else {
      message += inspect(error);
    }
    const own: any = new AssertionError({ actual: error, expected: null, operator: 'ifError', message, stackStartFn: methods.ifError, diff: diffOf(this) });
    own.generatedMessage = false;
    // Where the error came from is what matters: its frames follow, without those that both have.
    const { stack } = error;
    if (typeof stack === 'string') {
      const start = stack.indexOf('\n    at');
      if (start !== -1) {
        const frames = stack.slice(start + 1).split('\n');
        let ownFrames: string[] = own.stack.split('\n');
        for (const frame of frames) {
          const at = ownFrames.indexOf(frame);
          if (at !== -1) {
            ownFrames = ownFrames.slice(0, at);
            break;
          }
        }
        own.stack = `${ownFrames.join('\n')}\n${frames.join('\n')}`;
      }
    }
    throw own;
  },

  match(this: any, text: any, regexp: any, message?: any): void {
    innerMatch(this, text, regexp, message, methods.match, true);
  },

  doesNotMatch(this: any, text: any, regexp: any, message?: any): void {
    innerMatch(this, text, regexp, message, methods.doesNotMatch, false);
  },
};

export function ok(...args: any[]): void {
  innerOk(ok, args.length, args[0], args[1]);
}

/** new Assert({diff: 'simple' | 'full', strict, skipPrototype}): the functions of assert with these options. */
export const Assert: any = function Assert(this: any, options: any): void {
  if (!new.target) {
    throw new codes.ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  }
  options = { __proto__: null, strict: true, skipPrototype: false, ...options };
  const allowed = ['simple', 'full'];
  if (options.diff !== undefined) {
    validateOneOf(options.diff, 'options.diff', allowed);
  }
  this.AssertionError = AssertionError;
  defineProperty(this, kOptions, { __proto__: null as never, value: options, enumerable: false, configurable: false, writable: false });
  if (options.strict) {
    this.equal = this.strictEqual;
    this.deepEqual = this.deepStrictEqual;
    this.notEqual = this.notStrictEqual;
    this.notDeepEqual = this.notDeepStrictEqual;
  }
};
Assert.prototype.fail = methods.fail;
Assert.prototype.ok = {
  ok: function ok(this: any, ...args: any[]): void {
    innerOk(ok, args.length, args[0], args[1]);
  },
}.ok;
assign(Assert.prototype, methods);

export const assert: any = ok;
const { fail, equal, notEqual, deepEqual, notDeepEqual, deepStrictEqual, notDeepStrictEqual, strictEqual, notStrictEqual, partialDeepStrictEqual, match,
  doesNotMatch, throws, rejects, doesNotThrow, doesNotReject, ifError } = methods;
assign(assert, {
  AssertionError, CallTracker, ok, fail, equal, notEqual, deepEqual, notDeepEqual, deepStrictEqual, notDeepStrictEqual, strictEqual, notStrictEqual,
  partialDeepStrictEqual, match, doesNotMatch, throws, rejects, doesNotThrow, doesNotReject, ifError,
});

export const strict: any = function strict(...args: any[]): void {
  innerOk(strict, args.length, args[0], args[1]);
};
assert.strict = assign(strict, assert, {
  equal: strictEqual,
  deepEqual: deepStrictEqual,
  notEqual: notStrictEqual,
  notDeepEqual: notDeepStrictEqual,
});
assert.Assert = Assert;
strict.Assert = Assert;
strict.strict = strict;
