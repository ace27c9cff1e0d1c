// What other builtins use of util, and small things that several of them need.

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateNumber, validateOneOf } from 'internal:validators';
import { systemErrorMap } from 'internal:util/systemerrors';

export { customInspectSymbol, format, formatWithOptions, inspect, quote, stripVTControlCharacters } from 'internal:util/inspect';
export { callbackify, customPromisify, customPromisifyArgs, promisify } from 'internal:util/promisify';
export { deprecate, emitExperimentalWarning } from 'internal:util/deprecate';
export { debuglog } from 'internal:util/debuglog';
export { shouldColorize } from 'internal:util/colors';
export { getStringWidth, stripAnsi as removeColors } from 'internal:util/stringwidth';
export * as types from 'internal:util/types';

const { defineProperty, freeze } = Object;

/** An empty object that stands for options that weren't given. */
export const kEmptyObject: Record<string, any> = freeze({ __proto__: null as never });

/** For defineProperties: makes what a class syntax hides enumerable. */
export const kEnumerableProperty: PropertyDescriptor = freeze({ __proto__: null as never, enumerable: true }) as PropertyDescriptor;

/** A function that calls callback the first time only. */
export function once<F extends (...args: any[]) => any>(callback: F): F {
  let called = false;
  return function (this: unknown, ...args: any[]) {
    if (called) {
      return undefined;
    }
    called = true;
    return callback.apply(this, args);
  } as F;
}

/** Takes the element at index out of list; cheaper than splice. */
export function spliceOne(list: any[], index: number): void {
  for (; index + 1 < list.length; index++) {
    list[index] = list[index + 1];
  }
  list.pop();
}

/** A DOMException, made when it is needed. options: the name, or {name, cause}. */
export function lazyDOMException(message?: string, options?: any): Error {
  const { DOMException } = load('internal:web/domexception');
  return new DOMException(message, options);
}

export function lazyDOMExceptionClass(): any {
  return load('internal:web/domexception').DOMException;
}

export function isError(value: any): value is Error {
  return load('internal:util/types').isNativeError(value) || value instanceof Error;
}

/** text with lone surrogates replaced by U+FFFD. */
export function toUSVString(text: unknown): string {
  return `${text}`.toWellFormed();
}

/** The canonical name of a Buffer encoding; undefined for an unknown one. Nothing stands for utf8. */
export function normalizeEncoding(encoding: any): string | undefined {
  if (encoding == null || encoding === '' || encoding === 'utf8' || encoding === 'utf-8') {
    return 'utf8';
  }
  if (typeof encoding !== 'string') {
    return undefined;
  }
  switch (encoding.toLowerCase()) {
    case 'utf8':
    case 'utf-8':
      return 'utf8';
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return 'utf16le';
    case 'latin1':
    case 'binary':
      return 'latin1';
    case 'base64':
    case 'base64url':
    case 'ascii':
    case 'hex':
      return encoding.toLowerCase();
    default:
      return undefined;
  }
}

/** Gives fn a name. A symbol's description stands in brackets. */
export function assignFunctionName<F extends Function>(name: string | symbol, fn: F): F {
  const text = typeof name === 'symbol' ? (name.description ? `[${name.description}]` : '') : `${name}`;
  return defineProperty(fn, 'name', { __proto__: null as never, value: text, configurable: true, enumerable: false, writable: false });
}

/** Defines properties of target that load their module when they are first read. */
export function defineLazyProperties(target: object, specifier: string, names: string[], enumerable = true): void {
  for (const name of names) {
    let value: unknown;
    let known = false;
    defineProperty(target, name, {
      __proto__: null as never,
      configurable: true,
      enumerable,
      get: assignFunctionName(name, () => {
        if (!known) {
          value = load(specifier)[name];
          known = true;
        }
        return value;
      }),
      set: assignFunctionName(name, (replacement: unknown) => {
        defineProperty(target, name, { __proto__: null as never, writable: true, enumerable: true, configurable: true, value: replacement });
      }),
    });
  }
}

/** Defines a method as Web IDL operations are: enumerable, writable, configurable. */
export function defineOperation(target: object, name: string, method: Function): void {
  defineProperty(target, name, { __proto__: null as never, writable: true, enumerable: true, configurable: true, value: method });
}

/** Defines a class as Web IDL interfaces are: writable, configurable, not enumerable. */
export function exposeInterface(target: object, name: string, value: unknown): void {
  defineProperty(target, name, { __proto__: null as never, writable: true, enumerable: false, configurable: true, value });
}

/** Sets an own property whatever the prototype has under this name. */
export function setOwnProperty(target: object, key: PropertyKey, value: unknown): void {
  defineProperty(target, key, { __proto__: null as never, configurable: true, enumerable: true, value, writable: true });
}

/** An object that is kept alive only while incRef outweighs decRef. */
export class WeakReference<T extends object> {
  #weak: WeakRef<T>;
  #strong: T | null = null;
  #count = 0;

  constructor(object: T) {
    this.#weak = new WeakRef(object);
  }

  incRef(): number {
    if (++this.#count === 1) {
      this.#strong = this.#weak.deref() ?? null;
    }
    return this.#count;
  }

  decRef(): number {
    if (--this.#count === 0) {
      this.#strong = null;
    }
    return this.#count;
  }

  get(): T | undefined {
    return this.#strong ?? this.#weak.deref();
  }
}

// -- System errors ---------------------------------------------------------------------------------------------------

function checkErrno(error: unknown): asserts error is number {
  validateNumber(error, 'err');
  if (error >= 0 || !Number.isSafeInteger(error)) {
    throw new codes.ERR_OUT_OF_RANGE('err', 'a negative integer', error);
  }
}

/** "ENOENT" for -2. */
export function getSystemErrorName(error: number): string {
  checkErrno(error);
  return systemErrorMap().get(error)?.[0] ?? `Unknown system error ${error}`;
}

/** "no such file or directory" for -2. */
export function getSystemErrorMessage(error: number): string {
  checkErrno(error);
  return systemErrorMap().get(error)?.[1] ?? `Unknown system error ${error}`;
}

/** errno -> [name, message]. */
export function getSystemErrorMap(): Map<number, [string, string]> {
  return new Map(systemErrorMap());
}

/** 128 and the signal's number, as shells report a program that a signal ended. */
export function convertProcessSignalToExitCode(signal: string): number {
  const { signals } = load('node:os').default.constants;
  validateOneOf(signal, 'signalCode', Object.keys(signals));
  return 128 + signals[signal];
}
