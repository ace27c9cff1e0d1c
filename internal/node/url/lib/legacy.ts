// internal:url/legacy — url.parse, url.format and url.resolve, the interface from before the URL standard
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

export function Url(this: any): void {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

const PROTOCOL = /^[a-z0-9.+-]+:/i;
const PORT = /:[0-9]*$/;
const AUTH_BEFORE_PATH = /^\/\/[^@/]+@[^@/]+/;
const ONLY_PATH = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const MAX_HOSTNAME = 255;

// Javascript never has a hostname, and its text isn't escaped.
const isHostless = (protocol: string | null) => protocol === 'javascript' || protocol === 'javascript:';

const withSlashes = new Set(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'].flatMap((name) => [name, `${name}:`]));

const FORBIDDEN_IN_HOST = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const FORBIDDEN_IN_IPV6 = /[\0\t\n\r #%/<>?@\\^|]/;

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
  if (url instanceof (Url as any)) return url;
  const parsed = new (Url as any)();
  parsed.parse(url, parseQueryString, slashesDenoteHost);
  return parsed;
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

  if (!slashesDenoteHost && !rest.includes('#') && !rest.includes('@')) {
    const simple = ONLY_PATH.exec(rest);
    if (simple !== null) {
      this.path = rest;
      this.href = rest;
      this.pathname = simple[1];
      if (simple[2]) {
        this.search = simple[2];
        this.query = simple[2].slice(1);
        if (parseQueryString) this.query = querystring.parse(this.query);
      } else if (parseQueryString) {
        this.search = null;
        this.query = { __proto__: null };
      }
      return this;
    }
  }

  let protocol: string | null = null;
  const match = PROTOCOL.exec(rest);
  if (match !== null) {
    protocol = match[0].toLowerCase();
    this.protocol = protocol;
    rest = rest.slice(match[0].length);
  }

  let slashes = false;
  if (slashesDenoteHost || protocol !== null || AUTH_BEFORE_PATH.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !(protocol !== null && isHostless(protocol))) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }

  if (!isHostless(protocol) && (slashes || (protocol !== null && !withSlashes.has(protocol)))) {
    rest = takeHost(this, rest, url);
  }

  if (!isHostless(protocol)) rest = rest.replace(/[\t\n\r "'<>\\^`{|}]/g, (char) => escaped[char]);

  const hash = rest.indexOf('#');
  let question = rest.indexOf('?');
  if (hash !== -1) {
    this.hash = rest.slice(hash);
    if (question > hash) question = -1;
  }
  if (question !== -1) {
    this.search = rest.slice(question, hash === -1 ? undefined : hash);
    this.query = this.search.slice(1);
    if (parseQueryString) this.query = querystring.parse(this.query);
  } else if (parseQueryString) {
    this.search = null;
    this.query = { __proto__: null };
  }
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
      if (FORBIDDEN_IN_IPV6.test(parsed.hostname)) throw new ERR_INVALID_URL(url);
    } else {
      const ascii = /[^\0-\x7f]|xn--/.test(parsed.hostname) ? idnaToASCII(parsed.hostname) : parsed.hostname;
      // A host that vanishes, or that gets a delimiter by normalization, would be another host to somebody else.
      if (ascii === '' || FORBIDDEN_IN_HOST.test(ascii)) throw new ERR_INVALID_URL(url);
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
  let { host } = this;
  const match = PORT.exec(host);
  if (match !== null) {
    if (match[0] !== ':') this.port = match[0].slice(1);
    host = host.slice(0, host.length - match[0].length);
  }
  if (host) this.hostname = host;
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

function setPath(url: any): void {
  url.path = url.pathname || url.search ? (url.pathname || '') + (url.search || '') : url.path;
}

Url.prototype.resolveObject = function resolveObject(this: any, relative: any): any {
  if (typeof relative === 'string') {
    const parsed = new (Url as any)();
    parsed.parse(relative, false, true);
    relative = parsed;
  }

  const result = new (Url as any)();
  for (const key of keys(this)) result[key] = this[key];
  // The hash is never taken from the source.
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }

  // '//host/path': all but the protocol is the relative's.
  if (relative.slashes && !relative.protocol) {
    for (const key of keys(relative)) {
      if (key !== 'protocol') result[key] = relative[key];
    }
    if (withSlashes.has(result.protocol) && result.hostname && !result.pathname) {
      result.path = '/';
      result.pathname = '/';
    }
    result.href = result.format();
    return result;
  }

  if (relative.protocol && relative.protocol !== result.protocol) {
    // A protocol without the notion of a hierarchy can't be resolved.
    if (!withSlashes.has(relative.protocol)) {
      for (const key of keys(relative)) result[key] = relative[key];
      result.href = result.format();
      return result;
    }
    result.protocol = relative.protocol;
    if (!relative.host && !/^file:?$/.test(relative.protocol) && !isHostless(relative.protocol)) {
      // The first segment of the path is the host then: 'http:/x/y'.
      const path = (relative.pathname || '').split('/');
      while (path.length > 0 && !(relative.host = path.shift()));
      relative.host ||= '';
      relative.hostname ||= '';
      if (path[0] !== '') path.unshift('');
      if (path.length < 2) path.unshift('');
      result.pathname = path.join('/');
    } else {
      result.pathname = relative.pathname;
    }
    result.search = relative.search;
    result.query = relative.query;
    result.host = relative.host || '';
    result.auth = relative.auth;
    result.hostname = relative.hostname || relative.host;
    result.port = relative.port;
    if (result.pathname || result.search) result.path = (result.pathname || '') + (result.search || '');
    result.slashes ||= relative.slashes;
    result.href = result.format();
    return result;
  }

  const sourceAbsolute = Boolean(result.pathname && result.pathname[0] === '/');
  const relativeAbsolute = Boolean(relative.host || (relative.pathname && relative.pathname[0] === '/'));
  let mustEndAbsolute = relativeAbsolute || sourceAbsolute || Boolean(result.host && relative.pathname);
  const removeAllDots = mustEndAbsolute;
  let path: string[] = result.pathname ? result.pathname.split('/') : [];
  const relativePath: string[] = relative.pathname ? relative.pathname.split('/') : [];
  const noSlashProtocol = Boolean(result.protocol && !withSlashes.has(result.protocol));

  // Without slashes in the protocol the host is the first segment of the path: it is put there, and taken off again at the end.
  if (noSlashProtocol) {
    result.hostname = '';
    result.port = null;
    if (result.host) {
      if (path[0] === '') path[0] = result.host;
      else path.unshift(result.host);
    }
    result.host = '';
    if (relative.protocol) {
      relative.hostname = null;
      relative.port = null;
      result.auth = null;
      if (relative.host) {
        if (relativePath[0] === '') relativePath[0] = relative.host;
        else relativePath.unshift(relative.host);
      }
      relative.host = null;
    }
    mustEndAbsolute = mustEndAbsolute && (relativePath[0] === '' || path[0] === '');
  }

  if (relativeAbsolute) {
    if (relative.host || relative.host === '') {
      if (result.host !== relative.host) result.auth = null;
      result.host = relative.host;
      result.port = relative.port;
    }
    if (relative.hostname || relative.hostname === '') {
      if (result.hostname !== relative.hostname) result.auth = null;
      result.hostname = relative.hostname;
    }
    result.search = relative.search;
    result.query = relative.query;
    path = relativePath;
  } else if (relativePath.length > 0) {
    path.pop();
    path = path.concat(relativePath);
    result.search = relative.search;
    result.query = relative.query;
  } else if (relative.search !== null && relative.search !== undefined) {
    // Only a query: the path stays.
    if (noSlashProtocol) hostFromPath(result, path);
    result.search = relative.search;
    result.query = relative.query;
    if (result.pathname !== null || result.search !== null) result.path = (result.pathname || '') + (result.search || '');
    result.href = result.format();
    return result;
  }

  if (path.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }

  const last = path[path.length - 1];
  const trailingSlash = ((result.host || relative.host || path.length > 1) && (last === '.' || last === '..')) || last === '';

  const kept: string[] = [];
  let up = 0;
  for (let i = path.length - 1; i >= 0; i--) {
    const segment = path[i];
    if (segment === '.') continue;
    if (segment === '..') up++;
    else if (up > 0) up--;
    else kept.unshift(segment);
  }
  path = kept;
  if (!mustEndAbsolute && !removeAllDots) {
    while (up-- > 0) path.unshift('..');
  }
  if (mustEndAbsolute && path[0] !== '' && (!path[0] || path[0][0] !== '/')) path.unshift('');
  if (trailingSlash && path.join('/').slice(-1) !== '/') path.push('');

  const absolute = path[0] === '' || Boolean(path[0] && path[0][0] === '/');
  if (noSlashProtocol) {
    result.hostname = result.host = absolute ? '' : path.length > 0 ? path.shift() : '';
    authFromHost(result);
  }
  mustEndAbsolute = mustEndAbsolute || Boolean(result.host && path.length > 0);
  if (mustEndAbsolute && !absolute) path.unshift('');
  if (path.length === 0) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = path.join('/');
  }
  if (result.pathname !== null || result.search !== null) setPath(result);
  result.auth = relative.auth || result.auth;
  result.slashes = result.slashes || relative.slashes;
  result.href = result.format();
  return result;
};

function hostFromPath(result: any, path: string[]): void {
  result.hostname = result.host = path.shift();
  authFromHost(result);
}

function authFromHost(result: any): void {
  const at = result.host ? result.host.indexOf('@') : -1;
  if (at > 0) {
    result.auth = result.host.slice(0, at);
    result.host = result.hostname = result.host.slice(at + 1);
  }
}
