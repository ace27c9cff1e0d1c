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

// What an expected error can be, and what is wrong with `actual` by it: nothing, or a text.

function patternFault(actual: any, pattern: any): string | undefined {
  const text = String(actual);
  if (execute(pattern, text) !== null) return undefined;
  return `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`;
}

function classFault(actual: any, Class: any): string {
  const start = `The error is expected to be an instance of "${Class.name}". Received `;
  if (!isError(actual)) return `${start}"${inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name || actual.name;
  const received = name === Class.name ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return `${start}${received}\n\nError message:\n\n${actual.message}`;
}

function predicateFault(actual: any, predicate: any): string | undefined {
  const answer = apply(predicate, {}, [actual]);
  if (answer === true) return undefined;
  const who = predicate.name ? `"${predicate.name}" ` : '';
  const caught = isError(actual) ? `\n\nCaught error:\n\n${actual}` : '';
  return `The ${who}validation function is expected to return "true". Received ${inspect(answer)}${caught}`;
}

// An object: the error must have its properties, with these values or matching these patterns.
function checkShape(actual: any, shape: any, message: any, fn: Function, diff: string): void {
  if (typeof actual !== 'object' || actual === null) {
    throw assign(new AssertionError({ actual, expected: shape, message, operator: 'deepStrictEqual', stackStartFn: fn, diff }), { operator: fn.name });
  }
  const names = enumerableKeys(shape);
  if (shape instanceof Error) names.push('name', 'message');
  else if (names.length === 0) throw new codes.ERR_INVALID_ARG_VALUE('error', shape, 'may not be an empty object');
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const matches = types.isRegExp(shape[name]) && typeof actual[name] === 'string' && execute(shape[name], actual[name]) !== null;
    if (!matches) compareKey(actual, shape, name, message, names, fn, diff);
  }
}

function checkException(actual: any, expected: any, message: any, fn: Function, diff: string): void {
  let fault: string | undefined;
  if (types.isRegExp(expected)) fault = patternFault(actual, expected);
  else if (typeof expected !== 'function') return checkShape(actual, expected, message, fn, diff);
  else if (expected.prototype !== undefined && actual instanceof expected) return;
  else if (isPrototypeOf(Error, expected)) fault = classFault(actual, expected);
  else fault = predicateFault(actual, expected);
  if (fault === undefined) return;
  const error = new AssertionError({ actual, expected, message: message || fault, operator: fn.name, stackStartFn: fn, diff });
  error.generatedMessage = !message;
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
  const isFunction = typeof promiseFn === 'function';
  const promise = isFunction ? promiseFn() : promiseFn;
  if (!isPromiseLike(promise)) {
    if (isFunction) throw new codes.ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    throw new codes.ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promise);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NO_EXCEPTION;
}

const expectedKinds = ['Object', 'Error', 'Function', 'RegExp'];

// A text in the error's place is the message; it must not be what the error says, or somebody meant that.
function textForError(text: string, actual: any, alone: boolean): string {
  if (!alone) throw new codes.ERR_INVALID_ARG_TYPE('error', expectedKinds, text);
  const isThing = typeof actual === 'object' && actual !== null;
  if ((isThing ? actual.message : actual) === text) {
    throw new codes.ERR_AMBIGUOUS_ARGUMENT('error/message', `The error ${isThing ? 'message ' : ''}"${text}" is identical to the message.`);
  }
  return text;
}

function expectsError(self: any, fn: Function, actual: any, args: any[]): void {
  let error = args[0], message = args[1];
  switch (typeof error) {
    case 'string':
      message = textForError(error, actual, args.length !== 2);
      error = undefined;
      break;
    case 'undefined': case 'object': case 'function': break;
    default: throw new codes.ERR_INVALID_ARG_TYPE('error', expectedKinds, error);
  }
  if (actual === NO_EXCEPTION) missing(self, fn, error, 'Missing expected', message, error?.name ? ` (${error.name})` : '', '');
  if (error) checkException(actual, error, message, fn, diffOf(self));
}

// 'rejects' and 'throws' and their opposites fail with texts of one form.
function missing(self: any, fn: Function, expected: any, what: string, message: any, name: string, rest: string, actual?: any): never {
  const kind = fn.name.toLowerCase().includes('reject') ? 'rejection' : 'exception';
  innerFail({
    actual, expected, operator: fn.name, message: `${what} ${kind}${name}${message ? `: ${message}` : '.'}${rest}`, stackStartFn: fn, diff: diffOf(self),
  });
}

function matchesError(actual: any, expected: any): boolean {
  if (types.isRegExp(expected)) return patternFault(actual, expected) === undefined;
  if (typeof expected !== 'function') throw new codes.ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  if (expected.prototype !== undefined && actual instanceof expected) return true;
  return !isPrototypeOf(Error, expected) && predicateFault(actual, expected) === undefined;
}

function expectsNoError(self: any, fn: Function, actual: any, error: any, message: any): void {
  if (actual === NO_EXCEPTION) return;
  const text = typeof error === 'string' ? error : message;
  const expected = typeof error === 'string' ? undefined : error;
  // Another error than the one that must not come is not ours to judge.
  if (expected && !matchesError(actual, expected)) throw actual;
  missing(self, fn, expected, 'Got unwanted', text, '', `\nActual message: "${actual?.message}"`, actual);
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
function warnFail(): void {
  if (warnedFail) return;
  warnedFail = true;
  load('node:process').default.emitWarning(
    'assert.fail() with more than one argument is deprecated. Please use assert.strictEqual() instead or only pass a message.',
    'DeprecationWarning', 'DEP0094');
}

const isNaNPair = (a: any, b: any) => a !== a && b !== b;

// The comparisons: by which name, what AssertionError calls the operator, and what must hold.
const comparisons: Array<[name: string, operator: string, holds: (actual: any, expected: any, self: any) => boolean]> = [
  ['equal', '==', (a, b) => a == b || isNaNPair(a, b)],
  ['notEqual', '!=', (a, b) => a != b && !isNaNPair(a, b)],
  ['deepEqual', 'deepEqual', (a, b) => isDeepEqual(a, b)],
  ['notDeepEqual', 'notDeepEqual', (a, b) => !isDeepEqual(a, b)],
  ['deepStrictEqual', 'deepStrictEqual', (a, b, self) => isDeepStrictEqual(a, b, skipsPrototype(self))],
  ['notDeepStrictEqual', 'notDeepStrictEqual', (a, b, self) => !isDeepStrictEqual(a, b, skipsPrototype(self))],
  ['strictEqual', 'strictEqual', (a, b) => is(a, b)],
  ['notStrictEqual', 'notStrictEqual', (a, b) => !is(a, b)],
  ['partialDeepStrictEqual', 'partialDeepStrictEqual', (a, b) => isPartialStrictEqual(a, b)],
];

function comparison(name: string, operator: string, holds: (actual: any, expected: any, self: any) => boolean): any {
  const method = {
    [name](this: any, ...args: any[]): void {
      needTwo(args.length);
      // No destructuring: a program may have changed the iterator of arrays.
      const actual = args[0], expected = args[1], message = args[2];
      if (!holds(actual, expected, this)) innerFail({ actual, expected, message, operator, stackStartFn: method, diff: diffOf(this) });
    },
  }[name];
  defineProperty(method, 'length', { value: 3, configurable: true });
  return method;
}

// Everything but ok, which is assert itself. Each is a function of its own name: AssertionError.operator shows it.
const methods: any = {
  /** fail(message?), or in the deprecated form fail(actual, expected, message, operator, stackStartFn). */
  fail(this: any, ...args: any[]): never {
    const nothing = args.length === 0 || (args.length === 1 && (args[0] === null || args[0] === undefined));
    let actual = args[0], message = args[2], operator = args[3] ?? 'fail';
    const expected = args[1], stackStartFn = args[4];
    if (args.length < 2) {
      message = nothing ? 'Failed' : actual;
      actual = nothing ? actual : undefined;
    } else {
      warnFail();
      if (args.length === 2) operator = '!=';
    }
    if (isError(message)) throw message;
    const error = new AssertionError({ actual, expected, operator, stackStartFn: stackStartFn || methods.fail, message, diff: diffOf(this) });
    error.generatedMessage ||= nothing;
    throw error;
  },

  ...Object.fromEntries(comparisons.map(([name, operator, holds]) => [name, comparison(name, operator, holds)])),

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
    const isThing = typeof error === 'object' && typeof error.message === 'string';
    const what = isThing ? error.message || error.constructor?.name || '' : inspect(error);
    const message = `ifError got unwanted exception: ${what}`;
    const own: any = new AssertionError({ actual: error, expected: null, operator: 'ifError', message, stackStartFn: methods.ifError, diff: diffOf(this) });
    own.generatedMessage = false;
    own.stack = joinStacks(own.stack, error.stack);
    throw own;
  },

  match(this: any, text: any, regexp: any, message?: any): void {
    innerMatch(this, text, regexp, message, methods.match, true);
  },

  doesNotMatch(this: any, text: any, regexp: any, message?: any): void {
    innerMatch(this, text, regexp, message, methods.doesNotMatch, false);
  },
};

// Where the error came from is what matters: its frames follow ours, without those that both have.
function joinStacks(stack: string, origin: any): string {
  const start = typeof origin === 'string' ? origin.indexOf('\n    at') : -1;
  if (start < 0) return stack;
  const frames = origin.slice(start + 1).split('\n');
  const lines = stack.split('\n');
  const shared = frames.map((frame: string) => lines.indexOf(frame)).find((at: number) => at >= 0);
  return [...lines.slice(0, shared), ...frames].join('\n');
}

export function ok(...args: any[]): void {
  innerOk(ok, args.length, args[0], args[1]);
}

/** new Assert({diff: 'simple' | 'full', strict, skipPrototype}): the functions of assert with these options. */
export const Assert: any = function Assert(this: any, options: any): void {
  if (!new.target) throw new codes.ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  const own = { __proto__: null, strict: true, skipPrototype: false, ...options };
  if (own.diff !== undefined) validateOneOf(own.diff, 'options.diff', ['simple', 'full']);
  defineProperty(this, kOptions, { value: own });
  this.AssertionError = AssertionError;
  if (own.strict) for (const name of looseNames) this[name] = this[strictName(name)];
};
// In strict mode the loose comparisons are the strict ones: equal is strictEqual, notDeepEqual is notDeepStrictEqual.
const looseNames = ['equal', 'deepEqual', 'notEqual', 'notDeepEqual'];
function strictName(name: string): string {
  return name.replace(/[eE]qual$/, name === 'equal' ? 'strictEqual' : 'StrictEqual');
}

const { fail, ...others } = methods;
const okMethod = {
  ok(this: any, ...args: any[]): void {
    innerOk(okMethod, args.length, args[0], args[1]);
  },
}.ok;
assign(Assert.prototype, { fail, ok: okMethod, ...others });

export const assert: any = assign(ok, { fail, AssertionError, CallTracker, ok, ...others });

export const strict: any = function strict(...args: any[]): void {
  innerOk(strict, args.length, args[0], args[1]);
};
assign(strict, assert, { Assert, strict }, Object.fromEntries(looseNames.map((name) => [name, methods[strictName(name)]])));
assign(assert, { strict, Assert });
