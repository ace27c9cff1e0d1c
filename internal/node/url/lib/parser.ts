// internal:url/parser: the URL parser of the WHATWG URL standard (https://url.spec.whatwg.org/), without the classes.
//
// A parsed URL is its href and where the parts begin in it, so that getters slice on demand. `parse` first tries one pass over
// ASCII http, https, ws, wss and file URLs that are in their final form already, which is what servers see nearly always.
// Everything else goes through a record of parts, as in the standard; because each state of its machine ends at fixed delimiters,
// the parser here splits at them instead of walking code point by code point.

import { toWellFormed, utf8Slice, utf8Write, utf8ByteLength } from 'native:engine';
import { domainToASCII as idnaToASCII } from 'native:url';

/** Offsets into href. -1 stands for a missing query or fragment, or no port. */
export class Parts {
  declare href: string;
  /** after the scheme's ':' */
  declare schemeEnd: number;
  /** whether '//' follows the scheme: the host is not null */
  declare authority: boolean;
  declare usernameEnd: number;
  declare hostStart: number;
  declare hostEnd: number;
  declare port: number;
  declare pathStart: number;
  declare queryStart: number;
  declare hashStart: number;
  declare opaque: boolean;
  declare special: boolean;

  constructor(href: string, schemeEnd: number, authority: boolean, usernameEnd: number, hostStart: number, hostEnd: number, port: number,
    pathStart: number, queryStart: number, hashStart: number, opaque: boolean, special: boolean) {
    this.href = href;
    this.schemeEnd = schemeEnd;
    this.authority = authority;
    this.usernameEnd = usernameEnd;
    this.hostStart = hostStart;
    this.hostEnd = hostEnd;
    this.port = port;
    this.pathStart = pathStart;
    this.queryStart = queryStart;
    this.hashStart = hashStart;
    this.opaque = opaque;
    this.special = special;
  }
}

export function protocolOf(p: Parts): string {
  return p.href.slice(0, p.schemeEnd);
}

export function usernameOf(p: Parts): string {
  return p.authority ? p.href.slice(p.schemeEnd + 2, p.usernameEnd) : '';
}

export function passwordOf(p: Parts): string {
  return p.usernameEnd < p.hostStart - 1 && p.authority ? p.href.slice(p.usernameEnd + 1, p.hostStart - 1) : '';
}

export function hostnameOf(p: Parts): string {
  return p.href.slice(p.hostStart, p.hostEnd);
}

export function hostOf(p: Parts): string {
  return p.port === -1 ? p.href.slice(p.hostStart, p.hostEnd) : `${p.href.slice(p.hostStart, p.hostEnd)}:${p.port}`;
}

function pathEnd(p: Parts): number {
  return p.queryStart !== -1 ? p.queryStart : p.hashStart !== -1 ? p.hashStart : p.href.length;
}

export function pathnameOf(p: Parts): string {
  return p.href.slice(p.pathStart, pathEnd(p));
}

/** With its '?', or null. */
export function queryOf(p: Parts): string | null {
  if (p.queryStart === -1) return null;
  return p.href.slice(p.queryStart, p.hashStart === -1 ? undefined : p.hashStart);
}

export function originOf(p: Parts): string {
  const protocol = protocolOf(p);
  switch (protocol) {
    case 'http:': case 'https:': case 'ws:': case 'wss:': case 'ftp:':
      return `${protocol}//${hostOf(p)}`;
    case 'blob:': {
      // The origin of a blob URL is that of the http(s) URL that it holds.
      const inner = parse(pathnameOf(p));
      if (inner !== null) {
        const scheme = protocolOf(inner);
        if (scheme === 'http:' || scheme === 'https:') return originOf(inner);
      }
    }
  }
  return 'null';
}

// --- tables ----------------------------------------------------------------------------------------------------------

function allowing(disallowed: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let i = 0x20; i < 0x7f; i++) table[i] = disallowed.includes(String.fromCharCode(i)) ? 0 : 1;
  return table;
}

// The percent-encode sets of the standard; 1 marks what stays.
const C0_SET = allowing('');
const FRAGMENT_SET = allowing(' "<>`');
const QUERY_SET = allowing(' "#<>');
const SPECIAL_QUERY_SET = allowing(' "#<>\'');
const PATH_SET = allowing(' "#<>?^`{}');
const USERINFO_SET = allowing(' "#<>?^`{}/:;=@[\\]|');

