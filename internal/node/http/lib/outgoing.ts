// http.OutgoingMessage. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpoutgoingmessage
//
// A message is written in one of two ways: through a connection of Go (kConn), where a header and a body that come together are one crossing
// and one write(2), or to a socket, which may be any Duplex; without either its output is kept until a socket is assigned.
import { Buffer } from 'internal:buffer';
import { Stream, getDefaultHighWaterMark } from 'internal:stream';
import { EventEmitter } from 'internal:events';
import { nextTick } from 'internal:process/task';
import { codes } from 'internal:errors';
import {
  kConn, kNeedDrain, kOutHeaders, kSocket, lowerCase, dateLine, validateHeaderName, validateHeaderValue,
} from 'internal:http/common';

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;

export const kErrored = Symbol('errored');
export const kCorked = Symbol('corked');
const kHighWaterMark = Symbol('kHighWaterMark');
const kRejectNonStandardBodyWrites = Symbol('kRejectNonStandardBodyWrites');
export const kUniqueHeaders = Symbol('kUniqueHeaders');
const kBytesWritten = Symbol('kBytesWritten');
const kHeld = Symbol('held');
export const kQueued = Symbol('queued');
const kWriteCallbacks = Symbol('writeCallbacks');
/** A callback of the program's comes in a tick. */
export const kCalled = Symbol('called');
const CRLF = '\r\n';

export function OutgoingMessage(this: any, options?: any): void {
  // As an emitter.
  this._eventsCount = 0;
  this._events = undefined;
  // Where it goes: a connection of Go, or a socket, or into outputData until there is one.
  this[kSocket] = null;
  this[kConn] = null;
  this.outputSize = 0;
  this.outputData = noOutput;
  this[kHighWaterMark] = options?.highWaterMark ?? 0;
  this[kNeedDrain] = false;
  this[kHeld] = false;
  this[kQueued] = 0;
  this[kCorked] = 0;
  this[kWriteCallbacks] = null;
  this[kCalled] = false;
  // Its headers: as they were set, then as text, then sent; and which of the usual ones must stay away.
  this[kOutHeaders] = null;
  this._header = null;
  this._headerSent = false;
  this.sendDate = false;
  this._removedTE = false;
  this._removedContLen = false;
  this._removedConnection = false;
  // Its body: how its end is told, and how much there is.
  this._hasBody = true;
  this.useChunkedEncodingByDefault = true;
  this.chunkedEncoding = false;
  this._contentLength = null;
  this.strictContentLength = false;
  this[kRejectNonStandardBodyWrites] = options?.rejectNonStandardBodyWrites ?? false;
  this[kBytesWritten] = 0;
  this._trailer = '';
  // What becomes of the connection after it.
  this.shouldKeepAlive = true;
  this._defaultKeepAlive = true;
  this._keepAliveTimeout = 0;
  this.maxRequestsOnConnectionReached = false;
  this._last = false;
  // How far it is.
  this.writable = true;
  this.finished = false;
  this.destroyed = false;
  this[kErrored] = null;
  this._closed = false;
}
setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
setPrototypeOf(OutgoingMessage, Stream);

const noOutput: any[] = [];
const O: any = OutgoingMessage.prototype;

function accessor(name: PropertyKey, get: (this: any) => any, set?: (this: any, value: any) => void): void {
  defineProperty(O, name, { __proto__: null, get, set, configurable: true, enumerable: false } as any);
}

