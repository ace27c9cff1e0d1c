// internal:url/legacy: url.parse, url.format and url.resolve, the interface from before the URL standard
// (https://nodejs.org/docs/latest-v24.x/api/url.html#legacy-url-api). Its results are kept, spoofing tricks are refused.

import { codes } from 'internal:errors';
import { validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';
import { encodeString, querystring, unescapedTable } from 'internal:querystring';
import { formatURL, isURL, isURLInstance } from 'internal:url';
import { domainToASCII as idnaToASCII } from 'native:url';

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_URL } = codes;
const { keys } = Object;
const decodeComponent = decodeURIComponent;

/** What url.parse gives. Every field exists from the start, null where the text has no such part. */
export class Url {
  protocol: any = null;
  slashes: any = null;
  auth: any = null;
  host: any = null;
  port: any = null;
  hostname: any = null;
  hash: any = null;
  search: any = null;
  query: any = null;
  pathname: any = null;
  path: any = null;
  href: any = null;
  declare parse: (url: any, parseQueryString?: any, slashesDenoteHost?: any) => any;
  declare parseHost: () => void;
  declare format: () => string;
  declare resolve: (relative: any) => string;
  declare resolveObject: (relative: any) => any;
}

const MAX_HOSTNAME = 255;

// What an ASCII character may do in a URL, as bits.
const IN_SCHEME = 1, NOT_IN_NAME = 2, NOT_IN_IPV6 = 4;
const traits = new Uint8Array(128);
function trait(bits: number, characters: string): void {
  for (let i = 0; i < characters.length; i++) traits[characters.charCodeAt(i)] |= bits;
}
trait(IN_SCHEME, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.');
// https://url.spec.whatwg.org/#forbidden-host-code-points; a literal address has brackets and colons.
trait(NOT_IN_NAME | NOT_IN_IPV6, '\0\t\n\r #%/<>?@\\^|');
trait(NOT_IN_NAME, ':[]');

function hasTrait(text: string, bits: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 && (traits[code] & bits) !== 0) return true;
  }
  return false;
}

/** The length of 'scheme:' at the front, 0 without one. */
function schemeLength(text: string): number {
  let i = 0;
  while (i < text.length && (traits[text.charCodeAt(i)] & IN_SCHEME) !== 0) i++;
  return i > 0 && text.charCodeAt(i) === 58 ? i + 1 : 0;
}

/** '/path?query' and '//path', without space: the whole text is a path. */
function isPlainPath(text: string): boolean {
  return text.startsWith('/') && !text.startsWith('///') && !/\s/.test(text);
}

// Javascript never has a hostname, and its text isn't escaped.
const isHostless = (protocol: string | null) => protocol === 'javascript' || protocol === 'javascript:';

