// Deep equality as assert and util.isDeepStrictEqual have it: loose (==), strict, and partial (the expected value may leave out parts).
// https://nodejs.org/docs/latest-v24.x/api/assert.html#comparison-details

import { getOwnNonIndexProperties } from 'native:engine';
import { load } from 'internal:load';
import * as types from 'internal:util/types';

const { getOwnPropertySymbols, getPrototypeOf, hasOwn, is, keys: enumerableKeys } = Object;
const { isArray } = Array;
const uncurry = Function.prototype.bind.bind(Function.prototype.call) as <F>(fn: F) => (self: any, ...args: any[]) => any;
const propertyIsEnumerable = uncurry(Object.prototype.propertyIsEnumerable);
const tagText = uncurry(Object.prototype.toString);
const dateTime = uncurry(Date.prototype.getTime);
const isPrototypeOf = uncurry(Object.prototype.isPrototypeOf);
const typedArrayTag = uncurry(Object.getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get);
const numberValue = uncurry(Number.prototype.valueOf);
const stringValue = uncurry(String.prototype.valueOf);
const booleanValue = uncurry(Boolean.prototype.valueOf);
const bigintValue = uncurry(BigInt.prototype.valueOf);
const symbolValue = uncurry(Symbol.prototype.valueOf);

const LOOSE = 0;
const STRICT = 1;
const PARTIAL = 2;
type Mode = 0 | 1 | 2;

const keyOf = (key: any): any => load('internal:crypto/keys').KeyObject.from(key);

// What an object holds beside its named properties.
const NOTHING = 0;
const ELEMENTS = 1;
const SET = 2;
const MAP = 3;

const ENUMERABLE = 2;

// A URL by what it has; the legacy url.parse() gives auth and path besides.
function isURL(value: any): boolean {
  return Boolean(value.href && value.protocol && value.auth === undefined && value.path === undefined);
}

class Comparison {
  mode: Mode;
  skipPrototype: boolean;
  // What is being compared further up, in pairs.
  open: any[] = [];

  constructor(mode: Mode, skipPrototype: boolean) {
    this.mode = mode;
    this.skipPrototype = skipPrototype;
  }

  // a is the actual, b the expected value.
  equal(a: any, b: any): boolean {
    const { mode } = this;
    if (a === b) {
      return a !== 0 || mode === LOOSE || is(a, b);
    }
    if (mode !== LOOSE) {
      if (typeof a !== 'object') {
        return typeof a === 'number' && a !== a && b !== b;
      }
      if (typeof b !== 'object' || a === null || b === null) {
        return false;
      }
      if (mode === STRICT && !this.skipPrototype && getPrototypeOf(a) !== getPrototypeOf(b)) {
        return false;
      }
    } else {
      if (a === null || typeof a !== 'object') {
        return (b === null || typeof b !== 'object') && (a == b || (a !== a && b !== b));
      }
      if (b === null || typeof b !== 'object') {
        return false;
      }
    }
    return this.objects(a, b);
  }