const HOST_OK = 1;
const PATH_OK = 2;
const QUERY_OK = 4;
const HASH_OK = 8;
const fast = new Uint8Array(128);
for (let i = 0; i < 128; i++) {
  const lower = (i >= 97 && i < 123) || (i >= 48 && i < 58) || i === 45 || i === 46;
  fast[i] = (lower ? HOST_OK : 0) | (PATH_SET[i] && i !== 92 ? PATH_OK : 0) | (SPECIAL_QUERY_SET[i] ? QUERY_OK : 0) |
    (FRAGMENT_SET[i] ? HASH_OK : 0);
}

const hex = '0123456789ABCDEF';
const scratch = new Uint8Array(4);

export function percentEncode(text: string, allowed: Uint8Array): string {
  const { length } = text;
  let i = 0;
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80 || allowed[code] === 0) break;
  }
  if (i === length) return text;
  let out = text.slice(0, i);
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      out += allowed[code] === 1 ? text[i] : `%${hex[code >> 4]}${hex[code & 15]}`;
    } else {
      const point = code >= 0xd800 && code < 0xdc00 && i + 1 < length ? text.slice(i, i + 2) : text[i];
      if (point.length === 2) i++;
      const size = utf8Write(scratch, point, 0, 4);
      for (let j = 0; j < size; j++) out += `%${hex[scratch[j] >> 4]}${hex[scratch[j] & 15]}`;
    }
  }
  return out;
}

function hexDigit(code: number): number {
  if (code >= 48 && code < 58) return code - 48;
  if (code >= 65 && code < 71) return code - 55;
  if (code >= 97 && code < 103) return code - 87;
  return -1;
}

