// Warnings about what is deprecated or experimental, each at most once.

import { load } from 'internal:load';
import { validateString } from 'internal:validators';

const warned = new Set<string>();
const experimental = new Set<string>();

function process(): any {
  return load('node:process').default;
}

/** A function that does what fn does and says msg at its first call; warnings with one code come once for all functions. */
export function deprecate(fn: any, msg: string, code?: string, options?: { modifyPrototype?: boolean }): any {
  if (code !== undefined) {
    validateString(code, 'code');
  }
  const modifyPrototype = options?.modifyPrototype ?? true;
  let done = false;
  function deprecated(this: unknown, ...args: any[]) {
    if (!done && !process().noDeprecation) {
      done = true;
      if (code === undefined) {
        process().emitWarning(msg, 'DeprecationWarning', deprecated);
      } else if (!warned.has(code)) {
        warned.add(code);
        process().emitWarning(msg, 'DeprecationWarning', code, deprecated);
      }
    }
    if (new.target) {
      return Reflect.construct(fn, args, new.target);
    }
    return Reflect.apply(fn, this, args);
  }
  if (modifyPrototype) {
    // Inspecting it shows fn's own properties, and instanceof works.
    Object.setPrototypeOf(deprecated, fn);
    if (fn.prototype) {
      deprecated.prototype = fn.prototype;
    }
  }
  Object.defineProperty(deprecated, 'length', { __proto__: null as never, ...Object.getOwnPropertyDescriptor(fn, 'length') });
  return deprecated;
}

/** "feature is an experimental feature ...", once for each feature. */
export function emitExperimentalWarning(feature: string, messagePrefix?: string, code?: string, ctor?: Function): void {
  if (experimental.has(feature)) {
    return;
  }
  experimental.add(feature);
  let text = `${feature} is an experimental feature and might change at any time`;
  if (messagePrefix) {
    text = messagePrefix + text;
  }
  process().emitWarning(text, 'ExperimentalWarning', code, ctor);
}
