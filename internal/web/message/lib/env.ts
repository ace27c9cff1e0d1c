// process.env inside a value that is cloned: it is a proxy, which V8 refuses, and is cloned as the plain object that it looks like.
import { isEnv } from 'internal:process/env';

const { getPrototypeOf, keys } = Object;
const plain = Object.prototype;
const { isArray } = Array;

/** The value with copies in place of process.env and of the plain objects and arrays that hold it; the value itself when it isn't there. */
export function withoutEnv(value: any): any {
  return holds(value, new Set()) ? copy(value, new Map()) : value;
}

// Getters are not called: V8 has called them, and would again.
function isPlain(value: any): boolean {
  return typeof value === 'object' && value !== null && (isArray(value) || getPrototypeOf(value) === plain || getPrototypeOf(value) === null);
}

function holds(value: any, seen: Set<any>): boolean {
  if (isEnv(value)) {
    return true;
  }
  if (!isPlain(value) || seen.has(value)) {
    return false;
  }
  seen.add(value);
  return keys(value).some((key) => holds(value[key], seen));
}

function copy(value: any, done: Map<any, any>): any {
  if (isEnv(value)) {
    return { ...value };
  }
  if (!isPlain(value)) {
    return value;
  }
  let out = done.get(value);
  if (out === undefined) {
    out = isArray(value) ? new Array(value.length) : {};
    done.set(value, out);
    for (const key of keys(value)) {
      out[key] = copy(value[key], done);
    }
  }
  return out;
}