/** Percent-decodes, then decodes UTF-8 with replacement. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = new Uint8Array(utf8ByteLength(text));
  utf8Write(bytes, text, 0, bytes.length);
  let size = 0;
  for (let i = 0; i < bytes.length; i++, size++) {
    const byte = bytes[i];
    if (byte === 37 && i + 2 < bytes.length) {
      const high = hexDigit(bytes[i + 1]);
      const low = hexDigit(bytes[i + 2]);
      if (high !== -1 && low !== -1) {
        bytes[size] = (high << 4) | low;
        i += 2;
        continue;
      }
    }
    bytes[size] = byte;
  }
  return utf8Slice(bytes, 0, size);
}

function defaultPort(scheme: string): number {
  switch (scheme) {
    case 'http': case 'ws': return 80;
    case 'https': case 'wss': return 443;
    case 'ftp': return 21;
  }
  return -1;
}

export function isSpecial(scheme: string): boolean {
  switch (scheme) {
    case 'http': case 'https': case 'ws': case 'wss': case 'ftp': case 'file': return true;
  }
  return false;
}

// --- the fast pass ---------------------------------------------------------------------------------------------------

const canonicalIPv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}$/;

// 0 when the input needs the full parser.
function fastSchemeEnd(input: string): number {
  switch (input.charCodeAt(0)) {
    case 104: // h
      if (input.startsWith('http://')) return 5;
      if (input.startsWith('https://')) return 6;
      return 0;
    case 119: // w
      if (input.startsWith('ws://')) return 3;
      if (input.startsWith('wss://')) return 4;
      return 0;
    case 102: // f
      return input.startsWith('file:///') ? 5 : 0;
  }
  return 0;
}

// Whether input[start..] is a path, query and fragment that parsing would not change; the results are left in scanQuery and scanHash.
let scanQuery = -1;
let scanHash = -1;

function scanRest(input: string, start: number, file: boolean): boolean {
  const { length } = input;
  scanQuery = -1;
  scanHash = -1;
  let i = start;
  for (; i < length; i++) {
    const code = input.charCodeAt(i);
    if (code >= 128) return false;
    if ((fast[code] & PATH_OK) === 0) {
      if (code === 63 || code === 35) break;
      return false;
    }
    if (code === 46) {
      // '.' and '..' segments, conservatively
      if (input.charCodeAt(i - 1) === 47) {
        const next = input.charCodeAt(i + 1);
        if (!(next >= 48) || next === 63) return false; // end, '.', '/', '%', '?', '#'
      }
    } else if (code === 37) {
      if (input.charCodeAt(i + 1) === 50 && (input.charCodeAt(i + 2) | 0x20) === 101) return false; // %2e
    } else if (file && (code === 58 || code === 124)) {
      if (i <= start + 2) return false; // perhaps a drive letter
    }
  }
  if (i < length && input.charCodeAt(i) === 63) {
    scanQuery = i;
    for (i++; i < length; i++) {
      const code = input.charCodeAt(i);
      if (code >= 128) return false;
      if ((fast[code] & QUERY_OK) === 0) {
        if (code === 35) break;
        return false;
      }
    }
  }
  if (i < length) {
    scanHash = i;
    for (i++; i < length; i++) {
      const code = input.charCodeAt(i);
      if (code >= 128 || (fast[code] & HASH_OK) === 0) return false;
    }
  }
  // Spaces at the end were refused above: no set allows them.
  return true;
}

function parseFast(input: string): Parts | undefined {
  const schemeEnd = fastSchemeEnd(input);
  if (schemeEnd === 0) return undefined;
  const hostStart = schemeEnd + 2;
  if (schemeEnd === 5 && input.charCodeAt(0) === 102) {
    if (!scanRest(input, hostStart, true)) return undefined;
    return new Parts(input, schemeEnd, true, hostStart, hostStart, hostStart, -1, hostStart, scanQuery, scanHash, false, true);
  }
  const { length } = input;
  let i = hostStart;
  let label = hostStart;
  let code = 0;
  for (; i < length; i++) {
    code = input.charCodeAt(i);
    if (code >= 128) return undefined;
    if ((fast[code] & HOST_OK) === 0) break;
    if (code === 46) label = i + 1;
    else if (code === 45 && input.charCodeAt(i - 1) === 45) return undefined; // perhaps 'xn--'
  }
  const hostEnd = i;
  if (label === hostEnd) return undefined; // empty, or a dot at the end
  const first = input.charCodeAt(label);
  if (first >= 48 && first < 58 && !canonicalIPv4.test(input.slice(hostStart, hostEnd))) return undefined;
  let port = -1;
  if (i < length && code === 58) {
    i++;
    const start = i;
    port = 0;
    for (; i < length; i++) {
      code = input.charCodeAt(i);
      if (code < 48 || code > 57) break;
      port = port * 10 + code - 48;
    }
    if (i === start || i - start > 5 || port > 65535 || input.charCodeAt(start) === 48) return undefined;
    if (port === (schemeEnd === 5 || schemeEnd === 3 ? 80 : 443)) return undefined;
  }
  if (i === length) {
    return new Parts(`${input}/`, schemeEnd, true, hostStart, hostStart, hostEnd, port, i, -1, -1, false, true);
  }
  if (code === 47) {
    if (!scanRest(input, i, false)) return undefined;
    return new Parts(input, schemeEnd, true, hostStart, hostStart, hostEnd, port, i, scanQuery, scanHash, false, true);
  }
  if (code === 63 || code === 35) {
    const whole = `${input.slice(0, i)}/${input.slice(i)}`;
    if (!scanRest(whole, i, false)) return undefined;
    return new Parts(whole, schemeEnd, true, hostStart, hostStart, hostEnd, port, i, scanQuery, scanHash, false, true);
  }
  return undefined;
}

// A path from the root against a base: what a server does with a request target.
function resolveFast(input: string, base: Parts): Parts | undefined {
  if (!base.special || base.opaque || input.charCodeAt(0) !== 47 || base.href.charCodeAt(0) === 102) return undefined;
  const second = input.charCodeAt(1);
  if (second === 47 || second === 92) return undefined;
  if (!scanRest(input, 0, false)) return undefined;
  const shift = base.pathStart;
  return new Parts(base.href.slice(0, shift) + input, base.schemeEnd, true, base.usernameEnd, base.hostStart, base.hostEnd, base.port,
    shift, scanQuery === -1 ? -1 : scanQuery + shift, scanHash === -1 ? -1 : scanHash + shift, false, true);
}

// --- the record ------------------------------------------------------------------------------------------------------

/** A URL record of the standard. */
export interface Record {
  scheme: string;
  username: string;
  password: string;
  host: string | null;
  port: number;
  path: string[];
  /** the path when it is opaque, otherwise null */
  opaquePath: string | null;
  query: string | null;
  fragment: string | null;
}

