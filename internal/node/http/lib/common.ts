// What client and server share: names, checks, the text of headers.
import * as native from 'native:http';
import { codes } from 'internal:errors';
import { validateString } from 'internal:validators';
import { commandLineFlag, commandLineOption } from 'internal:net/options';

/** Methods by the numbers that Go gives them. */
export const methodNames: string[] = native.methods();
export const METHODS: string[] = methodNames.slice(0, 35);

export const STATUS_CODES: Record<number, string> = {
  100: 'Continue', 101: 'Switching Protocols', 102: 'Processing', 103: 'Early Hints', 200: 'OK', 201: 'Created', 202: 'Accepted',
  203: 'Non-Authoritative Information', 204: 'No Content', 205: 'Reset Content', 206: 'Partial Content', 207: 'Multi-Status',
  208: 'Already Reported', 226: 'IM Used', 300: 'Multiple Choices', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified',
  305: 'Use Proxy', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required',
  403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required',
  408: 'Request Timeout', 409: 'Conflict', 410: 'Gone', 411: 'Length Required', 412: 'Precondition Failed', 413: 'Payload Too Large',
  414: 'URI Too Long', 415: 'Unsupported Media Type', 416: 'Range Not Satisfiable', 417: 'Expectation Failed', 418: "I'm a Teapot",
  421: 'Misdirected Request', 422: 'Unprocessable Entity', 423: 'Locked', 424: 'Failed Dependency', 425: 'Too Early', 426: 'Upgrade Required',
  428: 'Precondition Required', 429: 'Too Many Requests', 431: 'Request Header Fields Too Large', 451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported', 506: 'Variant Also Negotiates', 507: 'Insufficient Storage', 508: 'Loop Detected',
  509: 'Bandwidth Limit Exceeded', 510: 'Not Extended', 511: 'Network Authentication Required',
};

// Fields of the messages that other files of this folder use.
export const kConn = Symbol('conn');
export const kSocket = Symbol('socket');
export const kOutHeaders = Symbol('kOutHeaders');
export const kNeedDrain = Symbol('kNeedDrain');
export const kParserState = Symbol('parserState');

let maxHeaderSize = 0;
/** --max-http-header-size. */
export function getMaxHeaderSize(): number {
  if (maxHeaderSize === 0) {
    const text = commandLineOption('max-http-header-size');
    maxHeaderSize = Number(text) > 0 ? Number(text) : 16384;
  }
  return maxHeaderSize;
}
/** --insecure-http-parser. */
let lenient: boolean | undefined;
export function isLenient(): boolean {
  return (lenient ??= commandLineFlag('insecure-http-parser', false));
}

/** The error of a connection that the other side broke. Called with `new`. */
export function ConnResetException(message: string): any {
  const error: any = new Error(message);
  error.code = 'ECONNRESET';
  return error;
}

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const badValue = /[^\t\x20-\x7e\x80-\xff]/;

export function isToken(value: any): boolean {
  return token.test(value);
}
export function hasInvalidHeaderChar(value: any): boolean {
  return badValue.test(value);
}

// Names that were checked, with their lower case: a lookup in place of two walks over the name.
const lowerNames = new Map<string, string>();

/** The name in lower case. */
export function lowerCase(name: string): string {
  const known = lowerNames.get(name);
  if (known !== undefined) return known;
  return remember(name);
}
function remember(name: string): string {
  const lower = name.toLowerCase();
  if (lowerNames.size < 1000 && name.length < 60 && token.test(name)) lowerNames.set(name, lower);
  return lower;
}

export function validateHeaderName(name: any, label?: any): void {
  if (lowerNames.has(name)) return;
  if (typeof name !== 'string' || name === '' || !token.test(name)) {
    throw new codes.ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
  }
}

export function validateHeaderValue(name: any, value: any): void {
  if (value === undefined) throw new codes.ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (badValue.test(value)) throw new codes.ERR_INVALID_CHAR('header content', name);
}

let dateText = '';
let dateLineText = '';
let dateSecond = 0;
function newSecond(now: number, second: number): void {
  dateSecond = second;
  dateText = new Date(now).toUTCString();
  dateLineText = `Date: ${dateText}\r\n`;
}
/** The Date header's value, made once a second. */
export function utcDate(): string {
  const now = Date.now();
  const second = now - (now % 1000);
  if (second !== dateSecond) newSecond(now, second);
  return dateText;
}
/** The whole line, with its end. */
export function dateLine(): string {
  const now = Date.now();
  const second = now - (now % 1000);
  if (second !== dateSecond) newSecond(now, second);
  return dateLineText;
}

// How repeated headers are put together: 0 joined by ', ', 1 only the first counts, 2 a list, 3 joined by '; '.
const joining: Record<string, number> = {
  __proto__: null as never,
  'set-cookie': 2, cookie: 3,
  age: 1, authorization: 1, 'content-length': 1, 'content-type': 1, etag: 1, expires: 1, from: 1, host: 1, 'if-modified-since': 1,
  'if-unmodified-since': 1, 'last-modified': 1, location: 1, 'max-forwards': 1, 'proxy-authorization': 1, referer: 1, 'retry-after': 1,
  server: 1, 'user-agent': 1,
};

/** Adds one header to an object of message.headers. */
export function addHeaderLine(to: any, name: string, value: string, joinDuplicates: boolean): void {
  const lower = lowerCase(name);
  const before = to[lower];
  if (before === undefined || !Object.hasOwn(to, lower)) {
    const how = joining[lower];
    if (lower === '__proto__') Object.defineProperty(to, lower, { value, enumerable: true, configurable: true, writable: true });
    else to[lower] = how === 2 ? [value] : value;
    return;
  }
  const how = joining[lower] ?? 0;
  if (how === 2) before.push(value);
  else if (how === 3) to[lower] = `${before}; ${value}`;
  else if (how === 0 || joinDuplicates) to[lower] = `${before}, ${value}`;
}

/** Go's block "Name\nvalue\n..." as [name, value, ...]. */
export function splitBlock(block: string): string[] {
  if (block === '') return [];
  const list = block.split('\n');
  list.pop(); // not length--, which goes through a slow accessor
  return list;
}

/** Makes Node's error of a malformed message. */
export function parseError(code: string, reason: string, bytesParsed: number, rawPacket: any): Error {
  const error: any = new Error(code === 'HPE_INVALID_EOF_STATE' ? 'Parse Error' : `Parse Error: ${reason}`);
  error.bytesParsed = bytesParsed;
  error.code = code;
  error.reason = reason;
  error.rawPacket = rawPacket;
  return error;
}

export function checkString(value: any, name: string): void {
  validateString(value, name);
}