const withSlashes = new Set(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'].flatMap((name) => [name, `${name}:`]));

const authUnescaped = unescapedTable("!'()*-._~:");

const escaped: any = { '\t': '%09', '\n': '%0A', '\r': '%0D', ' ': '%20', '"': '%22', "'": '%27', '<': '%3C', '>': '%3E', '\\': '%5C',
  '^': '%5E', '`': '%60', '{': '%7B', '|': '%7C', '}': '%7D' };

function isIPv6Literal(hostname: string): boolean {
  return hostname.charCodeAt(0) === 91 && hostname.charCodeAt(hostname.length - 1) === 93;
}

let checks = 0;
let warnedParse = false;
let warnedPort = false;

// Differs from Node: only the first calls are looked at, for the look at the stack costs more than the parse.
function warnDeprecated(): void {
  checks++;
  const { calledFromNodeModules, warnDeprecation } = load('internal:buffer/deprecation');
  if (calledFromNodeModules()) return;
  warnedParse = true;
  warnDeprecation('`url.parse()` behavior is not standardized and prone to errors that have security implications. ' +
    'Use the WHATWG URL API instead. CVEs are not issued for `url.parse()` vulnerabilities.', 'DEP0169');
}

/**
 * @param parseQueryString `query` becomes an object
 * @param slashesDenoteHost '//host/path' names a host
 */
export function parse(url: any, parseQueryString?: any, slashesDenoteHost?: any): any {
  if (!warnedParse && checks < 16) warnDeprecated();
  return parseQuietly(url, parseQueryString, slashesDenoteHost);
}

function parseQuietly(url: any, parseQueryString?: any, slashesDenoteHost?: any): any {
  return url instanceof Url ? url : new Url().parse(url, parseQueryString, slashesDenoteHost);
}

function isSpaceCode(code: number): boolean {
  return code < 33 || code === 0xa0 || code === 0xfeff;
}

Url.prototype.parse = function parse(this: any, url: any, parseQueryString?: any, slashesDenoteHost?: any): any {
  validateString(url, 'url');
  let start = 0;
  let end = url.length;
  while (start < end && isSpaceCode(url.charCodeAt(start))) start++;
  while (end > start && isSpaceCode(url.charCodeAt(end - 1))) end--;
  let rest: string = start === 0 && end === url.length ? url : url.slice(start, end);

  // Before the query a backslash means a slash, as browsers have it.
  let split = rest.search(/[?#]/);
  if (split === -1) split = rest.length;
  if (rest.includes('\\')) rest = rest.slice(0, split).replaceAll('\\', '/') + rest.slice(split);

  if (!slashesDenoteHost && isPlainPath(rest) && !rest.includes('#') && !rest.includes('@')) {
    const question = rest.indexOf('?');
    this.pathname = question === -1 ? rest : rest.slice(0, question);
    setQuery(this, question === -1 ? '' : rest.slice(question), parseQueryString);
    this.path = this.href = rest;
    return this;
  }

  let protocol: string | null = null;
  let spelled = ''; // Node takes 'HTTP:' for a protocol whose host needs no slashes
  const scheme = schemeLength(rest);
  if (scheme > 0) {
    spelled = rest.slice(0, scheme);
    this.protocol = protocol = spelled.toLowerCase();
    rest = rest.slice(scheme);
  }

  let slashes = false;
  if (slashesDenoteHost || protocol !== null || /^\/\/[^/@]+@[^/@]/.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !(protocol !== null && isHostless(protocol))) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }

  if (!isHostless(protocol) && (slashes || (protocol !== null && !withSlashes.has(spelled)))) {
    rest = takeHost(this, rest, url);
  }

  if (!isHostless(protocol)) rest = rest.replace(/[\t\n\r "'<>\\^`{|}]/g, (char) => escaped[char]);

  const hash = rest.indexOf('#');
  let question = rest.indexOf('?');
  if (hash !== -1) {
    this.hash = rest.slice(hash);
    if (question > hash) question = -1;
  }
  setQuery(this, question === -1 ? '' : rest.slice(question, hash === -1 ? undefined : hash), parseQueryString);
  const pathEnd = question !== -1 ? question : hash;
  if (pathEnd === -1) {
    if (rest.length > 0) this.pathname = rest;
  } else if (pathEnd > 0) {
    this.pathname = rest.slice(0, pathEnd);
  }
  if (withSlashes.has(protocol!) && this.hostname && !this.pathname) this.pathname = '/';
  if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
  this.href = this.format();
  return this;
};

// `search` is empty or begins with '?'.
function setQuery(url: any, search: string, asObject: any): void {
  if (search !== '') {
    url.search = search;
    url.query = asObject ? querystring.parse(search.slice(1)) : search.slice(1);
  } else if (asObject) {
    url.query = { __proto__: null };
  }
}

// Takes user and host off the front of what follows the slashes, and gives the rest.
function takeHost(parsed: any, rest: string, url: string): string {
  // The host ends at the first of '/', '?' and '#'; an '@' before it moves its start, and other characters that no host has end it
  // early, unless they belong to the user.
  let at = -1;
  let hostEnd = -1;
  scan: for (let i = 0; i < rest.length; i++) {
    switch (rest.charCodeAt(i)) {
      case 9: case 10: case 13:
        // These vanish, as in the URL standard.
        rest = rest.slice(0, i) + rest.slice(i + 1);
        i--;
        break;
      case 32: case 34: case 37: case 39: case 59: case 60: case 62: case 92: case 94: case 96: case 123: case 124: case 125:
        if (hostEnd === -1) hostEnd = i;
        break;
      case 35: case 47: case 63:
        if (hostEnd === -1) hostEnd = i;
        break scan;
      case 64:
        at = i;
        hostEnd = -1;
        break;
    }
  }
  if (at !== -1) parsed.auth = decodeComponent(rest.slice(0, at));
  if (hostEnd === -1) {
    parsed.host = rest.slice(at + 1);
    rest = '';
  } else {
    parsed.host = rest.slice(at + 1, hostEnd);
    rest = rest.slice(hostEnd);
  }
  parsed.parseHost();
  if (typeof parsed.hostname !== 'string') parsed.hostname = '';
  const ipv6 = isIPv6Literal(parsed.hostname);
  if (!ipv6) rest = endHostname(parsed, rest, url);
  parsed.hostname = parsed.hostname.length > MAX_HOSTNAME ? '' : parsed.hostname.toLowerCase();
  if (parsed.hostname !== '') {
    if (ipv6) {
      if (hasTrait(parsed.hostname, NOT_IN_IPV6)) throw new ERR_INVALID_URL(url);
    } else {
      const ascii = /[^\0-\x7f]/.test(parsed.hostname) ? idnaToASCII(parsed.hostname) : parsed.hostname;
      // A host that vanishes, or that gets a delimiter by normalization, would be another host to somebody else.
      if (ascii === '' || hasTrait(ascii, NOT_IN_NAME)) throw new ERR_INVALID_URL(url);
      parsed.hostname = ascii;
    }
  }
  parsed.host = (parsed.hostname || '') + (parsed.port ? `:${parsed.port}` : '');
  if (ipv6) {
    parsed.hostname = parsed.hostname.slice(1, -1);
    if (rest[0] !== '/') rest = `/${rest}`;
  }
  return rest;
}

// A hostname ends at a delimiter that is left in it; that and what follows is path.
function endHostname(parsed: any, rest: string, url: string): string {
  const { hostname } = parsed;
  for (let i = 0; i < hostname.length; i++) {
    const code = hostname.charCodeAt(i);
    if (code === 47 || code === 92 || code === 35 || code === 63 || code === 58) {
      if (code === 58 && !warnedPort) {
        warnedPort = true;
        load('internal:buffer/deprecation').warnDeprecation(`The URL ${url} is invalid. Future versions of Node.js will throw an error.`, 'DEP0170');
      }
      parsed.hostname = hostname.slice(0, i);
      return `/${hostname.slice(i)}${rest}`;
    }
  }
  return rest;
}

Url.prototype.parseHost = function parseHost(this: any): void {
  // ':' and digits at the end are a port, even without a digit.
  const { host } = this;
  let colon = host.length - 1;
  while (colon >= 0 && host.charCodeAt(colon) >= 48 && host.charCodeAt(colon) <= 57) colon--;
  const named = colon >= 0 && host[colon] === ':' ? host.slice(0, colon) : host;
  if (named.length + 1 < host.length) this.port = host.slice(colon + 1);
  if (named) this.hostname = named;
};

/** Formats a URL, an object with the properties of one, or a string. */
export function format(urlObject: any, options?: any): string {
  if (typeof urlObject === 'string') {
    urlObject = parseQuietly(urlObject);
  } else if (typeof urlObject !== 'object' || urlObject === null) {
    throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
  } else if (isURL(urlObject) && isURLInstance(urlObject)) {
    if (options !== undefined) validateObject(options, 'options');
    return formatURL(urlObject, options);
  }
  return Url.prototype.format.call(urlObject);
}

Url.prototype.format = function format(this: any): string {
  let auth = this.auth || '';
  if (auth) auth = `${encodeString(auth, authUnescaped)}@`;
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    host = auth + (this.hostname.includes(':') && !isIPv6Literal(this.hostname) ? `[${this.hostname}]` : this.hostname);
    if (this.port) host += `:${this.port}`;
  }
  let query = '';
  if (this.query !== null && typeof this.query === 'object') query = querystring.stringify(this.query);
  let search = this.search || (query && `?${query}`) || '';

  if (protocol && protocol[protocol.length - 1] !== ':') protocol += ':';
  pathname = pathname.replace(/[?#]/g, (char: string) => char === '?' ? '%3F' : '%23');

  if (this.slashes || withSlashes.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (protocol === 'file:') {
      host = '//';
    }
  }
  search = search.replaceAll('#', '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

/** Resolves `relative` against `source`, as a browser resolves a link. */
export function resolve(source: any, relative: any): string {
  return parseQuietly(source, false, true).resolve(relative);
}

export function resolveObject(source: any, relative: any): any {
  return source ? parseQuietly(source, false, true).resolveObject(relative) : relative;
}

Url.prototype.resolve = function resolve(this: any, relative: any): string {
  return this.resolveObject(parseQuietly(relative, false, true)).format();
};

Url.prototype.resolveObject = function resolveObject(this: any, relative: any): any {
  const link = typeof relative === 'string' ? new Url().parse(relative, false, true) : relative;
  const result: any = new Url();
  if (link.href === '') {
    copy(result, this);
  } else if (link.protocol && link.protocol !== this.protocol) {
    takeForeign(result, this, link);
  } else if (link.slashes && !link.protocol) {
    // '//host/path': another host, by the same protocol.
    copy(result, this);
    const { protocol } = result;
    copy(result, link);
    result.protocol = protocol;
    if (!result.pathname && result.hostname && withSlashes.has(protocol)) result.pathname = result.path = '/';
  } else {
    new Merge(result, this, link).run();
  }
  // Of the source it is never taken.
  result.hash = link.hash;
  result.href = result.format();
  return result;
};

function copy(to: any, from: any): void {
  for (const key of keys(from)) to[key] = from[key];
}

function setPath(url: any): void {
  url.path = `${url.pathname || ''}${url.search || ''}`;
}

// The link has a protocol of its own: next to nothing comes from the source.
function takeForeign(result: any, source: any, link: any): void {
  if (!withSlashes.has(link.protocol)) {
    copy(result, link);
    return;
  }
  copy(result, source);
  if (!link.host && !isHostless(link.protocol) && link.protocol !== 'file:' && link.protocol !== 'file') {
    // 'http:/host/path': what should be the path names the host.
    const names = (link.pathname || '').split('/').filter((name: string, i: number, all: string[]) => name !== '' || all.slice(0, i).some(Boolean));
    link.host = names.shift() ?? '';
    link.hostname ||= '';
    result.pathname = `/${names[0] === '' ? names.slice(1).join('/') : names.join('/')}`;
  } else {
    result.pathname = link.pathname;
  }
  const { protocol, auth, port, search, query } = link;
  const host = link.host || '';
  Object.assign(result, { protocol, auth, port, search, query, host, hostname: link.hostname || host || link.host });
  if (result.pathname || result.search) setPath(result);
  result.slashes ||= link.slashes;
}

/**
 * A link that stays with the source's protocol. The path is handled as a list of segments, an empty one in front standing for the root.
 * Where a protocol has no slashes (mailto:), its host is the first segment of the path while the two are put together.
 */
class Merge {
  out: any;
  base: any;
  link: any;
  hostInPath: boolean;
  linkIsAbsolute: boolean;
  fromRoot: boolean; // the outcome begins with '/'
  segments: string[];
  added: string[];

  constructor(out: any, base: any, link: any) {
    this.out = out;
    this.base = base;
    this.link = link;
    this.segments = segmentsOf(base.pathname);
    this.added = segmentsOf(link.pathname);
    this.hostInPath = Boolean(base.protocol) && !withSlashes.has(base.protocol);
    this.linkIsAbsolute = Boolean(link.host) || isRooted(link.pathname);
    this.fromRoot = Boolean(this.linkIsAbsolute || isRooted(base.pathname) || (base.host && link.pathname));
  }

  run(): void {
    const { out, link } = this;
    copy(out, this.base);
    // '..' over the root of an absolute path is dropped, over that of a relative one it stays.
    const keepUps = !this.fromRoot;
    if (this.hostInPath) this.#hostsToPath();
    if (!this.#join()) return;
    if (this.segments.length === 0) {
      out.pathname = null;
      out.path = out.search ? `/${out.search}` : null;
      return;
    }
    this.#removeDots(keepUps);
    this.#pathToHost();
    const { segments } = this;
    out.pathname = segments.length > 0 ? segments.join('/') : null;
    if (segments.length === 0) out.path = null;
    if (out.pathname !== null || out.search !== null) setPath(out);
    out.auth = link.auth || out.auth;
    out.slashes ||= link.slashes;
  }

  #hostsToPath(): void {
    const { out, link } = this;
    prependHost(this.segments, out.host);
    out.host = out.hostname = '';
    out.port = null;
    if (link.protocol) {
      prependHost(this.added, link.host);
      link.host = link.hostname = link.port = null;
      out.auth = null;
    }
    this.fromRoot &&= this.segments[0] === '' || this.added[0] === '';
  }

  // Which segments count. False when the link is nothing but a query (or a hash): then the path is not looked at any further.
  #join(): boolean {
    const { out, link } = this;
    if (!this.linkIsAbsolute && this.added.length === 0) {
      if (link.search === null || link.search === undefined) return true;
      if (this.hostInPath) setHost(out, this.segments.shift());
      out.search = link.search;
      out.query = link.query;
      setPath(out);
      return false;
    }
    if (this.linkIsAbsolute) {
      for (const name of ['host', 'hostname']) {
        if (!link[name] && link[name] !== '') continue;
        if (out[name] !== link[name]) out.auth = null;
        out[name] = link[name];
        if (name === 'host') out.port = link.port;
      }
      this.segments = this.added;
    } else {
      this.segments = this.segments.slice(0, -1).concat(this.added);
    }
    out.search = link.search;
    out.query = link.query;
    return true;
  }

  #removeDots(keepUps: boolean): void {
    const { out, link, segments } = this;
    const last = segments[segments.length - 1];
    const isDirectory = last === '' || ((last === '.' || last === '..') && Boolean(out.host || link.host || segments.length > 1));
    // From behind: each '..' takes the next name in front of it along.
    const kept: string[] = [];
    let ups = 0;
    for (let i = segments.length; i-- > 0;) {
      const name = segments[i];
      if (name === '..') ups++;
      else if (name !== '.' && ups > 0) ups--;
      else if (name !== '.') kept.push(name);
    }
    if (!this.fromRoot && keepUps) for (; ups > 0; ups--) kept.push('..');
    kept.reverse();
    if (this.fromRoot && kept[0] !== '' && !kept[0]?.startsWith('/')) kept.unshift('');
    if (isDirectory && !kept.join('/').endsWith('/')) kept.push('');
    this.segments = kept;
  }

  #pathToHost(): void {
    const { out, segments } = this;
    const rooted = segments[0] === '' || Boolean(segments[0]?.startsWith('/'));
    if (this.hostInPath) setHost(out, rooted ? '' : segments.shift() ?? '');
    if ((this.fromRoot || (out.host && segments.length > 0)) && !rooted) segments.unshift('');
  }
}

function segmentsOf(pathname: any): string[] {
  return pathname ? pathname.split('/') : [];
}
function isRooted(pathname: any): boolean {
  return Boolean(pathname) && pathname[0] === '/';
}
function prependHost(segments: string[], host: any): void {
  if (!host) return;
  if (segments[0] === '') segments[0] = host;
  else segments.unshift(host);
}
// 'user@host', taken off a path.
function setHost(url: any, host: any): void {
  const at = host ? host.indexOf('@') : -1;
  if (at > 0) url.auth = host.slice(0, at);
  url.host = url.hostname = at > 0 ? host.slice(at + 1) : host;
}