export function toRecord(p: Parts): Record {
  const pathname = pathnameOf(p);
  return {
    scheme: p.href.slice(0, p.schemeEnd - 1),
    username: usernameOf(p),
    password: passwordOf(p),
    host: p.authority ? hostnameOf(p) : null,
    port: p.port,
    path: p.opaque || pathname === '' ? [] : pathname.slice(1).split('/'),
    opaquePath: p.opaque ? pathname : null,
    query: p.queryStart === -1 ? null : queryOf(p)!.slice(1),
    fragment: p.hashStart === -1 ? null : p.href.slice(p.hashStart + 1),
  };
}

/** The URL serializer. */
export function toParts(url: Record): Parts {
  let href = `${url.scheme}:`;
  const schemeEnd = href.length;
  let usernameEnd = schemeEnd;
  let hostStart = schemeEnd;
  let hostEnd = schemeEnd;
  if (url.host !== null) {
    href += `//${url.username}`;
    usernameEnd = href.length;
    if (url.password !== '') href += `:${url.password}`;
    if (url.username !== '' || url.password !== '') href += '@';
    hostStart = href.length;
    href += url.host;
    hostEnd = href.length;
    if (url.port !== -1) href += `:${url.port}`;
  } else if (url.opaquePath === null && url.path.length > 1 && url.path[0] === '') {
    href += '/.'; // so that the path isn't taken for an authority
  }
  const pathStart = href.length;
  if (url.opaquePath !== null) href += url.opaquePath;
  else for (const segment of url.path) href += `/${segment}`;
  let queryStart = -1;
  if (url.query !== null) {
    queryStart = href.length;
    href += `?${url.query}`;
  }
  let hashStart = -1;
  if (url.fragment !== null) {
    hashStart = href.length;
    href += `#${url.fragment}`;
  }
  return new Parts(href, schemeEnd, url.host !== null, usernameEnd, hostStart, hostEnd, url.port, pathStart, queryStart, hashStart,
    url.opaquePath !== null, isSpecial(url.scheme));
}

// --- hosts -----------------------------------------------------------------------------------------------------------

const FORBIDDEN_HOST = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_DOMAIN = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;
const PLAIN_DOMAIN = /^[\x21-\x7e]*$/;

/** The host parser: a serialized host, or null for failure. */
export function parseHost(input: string, special: boolean): string | null {
  if (input.charCodeAt(0) === 91) {
    if (!input.endsWith(']')) return null;
    const pieces = parseIPv6(input.slice(1, -1));
    return pieces === null ? null : `[${serializeIPv6(pieces)}]`;
  }
  if (!special) return FORBIDDEN_HOST.test(input) ? null : percentEncode(input, C0_SET);
  const ascii = domainToASCII(percentDecode(input));
  if (ascii === null || FORBIDDEN_DOMAIN.test(ascii)) return null;
  return endsInNumber(ascii) ? parseIPv4(ascii) : ascii;
}

/** "domain to ASCII" with beStrict false; null for failure. */
export function domainToASCII(domain: string): string | null {
  let ascii: string;
  if (PLAIN_DOMAIN.test(domain)) {
    ascii = domain.toLowerCase();
    if (ascii.startsWith('xn--') || ascii.includes('.xn--')) ascii = idnaToASCII(ascii);
  } else {
    ascii = idnaToASCII(domain);
  }
  return ascii === '' ? null : ascii;
}

function endsInNumber(host: string): boolean {
  let end = host.length;
  if (host.charCodeAt(end - 1) === 46) {
    end--;
    if (end === 0) return false;
  }
  const label = host.slice(host.lastIndexOf('.', end - 1) + 1, end);
  return /^(?:\d+|0[xX][0-9a-fA-F]*)$/.test(label);
}

