// util.promisify and util.callbackify: between callbacks and promises.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilpromisifyoriginal

import { codes } from 'internal:errors';
import { validateFunction } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import * as types from 'internal:util/types';
import { load } from 'internal:load';

const { defineProperties, defineProperty, getOwnPropertyDescriptors, getPrototypeOf, setPrototypeOf } = Object;

export const customPromisify = Symbol.for('nodejs.util.promisify.custom');

// A function whose callback gets several values lists their names under this symbol: its promise is for an object of them.
export const customPromisifyArgs = Symbol('customPromisifyArgs');

/** Marks a function as its own promise form. */
function markCustom(fn: any): any {
  return defineProperty(fn, customPromisify, { __proto__: null as never, value: fn, enumerable: false, writable: false, configurable: true });
}

/** Gives a function the own properties of another, changed before by `change`. */
function likeOriginal(fn: any, original: any, change?: (descriptors: any) => void): any {
  const descriptors: any = getOwnPropertyDescriptors(original);
  change?.(descriptors);
  for (const key of Reflect.ownKeys(descriptors)) {
    setPrototypeOf(descriptors[key], null);
  }
  return defineProperties(fn, descriptors);
}

/** What a promise is for: the only value, or an object of the named ones. */
function valueOf(values: any[], names: string[] | undefined): any {
  return names === undefined || values.length < 2 ? values[0] : Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** A function that returns a promise for what original gives to its callback. */
export function promisify(original: any): any {
  validateFunction(original, 'original');
  const custom = (original as any)[customPromisify];
  if (custom) {
    validateFunction(custom, 'util.promisify.custom');
    return markCustom(custom);
  }
  const names: string[] | undefined = (original as any)[customPromisifyArgs];
  const promised = function(this: unknown, ...args: any[]) {
    return new Promise((resolve, reject) => {
      args.push((error: any, ...values: any[]) => (error ? reject(error) : resolve(valueOf(values, names))));
      if (types.isPromise(Reflect.apply(original as any, this, args))) {
        load('node:process').default.emitWarning('Calling promisify on a function that returns a Promise is likely a mistake.', 'DeprecationWarning', 'DEP0174');
      }
    });
  };
  setPrototypeOf(promised, getPrototypeOf(original));
  return likeOriginal(markCustom(promised), original);
}
(promisify as any).custom = customPromisify;

/** A function that gives to its last argument, a callback, what the promise of original settles with. */
export function callbackify(original: any): any {
  validateFunction(original, 'original');
  const callbackified = function(this: unknown, ...args: any[]) {
    const callback: any = args.pop();
    validateFunction(callback, 'last argument');
    // In a tick of its own: what the callback throws must not reject the promise.
    const answer = (...given: any[]) => nextTick(() => Reflect.apply(callback, this, given));
    Reflect.apply(original as any, this, args).then((value: any) => answer(null, value), (reason: any) => {
      if (reason) {
        answer(reason);
        return;
      }
      // A callback tells success by a falsy error.
      const error = new codes.ERR_FALSY_VALUE_REJECTION(reason);
      Error.captureStackTrace(error, callbackified);
      answer(error);
    });
  };
  return likeOriginal(callbackified, original, ({ length, name }) => {
    // One more argument: the callback.
    if (typeof length.value === 'number') length.value += 1;
    if (typeof name.value === 'string') name.value += 'Callbackified';
  });
}
