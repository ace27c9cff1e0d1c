// Headers. https://fetch.spec.whatwg.org/#headers-class
import { markUncloneable } from 'native:engine';
import { load } from 'internal:load';
import { ByteString, argumentCount, finishClass, illegalInvocation, pairIterator } from 'internal:web/fetch/webidl';

const { defineProperty } = Object;
const { ownKeys, getOwnPropertyDescriptor } = Reflect;
const kInspect = Symbol.for('nodejs.util.inspect.custom');
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Names and values; the key of a name is its lower case. */
export class HeadersList {
  map = new Map<string, [string, string]>();
  cookies: string[] | undefined;
  sorted: [string, string][] | undefined;

  append(name: string, value: string): void {
    const key = name.toLowerCase();
    this.sorted = undefined;
    const known = this.map.get(key);
    if (known === undefined) {
      this.map.set(key, [name, value]);
    } else {
      known[1] += `${key === 'cookie' ? '; ' : ', '}${value}`;
    }
    if (key === 'set-cookie') (this.cookies ??= []).push(value);
  }

  set(name: string, value: string): void {
    const key = name.toLowerCase();
    this.sorted = undefined;
    const known = this.map.get(key);
    if (known === undefined) {
      this.map.set(key, [name, value]);
    } else {
      known[1] = value;
    }
    if (key === 'set-cookie') this.cookies = [value];
  }

  delete(key: string): void {
    this.sorted = undefined;
    if (key === 'set-cookie') this.cookies = undefined;
    this.map.delete(key);
  }

  /** key is in lower case. */
  get(key: string): string | null {
    return this.map.get(key)?.[1] ?? null;
  }
  has(key: string): boolean {
    return this.map.has(key);
  }

  clone(): HeadersList {
    const list = new HeadersList();
    for (const [key, [name, value]] of this.map) list.map.set(key, [name, value]);
    if (this.cookies !== undefined) list.cookies = [...this.cookies];
    return list;
  }

  /** https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine */
  sortAndCombine(): [string, string][] {
    if (this.sorted === undefined) {
      const out: [string, string][] = [];
      for (const key of [...this.map.keys()].sort()) {
        if (key === 'set-cookie') {
          for (const cookie of this.cookies!) out.push([key, cookie]);
        } else {
          out.push([key, this.map.get(key)![1]]);
        }
      }
      this.sorted = out;
    }
    return this.sorted;
  }

  /** Names and values as they go out; a cookie of each set-cookie. */
  flat(): string[] {
    const out: string[] = [];
    for (const [key, [name, value]] of this.map) {
      if (key === 'set-cookie') {
        for (const cookie of this.cookies!) out.push(name, cookie);
      } else {
        out.push(name, value);
      }
    }
    return out;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** https://fetch.spec.whatwg.org/#concept-header-value-normalize */
export function normalizeValue(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value.charCodeAt(start))) start++;
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

const kNone = Symbol('none');

let listOf: (headers: any) => HeadersList;
let setState: (headers: any, list: HeadersList, immutable: boolean) => void;
let isHeaders: (value: any) => boolean;

export class Headers {
  #list: HeadersList;
  #immutable = false;

  static {
    listOf = (headers) => headers.#list;
    isHeaders = (value) => typeof value === 'object' && value !== null && #list in value;
    setState = (headers, list, immutable) => {
      headers.#list = list;
      headers.#immutable = immutable;
    };
  }

  /** @param init pairs, or an object of names and values */
  constructor(init: any = undefined) {
    markUncloneable(this);
    this.#list = new HeadersList();
    if (init === kNone || init === undefined) return;
    fill(this.#list, init, 'Headers constructor', 'Argument 1');
  }

  static #check(self: any): void {
    if (!isHeaders(self)) throw illegalInvocation();
  }