function parseIPv4Number(text: string): number {
  if (text === '') return -1;
  if (/^0[xX][0-9a-fA-F]*$/.test(text)) return text.length === 2 ? 0 : parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return text.length === 1 ? 0 : parseInt(text.slice(1), 8);
  return /^[1-9]\d*$/.test(text) ? parseInt(text, 10) : -1;
}

function parseIPv4(host: string): string | null {
  const parts = host.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  if (parts.length > 4) return null;
  const numbers = parts.map(parseIPv4Number);
  const last = numbers.length - 1;
  for (let i = 0; i <= last; i++) {
    if (numbers[i] === -1 || (i < last && numbers[i] > 255)) return null;
  }
  if (numbers[last] >= 256 ** (5 - numbers.length)) return null;
  let address = numbers[last];
  for (let i = 0; i < last; i++) address += numbers[i] * 256 ** (3 - i);
  return `${Math.floor(address / 2 ** 24)}.${Math.floor(address / 2 ** 16) % 256}.${Math.floor(address / 256) % 256}.${address % 256}`;
}

function parseIPv6(input: string): number[] | null {
  const halves = input.split('::');
  if (halves.length > 2) return null;
  const pieces: number[][] = [];
  for (let h = 0; h < halves.length; h++) {
    const list: number[] = [];
    const groups = halves[h] === '' ? [] : halves[h].split(':');
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g];
      if (group.includes('.')) {
        // An IPv4 address may stand for the last two pieces.
        if (h !== halves.length - 1 || g !== groups.length - 1) return null;
        const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(group);
        if (match === null) return null;
        const bytes = match.slice(1).map(Number);
        for (let i = 0; i < 4; i++) {
          if (bytes[i] > 255 || (match[i + 1].length > 1 && match[i + 1][0] === '0')) return null;
        }
        list.push(bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]);
      } else {
        if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
        list.push(parseInt(group, 16));
      }
    }
    pieces.push(list);
  }
  if (pieces.length === 1) return pieces[0].length === 8 ? pieces[0] : null;
  const zeros = 8 - pieces[0].length - pieces[1].length;
  if (zeros < 1) return null;
  return [...pieces[0], ...new Array(zeros).fill(0), ...pieces[1]];
}

function serializeIPv6(pieces: number[]): string {
  // The first longest run of two or more zero pieces is written '::'.
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && pieces[i + run] === 0) run++;
    if (run > longest) {
      start = i;
      longest = run;
    }
    i += run;
  }
  let out = '';
  for (let i = 0; i < 8; i++) {
    if (i === start) {
      out += i === 0 ? '::' : ':';
      i += longest - 1;
      continue;
    }
    out += pieces[i].toString(16);
    if (i < 7) out += ':';
  }
  return out;
}

// --- paths -----------------------------------------------------------------------------------------------------------

const WINDOWS_DRIVE = /^[A-Za-z][:|]$/;
const STARTS_WITH_DRIVE = /^[A-Za-z][:|](?:[/\\?#]|$)/;
const NORMALIZED_DRIVE = /^[A-Za-z]:$/;
const SINGLE_DOT = /^(?:\.|%2[eE])$/;
const DOUBLE_DOT = /^(?:\.|%2[eE]){2}$/;

function shorten(url: Record): void {
  if (url.scheme === 'file' && url.path.length === 1 && NORMALIZED_DRIVE.test(url.path[0])) return;
  url.path.pop();
}

/** The path state: `text` without the slash that leads to it. */
function appendPath(url: Record, text: string, special: boolean): void {
  const segments = special && text.includes('\\') ? text.split(/[/\\]/) : text.split('/');
  const last = segments.length - 1;
  for (let i = 0; i <= last; i++) {
    const segment = segments[i];
    if (segment.length <= 6 && DOUBLE_DOT.test(segment)) {
      shorten(url);
      if (i === last) url.path.push('');
    } else if (segment.length <= 3 && SINGLE_DOT.test(segment)) {
      if (i === last) url.path.push('');
    } else if (url.scheme === 'file' && url.path.length === 0 && WINDOWS_DRIVE.test(segment)) {
      url.path.push(`${segment[0]}:`);
    } else {
      url.path.push(percentEncode(segment, PATH_SET));
    }
  }
}

function isSlash(code: number, special: boolean): boolean {
  return code === 47 || (code === 92 && special);
}

/** The path start state. */
function startPath(url: Record, text: string, special: boolean): void {
  if (special) appendPath(url, isSlash(text.charCodeAt(0), true) ? text.slice(1) : text, true);
  else if (text !== '') appendPath(url, text.charCodeAt(0) === 47 ? text.slice(1) : text, false);
}

// --- authority -------------------------------------------------------------------------------------------------------

function firstSlash(text: string, special: boolean): number {
  for (let i = 0; i < text.length; i++) {
    if (isSlash(text.charCodeAt(i), special)) return i;
  }
  return text.length;
}

// The ':' that begins the port, or the length.
function hostLength(text: string): number {
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91) inside = true;
    else if (code === 93) inside = false;
    else if (code === 58 && !inside) return i;
  }
  return text.length;
}