  objects(a: any, b: any): boolean {
    const { mode } = this;
    const tag = tagText(a);
    if (tag !== tagText(b)) {
      return false;
    }
    // The usual case, before a dozen questions to the engine.
    if (tag === '[object Object]' && !isPrototypeOf(Error.prototype, a)) {
      return this.properties(a, b, NOTHING);
    }
    if (isArray(a)) {
      if (!isArray(b) || (mode === PARTIAL ? a.length < b.length : a.length !== b.length)) {
        return false;
      }
      return this.properties(a, b, ELEMENTS, nonIndexKeys(a, mode), nonIndexKeys(b, mode));
    }
    if (isArray(b)) {
      return false;
    }
    if (types.isSet(a)) {
      if (!types.isSet(b) || (mode === PARTIAL ? a.size < b.size : a.size !== b.size)) {
        return false;
      }
      return this.properties(a, b, SET);
    }
    if (types.isMap(a)) {
      if (!types.isMap(b) || (mode === PARTIAL ? a.size < b.size : a.size !== b.size)) {
        return false;
      }
      return this.properties(a, b, MAP);
    }
    if (types.isArrayBufferView(a)) {
      if (!types.isArrayBufferView(b) || typedArrayTag(a) !== typedArrayTag(b) || !this.views(a, b)) {
        return false;
      }
      if (types.isDataView(a)) {
        return this.properties(a, b, NOTHING);
      }
      return this.properties(a, b, NOTHING, nonIndexKeys(a, mode), nonIndexKeys(b, mode));
    }
    if (types.isDate(a)) {
      if (!types.isDate(b)) {
        return false;
      }
      const first = dateTime(a);
      const second = dateTime(b);
      if (first !== second && !(first !== first && second !== second)) {
        return false;
      }
    } else if (types.isRegExp(a)) {
      if (!types.isRegExp(b)) {
        return false;
      }
      const first = a as RegExp;
      const second = b as RegExp;
      if (first.source !== second.source || first.flags !== second.flags || first.lastIndex !== second.lastIndex) {
        return false;
      }
    } else if (isError(a)) {
      if (!isError(b) || !this.errors(a, b)) {
        return false;
      }
    } else if (types.isAnyArrayBuffer(a)) {
      if (!types.isAnyArrayBuffer(b) || types.isArrayBuffer(a) !== types.isArrayBuffer(b) ||
          !this.bytes(new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer))) {
        return false;
      }
    } else if (types.isBoxedPrimitive(a)) {
      if (!sameBox(a, b)) {
        return false;
      }
    } else if (types.isArrayBufferView(b) || types.isSet(b) || types.isMap(b) || types.isDate(b) || types.isRegExp(b) || types.isAnyArrayBuffer(b) ||
        types.isBoxedPrimitive(b) || isError(b)) {
      return false;
    } else if (types.isWeakMap(a) || types.isWeakSet(a) || types.isPromise(a)) {
      // Nobody can see what they hold.
      return false;
    } else if (types.isKeyObject(a)) {
      if (!types.isKeyObject(b) || !a.equals(b)) {
        return false;
      }
    } else if (types.isCryptoKey(a)) {
      return types.isCryptoKey(b) && a.type === b.type && a.extractable === b.extractable && this.equal(a.algorithm, b.algorithm) && this.equal([...a.usages], [...b.usages]) &&
        keyOf(a).equals(keyOf(b));
    } else if (isURL(a)) {
      if (!isURL(b) || a.href !== b.href) {
        return false;
      }
    }
    return this.properties(a, b, NOTHING);
  }

  // name, message, cause and errors count though they aren't enumerable; the stack doesn't.
  errors(a: any, b: any): boolean {
    for (const key of ['message', 'name', 'cause', 'errors']) {
      if (this.mode === PARTIAL && key !== 'name' && !hasOwn(b, key)) {
        continue;
      }
      const hidden = (object: any) => hasOwn(object, key) && !propertyIsEnumerable(object, key);
      if (key === 'cause' || key === 'errors') {
        if (hidden(a) !== hidden(b)) {
          return false;
        }
        if (hidden(a) && !this.equal(a[key], b[key])) {
          return false;
        }
      } else if ((!propertyIsEnumerable(a, key) || !propertyIsEnumerable(b, key)) && !this.equal(a[key], b[key])) {
        return false;
      }
    }
    return true;
  }

  views(a: any, b: any): boolean {
    if (this.mode === PARTIAL) {
      if (types.isDataView(a)) {
        return this.bytes(bytesOf(a), bytesOf(b));
      }
      return isSubsequence(a, b);
    }
    if (a.byteLength !== b.byteLength) {
      return false;
    }
    // Loosely, 0 equals -0.
    if (this.mode === LOOSE && (types.isFloat32Array(a) || types.isFloat64Array(a) || types.isFloat16Array(a))) {
      for (let i = 0; i < a.length; i++) {
        if (a[i] !== b[i]) {
          return false;
        }
      }
      return true;
    }
    return this.bytes(bytesOf(a), bytesOf(b));
  }

  bytes(a: Uint8Array, b: Uint8Array): boolean {
    if (this.mode === PARTIAL) {
      return isSubsequence(a, b);
    }
    if (a.length !== b.length) {
      return false;
    }
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i]) {
        return false;
      }
    }
    return true;
  }

  properties(a: any, b: any, contents: number, aKeys?: PropertyKey[], bKeys?: PropertyKey[]): boolean {
    const { mode } = this;
    aKeys ??= enumerableKeys(a);
    bKeys ??= enumerableKeys(b);
    if (mode !== PARTIAL && aKeys.length !== bKeys.length) {
      return false;
    }
    for (const key of bKeys) {
      if (!propertyIsEnumerable(a, key)) {
        return false;
      }
    }
    // Elements' keys hold the symbols already.
    if (mode !== LOOSE && contents !== ELEMENTS) {
      const symbols = getOwnPropertySymbols(b).filter((symbol) => propertyIsEnumerable(b, symbol));
      if (mode === STRICT && getOwnPropertySymbols(a).filter((symbol) => propertyIsEnumerable(a, symbol)).length !== symbols.length) {
        return false;
      }
      if (symbols.length > 0) {
        for (const symbol of symbols) {
          if (!propertyIsEnumerable(a, symbol)) {
            return false;
          }
        }
        bKeys = bKeys.concat(symbols.filter((symbol) => !bKeys!.includes(symbol)));
      }
    }
    if (bKeys.length === 0 && (contents === NOTHING || (contents === ELEMENTS && b.length === 0) || (contents > ELEMENTS && b.size === 0))) {
      return true;
    }
    // Objects that are being compared further up: a cycle on one side needs one on the other.
    const { open } = this;
    if (open.length > 0) {
      const hasA = open.includes(a);
      const hasB = open.includes(b);
      if (hasA || hasB) {
        return hasA && hasB;
      }
    }
    open.push(a, b);
    const result = this.contents(a, b, contents) && bKeys.every((key) => this.equal(a[key], b[key]));
    open.length -= 2;
    return result;
  }

  contents(a: any, b: any, contents: number): boolean {
    switch (contents) {
      case ELEMENTS:
        return this.mode === PARTIAL ? this.someElements(a, b) : this.elements(a, b);
      case SET:
        return this.sets(a, b);
      case MAP:
        return this.maps(a, b);
      default:
        return true;
    }
  }

  elements(a: any[], b: any[]): boolean {
    for (let i = 0; i < b.length; i++) {
      const first = a[i];
      const second = b[i];
      if (first === undefined || second === undefined) {
        // A hole isn't an undefined element.
        const hole = !hasOwn(b, i);
        if (hole === hasOwn(a, i)) {
          return false;
        }
        if (hole) {
          return this.sparse(a, b, i);
        }
      }
      if (!this.equal(first, second)) {
        return false;
      }
    }
    return true;
  }

  // From the first hole on only the elements that are there are visited: there may be billions that aren't.
  sparse(a: any[], b: any[], from: number): boolean {
    const aKeys = indexes(a, from);
    const bKeys = indexes(b, from);
    if (aKeys.length !== bKeys.length) {
      return false;
    }
    for (let i = 0; i < bKeys.length; i++) {
      if (aKeys[i] !== bKeys[i] || !this.equal(a[aKeys[i] as any], b[bKeys[i] as any])) {
        return false;
      }
    }
    return true;
  }

  // Every expected element occurs, in the same order. Holes are nothing to look for.
  someElements(a: any[], b: any[]): boolean {
    let at = 0;
    for (let i = 0; i < b.length; i++) {
      const wanted = b[i];
      if (wanted === undefined && !hasOwn(b, i)) {
        return this.someSparse(a, at, b, i);
      }
      for (;; at++) {
        if (at >= a.length) {
          return false;
        }
        const found = a[at];
        if (found === undefined && !hasOwn(a, at)) {
          return this.someSparse(a, at, b, i);
        }
        if (this.equal(found, wanted)) {
          at++;
          break;
        }
      }
    }
    return true;
  }

  someSparse(a: any[], aFrom: number, b: any[], bFrom: number): boolean {
    const aKeys = indexes(a, aFrom);
    const bKeys = indexes(b, bFrom);
    let at = 0;
    for (let i = 0; i < bKeys.length; i++, at++) {
      if (bKeys.length - i > aKeys.length - at) {
        return false;
      }
      while (at < aKeys.length && !this.equal(a[aKeys[at] as any], b[bKeys[i] as any])) {
        at++;
      }
      if (at === aKeys.length) {
        return false;
      }
    }
    return true;
  }

  sets(a: Set<any>, b: Set<any>): boolean {
    let unmatched: any[] | undefined;
    for (const value of b) {
      if (a.has(value)) {
        continue;
      }
      if ((typeof value !== 'object' || value === null) && (this.mode !== LOOSE || !mayEqualLoosely(value))) {
        return false;
      }
      (unmatched ??= []).push(value);
    }
    if (unmatched === undefined) {
      return true;
    }
    // What isn't in both as it is must find a partner among the others.
    const free: any[] = [];
    for (const value of a) {
      if (!b.has(value)) {
        if (this.mode === STRICT && (typeof value !== 'object' || value === null)) {
          return false;
        }
        free.push(value);
      }
    }
    for (let i = 0; i < unmatched.length; i++) {
      const at = free.findIndex((value) => this.equal(value, unmatched[i]));
      if (at === -1) {
        return false;
      }
      free.splice(at, 1);
    }
    return true;
  }

  maps(a: Map<any, any>, b: Map<any, any>): boolean {
    let unmatched: [any, any][] | undefined;
    for (const [key, value] of b) {
      if (typeof key === 'object' && key !== null) {
        if (a.has(key) && this.equal(a.get(key), value)) {
          continue;
        }
        (unmatched ??= []).push([key, value]);
        continue;
      }
      const other = a.get(key);
      if ((other !== undefined || a.has(key)) && this.equal(other, value)) {
        continue;
      }
      if (this.mode !== LOOSE || !mayEqualLoosely(key)) {
        return false;
      }
      (unmatched ??= []).push([key, value]);
    }
    if (unmatched === undefined) {
      return true;
    }
    const free: [any, any][] = [];
    for (const entry of a) {
      const [key] = entry;
      if (typeof key === 'object' && key !== null) {
        if (!(b.has(key) && this.equal(entry[1], b.get(key)))) {
          free.push(entry);
        }
      } else if (this.mode === LOOSE && !(b.has(key) && this.equal(entry[1], b.get(key)))) {
        free.push(entry);
      }
    }
    for (const [key, value] of unmatched) {
      const at = free.findIndex((entry) => this.equal(entry[0], key) && this.equal(entry[1], value));
      if (at === -1) {
        return false;
      }
      free.splice(at, 1);
    }
    return true;
  }
}

