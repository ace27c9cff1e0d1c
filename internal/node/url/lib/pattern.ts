// internal:url/pattern: URLPattern (https://urlpattern.spec.whatwg.org/). Loaded when it is first used.

import { codes } from 'internal:errors';
import {
  Parts, hostnameOf, isSpecial, parse, passwordOf, pathnameOf, protocolOf, queryOf, usernameOf, withHash, withHost, withPassword, withPathname,
  withPort, withSearch, withUsername, parseHost,
} from 'internal:url/parser';
import { toWellFormed } from 'native:engine';

const { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_URL_PATTERN } = codes;
const { defineProperties } = Object;

// --- tokens ----------------------------------------------------------------------------------------------------------

type TokenType = 'open' | 'close' | 'regexp' | 'name' | 'char' | 'escaped-char' | 'other-modifier' | 'asterisk' | 'end' | 'invalid-char';

interface Token {
  type: TokenType;
  index: number;
  value: string;
}

function fail(message: string): never {
  const error: any = new TypeError(message);
  error.patternError = true; // becomes ERR_INVALID_URL_PATTERN at the surface
  throw error;
}

const NAME_START = /^[\p{ID_Start}$_]$/u;
const NAME_PART = /^[\p{ID_Continue}$\u200c\u200d]$/u;

function isNamePoint(point: string | undefined, first: boolean): boolean {
  return point !== undefined && (first ? NAME_START : NAME_PART).test(point);
}

/** Indexes count code points. Lenient: an error makes an invalid-char token. */
function tokenize(points: string[], lenient: boolean): Token[] {
  const tokens: Token[] = [];
  const { length } = points;
  let index = 0;
  const add = (type: TokenType, next: number, from: number, to: number) => {
    tokens.push({ type, index, value: points.slice(from, to).join('') });
    index = next;
  };
  const bad = (next: number, value: number) => {
    if (!lenient) fail('the pattern is malformed');
    add('invalid-char', next, value, next);
  };
  while (index < length) {
    const point = points[index];
    switch (point) {
      case '*': add('asterisk', index + 1, index, index + 1); continue;
      case '+': case '?': add('other-modifier', index + 1, index, index + 1); continue;
      case '{': add('open', index + 1, index, index + 1); continue;
      case '}': add('close', index + 1, index, index + 1); continue;
      case '\\':
        if (index === length - 1) bad(index + 1, index);
        else add('escaped-char', index + 2, index + 1, index + 2);
        continue;
      case ':': {
        let end = index + 1;
        while (end < length && isNamePoint(points[end], end === index + 1)) end++;
        if (end === index + 1) bad(index + 1, index);
        else add('name', end, index + 1, end);
        continue;
      }
      case '(': {
        const end = regexpEnd(points, index + 1);
        if (end === -1 || end === index + 2) bad(index + 1, index);
        else add('regexp', end, index + 1, end - 1);
        continue;
      }
    }
    add('char', index + 1, index, index + 1);
  }
  tokens.push({ type: 'end', index, value: '' });
  return tokens;
}

// After the ')' that ends the expression which starts here; -1 when there is none or it holds what isn't allowed.
function regexpEnd(points: string[], start: number): number {
  let depth = 1;
  for (let i = start; i < points.length; i++) {
    const point = points[i];
    if (point > '\x7f') return -1;
    if (i === start && point === '?') return -1;
    if (point === '\\') {
      if (i === points.length - 1 || points[i + 1] > '\x7f') return -1;
      i++;
    } else if (point === ')') {
      if (--depth === 0) return i + 1;
    } else if (point === '(') {
      depth++;
      if (points[i + 1] !== '?') return -1; // no capturing groups inside
    }
  }
  return -1;
}

// --- parts -----------------------------------------------------------------------------------------------------------

type Modifier = '' | '?' | '*' | '+';

interface Part {
  type: 'fixed' | 'regexp' | 'segment' | 'full';
  value: string;
  modifier: Modifier;
  name: string;
  prefix: string;
  suffix: string;
}

interface Options {
  delimiter: string;
  prefix: string;
  ignoreCase: boolean;
}