/** From the authority state to the end of the path; false for failure. */
function parseAuthority(url: Record, text: string, special: boolean): boolean {
  const end = firstSlash(text, special);
  let authority = text.slice(0, end);
  const at = authority.lastIndexOf('@');
  if (at !== -1) {
    const credentials = authority.slice(0, at);
    authority = authority.slice(at + 1);
    if (authority === '') return false;
    const colon = credentials.indexOf(':');
    url.username = percentEncode(colon === -1 ? credentials : credentials.slice(0, colon), USERINFO_SET);
    if (colon !== -1) url.password = percentEncode(credentials.slice(colon + 1), USERINFO_SET);
  }
  const split = hostLength(authority);
  const name = authority.slice(0, split);
  if (name === '' && (special || split < authority.length)) return false;
  const host = parseHost(name, special);
  if (host === null) return false;
  url.host = host;
  if (split < authority.length && !setPort(url, authority.slice(split + 1), true)) return false;
  startPath(url, text.slice(end), special);
  return true;
}

/** The port state; `whole`: nothing may follow the digits. */
export function setPort(url: Record, text: string, whole: boolean): boolean {
  const digits = /^\d*/.exec(text)![0];
  if (whole && digits.length !== text.length) return false;
  if (digits === '') return whole;
  const port = Number(digits);
  if (port > 65535) return false;
  url.port = port === defaultPort(url.scheme) ? -1 : port;
  return true;
}

function stripLeadingSlashes(text: string): string {
  let i = 0;
  while (isSlash(text.charCodeAt(i), true)) i++;
  return text.slice(i);
}

// --- the file scheme -------------------------------------------------------------------------------------------------

function parseFile(url: Record, text: string, base: Record | null): boolean {
  url.scheme = 'file';
  url.host = '';
  const fileBase = base !== null && base.scheme === 'file' ? base : null;
  if (isSlash(text.charCodeAt(0), true)) {
    if (isSlash(text.charCodeAt(1), true)) {
      const rest = text.slice(2);
      const end = firstSlash(rest, true);
      const name = rest.slice(0, end);
      if (WINDOWS_DRIVE.test(name)) {
        appendPath(url, rest, true);
        return true;
      }
      if (name !== '') {
        const host = parseHost(name, true);
        if (host === null) return false;
        url.host = host === 'localhost' ? '' : host;
      }
      startPath(url, rest.slice(end), true);
      return true;
    }
    if (fileBase !== null) {
      url.host = fileBase.host;
      if (!STARTS_WITH_DRIVE.test(text.slice(1)) && fileBase.path.length > 0 && NORMALIZED_DRIVE.test(fileBase.path[0])) {
        url.path.push(fileBase.path[0]);
      }
    }
    appendPath(url, text.slice(1), true);
    return true;
  }
  if (fileBase !== null) {
    url.host = fileBase.host;
    if (text === '') {
      url.path = fileBase.path.slice();
      if (url.query === null) url.query = fileBase.query;
      return true;
    }
    if (!STARTS_WITH_DRIVE.test(text)) {
      url.path = fileBase.path.slice();
      shorten(url);
    }
  }
  appendPath(url, text, true);
  return true;
}

// --- the parser ------------------------------------------------------------------------------------------------------

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const NEEDS_STRIP = /^[\0-\x20]|[\0-\x20]$|[\t\n\r]/;