accessor('socket', function() {
  const socket = this[kSocket];
  if (socket === null && this[kConn] !== null && this[kConn] !== undefined) return (this[kSocket] = this[kConn].makeSocket());
  return socket;
}, function(value) { this[kSocket] = value; });
accessor('connection', function() { return this.socket; }, function(value) { this.socket = value; });
accessor('headersSent', function() { return Boolean(this._header); });
accessor('errored', function() { return this[kErrored]; });
accessor('closed', function() { return this._closed; });
accessor('writableFinished', function() {
  return this.finished && this.outputSize === 0 && this[kQueued] === 0 && (!this[kSocket] || this[kConn] !== null || this[kSocket].writableLength === 0);
});
accessor('writableObjectMode', () => false);
accessor('writableLength', function() { return this.outputSize + Math.max(this[kQueued], 0) + (this[kSocket] && this[kConn] === null ? this[kSocket].writableLength : 0); });
accessor('writableHighWaterMark', function() { return this[kSocket]?.writableHighWaterMark ?? highWaterMark(this); });
accessor('writableCorked', function() { return this[kCorked]; });
accessor('writableEnded', function() { return this.finished; });
accessor('writableNeedDrain', function() { return !this.destroyed && !this.finished && this[kNeedDrain]; });
accessor('_headers', function() { return this.getHeaders(); }, function(value) {
  this[kOutHeaders] = null;
  if (value !== null && typeof value === 'object') for (const name of Object.keys(value)) store(this, name, lowerCase(name), value[name]);
});
accessor('_headerNames', function() {
  const list = this[kOutHeaders];
  if (list === null) return null;
  const out: any = { __proto__: null };
  for (let i = 0; i < list.length; i += 3) out[list[i]] = list[i + 1];
  return out;
}, () => {});

function highWaterMark(msg: any): number {
  return msg[kHighWaterMark] || getDefaultHighWaterMark();
}

// ------------------------------------------------------------------------------------------------ headers

// The headers that were set: [lower case, name, value, ...] in their order.
function find(list: any[] | null, lower: string): number {
  if (list === null) return -1;
  for (let i = 0; i < list.length; i += 3) {
    if (list[i] === lower) return i;
  }
  return -1;
}

function store(msg: any, name: string, lower: string, value: any): void {
  const list = msg[kOutHeaders];
  if (list === null) {
    msg[kOutHeaders] = [lower, name, value];
    return;
  }
  const at = find(list, lower);
  if (at < 0) {
    list.push(lower, name, value);
  } else {
    list[at + 1] = name;
    list[at + 2] = value;
  }
}

O.setHeader = function(this: any, name: any, value: any): any {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('set');
  validateHeaderName(name);
  checkValue(name, value);
  store(this, name, lowerCase(name), value);
  return this;
};

function checkValue(name: string, value: any): void {
  if (isArray(value)) {
    if (value.length === 0) return;
    for (let i = 0; i < value.length; i++) validateHeaderValue(name, value[i]);
    return;
  }
  validateHeaderValue(name, value);
}

O.setHeaders = function(this: any, headers: any): any {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('set');
  // What has keys() and get() and is no list: Headers, Map and their like.
  const isMap = headers && !isArray(headers) && [headers.keys, headers.get].every((method) => typeof method === 'function');
  if (!isMap) throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
  // Headers gives each cookie by itself; setHeader would forget the ones before.
  let cookies: any[] = [];
  for (const entry of headers) {
    if (entry[0] === 'set-cookie') cookies = cookies.concat(entry[1]);
    else this.setHeader(entry[0], entry[1]);
  }
  if (cookies.length > 0) this.setHeader('set-cookie', cookies);
  return this;
};

O.appendHeader = function(this: any, name: any, value: any): any {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('append');
  validateHeaderName(name);
  checkValue(name, value);
  const lower = lowerCase(name);
  const list = this[kOutHeaders];
  const at = find(list, lower);
  if (at < 0) {
    store(this, name, lower, value);
    return this;
  }
  const before = list[at + 2];
  const all = isArray(before) ? before.slice() : [before];
  if (isArray(value)) all.push(...value);
  else all.push(value);
  list[at + 2] = all;
  return this;
};