const FULL = '.*';

function escapeRegExp(text: string): string {
  return text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&');
}

function escapePattern(text: string): string {
  return text.replace(/[+*?:{}()\\]/g, '\\$&');
}

function segmentExpression(options: Options): string {
  return `[^${escapeRegExp(options.delimiter)}]+?`;
}

type Encode = (text: string) => string;

function parsePattern(input: string, options: Options, encode: Encode): Part[] {
  const tokens = tokenize([...input], false);
  const segment = segmentExpression(options);
  const parts: Part[] = [];
  let index = 0;
  let pending = '';
  let nextName = 0;

  const take = (type: TokenType): Token | null => tokens[index].type === type ? tokens[index++] : null;
  const takeMatcher = (name: Token | null): Token | null => take('regexp') ?? (name === null ? take('asterisk') : null);
  const takeModifier = (): Token | null => take('other-modifier') ?? take('asterisk');
  const takeText = (): string => {
    let text = '';
    for (let token; (token = take('char') ?? take('escaped-char')) !== null;) text += token.value;
    return text;
  };
  const flush = () => {
    if (pending === '') return;
    parts.push({ type: 'fixed', value: encode(pending), modifier: '', name: '', prefix: '', suffix: '' });
    pending = '';
  };
  const addPart = (prefix: string, name: Token | null, matcher: Token | null, suffix: string, modifierToken: Token | null) => {
    const modifier = (modifierToken?.value ?? '') as Modifier;
    if (name === null && matcher === null && modifier === '') {
      pending += prefix;
      return;
    }
    flush();
    if (name === null && matcher === null) {
      if (prefix === '') return;
      parts.push({ type: 'fixed', value: encode(prefix), modifier, name: '', prefix: '', suffix: '' });
      return;
    }
    let value = matcher === null ? segment : matcher.type === 'asterisk' ? FULL : matcher.value;
    let type: Part['type'] = 'regexp';
    if (value === segment) {
      type = 'segment';
      value = '';
    } else if (value === FULL) {
      type = 'full';
      value = '';
    }
    const label = name !== null ? name.value : String(nextName++);
    if (parts.some((part) => part.name === label)) fail(`the name "${label}" is there twice`);
    parts.push({ type, value, modifier, name: label, prefix: encode(prefix), suffix: encode(suffix) });
  };

  while (index < tokens.length) {
    const char = take('char');
    let name = take('name');
    let matcher = takeMatcher(name);
    if (name !== null || matcher !== null) {
      let prefix = char?.value ?? '';
      if (prefix !== '' && prefix !== options.prefix) {
        pending += prefix;
        prefix = '';
      }
      flush();
      addPart(prefix, name, matcher, '', takeModifier());
      continue;
    }
    const fixed = char ?? take('escaped-char');
    if (fixed !== null) {
      pending += fixed.value;
      continue;
    }
    if (take('open') !== null) {
      const prefix = takeText();
      name = take('name');
      matcher = takeMatcher(name);
      const suffix = takeText();
      if (take('close') === null) fail('a group is not closed');
      addPart(prefix, name, matcher, suffix, takeModifier());
      continue;
    }
    flush();
    if (take('end') === null) fail('the pattern is malformed');
  }
  return parts;
}

function expressionOf(parts: Part[], options: Options): { source: string; names: string[] } {
  const names: string[] = [];
  const segment = segmentExpression(options);
  let source = '^';
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed') {
      source += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    const matcher = type === 'segment' ? segment : type === 'full' ? FULL : value;
    const repeats = modifier === '*' || modifier === '+';
    if (prefix === '' && suffix === '') {
      source += repeats ? `((?:${matcher})${modifier})` : `(${matcher})${modifier}`;
      continue;
    }
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    if (!repeats) source += `(?:${before}(${matcher})${after})${modifier}`;
    else source += `(?:${before}((?:${matcher})(?:${after}${before}(?:${matcher}))*)${after})${modifier === '*' ? '?' : ''}`;
  }
  return { source: `${source}$`, names };
}