function parseRelative(url: Record, text: string, base: Record): boolean {
  url.scheme = base.scheme;
  const special = isSpecial(url.scheme);
  if (isSlash(text.charCodeAt(0), special)) {
    if (isSlash(text.charCodeAt(1), special)) {
      return parseAuthority(url, special ? stripLeadingSlashes(text) : text.slice(2), special);
    }
    copyAuthority(url, base);
    appendPath(url, text.slice(1), special);
    return true;
  }
  copyAuthority(url, base);
  url.path = base.path.slice();
  if (text === '') {
    if (url.query === null) url.query = base.query;
    return true;
  }
  shorten(url);
  appendPath(url, text, special);
  return true;
}

function copyAuthority(url: Record, base: Record): void {
  url.username = base.username;
  url.password = base.password;
  url.host = base.host;
  url.port = base.port;
}

/** The basic URL parser without a state override. */
function parseRecord(input: string, base: Record | null): Record | null {
  if (NEEDS_STRIP.test(input)) input = input.replace(/^[\0-\x20]+/, '').replace(/[\0-\x20]+$/, '').replace(/[\t\n\r]+/g, '');
  input = toWellFormed(input);
  const url: Record = {
    scheme: '', username: '', password: '', host: null, port: -1, path: [], opaquePath: null, query: null, fragment: null,
  };

  let text = input;
  const hash = text.indexOf('#');
  if (hash !== -1) {
    url.fragment = percentEncode(text.slice(hash + 1), FRAGMENT_SET);
    text = text.slice(0, hash);
  }
  const question = text.indexOf('?');
  let query: string | null = null;
  if (question !== -1) {
    query = text.slice(question + 1);
    text = text.slice(0, question);
  }

  const match = SCHEME.exec(text);
  const scheme = match === null ? (base === null ? '' : base.scheme) : match[0].slice(0, -1).toLowerCase();
  const special = isSpecial(scheme);
  if (query !== null) url.query = percentEncode(query, special ? SPECIAL_QUERY_SET : QUERY_SET);

  let parsed: boolean;
  if (match === null) {
    if (base === null) return null;
    if (base.opaquePath !== null) {
      // Only a fragment can be resolved against an opaque path.
      if (input.charCodeAt(0) !== 35) return null;
      return { ...base, fragment: url.fragment };
    }
    parsed = base.scheme === 'file' ? parseFile(url, text, base) : parseRelative(url, text, base);
  } else {
    url.scheme = scheme;
    const rest = text.slice(match[0].length);
    if (scheme === 'file') {
      parsed = parseFile(url, rest, base);
    } else if (special) {
      if (base !== null && base.scheme === scheme && !(isSlash(rest.charCodeAt(0), false) && isSlash(rest.charCodeAt(1), false))) {
        parsed = parseRelative(url, rest, base);
      } else {
        parsed = parseAuthority(url, stripLeadingSlashes(rest), true);
      }
    } else if (rest.startsWith('//')) {
      parsed = parseAuthority(url, rest.slice(2), false);
    } else if (rest.startsWith('/')) {
      appendPath(url, rest.slice(1), false);
      parsed = true;
    } else {
      url.opaquePath = encodeOpaque(rest, query !== null || url.fragment !== null);
      parsed = true;
    }
  }
  return parsed ? url : null;
}

function encodeOpaque(text: string, more: boolean): string {
  const encoded = percentEncode(text, C0_SET);
  // A space right before '?' or '#' would be lost when the query or fragment is removed.
  return more && encoded.endsWith(' ') ? `${encoded.slice(0, -1)}%20` : encoded;
}

/** Parses a URL, against a base if there is one; null for failure. */
export function parse(input: string, base?: Parts): Parts | null {
  const quick = parseFast(input) ?? (base === undefined ? undefined : resolveFast(input, base));
  if (quick !== undefined) return quick;
  const record = parseRecord(input, base === undefined ? null : toRecord(base));
  return record === null ? null : toParts(record);
}

// --- setters: each gives new parts, or the same when the value is refused ----------------------------------------------

function strip(value: string): string {
  return toWellFormed(/[\t\n\r]/.test(value) ? value.replace(/[\t\n\r]+/g, '') : value);
}

function hasNoCredentials(url: Record): boolean {
  return url.host === null || url.host === '' || url.scheme === 'file';
}

