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

/** A function that returns a promise for what original gives to its callback. */
export function promisify(original: any): any {
  validateFunction(original, 'original');
  const custom = (original as any)[customPromisify];
  if (custom) {
    validateFunction(custom, 'util.promisify.custom');
    return defineProperty(custom, customPromisify, { __proto__: null as never, value: custom, enumerable: false, writable: false, configurable: true });
  }
  const names: string[] | undefined = (original as any)[customPromisifyArgs];
  function fn(this: unknown, ...args: any[]) {
    return new Promise((resolve, reject) => {
      const result = Reflect.apply(original as any, this, [...args, (error: any, ...values: any[]) => {
        if (error) {
          return reject(error);
        }
        if (names !== undefined && values.length > 1) {
          const all: any = {};
          for (let i = 0; i < names.length; i++) {
            all[names[i]] = values[i];
          }
          resolve(all);
        } else {
          resolve(values[0]);
        }
      }]);
      if (types.isPromise(result)) {
        load('node:process').default.emitWarning('Calling promisify on a function that returns a Promise is likely a mistake.', 'DeprecationWarning', 'DEP0174');
      }
    });
  }
  setPrototypeOf(fn, getPrototypeOf(original));
  defineProperty(fn, customPromisify, { __proto__: null as never, value: fn, enumerable: false, writable: false, configurable: true });
  const descriptors: any = getOwnPropertyDescriptors(original);
  for (const key of Reflect.ownKeys(descriptors)) {
    setPrototypeOf(descriptors[key], null);
  }
  return defineProperties(fn, descriptors);
}
(promisify as any).custom = customPromisify;

/** A function that gives to its last argument, a callback, what the promise of original settles with. */
export function callbackify(original: any): any {
  validateFunction(original, 'original');
  function callbackified(this: unknown, ...args: any[]) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    const done = (callback as any).bind(this);
    // In a tick of its own: what the callback throws must not reject the promise.
    Reflect.apply(original as any, this, args).then(
      (value: any) => nextTick(done, null, value),
      (reason: any) => {
        // A callback tells success by a falsy error.
        if (!reason) {
          const error = new codes.ERR_FALSY_VALUE_REJECTION(reason);
          Error.captureStackTrace(error, callbackified);
          reason = error;
        }
        nextTick(done, reason);
      });
  }
  const descriptors: any = getOwnPropertyDescriptors(original);
  // One more argument: the callback.
  if (typeof descriptors.length.value === 'number') {
    descriptors.length.value++;
  }
  if (typeof descriptors.name.value === 'string') {
    descriptors.name.value += 'Callbackified';
  }
  for (const key of Reflect.ownKeys(descriptors)) {
    setPrototypeOf(descriptors[key], null);
  }
  return defineProperties(callbackified, descriptors);
}