function patternOf(parts: Part[], options: Options): string {
  let out = '';
  for (const [i, part] of parts.entries()) {
    const { type, value, modifier, name, prefix, suffix } = part;
    const previous = parts[i - 1];
    const next = parts[i + 1];
    if (type === 'fixed') {
      out += modifier === '' ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
      continue;
    }
    const named = !/^[0-9]/.test(name);
    let grouping = suffix !== '' || (prefix !== '' && prefix !== options.prefix);
    if (!grouping && named && type === 'segment' && modifier === '' && next !== undefined && next.prefix === '' && next.suffix === '') {
      grouping = next.type === 'fixed' ? isNamePoint([...next.value][0], false) : /^[0-9]/.test(next.name);
    }
    if (!grouping && prefix === '' && previous !== undefined && previous.type === 'fixed' && options.prefix !== '' &&
      previous.value.endsWith(options.prefix)) grouping = true;
    if (grouping) out += '{';
    out += escapePattern(prefix);
    if (named) out += `:${name}`;
    if (type === 'regexp') out += `(${value})`;
    else if (type === 'segment' && !named) out += `(${segmentExpression(options)})`;
    else if (type === 'full') {
      const bare = !named && (previous === undefined || previous.type === 'fixed' || previous.modifier !== '' || grouping || prefix !== '');
      out += bare ? '*' : `(${FULL})`;
    }
    if (type === 'segment' && named && suffix !== '' && isNamePoint([...suffix][0], false)) out += '\\';
    out += escapePattern(suffix);
    if (grouping) out += '}';
    out += modifier;
  }
  return out;
}

// --- components ------------------------------------------------------------------------------------------------------

interface Component {
  pattern: string;
  regexp: RegExp;
  names: string[];
  hasGroups: boolean;
}

function compile(input: string, encode: Encode, options: Options): Component {
  const parts = parsePattern(input, options, encode);
  const { source, names } = expressionOf(parts, options);
  let regexp: RegExp;
  try {
    regexp = new RegExp(source, options.ignoreCase ? 'vi' : 'v');
  } catch {
    fail('an expression is malformed');
  }
  return { pattern: patternOf(parts, options), regexp: regexp!, names, hasGroups: parts.some((part) => part.type === 'regexp') };
}

const specialSchemes = ['http', 'https', 'ws', 'wss', 'ftp', 'file'];

function matchesSpecial(protocol: Component): boolean {
  return specialSchemes.some((scheme) => protocol.regexp.test(scheme));
}

const dummy = parse('https://dummy.invalid/')!;

function encodeProtocol(value: string): string {
  if (value === '') return value;
  const parts = parse(`${value}://dummy.invalid/`);
  if (parts === null) fail('the protocol is invalid');
  return protocolOf(parts!).slice(0, -1);
}

const encodeUsername: Encode = (value) => value === '' ? value : usernameOf(withUsername(dummy, value));
const encodePassword: Encode = (value) => value === '' ? value : passwordOf(withPassword(dummy, value));
const encodeSearch: Encode = (value) => value === '' ? value : (queryOf(withSearch(dummy, `?${value}`)) ?? '?').slice(1);

function encodeHash(value: string): string {
  if (value === '') return value;
  const parts = withHash(dummy, `#${value}`);
  return parts.hashStart === -1 ? '' : parts.href.slice(parts.hashStart + 1);
}

function encodeHostname(value: string): string {
  if (value === '') return value;
  const parts = withHost(dummy, value, true);
  if (parts === dummy) fail('the hostname is invalid');
  return hostnameOf(parts);
}

function encodeOpaqueHostname(value: string): string {
  if (value === '') return value;
  const host = parseHost(value, false);
  if (host === null) fail('the hostname is invalid');
  return host!;
}

function encodeIPv6(value: string): string {
  if (/[^0-9a-fA-F[\]:]/.test(value)) fail('the hostname is invalid');
  return value.toLowerCase();
}