export function withProtocol(p: Parts, value: string): Parts {
  const match = SCHEME.exec(`${strip(value)}:`);
  if (match === null) return p;
  const scheme = match[0].slice(0, -1).toLowerCase();
  const url = toRecord(p);
  if (isSpecial(scheme) !== isSpecial(url.scheme)) return p;
  if (scheme === 'file' && (url.username !== '' || url.password !== '' || url.port !== -1)) return p;
  if (url.scheme === 'file' && url.host === '') return p;
  url.scheme = scheme;
  if (url.port === defaultPort(scheme)) url.port = -1;
  return toParts(url);
}

export function withUsername(p: Parts, value: string): Parts {
  const url = toRecord(p);
  if (hasNoCredentials(url)) return p;
  url.username = percentEncode(toWellFormed(value), USERINFO_SET);
  return toParts(url);
}

export function withPassword(p: Parts, value: string): Parts {
  const url = toRecord(p);
  if (hasNoCredentials(url)) return p;
  url.password = percentEncode(toWellFormed(value), USERINFO_SET);
  return toParts(url);
}

/** The host setter, or the hostname setter, which refuses a port. */
export function withHost(p: Parts, value: string, hostnameOnly: boolean): Parts {
  if (p.opaque) return p;
  const url = toRecord(p);
  const special = isSpecial(url.scheme);
  let text = strip(value);
  const end = text.search(special ? /[/?#\\]/ : /[/?#]/);
  if (end !== -1) text = text.slice(0, end);
  if (url.scheme === 'file') {
    const host = text === '' ? '' : parseHost(text, true);
    if (host === null) return p;
    url.host = host === 'localhost' ? '' : host;
    return toParts(url);
  }
  const split = hostLength(text);
  const name = text.slice(0, split);
  if (split < text.length && (name === '' || hostnameOnly)) return p;
  if (name === '' && (special || url.username !== '' || url.password !== '' || url.port !== -1)) return p;
  const host = parseHost(name, special);
  if (host === null) return p;
  url.host = host;
  if (split < text.length) setPort(url, text.slice(split + 1), false);
  return toParts(url);
}

export function withPort(p: Parts, value: string): Parts {
  const url = toRecord(p);
  if (hasNoCredentials(url)) return p;
  if (value === '') url.port = -1;
  else if (!setPort(url, strip(value), false)) return p;
  return toParts(url);
}

export function withPathname(p: Parts, value: string): Parts {
  if (p.opaque) return p;
  const url = toRecord(p);
  const text = strip(value);
  url.path = [];
  startPath(url, text, isSpecial(url.scheme));
  if (url.path.length === 0 && url.host === null) url.path.push('');
  return toParts(url);
}

export function withSearch(p: Parts, value: string): Parts {
  let query: string | null = null;
  if (value !== '') {
    const text = strip(value.charCodeAt(0) === 63 ? value.slice(1) : value);
    query = percentEncode(text, p.special ? SPECIAL_QUERY_SET : QUERY_SET);
  }
  return withQuery(p, query);
}

/** Puts an encoded query in place; null takes it away. */
export function withQuery(p: Parts, query: string | null): Parts {
  const before = p.href.slice(0, pathEnd(p));
  const hash = p.hashStart === -1 ? '' : p.href.slice(p.hashStart);
  const search = query === null ? '' : `?${query}`;
  return new Parts(before + search + hash, p.schemeEnd, p.authority, p.usernameEnd, p.hostStart, p.hostEnd, p.port, p.pathStart,
    query === null ? -1 : before.length, hash === '' ? -1 : before.length + search.length, p.opaque, p.special);
}

export function withHash(p: Parts, value: string): Parts {
  const before = p.hashStart === -1 ? p.href : p.href.slice(0, p.hashStart);
  const hash = value === '' ? '' :
    `#${percentEncode(strip(value.charCodeAt(0) === 35 ? value.slice(1) : value), FRAGMENT_SET)}`;
  return new Parts(before + hash, p.schemeEnd, p.authority, p.usernameEnd, p.hostStart, p.hostEnd, p.port, p.pathStart, p.queryStart,
    hash === '' ? -1 : before.length, p.opaque, p.special);
}
