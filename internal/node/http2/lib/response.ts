// Http2ServerResponse, and how a server's 'stream' becomes a 'request'.
// https://nodejs.org/docs/latest-v24.x/api/http2.html#class-http2http2serverresponse
import * as native from 'native:http2';
import { codes } from 'internal:errors';
import { Stream } from 'internal:stream';
import { nextTick } from 'internal:process/task';
import { process } from 'internal:process';
import { isToken } from 'internal:http/common';
import { validateFunction, validateLinkHeaderValue, validateObject, validateString } from 'internal:validators';
import { compatSocket } from 'internal:http2/compatsocket';
import { kState as kStreamState } from 'internal:http2/stream';

const { isArray } = Array;
const { keys } = Object;

const kStream = Symbol('stream');
const kState = Symbol('state');
const kHeaders = Symbol('headers');
const kTrailers = Symbol('trailers');
const kResponse = Symbol('response');

let warnedStatus = false;
function warnStatusMessage(): void {
  if (warnedStatus) return;
  warnedStatus = true;
  process.emitWarning('Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)', 'UnsupportedWarning');
}

let warnedConnection = false;
function warnConnection(): void {
  if (warnedConnection) return;
  warnedConnection = true;
  process.emitWarning('The provided connection header is not valid, the value will be dropped from the header and will never be in use.', 'UnsupportedWarning');
}

const pseudo = new Set([':status', ':method', ':path', ':authority', ':scheme', ':protocol']);

// Throws for a header that can't be; false: one that is dropped.
function checkHeader(name: any, value: any): boolean {
  if (typeof name !== 'string' || name === '' || !isToken(name[0] === ':' ? name.slice(1) : name)) {
    throw new codes.ERR_INVALID_HTTP_TOKEN('Header name', name);
  }
  if (pseudo.has(name)) throw new codes.ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED();
  if (value === undefined || value === null) throw new codes.ERR_HTTP2_INVALID_HEADER_VALUE(value, name);
  if (name === 'connection' && value !== 'trailers') {
    warnConnection();
    return false;
  }
  return true;
}

function keyOf(name: any): string {
  validateString(name, 'name');
  return name.trim().toLowerCase();
}

export class Http2ServerResponse extends (Stream as any) {
  constructor(stream: any, options?: any) {
    super(options);
    this[kState] = { closed: false, ending: false, destroyed: false, headRequest: false, sendDate: true, statusCode: 200 };
    this[kHeaders] = { __proto__: null };
    this[kTrailers] = { __proto__: null };
    this[kStream] = stream;
    stream[kResponse] = this;
    this.writable = true;
    this.req = stream[kRequestOf];
    stream.on('drain', onDrain);
    stream.on('close', onClose);
    stream.on('wantTrailers', onWantTrailers);
    stream.on('timeout', onTimeout);
  }

  // User land checks it to see whether headers were sent.
  get _header(): boolean {
    return this.headersSent;
  }
  get writableEnded(): boolean {
    return this[kState].ending;
  }
  get finished(): boolean {
    return this[kState].ending;
  }
  get socket(): any {
    return this[kState].closed ? undefined : compatSocket(this[kStream]);
  }
  get connection(): any {
    return this.socket;
  }
  get sendDate(): boolean {
    return this[kState].sendDate;
  }
  set sendDate(value: any) {
    this[kState].sendDate = Boolean(value);
  }
  get statusCode(): number {
    return this[kState].statusCode;
  }
  set statusCode(code: any) {
    code |= 0;
    if (code >= 100 && code < 200) throw new codes.ERR_HTTP2_INFO_STATUS_NOT_ALLOWED();
    if (code < 100 || code > 599) throw new codes.ERR_HTTP2_STATUS_INVALID(code);
    this[kState].statusCode = code;
  }
  get statusMessage(): string {
    warnStatusMessage();
    return '';
  }
  set statusMessage(_message: any) {
    warnStatusMessage();
  }

  // ---- headers