function encodePort(value: string, protocol?: string): string {
  if (value === '') return value;
  const text = value.replace(/[\t\n\r]/g, '');
  const start = protocol !== undefined && isSpecial(protocol) && protocol !== 'file' ? parse(`${protocol}://dummy.invalid:1/`)! : parse('x://dummy.invalid:1/')!;
  if (!/^\d/.test(text)) fail('the port is invalid');
  const parts = withPort(start, text);
  if (parts === start && text !== '1') fail('the port is invalid');
  return parts.port === -1 ? '' : String(parts.port);
}

function encodePathname(value: string): string {
  if (value === '') return value;
  const leading = value[0] === '/';
  const path = pathnameOf(withPathname(dummy, leading ? value : `/-${value}`));
  return leading ? path : path.slice(2);
}

function encodeOpaquePathname(value: string): string {
  if (value === '') return value;
  const parts = parse(`data:${value.replace(/[?#]/g, (char) => char === '?' ? '%3F' : '%23')}`);
  return parts === null ? value : pathnameOf(parts);
}

// --- URLPatternInit --------------------------------------------------------------------------------------------------

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

type Init = { [key: string]: string | undefined };

const DEFAULT_PORTS: { [key: string]: string } = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21' };

function isAbsolutePathname(input: string, pattern: boolean): boolean {
  return input[0] === '/' || (pattern && (input.startsWith('\\/') || input.startsWith('{/')));
}

