// internal:url: the classes URL and URLSearchParams, and the functions of node:url that go with them.
// https://url.spec.whatwg.org/#api, https://nodejs.org/docs/latest-v24.x/api/url.html

import { codes } from 'internal:errors';
import { validateFunction, validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';
import { posix, win32 } from 'internal:path';
import { encodeString, unescapedTable } from 'internal:querystring';
import {
  Parts, hostOf, hostnameOf, originOf, parse, passwordOf, pathnameOf, percentDecode, protocolOf, queryOf, usernameOf, withHash,
  withHost, withPassword, withPathname, withPort, withProtocol, withQuery, withSearch, withUsername,
} from 'internal:url/parser';
import { toWellFormed } from 'native:engine';
import { domainToUnicode as idnaToUnicode } from 'native:url';

const {
  ERR_ARG_NOT_ITERABLE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_FILE_URL_HOST, ERR_INVALID_FILE_URL_PATH,
  ERR_INVALID_THIS, ERR_INVALID_TUPLE, ERR_INVALID_URL_SCHEME, ERR_MISSING_ARGS,
} = codes;
const { defineProperties, defineProperty, getPrototypeOf, setPrototypeOf } = Object;
const { ownKeys } = Reflect;
const decodeComponent = decodeURIComponent;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));

function usv(value: any): string {
  const text = `${value}`;
  return text.isWellFormed() ? text : toWellFormed(text);
}

// --- application/x-www-form-urlencoded -------------------------------------------------------------------------------

const formUnescaped = unescapedTable('*-._');

function decodeForm(text: string): string {
  if (text.includes('+')) text = text.replaceAll('+', ' ');
  if (!text.includes('%')) return text;
  try {
    return decodeComponent(text);
  } catch {
    return percentDecode(text);
  }
}

function encodeForm(text: string): string {
  const encoded = encodeString(text, formUnescaped);
  return encoded.includes('%20') ? encoded.replaceAll('%20', '+') : encoded;
}

/** Names and values, alternating. */
function parseForm(query: string): string[] {
  const list: string[] = [];
  for (let start = 0; start < query.length;) {
    let end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    if (end > start) {
      const pair = query.slice(start, end);
      const equals = pair.indexOf('=');
      if (equals === -1) list.push(decodeForm(pair), '');
      else list.push(decodeForm(pair.slice(0, equals)), decodeForm(pair.slice(equals + 1)));
    }
    start = end + 1;
  }
  return list;
}

function serializeForm(list: string[]): string {
  let out = '';
  for (let i = 0; i < list.length; i += 2) {
    if (i > 0) out += '&';
    out += `${encodeForm(list[i])}=${encodeForm(list[i + 1])}`;
  }
  return out;
}

// --- URLSearchParams -------------------------------------------------------------------------------------------------

let listOf: (params: any) => string[];
let isParams: (value: any) => boolean;
let attach: (params: any, url: any, list: string[]) => void;
let replaceList: (params: any, list: string[]) => void;
let updateQuery: (url: any, list: string[]) => void;

function needParams(value: any): void {
  if (typeof value !== 'object' || value === null || !isParams(value)) throw new ERR_INVALID_THIS('URLSearchParams');
}