  setTrailer(name: any, value: any): void {
    validateString(name, 'name');
    name = name.trim().toLowerCase();
    checkHeader(name, value);
    this[kTrailers][name] = value;
    const state = this[kStream][kStreamState];
    // Told late: the response must not end with its body.
    if (state.headersSent && !state.waitForTrailers && !state.over && state.session !== undefined) {
      state.waitForTrailers = true;
      native.waitForTrailers(state.session.nativeId, state.id);
    }
  }
  addTrailers(headers: any): void {
    for (const name of keys(headers)) this.setTrailer(name, headers[name]);
  }
  getHeader(name: any): any {
    return this[kHeaders][keyOf(name)];
  }
  getHeaderNames(): string[] {
    return keys(this[kHeaders]);
  }
  getHeaders(): any {
    return { __proto__: null, ...this[kHeaders] };
  }
  hasHeader(name: any): boolean {
    return keyOf(name) in this[kHeaders];
  }
  removeHeader(name: any): void {
    const key = keyOf(name);
    if (this[kStream].headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (this[kState].closed) return;
    if (key === 'date') {
      this[kState].sendDate = false;
      return;
    }
    delete this[kHeaders][key];
  }
  setHeader(name: any, value: any): any {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (!this[kState].closed) this.put(name, value);
    return this;
  }
  appendHeader(name: any, value: any): any {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (!this[kState].closed) this.append(name, value);
    return this;
  }
  put(name: string, value: any): void {
    const key = name.trim().toLowerCase();
    if (!checkHeader(key, value)) return;
    this[kHeaders][key] = value;
  }
  append(name: string, value: any): void {
    const key = name.trim().toLowerCase();
    if (!checkHeader(key, value)) return;
    const headers = this[kHeaders];
    const old = headers[key];
    if (old === undefined) headers[key] = value;
    else headers[key] = (isArray(old) ? old : [old]).concat(value);
  }

  flushHeaders(): void {
    if (!this[kState].closed && !this[kStream].headersSent) this.writeHead(this[kState].statusCode);
  }

  writeHead(statusCode: any, statusMessage?: any, headers?: any): any {
    const state = this[kState];
    if (state.closed || this[kStream].destroyed || this[kStream].closed) return this;
    if (this[kStream].headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (typeof statusMessage === 'string') warnStatusMessage();
    if (headers === undefined && typeof statusMessage === 'object') headers = statusMessage;
    if (isArray(headers)) {
      const flat = isArray(headers[0]) ? headers.flat() : headers;
      if (flat.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', headers);
      for (let i = 0; i < flat.length; i += 2) delete this[kHeaders][String(flat[i]).trim().toLowerCase()];
      for (let i = 0; i < flat.length; i += 2) this.append(String(flat[i]), flat[i + 1]);
    } else if (typeof headers === 'object' && headers !== null) {
      for (const name of keys(headers)) this.put(name, headers[name]);
    }
    state.statusCode = statusCode;
    this.begin();
    return this;
  }

  begin(): void {
    const state = this[kState];
    const headers = this[kHeaders];
    headers[':status'] = state.statusCode;
    const trailers = keys(this[kTrailers]).length > 0;
    this[kStream].respond(headers, { endStream: state.ending && !trailers, waitForTrailers: trailers, sendDate: state.sendDate });
  }

  // ---- body

  cork(): void {
    this[kStream].cork();
  }
  uncork(): void {
    this[kStream].uncork();
  }

  write(chunk: any, encoding?: any, callback?: any): boolean {
    const state = this[kState];
    const stream = this[kStream];
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    let error;
    if (state.ending) error = new codes.ERR_STREAM_WRITE_AFTER_END();
    else if (state.closed) error = new codes.ERR_HTTP2_INVALID_STREAM();
    else if (state.destroyed) return false;
    if (error !== undefined) {
      if (typeof callback === 'function') nextTick(callback, error);
      this.destroy(error);
      return false;
    }
    if (!stream.headersSent) this.writeHead(state.statusCode);
    if (stream.headRequest === true) {
      // The answer to HEAD has no body.
      if (typeof callback === 'function') nextTick(callback);
      return true;
    }
    return stream.write(chunk, encoding, callback);
  }

  end(chunk?: any, encoding?: any, callback?: any): any {
    const stream = this[kStream];
    const state = this[kState];
    if (typeof chunk === 'function') {
      callback = chunk;
      chunk = null;
    } else if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    if (state.closed || state.ending) {
      if (typeof callback === 'function') {
        if (stream.writableFinished || state.closed) nextTick(callback);
        else stream.once('finish', callback);
      }
      return this;
    }
    const body = chunk !== null && chunk !== undefined && stream.headRequest !== true && !stream.destroyed;
    if (body) this.write(chunk, encoding);
    state.ending = true;
    if (typeof callback === 'function') {
      if (stream.writableEnded) this.once('finish', callback);
      else stream.once('finish', callback);
    }
    if (!stream.headersSent) this.writeHead(state.statusCode);
    if (state.closed || stream.destroyed) onClose.call(stream);
    else stream.end();
    return this;
  }

  destroy(err?: any): void {
    if (this[kState].destroyed) return;
    this[kState].destroyed = true;
    this[kStream].destroy(err);
  }

  setTimeout(msecs: any, callback?: any): void {
    if (!this[kState].closed) this[kStream].setTimeout(msecs, callback);
  }

  createPushResponse(headers: any, callback: any): void {
    validateFunction(callback, 'callback');
    if (this[kState].closed) {
      nextTick(callback, new codes.ERR_HTTP2_INVALID_STREAM());
      return;
    }
    this[kStream].pushStream(headers, {}, (err: any, stream: any) => {
      if (err) callback(err);
      else callback(null, new (this.constructor as any)(stream));
    });
  }

  writeInformation(statusCode: any, headers?: any): boolean {
    if (this[kStream].headersSent || this[kState].closed) return false;
    this[kStream].additionalHeaders({ ...headers, ':status': statusCode });
    return true;
  }
  writeContinue(): boolean {
    if (this[kStream].headersSent || this[kState].closed) return false;
    this[kStream].additionalHeaders({ ':status': 100 });
    return true;
  }
  writeEarlyHints(hints: any): boolean {
    validateObject(hints, 'hints');
    const headers: any = { __proto__: null };
    const link = validateLinkHeaderValue(hints.link);
    for (const name of keys(hints)) {
      if (name !== 'link') headers[name] = hints[name];
    }
    if (link.length === 0) return false;
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ...headers, ':status': 103, link });
    return true;
  }
}

// What the stream tells is the response's.
const ofStream = ['headersSent', 'writableCorked', 'writableHighWaterMark', 'writableObjectMode', 'writableFinished', 'writableLength', 'writableNeedDrain'];
for (const name of ofStream) {
  Object.defineProperty(Http2ServerResponse.prototype, name, { configurable: true, get(this: any) { return this[kStream][name]; } });
}
Object.defineProperty(Http2ServerResponse.prototype, 'stream', { configurable: true, get(this: any) { return this[kStream]; } });

const kRequestOf = Symbol('requestOf');

function onDrain(this: any): void {
  this[kResponse]?.emit('drain');
}

function onTimeout(this: any): void {
  this[kResponse]?.emit('timeout');
}

function onWantTrailers(this: any): void {
  this.sendTrailers(this[kResponse]?.[kTrailers] ?? {});
}

function onClose(this: any): void {
  const response = this[kResponse];
  if (response === undefined) return;
  response[kState].closed = true;
  this.removeListener('wantTrailers', onWantTrailers);
  this[kResponse] = undefined;
  response.emit('finish');
  response.emit('close');
}

/** Makes a request and a response of a stream. */
export function onServerStream(server: any, options: any, stream: any, headers: any, _flags: number, rawHeaders: any): void {
  const request = new options.Http2ServerRequest(stream, headers, undefined, rawHeaders);
  stream[kRequestOf] = request;
  const response = new options.Http2ServerResponse(stream);
  const { expect } = headers;
  if (headers[':method'] === 'CONNECT') {
    if (!server.emit('connect', request, response)) {
      response.statusCode = 405;
      response.end();
    }
    return;
  }
  if (expect === undefined) {
    server.emit('request', request, response);
  } else if (expect === '100-continue') {
    if (server.listenerCount('checkContinue') > 0) {
      server.emit('checkContinue', request, response);
    } else {
      response.writeContinue();
      server.emit('request', request, response);
    }
  } else if (server.listenerCount('checkExpectation') > 0) {
    server.emit('checkExpectation', request, response);
  } else {
    response.statusCode = 417;
    response.end();
  }
}