O.getHeader = function(this: any, name: any): any {
  if (typeof name !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
  const list = this[kOutHeaders];
  if (list === null) return undefined;
  const at = find(list, lowerCase(name));
  return at < 0 ? undefined : list[at + 2];
};

O.getHeaderNames = function(this: any): string[] {
  const list = this[kOutHeaders];
  const out: string[] = [];
  if (list !== null) for (let i = 0; i < list.length; i += 3) out.push(list[i]);
  return out;
};

O.getRawHeaderNames = function(this: any): string[] {
  const list = this[kOutHeaders];
  const out: string[] = [];
  if (list !== null) for (let i = 0; i < list.length; i += 3) out.push(list[i + 1]);
  return out;
};

O.getHeaders = function(this: any): any {
  const list = this[kOutHeaders];
  const out: any = { __proto__: null };
  if (list !== null) for (let i = 0; i < list.length; i += 3) out[list[i]] = list[i + 2];
  return out;
};

O.hasHeader = function(this: any, name: any): boolean {
  if (typeof name !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
  return find(this[kOutHeaders], lowerCase(name)) >= 0;
};

O.removeHeader = function(this: any, name: any): void {
  if (typeof name !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('remove');
  const lower = lowerCase(name);
  // Headers that would come by themselves stay away from now on.
  if (lower === 'date') this.sendDate = false;
  else if (lower === 'connection') this._removedConnection = true;
  else if (lower === 'transfer-encoding') this._removedTE = true;
  else if (lower === 'content-length') this._removedContLen = true;
  const list = this[kOutHeaders];
  const at = find(list, lower);
  if (at >= 0) list.splice(at, 3);
};

O._renderHeaders = function(this: any): any {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('render');
  const out: any = {};
  const list = this[kOutHeaders];
  if (list !== null) for (let i = 0; i < list.length; i += 3) out[list[i + 1]] = list[i + 2];
  return out;
};

const CONNECTION = 1;
const LENGTH = 2;
const ENCODING = 4;
const DATE = 8;
const EXPECT = 16;
const TRAILER = 32;
const KEEP_ALIVE = 64;

// Notes what a header says about the message.
function note(msg: any, lower: string, value: any): number {
  switch (lower.length) {
    case 4:
      if (lower === 'date') return DATE;
      break;
    case 6:
      if (lower === 'expect') return EXPECT;
      break;
    case 7:
      if (lower === 'trailer') return TRAILER;
      break;
    case 10:
      if (lower === 'connection') {
        msg._removedConnection = false;
        if (/(?:^|\W)close(?:$|\W)/i.test(value)) msg._last = true;
        else msg.shouldKeepAlive = true;
        return CONNECTION;
      }
      if (lower === 'keep-alive') {
        msg._defaultKeepAlive = false;
        return KEEP_ALIVE;
      }
      break;
    case 14:
      if (lower === 'content-length') {
        msg._contentLength = +value;
        msg._removedContLen = false;
        return LENGTH;
      }
      break;
    case 17:
      if (lower === 'transfer-encoding') {
        msg._removedTE = false;
        if (/(?:^|\W)chunked(?:$|\W)/i.test(value)) msg.chunkedEncoding = true;
        return ENCODING;
      }
      break;
  }
  return 0;
}

// The lines of the header in the value of which `line` was called last; a result beside the one it returns.
let lines = '';

// A header of any form: its lines go to `lines`, and what it says about the message is returned.
function line(msg: any, name: string, lower: string, value: any, validate: boolean): number {
  if (validate) validateHeaderName(name);
  if (isArray(value)) {
    if (value.length < 2 && validate === false || (value.length < 2 || !isCookie(lower)) && (!msg[kUniqueHeaders] || !msg[kUniqueHeaders].has(lower))) {
      // One line each.
      let seen = 0;
      let text = '';
      for (let i = 0; i < value.length; i++) {
        if (validate) validateHeaderValue(name, value[i]);
        text += `${name}: ${value[i]}${CRLF}`;
        seen |= note(msg, lower, value[i]);
      }
      lines = text;
      return seen;
    }
    value = value.join('; ');
  } else if (validate) {
    validateHeaderValue(name, value);
  }
  lines = `${name}: ${value}${CRLF}`;
  return note(msg, lower, value);
}

function isCookie(lower: string): boolean {
  return lower === 'cookie';
}

/**
 * Builds the header of the message. headers: an object, a list of pairs, a flat list, or the message's own (kOutHeaders).
 */
O._storeHeader = function(this: any, firstLine: string, headers: any): void {
  let text = firstLine;
  let seen = 0;
  if (headers) {
    if (headers === this[kOutHeaders]) {
      for (let i = 0; i < headers.length; i += 3) {
        const value = headers[i + 2];
        if (typeof value === 'string') {
          text += headers[i + 1] + ': ' + value + CRLF;
          seen |= note(this, headers[i], value);
        } else {
          seen |= line(this, headers[i + 1], headers[i], value, false);
          text += lines;
        }
      }
    } else if (isArray(headers)) {
      if (headers.length > 0 && isArray(headers[0])) {
        for (const entry of headers) {
          seen |= line(this, entry[0], lowerCase(entry[0]), entry[1], true);
          text += lines;
        }
      } else {
        if (headers.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', headers);
        for (let i = 0; i < headers.length; i += 2) {
          seen |= line(this, headers[i], lowerCase(`${headers[i]}`), headers[i + 1], true);
          text += lines;
        }
      }
    } else {
      for (const name in headers) {
        if (!Object.hasOwn(headers, name)) continue;
        const value = headers[name];
        const lower = lowerCase(name);
        if (typeof value === 'string') {
          validateHeaderName(name);
          validateHeaderValue(name, value);
          text += name + ': ' + value + CRLF;
          seen |= note(this, lower, value);
        } else {
          seen |= line(this, name, lower, value, true);
          text += lines;
        }
      }
    }
  }

  if (this.sendDate && (seen & DATE) === 0) text += dateLine();

  // RFC 9112, 6.1: no Transfer-Encoding in these, whatever the application asked for.
  if (this.chunkedEncoding && (this.statusCode === 204 || this.statusCode === 304)) {
    this.chunkedEncoding = false;
    this.shouldKeepAlive = false;
  }

  if (this._removedConnection) this._last = !this.shouldKeepAlive;
  else if ((seen & CONNECTION) === 0) text += persistence(this, (seen & LENGTH) !== 0);

  if ((seen & (LENGTH | ENCODING)) === 0) {
    if (!this._hasBody) {
      this.chunkedEncoding = false;
    } else if (!this.useChunkedEncodingByDefault) {
      this._last = true;
    } else if ((seen & TRAILER) === 0 && !this._removedContLen && typeof this._contentLength === 'number') {
      text += 'Content-Length: ' + this._contentLength + CRLF;
    } else if (!this._removedTE) {
      text += 'Transfer-Encoding: chunked\r\n';
      this.chunkedEncoding = true;
    } else {
      // Only the connection's end tells where the body ends.
      this._last = true;
    }
  }
  if (this.chunkedEncoding !== true && (seen & TRAILER) !== 0) throw new codes.ERR_HTTP_TRAILER_INVALID();

  this._header = text + CRLF;
  this._headerSent = false;
  if ((seen & EXPECT) !== 0) this._send('');
};

O._implicitHeader = function(): void {
  throw new codes.ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
};

// The lines that say whether the connection stays; by them `_last` is decided.
function persistence(msg: any, hasLength: boolean): string {
  const stays = msg.shouldKeepAlive && !msg.maxRequestsOnConnectionReached && (hasLength || msg.useChunkedEncodingByDefault || msg.agent);
  if (!stays) {
    msg._last = true;
    return 'Connection: close\r\n';
  }
  const seconds = msg._defaultKeepAlive && msg._keepAliveTimeout ? Math.floor(msg._keepAliveTimeout / 1000) : -1;
  if (seconds < 0) return 'Connection: keep-alive\r\n';
  const max = msg._maxRequestsPerSocket | 0;
  if (max > 0) return `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}, max=${max}\r\n`;
  if (seconds !== staySeconds) {
    staySeconds = seconds;
    stayLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`;
  }
  return stayLines;
}
// The lines of the last timeout: a server has one.
let staySeconds = -1;
let stayLines = '';


O.addTrailers = function(this: any, headers: any): void {
  const pairs = isArray(headers) ? headers : Object.entries(headers);
  this._trailer = pairs.map((pair: any) => trailerLines(this, pair[0], pair[1])).join('');
};

function trailerLines(msg: any, name: any, value: any): string {
  validateHeaderName(name, 'Trailer name');
  if (!isArray(value)) return trailerLine(name, value);
  // A name that must be unique, and a list of one, make one line.
  const apart = value.length > 1 && !msg[kUniqueHeaders]?.has(lowerCase(name));
  return apart ? value.map((one) => trailerLine(name, one)).join('') : trailerLine(name, value.join('; '));
}
function trailerLine(name: string, value: any): string {
  checkTrailer(name, value);
  return `${name}: ${value}${CRLF}`;
}

function checkTrailer(name: string, value: any): void {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new codes.ERR_INVALID_CHAR('trailer content', name);
}

/** A Set of lower-case names that are sent once, joined by '; '. */
export function parseUniqueHeadersOption(headers: any): Set<string> | null {
  if (!isArray(headers)) return null;
  return new Set(headers.map((h: any) => lowerCase(`${h}`)));
}

// ------------------------------------------------------------------------------------------------ writing

const END = 1;
const CLOSE = 2;
const CHUNKED = 4;
const HOLD = 16;

/** In place of a number of queued bytes: the connection was closed before they came. */
export const LOST = -1;

/** Sends the header, if it wasn't sent, with data behind it. */
O._send = function(this: any, data: any, encoding?: any, callback?: any, byteLength?: number): boolean {
  if (isFast(this)) return toConn(this, data, encoding, 0, callback, false);
  return this._writeRaw(this._headerSent ? data : withHeader(this, data, encoding), encoding, callback, byteLength);
};

// The header goes in front of text in one string where both are the same bytes by any encoding, as a piece of its own elsewhere.
function withHeader(msg: any, data: any, encoding: any): any {
  const header = msg._header ?? '';
  msg._headerSent = true;
  const isPlain = !encoding || encoding === 'utf8' || encoding === 'latin1';
  if (isPlain && typeof data === 'string' && asciiHeader(header)) return header + data;
  msg.outputData = [{ data: header, encoding: 'latin1', callback: null }, ...msg.outputData];
  msg.outputSize += header.length;
  msg._onPendingData?.(header.length);
  return data;
}

function asciiHeader(header: string): boolean {
  return !/[\x80-\xff]/.test(header);
}

O._writeRaw = function(this: any, data: any, encoding?: any, callback?: any, size?: number): boolean {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (isFast(this)) {
    const queued = this[kConn].send(0, typeof data === 'string' && encoding !== 'utf8' ? data : Buffer.from(data), undefined, undefined);
    if (typeof callback === 'function') nextTick(callback);
    return queued >= 0 && queued < highWaterMark(this);
  }
  const socket = this[kSocket];
  if (socket?.destroyed) return false;
  if (socket && socket._httpMessage === this && socket.writable) {
    if (this.outputData.length > 0) this._flushOutput(socket);
    return socket.write(data, encoding, callback);
  }
  if (this.outputData === noOutput) this.outputData = [];
  this.outputData.push({ data, encoding, callback });
  this.outputSize += size ?? data.length;
  this._onPendingData?.(data.length);
  return this.outputSize < highWaterMark(this);
};
O._onPendingData = function(): void {};

// Whether the message goes through a connection of Go. A program that sees what is written makes it go to the socket.
function isFast(msg: any): boolean {
  const conn = msg[kConn];
  return conn !== null && (conn.socket === undefined || conn.isPlain());
}

// One crossing: the header unless it was sent, and data. end: the message is complete with it.
function toConn(msg: any, data: any, encoding: any, flags: number, callback: any, mayHold: boolean): boolean {
  const conn = msg[kConn];
  let header;
  if (!msg._headerSent) {
    header = msg._header;
    msg._headerSent = true;
  }
  if (typeof data === 'string') {
    if (data === '') data = undefined;
    else if (encoding !== undefined && encoding !== null && encoding !== 'utf8' && encoding !== 'utf-8') data = Buffer.from(data, encoding);
  }
  if (mayHold) {
    flags |= HOLD;
    if (!msg[kHeld]) {
      msg[kHeld] = true;
      nextTick(release, msg, conn);
    }
  } else {
    msg[kHeld] = false;
  }
  const queued = conn.send(flags, header, data, (flags & END) !== 0 && msg._trailer !== '' ? msg._trailer : undefined);
  if (queued < 0) {
    msg[kQueued] = LOST;
    if (typeof callback === 'function') nextTick(callback, new codes.ERR_STREAM_DESTROYED('write'));
    return false;
  }
  msg[kQueued] = queued;
  if (queued === 0 && msg[kWriteCallbacks] !== null) nextTick(callBack, msg);
  if (typeof callback === 'function') {
    msg[kCalled] = true;
    if (queued === 0) nextTick(callback);
    else (msg[kWriteCallbacks] ??= []).push(callback);
  }
  if (queued === 0 && data !== undefined && data.length >= highWaterMark(msg) && (flags & END) === 0) {
    // As a stream does: too much for the buffer, though it is gone already.
    nextTick(connDrained, msg);
    return false;
  }
  return queued < highWaterMark(msg);
}

// The writes of one turn go out together.
function release(msg: any, conn: any): void {
  if (msg[kHeld] && msg[kConn] !== null) {
    msg[kHeld] = false;
    const queued = conn.send(0, undefined, undefined, undefined);
    if (queued >= 0) {
      msg[kQueued] = queued;
      if (queued === 0) conn.drained(msg);
    }
  }
}

function callBack(msg: any): void {
  for (const callback of takeWriteCallbacks(msg)) callback();
}

/** What was queued in Go is written. */
export function connDrained(msg: any): void {
  msg[kQueued] = 0;
  callBack(msg);
  if (msg[kNeedDrain] && !msg.finished) {
    msg[kNeedDrain] = false;
    msg.emit('drain');
  }
}

/** The callbacks of writes that Go has queued. */
export function takeWriteCallbacks(msg: any): any[] {
  const callbacks = msg[kWriteCallbacks];
  msg[kWriteCallbacks] = null;
  return callbacks ?? [];
}

/** The connection is gone; what waits for a write hears of it. */
export function connLost(msg: any): void {
  const callbacks = msg[kWriteCallbacks];
  if (callbacks !== null) {
    msg[kWriteCallbacks] = null;
    for (const callback of callbacks) callback(new codes.ERR_STREAM_DESTROYED('write'));
  }
}

function onError(msg: any, err: any, callback: any): void {
  nextTick(emitError, msg, err, callback);
}
function emitError(msg: any, err: any, callback: any): void {
  callback(err);
  if (typeof msg.emit === 'function' && !msg.destroyed) msg.emit('error', err);
}

function nop(): void {}

O.write = function(this: any, chunk: any, encoding?: any, callback?: any): boolean {
  const short = typeof encoding === 'function';
  const accepted = write(this, chunk, short ? null : encoding, short ? encoding : callback, false);
  if (!accepted) this[kNeedDrain] = true;
  return accepted;
};

function byteLength(chunk: any, encoding: any): number {
  if (typeof chunk !== 'string') return chunk.byteLength;
  return Buffer.byteLength(chunk, encoding);
}

function write(msg: any, chunk: any, encoding: any, callback: any, fromEnd: boolean): boolean {
  if (typeof callback !== 'function') callback = nop;
  if (chunk === null) throw new codes.ERR_STREAM_NULL_VALUES();
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
    throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
  }
  let err;
  if (msg.finished) err = new codes.ERR_STREAM_WRITE_AFTER_END();
  else if (msg.destroyed) err = new codes.ERR_STREAM_DESTROYED('write');
  if (err !== undefined) {
    if (msg.destroyed) nextTick(callback, err);
    else onError(msg, err, callback);
    return false;
  }
  let length = -1;
  if (msg.strictContentLength) {
    length = byteLength(chunk, encoding);
    if (strictLength(msg) && (fromEnd ? msg[kBytesWritten] + length !== msg._contentLength : msg[kBytesWritten] + length > msg._contentLength)) {
      throw new codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH(length + msg[kBytesWritten], msg._contentLength);
    }
    msg[kBytesWritten] += length;
  }
  if (!msg._header) {
    if (fromEnd) {
      if (length < 0) length = byteLength(chunk, encoding);
      msg._contentLength = length;
    }
    msg._implicitHeader();
  }
  if (!msg._hasBody) {
    if (msg[kRejectNonStandardBodyWrites]) throw new codes.ERR_HTTP_BODY_NOT_ALLOWED();
    nextTick(callback);
    return true;
  }
  if (isFast(msg)) {
    if (chunk.length === 0 && msg._headerSent) {
      if (callback !== nop) nextTick(callback);
      return true;
    }
    return toConn(msg, chunk, encoding, msg.chunkedEncoding ? CHUNKED : 0, callback === nop ? null : callback, chunk.length < 8192 || msg[kCorked] > 0);
  }
  const socket = msg[kSocket];
  // Pieces of one turn leave together.
  if (!fromEnd && socket?.cork && !socket.writableCorked) {
    socket.cork();
    nextTick(uncork, socket);
  }
  if (msg.chunkedEncoding && chunk.length !== 0) {
    if (length < 0) length = byteLength(chunk, encoding);
    msg._send(length.toString(16), 'latin1', null);
    msg._send(CRLF, 'latin1', null);
    msg._send(chunk, encoding, null, length);
    return msg._send(CRLF, 'latin1', callback);
  }
  return msg._send(chunk, encoding, callback, length < 0 ? undefined : length);
}

function uncork(socket: any): void {
  socket.uncork();
}

function strictLength(msg: any): boolean {
  return msg.strictContentLength && msg._contentLength != null && msg._hasBody && !msg._removedContLen && !msg.chunkedEncoding && !hasTE(msg);
}
function hasTE(msg: any): boolean {
  return find(msg[kOutHeaders], 'transfer-encoding') >= 0;
}

O.end = function(this: any, chunk?: any, encoding?: any, callback?: any): any {
  const alone = typeof chunk === 'function';
  if (alone || typeof encoding === 'function') {
    callback = alone ? chunk : encoding;
    encoding = null;
    if (alone) chunk = null;
  }
  if (this[kConn] !== null && !this.finished && !this.destroyed && !this.strictContentLength && isFast(this) &&
      (chunk === undefined || chunk === null || typeof chunk === 'string' || chunk instanceof Uint8Array)) {
    return endConn(this, chunk, encoding, callback);
  }
  if (this.finished) {
    endAgain(this, chunk, callback);
    return this;
  }
  const socket = this[kSocket];
  cork(socket);
  if (chunk) {
    write(this, chunk, encoding, null, true);
  } else if (!this._header) {
    this._contentLength = 0;
    this._implicitHeader();
  }
  if (typeof callback === 'function') this.prependOnceListener('finish', callback);
  if (strictLength(this) && this[kBytesWritten] !== this._contentLength) {
    throw new codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH(this[kBytesWritten], this._contentLength);
  }
  sendEnd(this, Boolean(chunk));
  uncorkAll(socket);
  this[kCorked] = 0;
  this.finished = true;
  const nothingLeft = this.outputData.length === 0 && this[kConn] === null;
  if (nothingLeft && this[kSocket]?._httpMessage === this) this._finish();
  return this;
};

// end() after end(): data is an error, a callback is told of the end that comes or came.
function endAgain(msg: any, chunk: any, callback: any): void {
  const hasCallback = typeof callback === 'function';
  if (chunk) onError(msg, new codes.ERR_STREAM_WRITE_AFTER_END(), hasCallback ? callback : nop);
  else if (hasCallback && msg.writableFinished) callback(new codes.ERR_STREAM_ALREADY_FINISHED('end'));
  else if (hasCallback) msg.on('finish', callback);
}

// What tells the other side that the body is over; 'finish' follows when it was written.
function sendEnd(msg: any, hadChunk: boolean): void {
  const finish = (): void => {
    if (!msg[kSocket]?._hadError) msg.emit('finish');
  };
  if (msg[kConn] !== null) finishConn(msg, undefined, undefined);
  else if (msg.chunkedEncoding && msg._hasBody) msg._send(`0${CRLF}${msg._trailer}${CRLF}`, 'latin1', finish);
  else if (hadChunk || msg.writableLength || !msg._headerSent) msg._send('', 'latin1', finish);
  else nextTick(finish);
}

function cork(socket: any): void {
  if (typeof socket?.cork === 'function') socket.cork();
}
// Undoes every cork of a message, of its own and of the program's.
function uncorkAll(socket: any): void {
  if (typeof socket?.uncork !== 'function') return;
  socket.uncork();
  const state = socket._writableState;
  if (!state || state.corked === 0) return;
  state.corked = 1;
  socket.uncork();
}

// The end of a message on a connection of Go, with all that is left of it.
function endConn(msg: any, chunk: any, encoding: any, callback: any): any {
  let data;
  if (chunk) {
    if (!msg._header) {
      msg._contentLength = byteLength(chunk, encoding);
      msg._implicitHeader();
    }
    if (msg._hasBody) data = chunk;
    else if (msg[kRejectNonStandardBodyWrites]) throw new codes.ERR_HTTP_BODY_NOT_ALLOWED();
  } else if (!msg._header) {
    msg._contentLength = 0;
    msg._implicitHeader();
  }
  if (typeof callback === 'function') msg.prependOnceListener('finish', callback);
  finishConn(msg, data, encoding);
  msg[kCorked] = 0;
  return msg;
}

function finishConn(msg: any, data: any, encoding: any): void {
  let flags = END;
  if (msg.chunkedEncoding && msg._hasBody) flags |= CHUNKED;
  if (msg._last) flags |= CLOSE;
  msg.finished = true;
  const conn = msg[kConn];
  flags |= conn.ending(msg);
  toConn(msg, data, encoding, flags, null, false);
  if (msg._events !== undefined && msg._events.prefinish !== undefined) msg.emit('prefinish');
  conn.ended(msg);
}

O._finish = function(this: any): void {
  this.emit('prefinish');
};

O.flushHeaders = function(this: any): void {
  if (!this._header) this._implicitHeader();
  this._send('');
};

O._flush = function(this: any): void {
  const socket = this[kSocket];
  if (socket?.writable) {
    const ok = this._flushOutput(socket);
    if (this.finished) {
      this._finish();
    } else if (ok && this[kNeedDrain]) {
      this[kNeedDrain] = false;
      this.emit('drain');
    }
  }
};

O._flushOutput = function(this: any, socket: any): any {
  const { outputData } = this;
  if (outputData.length === 0) return undefined;
  this.outputData = noOutput;
  let ok;
  socket.cork?.();
  for (const { data, encoding, callback } of outputData) ok = socket.write(data, encoding, callback);
  socket.uncork?.();
  this._onPendingData?.(-this.outputSize);
  this.outputSize = 0;
  return ok;
};

O.cork = function(this: any): void {
  const fast = isFast(this);
  this[kCorked]++;
  if (!fast) this[kSocket]?.cork?.();
};
O.uncork = function(this: any): void {
  if (this[kCorked] > 0) this[kCorked]--;
  if (this[kConn] === null) this[kSocket]?.uncork?.();
};

O.setTimeout = function(this: any, msecs: any, callback?: any): any {
  if (callback) this.on('timeout', callback);
  const socket = this.socket;
  if (!socket) this.once('socket', (s: any) => s.setTimeout(msecs));
  else socket.setTimeout(msecs);
  return this;
};

O.destroy = function(this: any, error?: any): any {
  if (this.destroyed) return this;
  this.destroyed = true;
  this[kErrored] = error;
  const conn = this[kConn];
  if (conn !== null) {
    conn.destroy(error);
    return this;
  }
  if (this[kSocket]) this[kSocket].destroy(error);
  else this.once('socket', (socket: any) => socket.destroy(error));
  return this;
};

O.pipe = function(this: any): void {
  this.emit('error', new codes.ERR_STREAM_CANNOT_PIPE());
};

O[(EventEmitter as any).captureRejectionSymbol ?? Symbol.for('nodejs.rejection')] = function(this: any, err: any): void {
  this.destroy(err);
};
O[Symbol.asyncDispose] = async function(this: any): Promise<void> {
  this.destroy();
};