  append(name: any, value: any): void {
    Headers.#check(this);
    argumentCount(arguments.length, 2, 'Headers.append');
    name = ByteString(name, 'Headers.append', 'name');
    value = ByteString(value, 'Headers.append', 'value');
    checkAppend(name, value = normalizeValue(value), 'Headers.append');
    if (this.#immutable) throw new TypeError('immutable');
    this.#list.append(name, value);
  }

  delete(name: any): void {
    Headers.#check(this);
    argumentCount(arguments.length, 1, 'Headers.delete');
    name = validName(name, 'Headers.delete');
    if (this.#immutable) throw new TypeError('immutable');
    this.#list.delete(name.toLowerCase());
  }

  get(name: any): string | null {
    Headers.#check(this);
    argumentCount(arguments.length, 1, 'Headers.get');
    return this.#list.get(validName(name, 'Headers.get').toLowerCase());
  }

  has(name: any): boolean {
    Headers.#check(this);
    argumentCount(arguments.length, 1, 'Headers.has');
    return this.#list.has(validName(name, 'Headers.has').toLowerCase());
  }

  set(name: any, value: any): void {
    Headers.#check(this);
    argumentCount(arguments.length, 2, 'Headers.set');
    name = ByteString(name, 'Headers.set', 'name');
    value = ByteString(value, 'Headers.set', 'value');
    checkAppend(name, value = normalizeValue(value), 'Headers.set');
    if (this.#immutable) throw new TypeError('immutable');
    this.#list.set(name, value);
  }

  getSetCookie(): string[] {
    Headers.#check(this);
    return this.#list.cookies === undefined ? [] : [...this.#list.cookies];
  }

  keys(): any {
    Headers.#check(this);
    return iterators.keys(this);
  }
  values(): any {
    Headers.#check(this);
    return iterators.values(this);
  }
  entries(): any {
    Headers.#check(this);
    return iterators.entries(this);
  }

  forEach(callback: any, thisArg: any = undefined): void {
    Headers.#check(this);
    argumentCount(arguments.length, 1, 'Headers.forEach');
    if (typeof callback !== 'function') throw new TypeError("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.");
    for (let i = 0; i < this.#list.sortAndCombine().length; i++) {
      const [key, value] = this.#list.sortAndCombine()[i];
      callback.call(thisArg, value, key, this);
    }
  }

  [kInspect](depth: any, options: any): any {
    if (!isHeaders(this)) return this;
    const shown: any = {};
    for (const [name, value] of this.#list.map.values()) shown[name] = value;
    return `Headers ${load('internal:util').inspect(shown, { ...options, depth: options.depth ?? depth })}`;
  }
}

const iterators = pairIterator('Headers', (headers) => listOf(headers).sortAndCombine());
defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, enumerable: false, configurable: true });
finishClass(Headers, 'Headers', ['append', 'delete', 'get', 'has', 'set', 'getSetCookie', 'keys', 'values', 'entries', 'forEach']);

function validName(name: any, where: string): string {
  name = ByteString(name, where, 'name');
  if (!TOKEN.test(name)) throw new TypeError(`${where}: "${name}" is an invalid header name.`);
  return name;
}

function checkAppend(name: string, value: string, where: string): void {
  if (!TOKEN.test(name)) throw new TypeError(`${where}: "${name}" is an invalid header name.`);
  if (/[\0\r\n]/.test(value)) throw new TypeError(`${where}: "${value}" is an invalid header value.`);
}

function appendChecked(list: HeadersList, name: string, value: string): void {
  value = normalizeValue(value);
  checkAppend(name, value, 'Headers.append');
  list.append(name, value);
}

/** Fills a list from a HeadersInit. https://fetch.spec.whatwg.org/#concept-headers-fill */
export function fill(list: HeadersList, init: any, where: string, argument: string): void {
  if (isHeaders(init) && init[Symbol.iterator] === Headers.prototype.entries) {
    const from = listOf(init);
    for (const [name, value] of from.map.values()) {
      if (name.toLowerCase() === 'set-cookie') {
        for (const cookie of from.cookies!) list.append(name, cookie);
      } else {
        list.append(name, value);
      }
    }
    return;
  }
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
    throw new TypeError(`${where}: ${argument} could not be converted to one of: sequence<sequence<ByteString>>, record<ByteString, ByteString>.`);
  }
  const iterate = init[Symbol.iterator];
  if (typeof iterate === 'function') {
    const pairs: any[][] = [];
    let index = 0;
    for (const pair of { [Symbol.iterator]: () => iterate.call(init) }) {
      if (pair === null || (typeof pair !== 'object' && typeof pair !== 'function') || typeof pair[Symbol.iterator] !== 'function') {
        throw new TypeError(`${where}: init[${index}] (${String(pair)}) is not iterable.`);
      }
      pairs.push([...pair].map((text, i) => ByteString(text, where, `init[${index}][${i}]`)));
      index++;
    }
    for (const pair of pairs) {
      if (pair.length !== 2) throw new TypeError(`${where}: expected name/value pair to be length 2, found ${pair.length}.`);
      appendChecked(list, pair[0], pair[1]);
    }
    return;
  }
  const record: [string, string][] = [];
  for (const key of ownKeys(init)) {
    const descriptor = getOwnPropertyDescriptor(init, key);
    if (descriptor === undefined || !descriptor.enumerable) continue;
    const name = ByteString(key, where, 'init key');
    record.push([name, ByteString(init[key], where, `init["${name}"]`)]);
  }
  for (const [name, value] of record) appendChecked(list, name, value);
}

/** A Headers over a list that somebody else owns. */
export function headersOver(list: HeadersList, immutable: boolean): Headers {
  const headers = new Headers(kNone);
  setState(headers, list, immutable);
  return headers;
}

export { isHeaders, listOf };