// The indexes of a sparse array's elements, from one on.
function indexes(array: any[], from: number): string[] {
  const keys = enumerableKeys(array);
  let start = 0;
  while (start < keys.length && Number(keys[start]) < from) {
    start++;
  }
  let end = start;
  while (end < keys.length && isIndex(keys[end])) {
    end++;
  }
  return keys.slice(start, end);
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9][0-9]*)$/.test(key) && Number(key) < 2 ** 32 - 1;
}

// Whether == may find value equal to something else than itself.
function mayEqualLoosely(value: any): boolean {
  switch (typeof value) {
    case 'undefined':
      return true;
    case 'object':
      return true;
    case 'symbol':
      return false;
    case 'string':
      return !Number.isNaN(+value);
    case 'number':
      return value === value;
    default:
      return true;
  }
}

function isSubsequence(a: ArrayLike<any>, b: ArrayLike<any>): boolean {
  if (b.length > a.length) {
    return false;
  }
  let at = 0;
  for (let i = 0; i < b.length; i++, at++) {
    while (at < a.length && !is(a[at], b[i])) {
      at++;
    }
    if (at >= a.length) {
      return false;
    }
  }
  return true;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

function isError(value: any): boolean {
  return types.isNativeError(value) || isPrototypeOf(Error.prototype, value);
}

function nonIndexKeys(value: object, mode: Mode): PropertyKey[] {
  const keys: PropertyKey[] = getOwnNonIndexProperties(value, ENUMERABLE);
  return mode === LOOSE ? keys.filter((key) => typeof key !== 'symbol') : keys;
}

function sameBox(a: any, b: any): boolean {
  if (types.isNumberObject(a)) {
    return types.isNumberObject(b) && is(numberValue(a), numberValue(b));
  }
  if (types.isStringObject(a)) {
    return types.isStringObject(b) && stringValue(a) === stringValue(b);
  }
  if (types.isBooleanObject(a)) {
    return types.isBooleanObject(b) && booleanValue(a) === booleanValue(b);
  }
  if (types.isBigIntObject(a)) {
    return types.isBigIntObject(b) && bigintValue(a) === bigintValue(b);
  }
  return types.isSymbolObject(b) && symbolValue(a) === symbolValue(b);
}

/** Loosely equal (==), deeply. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  return new Comparison(LOOSE, false).equal(a, b);
}

/** Strictly equal, deeply; the prototypes too, unless skipPrototype. */
export function isDeepStrictEqual(a: unknown, b: unknown, skipPrototype = false): boolean {
  return new Comparison(STRICT, skipPrototype).equal(a, b);
}

/** Whether actual has all that expected has. */
export function isPartialStrictEqual(actual: unknown, expected: unknown): boolean {
  return new Comparison(PARTIAL, false).equal(actual, expected);
}