function pairsOf(init: any): string[] {
  const method = init[Symbol.iterator];
  const list: string[] = [];
  if (method === undefined || method === null) {
    for (const key of ownKeys(init)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      const name = usv(key);
      const value = usv(init[key]);
      // Keys that were different can become the same name: the last one wins.
      let at = 0;
      while (at < list.length && list[at] !== name) at += 2;
      if (at < list.length) list[at + 1] = value;
      else list.push(name, value);
    }
    return list;
  }
  if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
  for (const pair of init) {
    if (pair === null || pair === undefined || (typeof pair !== 'object' && typeof pair !== 'function') ||
      typeof pair[Symbol.iterator] !== 'function') {
      throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    }
    const items = [];
    for (const item of pair) items.push(usv(item));
    if (items.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    list.push(items[0], items[1]);
  }
  return list;
}

export class URLSearchParams {
  #list: string[] = [];
  #url: any = undefined;

  static {
    listOf = (params) => params.#list;
    isParams = (value) => #list in value;
    attach = (params, url, list) => {
      params.#url = url;
      params.#list = list;
    };
    replaceList = (params, list) => {
      params.#list = list;
    };
  }

  /** @param init a query with or without '?', an object, or an iterable of pairs */
  constructor(init: any = undefined) {
    if (init === undefined || init === null) return;
    if ((typeof init === 'object' || typeof init === 'function') && init !== null) {
      if (typeof init === 'object' && #list in init && init[Symbol.iterator] === entries) this.#list = init.#list.slice();
      else this.#list = pairsOf(init);
    } else {
      const text = usv(init);
      this.#list = parseForm(text.charCodeAt(0) === 63 ? text.slice(1) : text);
    }
  }

  #changed(): void {
    if (this.#url !== undefined) updateQuery(this.#url, this.#list);
  }

  get size(): number {
    needParams(this);
    return this.#list.length / 2;
  }

  append(name: any, value: any): void {
    needParams(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    this.#list.push(usv(name), usv(value));
    this.#changed();
  }

  delete(name: any, value: any = undefined): void {
    needParams(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = usv(name);
    if (value !== undefined) value = usv(value);
    const list = this.#list;
    for (let i = 0; i < list.length;) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) list.splice(i, 2);
      else i += 2;
    }
    this.#changed();
  }

  get(name: any): string | null {
    needParams(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = usv(name);
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) return list[i + 1];
    }
    return null;
  }

  getAll(name: any): string[] {
    needParams(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = usv(name);
    const list = this.#list;
    const values: string[] = [];
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) values.push(list[i + 1]);
    }
    return values;
  }

  has(name: any, value: any = undefined): boolean {
    needParams(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = usv(name);
    if (value !== undefined) value = usv(value);
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) return true;
    }
    return false;
  }

  set(name: any, value: any): void {
    needParams(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    name = usv(name);
    value = usv(value);
    const list = this.#list;
    let found = false;
    for (let i = 0; i < list.length;) {
      if (list[i] !== name) {
        i += 2;
      } else if (!found) {
        list[i + 1] = value;
        found = true;
        i += 2;
      } else {
        list.splice(i, 2);
      }
    }
    if (!found) list.push(name, value);
    this.#changed();
  }

  /** Sorts by name, in UTF-16 units; pairs of one name keep their order. */
  sort(): void {
    needParams(this);
    const list = this.#list;
    const order: number[] = [];
    for (let i = 0; i < list.length; i += 2) order.push(i);
    order.sort((a, b) => list[a] < list[b] ? -1 : list[a] > list[b] ? 1 : a - b);
    const sorted: string[] = [];
    for (const i of order) sorted.push(list[i], list[i + 1]);
    this.#list = sorted;
    this.#changed();
  }

  entries(): any {
    needParams(this);
    return new URLSearchParamsIterator(this, 'entries');
  }

  forEach(callback: any, thisArg: any = undefined): void {
    needParams(this);
    validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i += 2) {
      callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
    }
  }

  keys(): any {
    needParams(this);
    return new URLSearchParamsIterator(this, 'keys');
  }

  values(): any {
    needParams(this);
    return new URLSearchParamsIterator(this, 'values');
  }

  toString(): string {
    needParams(this);
    return serializeForm(this.#list);
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    needParams(this);
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    inspect ??= load('internal:util').inspect;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    const shown: string[] = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      shown.push(`${inspect(this.#list[i], inner)} => ${inspect(this.#list[i + 1], inner)}`);
    }
    return bracketed('URLSearchParams', shown, options);
  }
}