/** "process a URLPatternInit": `pattern` keeps pattern syntax, otherwise values are canonicalized. */
function processInit(init: Init, pattern: boolean, defaults: Init): Init {
  const result: Init = { ...defaults };
  let base: Parts | null = null;
  if (init.baseURL !== undefined) {
    base = parse(init.baseURL);
    if (base === null) fail('the base URL is invalid');
    const from = (value: string) => pattern ? escapePattern(value) : value;
    const none = (...keys: string[]) => keys.every((key) => init[key] === undefined);
    const b = base!;
    if (none('protocol')) result.protocol = from(protocolOf(b).slice(0, -1));
    if (!pattern && none('protocol', 'hostname', 'port', 'username')) result.username = from(usernameOf(b));
    if (!pattern && none('protocol', 'hostname', 'port', 'username', 'password')) result.password = from(passwordOf(b));
    if (none('protocol', 'hostname')) result.hostname = from(hostnameOf(b));
    if (none('protocol', 'hostname', 'port')) result.port = b.port === -1 ? '' : String(b.port);
    if (none('protocol', 'hostname', 'port', 'pathname')) result.pathname = from(pathnameOf(b));
    if (none('protocol', 'hostname', 'port', 'pathname', 'search')) result.search = from((queryOf(b) ?? '?').slice(1));
    if (none('protocol', 'hostname', 'port', 'pathname', 'search', 'hash')) {
      result.hash = from(b.hashStart === -1 ? '' : b.href.slice(b.hashStart + 1));
    }
  }
  if (init.protocol !== undefined) {
    const value = init.protocol.replace(/:$/, '');
    result.protocol = pattern ? value : encodeProtocol(value);
  }
  if (init.username !== undefined) result.username = pattern ? init.username : encodeUsername(init.username);
  if (init.password !== undefined) result.password = pattern ? init.password : encodePassword(init.password);
  const protocol = result.protocol ?? '';
  if (init.hostname !== undefined) {
    result.hostname = pattern ? init.hostname :
      protocol === '' || isSpecial(protocol) ? encodeHostname(init.hostname) : encodeOpaqueHostname(init.hostname);
  }
  if (init.port !== undefined) result.port = pattern ? init.port : encodePort(init.port, protocol);
  if (init.pathname !== undefined) {
    let value = init.pathname;
    if (base !== null && !base.opaque && !isAbsolutePathname(value, pattern)) {
      const path = pattern ? escapePattern(pathnameOf(base)) : pathnameOf(base);
      const slash = path.lastIndexOf('/');
      if (slash !== -1) value = path.slice(0, slash + 1) + value;
    }
    result.pathname = pattern ? value : protocol === '' || isSpecial(protocol) ? encodePathname(value) : encodeOpaquePathname(value);
  }
  if (init.search !== undefined) {
    const value = init.search.replace(/^\?/, '');
    result.search = pattern ? value : encodeSearch(value);
  }
  if (init.hash !== undefined) {
    const value = init.hash.replace(/^#/, '');
    result.hash = pattern ? value : encodeHash(value);
  }
  return result;
}

// --- constructor strings ---------------------------------------------------------------------------------------------

type State = 'init' | 'protocol' | 'authority' | 'username' | 'password' | 'hostname' | 'port' | 'pathname' | 'search' | 'hash' | 'done';

/** "parse a constructor string" */
function parseConstructorString(input: string): Init {
  const points = [...input];
  const tokens = tokenize(points, true);
  const result: Init = {};
  let state: State = 'init';
  let start = 0; // the token at which the component begins
  let index = 0;
  let step = 1;
  let groupDepth = 0;
  let bracketDepth = 0;
  let special = false;

  const safe = (i: number) => tokens[i] ?? tokens[tokens.length - 1];
  const isPlain = (i: number, value: string) => {
    const token = safe(i);
    return token.value === value && (token.type === 'char' || token.type === 'escaped-char' || token.type === 'invalid-char');
  };
  const isSearchPrefix = () => {
    if (isPlain(index, '?')) return true;
    if (tokens[index].value !== '?') return false;
    if (index === 0) return true;
    const { type } = safe(index - 1);
    return type !== 'name' && type !== 'regexp' && type !== 'close' && type !== 'asterisk';
  };
  const component = () => points.slice(safe(start).index, tokens[index].index).join('');
  const rewind = (next: State) => {
    index = start;
    step = 0;
    state = next;
  };
  const among = (name: State, ...states: State[]) => states.includes(name);
  const change = (next: State, skip: number) => {
    if (!among(state, 'init', 'authority', 'done')) result[state] = component();
    if (state !== 'init' && next !== 'done') {
      if (among(state, 'protocol', 'authority', 'username', 'password') && among(next, 'port', 'pathname', 'search', 'hash')) {
        result.hostname ??= '';
      }
      if (among(state, 'protocol', 'authority', 'username', 'password', 'hostname', 'port') && among(next, 'search', 'hash')) {
        result.pathname ??= special ? '/' : '';
      }
      if (among(state, 'protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname') && next === 'hash') {
        result.search ??= '';
      }
    }
    state = next;
    index += skip;
    start = index;
    step = 0;
  };
  const toRest = (fromPathname: boolean): boolean => {
    if (fromPathname && isPlain(index, '/')) change('pathname', 0);
    else if (isSearchPrefix()) change('search', 1);
    else if (isPlain(index, '#')) change('hash', 1);
    else return false;
    return true;
  };

  while (index < tokens.length) {
    step = 1;
    const token = tokens[index];
    if (token.type === 'end') {
      if ((state as State) === 'init') {
        rewind('init');
        if (isPlain(index, '#')) change('hash', 1);
        else if (isSearchPrefix()) change('search', 1);
        else change('pathname', 0);
        index += step;
        continue;
      }
      if ((state as State) === 'authority') {
        rewind('hostname');
        index += step;
        continue;
      }
      change('done', 0);
      break;
    }
    if (token.type === 'open') {
      groupDepth++;
      index += step;
      continue;
    }
    if (groupDepth > 0) {
      if (token.type === 'close') {
        groupDepth--;
      } else {
        index += step;
        continue;
      }
    }
    switch (state as State) {
      case 'init':
        if (isPlain(index, ':')) rewind('protocol');
        break;
      case 'protocol':
        if (isPlain(index, ':')) {
          special = matchesSpecial(compile(component(), encodeProtocol, { delimiter: '', prefix: '', ignoreCase: false }));
          if (isPlain(index + 1, '/') && isPlain(index + 2, '/')) change('authority', 3);
          else if (special) change('authority', 1);
          else change('pathname', 1);
        }
        break;
      case 'authority':
        if (isPlain(index, '@')) rewind('username');
        else if (isPlain(index, '/') || isSearchPrefix() || isPlain(index, '#')) rewind('hostname');
        break;
      case 'username':
        if (isPlain(index, ':')) change('password', 1);
        else if (isPlain(index, '@')) change('hostname', 1);
        break;
      case 'password':
        if (isPlain(index, '@')) change('hostname', 1);
        break;
      case 'hostname':
        if (isPlain(index, '[')) bracketDepth++;
        else if (isPlain(index, ']')) bracketDepth--;
        else if (isPlain(index, ':') && bracketDepth === 0) change('port', 1);
        else toRest(true);
        break;
      case 'port':
        toRest(true);
        break;
      case 'pathname':
        toRest(false);
        break;
      case 'search':
        if (isPlain(index, '#')) change('hash', 1);
        break;
    }
    index += step;
  }
  if (result.hostname !== undefined) result.port ??= '';
  return result;
}

// --- the class -------------------------------------------------------------------------------------------------------

type Compiled = { [key in (typeof COMPONENTS)[number]]: Component };

const compiled = new WeakMap<object, Compiled>();

function compiledOf(value: any): Compiled {
  const found = typeof value === 'object' && value !== null ? compiled.get(value) : undefined;
  if (found === undefined) throw new TypeError('Illegal invocation');
  return found;
}

function argument(message: string): Error {
  const error: any = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

function readInit(value: any): Init {
  const init: Init = {};
  for (const key of [...COMPONENTS, 'baseURL']) {
    const item = value[key];
    if (item !== undefined) init[key] = toWellFormed(`${item}`);
  }
  return init;
}

function isIPv6Pattern(hostname: string): boolean {
  return hostname.length >= 2 && (hostname[0] === '[' || hostname.startsWith('{[') || hostname.startsWith('\\['));
}

function build(input: string | Init, baseURL: string | undefined, ignoreCase: boolean): Compiled {
  let init: Init;
  if (typeof input === 'string') {
    init = parseConstructorString(input);
    if (baseURL === undefined && init.protocol === undefined) fail('a relative pattern needs a base URL');
    if (baseURL !== undefined) init.baseURL = baseURL;
  } else {
    if (baseURL !== undefined) fail('a base URL goes into the object');
    init = input;
  }
  const processed = processInit(init, true, {});
  for (const key of COMPONENTS) processed[key] ??= '*';
  if (DEFAULT_PORTS[processed.protocol!] !== undefined && DEFAULT_PORTS[processed.protocol!] === processed.port) processed.port = '';
  const plain: Options = { delimiter: '', prefix: '', ignoreCase: false };
  const cased: Options = { delimiter: '', prefix: '', ignoreCase };
  const host: Options = { delimiter: '.', prefix: '', ignoreCase: false };
  const protocol = compile(processed.protocol!, encodeProtocol, plain);
  const special = matchesSpecial(protocol);
  return {
    protocol,
    username: compile(processed.username!, encodeUsername, plain),
    password: compile(processed.password!, encodePassword, plain),
    hostname: compile(processed.hostname!,
      isIPv6Pattern(processed.hostname!) ? encodeIPv6 : special || processed.protocol === '*' ? encodeHostname : encodeOpaqueHostname, host),
    port: compile(processed.port!, (value) => encodePort(value), plain),
    pathname: special ? compile(processed.pathname!, encodePathname, { delimiter: '/', prefix: '/', ignoreCase }) :
      compile(processed.pathname!, encodeOpaquePathname, cased),
    search: compile(processed.search!, encodeSearch, cased),
    hash: compile(processed.hash!, encodeHash, cased),
  };
}

/** The eight components of an input, or null when it is no URL. */
function componentsOf(input: any, baseURL: string | undefined): Init | null {
  if (typeof input === 'object') {
    const empty: Init = {};
    for (const key of COMPONENTS) empty[key] = '';
    try {
      return processInit(input, false, empty);
    } catch (error: any) {
      if (error?.patternError) return null;
      throw error;
    }
  }
  let base: Parts | undefined;
  if (baseURL !== undefined) {
    const parsed = parse(baseURL);
    if (parsed === null) return null;
    base = parsed;
  }
  const url = parse(input, base);
  if (url === null) return null;
  return {
    protocol: protocolOf(url).slice(0, -1),
    username: usernameOf(url),
    password: passwordOf(url),
    hostname: hostnameOf(url),
    port: url.port === -1 ? '' : String(url.port),
    pathname: pathnameOf(url),
    search: (queryOf(url) ?? '?').slice(1),
    hash: url.hashStart === -1 ? '' : url.href.slice(url.hashStart + 1),
  };
}

function match(pattern: Compiled, input: any, baseURL: any, full: boolean): any {
  const inputs: any[] = [input];
  let subject: any = input;
  if (input === undefined) subject = inputs[0] = {};
  else if (typeof input !== 'string' && (typeof input !== 'object' || input === null)) throw argument('URLPattern input needs to be a string or an object');
  if (baseURL !== undefined) {
    if (typeof baseURL !== 'string') throw argument('baseURL must be a string');
    if (typeof subject === 'object') {
      throw new ERR_INVALID_URL_PATTERN('A base URL goes into the object that is matched');
    }
    inputs.push(baseURL);
  }
  if (typeof subject === 'object') subject = readInit(subject);
  const values = componentsOf(subject, baseURL);
  if (values === null) return full ? null : false;
  const result: any = { __proto__: null, inputs };
  for (const key of COMPONENTS) {
    const { regexp, names } = pattern[key];
    const value = values[key]!;
    const found = regexp.exec(value);
    if (found === null) return full ? null : false;
    if (!full) continue;
    const groups: any = { __proto__: null };
    for (const [i, name] of names.entries()) groups[name] = found[i + 1];
    result[key] = { __proto__: null, input: value, groups };
  }
  return full ? result : true;
}

/**
 * @param input a pattern such as 'https://*.example.com/books/:id', or an object with a pattern for each component
 * @param baseURL what a relative pattern is resolved against; or the options
 * @param options `ignoreCase`
 */
export function URLPattern(this: any, input?: any, baseURL?: any, options?: any): void {
  if (!new.target) throw new ERR_CONSTRUCT_CALL_REQUIRED();
  let source: string | Init = {};
  if (typeof input === 'string') source = toWellFormed(input);
  else if (input !== undefined && (typeof input !== 'object' || input === null)) throw argument('Input must be an object or a string');
  else if (input !== undefined) source = readInit(input);
  let base: string | undefined;
  if (typeof baseURL === 'string') {
    base = toWellFormed(baseURL);
  } else if (baseURL !== undefined) {
    if (typeof baseURL !== 'object' || baseURL === null) throw argument('second argument must be a string or object');
    options = baseURL;
  }
  let ignoreCase = false;
  if (options !== undefined) {
    if (typeof options !== 'object' || options === null) throw argument('options.ignoreCase must be a boolean');
    const value = options.ignoreCase;
    if (value !== undefined && typeof value !== 'boolean') throw argument('options.ignoreCase must be a boolean');
    ignoreCase = value ?? false;
  }
  try {
    compiled.set(this, build(source, base, ignoreCase));
  } catch (error: any) {
    if (error?.patternError) throw new ERR_INVALID_URL_PATTERN('Failed to construct URLPattern');
    throw error;
  }
}

const prototype: any = {
  /** The groups of each component, or null. */
  exec(this: any, input?: any, baseURL?: any) {
    return match(compiledOf(this), input, baseURL, true);
  },
  test(this: any, input?: any, baseURL?: any) {
    return match(compiledOf(this), input, baseURL, false);
  },
};

const accessors: any = {};
for (const key of COMPONENTS) {
  accessors[key] = { configurable: true, enumerable: true, get(this: any) { return compiledOf(this)[key].pattern; } };
}
accessors.hasRegExpGroups = {
  configurable: true,
  enumerable: true,
  get(this: any) {
    const parts = compiledOf(this);
    return COMPONENTS.some((key) => parts[key].hasGroups);
  },
};
defineProperties(URLPattern.prototype, accessors);
defineProperties(URLPattern.prototype, {
  exec: { configurable: true, enumerable: true, writable: true, value: prototype.exec },
  test: { configurable: true, enumerable: true, writable: true, value: prototype.test },
  [Symbol.toStringTag]: { configurable: true, value: 'URLPattern' },
});
defineProperties(URLPattern, { length: { value: 0, configurable: true } });