// On one line when it fits, as util.inspect lays out what it prints.
function bracketed(name: string, shown: string[], options: any): string {
  if (shown.length === 0) return `${name} {}`;
  let length = 0;
  for (const text of shown) length += text.replace(/\x1b\[\d+m/g, '').length + 2;
  if (length - 2 > options.breakLength) return `${name} {\n  ${shown.join(',\n  ')} }`;
  return `${name} { ${shown.join(', ')} }`;
}

// What util.inspect with showHidden prints of a URL's insides.
class URLContext {
  [key: string]: any;

  constructor(parts: Parts) {
    const protocol = protocolOf(parts);
    this.href = parts.href;
    this.protocol_end = parts.schemeEnd;
    this.username_end = parts.usernameEnd;
    this.host_start = parts.authority && parts.href[parts.hostStart - 1] === '@' ? parts.hostStart - 1 : parts.hostStart;
    this.host_end = parts.hostEnd;
    this.pathname_start = parts.pathStart;
    this.search_start = parts.queryStart >>> 0;
    this.hash_start = parts.hashStart >>> 0;
    this.port = parts.port >>> 0;
    this.scheme_type = ['http:', '', 'https:', 'ws:', 'ftp:', 'wss:', 'file:'].indexOf(protocol);
    if (this.scheme_type === -1) this.scheme_type = 1;
  }

  get hasPort(): boolean {
    return this.port !== 0xffffffff;
  }

  get hasSearch(): boolean {
    return this.search_start !== 0xffffffff;
  }

  get hasHash(): boolean {
    return this.hash_start !== 0xffffffff;
  }
}

const entries = URLSearchParams.prototype.entries;
const enumerable = { enumerable: true };

class URLSearchParamsIterator {
  #target: any;
  #kind: string;
  #index = 0;

  constructor(target: any, kind: string) {
    this.#target = target;
    this.#kind = kind;
  }

  next(): any {
    if (typeof this !== 'object' || this === null || !(#target in this)) throw new ERR_INVALID_THIS('URLSearchParamsIterator');
    const list = listOf(this.#target);
    const i = this.#index;
    if (i >= list.length) return { value: undefined, done: true };
    this.#index = i + 2;
    const value = this.#kind === 'keys' ? list[i] : this.#kind === 'values' ? list[i + 1] : [list[i], list[i + 1]];
    return { value, done: false };
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    if (this == null || typeof this !== 'object' || !(#target in this)) throw new ERR_INVALID_THIS('URLSearchParamsIterator');
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    inspect ??= load('internal:util').inspect;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    const list = listOf(this.#target).slice(this.#index);
    const shown: string[] = [];
    for (let i = 0; i < list.length; i += 2) {
      shown.push(inspect(this.#kind === 'keys' ? list[i] : this.#kind === 'values' ? list[i + 1] : [list[i], list[i + 1]], inner));
    }
    const name = 'URLSearchParams Iterator';
    return shown.length === 0 ? `${name} {  }` : bracketed(name, shown, options);
  }
}

delete (URLSearchParamsIterator.prototype as any).constructor;
setPrototypeOf(URLSearchParamsIterator.prototype, IteratorPrototype);
defineProperties(URLSearchParamsIterator.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'URLSearchParams Iterator' },
  next: enumerable,
});
defineProperties(URLSearchParams.prototype, {
  append: enumerable, delete: enumerable, get: enumerable, getAll: enumerable, has: enumerable, set: enumerable, sort: enumerable,
  entries: enumerable, forEach: enumerable, keys: enumerable, values: enumerable, toString: enumerable, size: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'URLSearchParams' },
  [Symbol.iterator]: { configurable: true, writable: true, value: entries },
});

// --- URL -------------------------------------------------------------------------------------------------------------

const kReady = Symbol('ready');

let partsOf: (url: any) => Parts;
let isContextOf: (value: any) => boolean;

function invalidURL(input: string, base?: string): Error {
  const error: any = new TypeError('Invalid URL');
  error.code = 'ERR_INVALID_URL';
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

function wrongReceiver(): Error {
  return new TypeError('Receiver must be an instance of class URL');
}

function parseOrThrow(input: string, base: any): Parts {
  let baseParts: Parts | undefined;
  if (base !== undefined) {
    const parsed = parseBase(base);
    if (parsed === null) throw invalidURL(input, base);
    baseParts = parsed;
  }
  const parts = parse(input, baseParts);
  if (parts === null) throw invalidURL(input, base);
  return parts;
}

// Programs resolve against the same base again and again.
let lastBase = '';
let lastBaseParts: Parts | null = null;

function parseBase(base: string): Parts | null {
  if (base === lastBase && lastBaseParts !== null) return lastBaseParts;
  lastBase = base;
  lastBaseParts = parse(base);
  return lastBaseParts;
}

export class URL {
  #parts: Parts;
  #searchParams: any = undefined;

  static {
    partsOf = (url) => url.#parts;
    isContextOf = (value) => #parts in value;
    updateQuery = (url, list) => {
      url.#parts = withQuery(url.#parts, list.length === 0 ? null : serializeForm(list));
    };
  }

  /**
   * @param input absolute, or relative to `base`
   * @throws ERR_INVALID_URL
   */
  constructor(input: any, base: any = undefined) {
    if (input === kReady) {
      this.#parts = base;
      return;
    }
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    input = `${input}`;
    if (base !== undefined) base = `${base}`;
    this.#parts = parseOrThrow(input, base);
  }

  static parse(input: any, base: any = undefined): URL | null {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    const parts = tryParse(`${input}`, base === undefined ? undefined : `${base}`);
    return parts === null ? null : new URL(kReady, parts);
  }

  static canParse(url: any, base: any = undefined): boolean {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    return tryParse(`${url}`, base === undefined ? undefined : `${base}`) !== null;
  }

  static createObjectURL(obj: any): string {
    return load('internal:web/blob').createObjectURL(obj);
  }

  static revokeObjectURL(url: any): void {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    load('internal:web/blob').revokeObjectURL(`${url}`);
  }

  #refresh(): void {
    if (this.#searchParams === undefined) return;
    const query = queryOf(this.#parts);
    replaceList(this.#searchParams, query === null ? [] : parseForm(query.slice(1)));
  }

  [inspectCustom](depth: any, options: any, inspect: any): any {
    if (this == null || getPrototypeOf(this.#parts) !== Parts.prototype) throw new ERR_INVALID_THIS('URL');
    if (typeof depth === 'number' && depth < 0) return this;
    inspect ??= load('internal:util').inspect;
    const shown: any = {
      href: this.href, origin: this.origin, protocol: this.protocol, username: this.username, password: this.password,
      host: this.host, hostname: this.hostname, port: this.port, pathname: this.pathname, search: this.search,
      searchParams: this.searchParams, hash: this.hash,
    };
    if (options.showHidden) shown[Symbol('context')] = new URLContext(this.#parts);
    const name = getPrototypeOf(this) === null ? 'URL' : this.constructor.name;
    return `${name} ${inspect(shown, options)}`;
  }

  toString(): string {
    if (!(#parts in this)) throw wrongReceiver();
    return this.#parts.href;
  }

  get href(): string {
    if (!(#parts in this)) throw wrongReceiver();
    return this.#parts.href;
  }

  set href(value: any) {
    void this.#parts; // a wrong receiver is reported before a wrong value
    value = `${value}`;
    const parts = parse(value);
    if (parts === null) throw invalidURL(value);
    this.#parts = parts;
    this.#refresh();
  }

  get origin(): string {
    return originOf(this.#parts);
  }

  get protocol(): string {
    return protocolOf(this.#parts);
  }

  set protocol(value: any) {
    this.#parts = withProtocol(this.#parts, `${value}`);
  }

  get username(): string {
    return usernameOf(this.#parts);
  }

  set username(value: any) {
    this.#parts = withUsername(this.#parts, `${value}`);
  }

  get password(): string {
    return passwordOf(this.#parts);
  }

  set password(value: any) {
    this.#parts = withPassword(this.#parts, `${value}`);
  }

  get host(): string {
    return hostOf(this.#parts);
  }

  set host(value: any) {
    this.#parts = withHost(this.#parts, `${value}`, false);
  }

  get hostname(): string {
    return hostnameOf(this.#parts);
  }

  set hostname(value: any) {
    this.#parts = withHost(this.#parts, `${value}`, true);
  }

  get port(): string {
    const { port } = this.#parts;
    return port === -1 ? '' : `${port}`;
  }

  set port(value: any) {
    this.#parts = withPort(this.#parts, `${value}`);
  }

  get pathname(): string {
    return pathnameOf(this.#parts);
  }

  set pathname(value: any) {
    this.#parts = withPathname(this.#parts, `${value}`);
  }

  get search(): string {
    if (!(#parts in this)) throw wrongReceiver();
    const query = queryOf(this.#parts);
    return query === null || query.length === 1 ? '' : query;
  }

  set search(value: any) {
    this.#parts = withSearch(this.#parts, usv(value));
    this.#refresh();
  }

  get searchParams(): URLSearchParams {
    if (this.#searchParams === undefined) {
      const params = new URLSearchParams();
      const query = queryOf(this.#parts);
      attach(params, this, query === null ? [] : parseForm(query.slice(1)));
      this.#searchParams = params;
    }
    return this.#searchParams;
  }

  get hash(): string {
    const { href, hashStart } = this.#parts;
    return hashStart === -1 || hashStart === href.length - 1 ? '' : href.slice(hashStart);
  }

  set hash(value: any) {
    this.#parts = withHash(this.#parts, usv(value));
  }

  toJSON(): string {
    if (!(#parts in this)) throw wrongReceiver();
    return this.#parts.href;
  }
}

defineProperties(URL.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'URL' },
  toString: enumerable, href: enumerable, origin: enumerable, protocol: enumerable, username: enumerable, password: enumerable,
  host: enumerable, hostname: enumerable, port: enumerable, pathname: enumerable, search: enumerable, searchParams: enumerable,
  hash: enumerable, toJSON: enumerable,
});
defineProperties(URL, {
  parse: { configurable: true, writable: true, enumerable: true },
  canParse: { configurable: true, writable: true, enumerable: true },
  createObjectURL: enumerable,
  revokeObjectURL: enumerable,
});

function tryParse(input: string, base: string | undefined): Parts | null {
  if (base === undefined) return parse(input);
  const baseParts = parseBase(base);
  return baseParts === null ? null : parse(input, baseParts);
}

/** Whether a value is a URL by its looks, as Node tells: URLs of other implementations count. */
export function isURL(value: any): boolean {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

/** Whether a value is an instance of this very class. */
export function isURLInstance(value: any): boolean {
  return typeof value === 'object' && value !== null && isContextOf(value);
}

// --- files -----------------------------------------------------------------------------------------------------------

/** The path of a file: URL. */
export function fileURLToPath(path: any, options: any = undefined): string {
  const url = fileURL(path);
  return options?.windows ? windowsPath(url) : posixPath(url);
}

/** Like fileURLToPath, but the bytes: escapes that are not UTF-8 survive. */
export function fileURLToPathBuffer(path: any, options: any = undefined): any {
  const url = fileURL(path);
  if (options?.windows) return windowsBytes(url);
  checkPosix(url);
  return percentDecodeBytes(url.pathname);
}

function percentDecodeBytes(text: string): any {
  return load('internal:querystring').querystring.unescapeBuffer(text);
}

function fileURL(path: any): any {
  if (typeof path === 'string') path = new URL(path);
  else if (!isURL(path)) throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  if (path.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  return path;
}

function checkPosix(url: any): void {
  if (url.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST(load('node:process').default.platform);
  if (/%2f/i.test(url.pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters', url);
  }
}

function posixPath(url: any): string {
  const { pathname } = url;
  if (url.hostname !== '') checkPosix(url);
  if (!pathname.includes('%')) return pathname;
  checkPosix(url);
  return decodeComponent(pathname);
}

function checkWindows(url: any): void {
  if (/%2f|%5c/i.test(url.pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters', url);
  }
}

function windowsPath(url: any): string {
  checkWindows(url);
  const pathname = decodeComponent(url.pathname.replaceAll('/', '\\'));
  if (url.hostname !== '') return `\\\\${domainToUnicode(url.hostname)}${pathname}`;
  if (!/^\\[A-Za-z]:/.test(pathname)) throw new ERR_INVALID_FILE_URL_PATH('must be absolute', url);
  return pathname.slice(1);
}

function windowsBytes(url: any): any {
  checkWindows(url);
  const { Buffer } = load('internal:buffer');
  const bytes = percentDecodeBytes(url.pathname.replaceAll('/', '\\'));
  if (url.hostname !== '') return Buffer.concat([Buffer.from(`\\\\${domainToUnicode(url.hostname)}`), bytes]);
  if (!/^\\[A-Za-z]:/.test(bytes.latin1Slice(0, 3))) throw new ERR_INVALID_FILE_URL_PATH('must be absolute', url);
  return bytes.slice(1);
}

// What the parser would drop or take for something else, and what RFC 1738 calls unsafe.
const escapes: any = { '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09', '?': '%3F', '#': '%23', '[': '%5B', ']': '%5D',
  '^': '%5E', '|': '%7C', '~': '%7E' };
const UNSAFE = /[%\\\n\r\t?#[\]^|~]/g;
const UNSAFE_WINDOWS = /[%\n\r\t?#[\]^|~]/g;

/** The file: URL of a path, which is resolved first. */
export function pathToFileURL(filepath: any, options: any = undefined): URL {
  validateString(filepath, 'path');
  const windows = options?.windows === true;
  if (windows && filepath.startsWith('\\\\')) {
    let resolved = filepath;
    // '\\?\C:\x' and '\\?\UNC\server\share' say the same as without their prefix.
    if (resolved.startsWith('\\\\?\\UNC\\')) resolved = `\\\\${resolved.slice(8)}`;
    else if (resolved.startsWith('\\\\?\\')) return windowsFileURL(win32.resolve(resolved.slice(4)));
    const hostEnd = resolved.indexOf('\\', 2);
    if (hostEnd === -1) throw new ERR_INVALID_ARG_VALUE('path', resolved, 'Missing UNC resource path');
    if (hostEnd === 2) throw new ERR_INVALID_ARG_VALUE('path', resolved, 'Empty UNC servername');
    const url = new URL('file:///');
    url.hostname = resolved.slice(2, hostEnd);
    url.pathname = resolved.slice(hostEnd).replace(UNSAFE_WINDOWS, (char) => escapes[char]).replaceAll('\\', '/');
    return url;
  }
  let resolved = windows ? win32.resolve(filepath) : posix.resolve(filepath);
  // resolve drops a separator at the end, which means something in a URL.
  const last = filepath.charCodeAt(filepath.length - 1);
  if ((last === 47 || (windows && last === 92)) && !resolved.endsWith(windows ? '\\' : '/')) resolved += '/';
  if (windows) return windowsFileURL(resolved);
  if (/[%\\\n\r\t?#[\]^|~]/.test(resolved)) resolved = resolved.replace(UNSAFE, (char: string) => escapes[char]);
  return new URL(`file://${resolved}`);
}

function windowsFileURL(path: string): URL {
  return new URL(`file:///${path.replace(UNSAFE_WINDOWS, (char) => escapes[char]).replaceAll('\\', '/')}`);
}

/** The path of a path or a file: URL: what the functions of fs take. */
export function toPathIfFileURL(value: any): any {
  return typeof value === 'object' && value !== null && isURL(value) ? fileURLToPath(value) : value;
}

// --- other functions of node:url -------------------------------------------------------------------------------------

/** A URL as options of http.request. */
export function urlToHttpOptions(url: any): any {
  validateObject(url, 'url');
  // Own properties first, in case the URL was extended.
  const options: any = { __proto__: null, ...url };
  for (const part of ['protocol', 'hostname', 'hash', 'search', 'pathname']) options[part] = url[part];
  // An IPv6 address is written without its brackets.
  if (options.hostname?.[0] === '[') options.hostname = options.hostname.slice(1, -1);
  options.path = (options.pathname || '') + (options.search || '');
  options.href = url.href;
  if (url.port !== '') options.port = Number(url.port);
  const user = [url.username, url.password];
  if (user.some(Boolean)) options.auth = user.map(decodeComponent).join(':');
  return options;
}

export function domainToASCII(domain: any): string {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  const parts = parse(`ws://${domain}`);
  return parts === null ? '' : hostnameOf(parts);
}

export function domainToUnicode(domain: any): string {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  const parts = parse(`ws://${domain}`);
  return parts === null ? '' : hostToUnicode(hostnameOf(parts));
}

function hostToUnicode(host: string): string {
  return host.includes('xn--') ? idnaToUnicode(host) : host;
}

/** url.format(URL, options) */
export function formatURL(url: any, options: any): string {
  if (options != null) validateObject(options, 'options');
  const wants = (name: string, standard: boolean): boolean => Boolean(options?.[name] ?? standard);
  const fragment = wants('fragment', true);
  const unicode = wants('unicode', false);
  const search = wants('search', true);
  const auth = wants('auth', true);
  const parts = partsOf(url);
  let out = protocolOf(parts);
  if (parts.authority) {
    out += '//';
    if (auth) out += parts.href.slice(parts.schemeEnd + 2, parts.hostStart);
    const host = hostnameOf(parts);
    out += unicode ? hostToUnicode(host) : host;
    if (parts.port !== -1) out += `:${parts.port}`;
  } else {
    out += parts.href.slice(parts.schemeEnd, parts.pathStart);
  }
  out += pathnameOf(parts);
  if (search) out += queryOf(parts) ?? '';
  if (fragment && parts.hashStart !== -1) out += parts.href.slice(parts.hashStart);
  return out;
}

defineProperty(URL, 'length', { value: 1, configurable: true });
