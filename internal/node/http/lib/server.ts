// http.Server and http.ServerResponse. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpserver
//
// A server that listens has its connections in Go (Connection below); what comes through server.emit('connection', duplex) is parsed here,
// with the same parser (DuplexConnection).
import * as native from 'native:http';
import { getContext, setContext } from 'native:engine';
import { adopt, release } from 'internal:handle';
import { Buffer } from 'internal:buffer';
import { Handle, Server as NetServer, Socket, kListening, localAddress, remoteAddress, streamAdopt } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { clearInterval, setImmediate, setInterval } from 'internal:timers';
import { ErrnoException, codes } from 'internal:errors';
import { validateBoolean, validateFunction, validateInteger, validateLinkHeaderValue, validateObject } from 'internal:validators';
import {
  ConnResetException, STATUS_CODES, getMaxHeaderSize, isLenient, hasInvalidHeaderChar, kConn, kNeedDrain, kOutHeaders, kSocket, methodNames, parseError,
} from 'internal:http/common';
import { IncomingMessage, isTouched, kBlock, kBody, kMaxHeaderPairs, kTrailerBlock } from 'internal:http/incoming';
import { OutgoingMessage, connDrained, connLost, kQueued, kUniqueHeaders, parseUniqueHeadersOption } from 'internal:http/outgoing';

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;

export const kIncomingMessage = Symbol('IncomingMessage');
export const kServerResponse = Symbol('ServerResponse');
const kConnections = Symbol('http.server.connections');
const kNative = Symbol('native');
const kOptions = Symbol('options');
const kResponseOptions = Symbol('responseOptions');
const kTimes = Symbol('times');
const kFast = Symbol('fast');
const kContext = Symbol('context');
const kHalfOpen = Symbol('httpAllowHalfOpen');

const KEEP_ALIVE = 1 << 16;
const COMPLETE = 1 << 17;
const EXPECT = 1 << 18;
const HOST = 1 << 19;
const UPGRADE = 1 << 20;
const DISCARD = 8;

// ------------------------------------------------------------------------------------------------ ServerResponse

export function ServerResponse(this: any, req: any, options?: any): void {
  (OutgoingMessage as any).call(this, options);
  this.statusCode = 200;
  this.statusMessage = undefined;
  this.req = req;
  this.sendDate = true;
  this._sent100 = false;
  this._expect_continue = false;
  if (req.method === 'HEAD') this._hasBody = false;
  if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
    this.useChunkedEncodingByDefault = /(?:^|\W)chunked(?:$|\W)/i.test(req.headers?.te);
    this.shouldKeepAlive = false;
  }
}
setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
setPrototypeOf(ServerResponse, OutgoingMessage);

const R: any = ServerResponse.prototype;
R.statusCode = 200;
R.statusMessage = undefined;

function onServerResponseClose(this: any): void {
  // The socket was closed before the answer was complete.
  const res = this._httpMessage;
  if (res) {
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}

R.assignSocket = function(this: any, socket: any): void {
  if (socket._httpMessage) throw new codes.ERR_HTTP_SOCKET_ASSIGNED();
  socket._httpMessage = this;
  socket.on('close', onServerResponseClose);
  this[kSocket] = socket;
  this.emit('socket', socket);
  this._flush();
};

R.detachSocket = function(this: any, socket: any): void {
  if (this[kConn] !== null) {
    this[kConn] = null;
    this[kSocket] = null;
    return;
  }
  socket.removeListener('close', onServerResponseClose);
  socket._httpMessage = null;
  this[kSocket] = null;
};

R._implicitHeader = function(this: any): void {
  this.writeHead(this.statusCode);
};

// "HTTP/1.1 200 OK\r\n" for the codes with their usual reasons.
const statusLines: Record<number, string> = { __proto__: null as never };
for (const code of Object.keys(STATUS_CODES)) {
  statusLines[code as any] = `HTTP/1.1 ${code} ${STATUS_CODES[code as any]}\r\n`;
}

const none = {};

// A flat list may name a header several times: all are sent, in the place of what was set.
function replaceHeaders(res: any, list: any[]): void {
  if (list.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', list);
  for (let i = 0; i < list.length; i += 2) res.removeHeader(list[i]);
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    if (name) res.appendHeader(name, list[i + 1]);
  }
}

R.writeHead = function writeHead(this: any, statusCode: any, reason?: any, headers?: any): any {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('write');
  const status = statusCode | 0;
  if (status > 999 || status < 100) throw new codes.ERR_HTTP_INVALID_STATUS_CODE(statusCode);
  if (typeof reason === 'string') this.statusMessage = reason;
  else headers ??= reason;
  this.statusMessage ||= STATUS_CODES[status] || 'unknown';
  this.statusCode = statusCode = status;

  let all = this[kOutHeaders];
  if (all !== null) {
    // What is given here overrides what was set before.
    if (isArray(headers)) replaceHeaders(this, isArray(headers[0]) ? headers.flat() : headers);
    else for (const name of Object.keys(headers || none)) if (name) this.setHeader(name, headers[name]);
    all = this[kOutHeaders];
  } else {
    all = headers;
  }
  let line;
  if (this.statusMessage === STATUS_CODES[statusCode]) {
    line = statusLines[statusCode];
  } else {
    if (hasInvalidHeaderChar(this.statusMessage)) throw new codes.ERR_INVALID_CHAR('statusMessage');
    line = `HTTP/1.1 ${statusCode} ${this.statusMessage}\r\n`;
  }
  if (statusCode === 204 || statusCode === 304 || statusCode < 200) this._hasBody = false;
  // Whether the client still sends a body that it was not asked for can't be known.
  if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
  this._storeHeader(line, all);
  return this;
};
R.writeHeader = R.writeHead;

R.writeContinue = function(this: any, callback?: any): void {
  this._writeRaw('HTTP/1.1 100 Continue\r\n\r\n', 'ascii', callback);
  this._sent100 = true;
};
R.writeProcessing = function(this: any, callback?: any): void {
  this._writeRaw('HTTP/1.1 102 Processing\r\n\r\n', 'ascii', callback);
};
R.writeEarlyHints = function(this: any, hints: any, callback?: any): void {
  validateObject(hints, 'hints');
  if (hints.link === null || hints.link === undefined) return;
  const link = validateLinkHeaderValue(hints.link);
  if (link.length === 0) return;
  let head = `HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n`;
  for (const key of Object.keys(hints)) {
    if (key !== 'link') head += `${key}: ${hints[key]}\r\n`;
  }
  this._writeRaw(`${head}\r\n`, 'ascii', callback);
};

// ------------------------------------------------------------------------------------------------ Server

/** Reads the options that http and https servers share. */
export function storeOptions(server: any, options: any): void {
  server[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  server[kServerResponse] = options.ServerResponse || ServerResponse;
  const { maxHeaderSize, insecureHTTPParser, requestTimeout, headersTimeout, keepAliveTimeout, keepAliveTimeoutBuffer, connectionsCheckingInterval,
    requireHostHeader, joinDuplicateHeaders, rejectNonStandardBodyWrites, shouldUpgradeCallback, optimizeEmptyRequests } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  server.maxHeaderSize = maxHeaderSize;
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  server.insecureHTTPParser = insecureHTTPParser;
  const times = { keepAliveTimeout: 5000, keepAliveTimeoutBuffer: 1000, headersTimeout: 60000, requestTimeout: 300000, check: 30000 };
  if (requestTimeout !== undefined) {
    validateInteger(requestTimeout, 'requestTimeout', 0);
    times.requestTimeout = requestTimeout;
  }
  if (headersTimeout !== undefined) {
    validateInteger(headersTimeout, 'headersTimeout', 0);
    times.headersTimeout = headersTimeout;
  } else {
    times.headersTimeout = Math.min(60000, times.requestTimeout || 60000);
  }
  if (times.requestTimeout > 0 && times.headersTimeout > 0 && times.headersTimeout > times.requestTimeout) {
    throw new codes.ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', headersTimeout);
  }
  if (keepAliveTimeout !== undefined) {
    validateInteger(keepAliveTimeout, 'keepAliveTimeout', 0);
    times.keepAliveTimeout = keepAliveTimeout;
  }
  if (keepAliveTimeoutBuffer !== undefined) {
    validateInteger(keepAliveTimeoutBuffer, 'keepAliveTimeoutBuffer', 0);
    times.keepAliveTimeoutBuffer = keepAliveTimeoutBuffer;
  }
  if (connectionsCheckingInterval !== undefined) {
    validateInteger(connectionsCheckingInterval, 'connectionsCheckingInterval', 0);
    times.check = connectionsCheckingInterval;
  }
  server[kTimes] = times;
  if (requireHostHeader !== undefined) validateBoolean(requireHostHeader, 'options.requireHostHeader');
  server.requireHostHeader = requireHostHeader ?? true;
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  server.joinDuplicateHeaders = joinDuplicateHeaders ?? false;
  if (rejectNonStandardBodyWrites !== undefined) validateBoolean(rejectNonStandardBodyWrites, 'options.rejectNonStandardBodyWrites');
  server.rejectNonStandardBodyWrites = rejectNonStandardBodyWrites ?? false;
  if (shouldUpgradeCallback !== undefined) validateFunction(shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  server.shouldUpgradeCallback = shouldUpgradeCallback;
  if (optimizeEmptyRequests !== undefined) validateBoolean(optimizeEmptyRequests, 'options.optimizeEmptyRequests');
  server[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  server[kResponseOptions] = { highWaterMark: options.highWaterMark, rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites };
  server[kOptions] = options;
}

/** What a server of http or https has besides what it listens with. */
export function setUpServer(server: any, options: any, listener: any): void {
  server.timeout = 0;
  server.maxHeadersCount = null;
  server.maxRequestsPerSocket = 0;
  server[kNative] = 0;
  if (typeof listener === 'function') server.on('request', listener);
  void options;
}

export function Server(this: any, options?: any, listener?: any): any {
  if (!(this instanceof (Server as any))) return new (Server as any)(options, listener);
  if (typeof options === 'function') {
    listener = options;
    options = {};
  } else if (options == null) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  storeOptions(this, options);
  (NetServer as any).call(this, {
    allowHalfOpen: true, noDelay: options.noDelay ?? true, keepAlive: options.keepAlive, keepAliveInitialDelay: options.keepAliveInitialDelay,
    highWaterMark: options.highWaterMark,
  });
  setUpServer(this, options, listener);
  this.on('connection', _connectionListener);
  return undefined;
}
setPrototypeOf(Server.prototype, NetServer.prototype);
setPrototypeOf(Server, NetServer);

const S: any = Server.prototype;

for (const name of ['keepAliveTimeout', 'keepAliveTimeoutBuffer', 'headersTimeout', 'requestTimeout']) {
  defineProperty(S, name, {
    __proto__: null, configurable: true, enumerable: true,
    get(this: any) { return this[kTimes]?.[name]; },
    set(this: any, value: any) {
      this[kTimes] ??= {};
      this[kTimes][name] = value;
      if (this[kNative]) tellOptions(this);
    },
  } as any);
}

defineProperty(S, 'httpAllowHalfOpen', {
  __proto__: null, configurable: true, enumerable: true,
  get(this: any) { return this[kHalfOpen] ?? false; },
  set(this: any, value: any) {
    this[kHalfOpen] = value;
    if (this[kNative]) tellOptions(this);
  },
} as any);

function tellOptions(server: any): void {
  const t = server[kTimes];
  const keep = Number(t.keepAliveTimeout) || 0;
  native.serverOptions(server[kNative], server.maxHeaderSize || getMaxHeaderSize(), server.insecureHTTPParser ?? isLenient(), server.httpAllowHalfOpen === true,
    keep > 0 ? keep + (Number(t.keepAliveTimeoutBuffer) || 0) : 0, Number(t.headersTimeout) || 0, Number(t.requestTimeout) || 0, Number(t.check) || 0);
}

// The listener is there: its connections go to Go.
S[kListening] = function(this: any, handle: any): void {
  const id = native.serverNew();
  this[kNative] = id;
  this[kContext] = getContext();
  this[kConnections] = new Set();
  adopt(id, { onevent: (event: number, conn: number) => { if (event === 10) onConnection(this, conn); } });
  tellOptions(this);
  native.serverListen(id, handle.id);
};

function onConnection(server: any, id: number): void {
  if (server.maxConnections != null && server._connections >= server.maxConnections) {
    const local = localAddress(id);
    const remote = remoteAddress(id);
    adopt(id, { onevent(event: number) { if (event === 7) release(id); } });
    native.closeNow(id);
    if (typeof local === 'object' && typeof remote === 'object') {
      server.emit('drop', { localAddress: local[0], localPort: local[2], localFamily: local[1], remoteAddress: remote[0], remotePort: remote[2], remoteFamily: remote[1] });
    } else {
      server.emit('drop');
    }
    return;
  }
  server._connections++;
  const conn = new Connection(server, id);
  adopt(id, conn);
  if (server.listenerCount('connection') > 1 || server.timeout > 0) {
    const socket = conn.makeSocket();
    if (server.timeout > 0) socket.setTimeout(server.timeout);
    server.emit('connection', socket);
  }
}

S.close = function(this: any, ...args: any[]): any {
  this.closeIdleConnections();
  unwatchConnections(this);
  const id = this[kNative];
  (NetServer as any).prototype.close.apply(this, args);
  if (id) {
    this[kNative] = 0;
    this[kConnections].id = id;
    native.serverClose(id);
  }
  return this;
};

/** The timer that looks for requests which take too long; programs look whether it is gone. */
export const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');

/** Watches the time of requests over streams that JavaScript has; Go does it for its own connections. */
export function watchConnections(server: any): void {
  clearInterval(server[kConnectionsCheckingInterval]);
  server[kConnectionsCheckingInterval] = setInterval(checkConnections, server[kTimes].check || 1, server).unref();
}

/** Ends the watch, when the server closes. */
export function unwatchConnections(server: any): void {
  clearInterval(server[kConnectionsCheckingInterval]);
}

function checkConnections(server: any): void {
  const { headersTimeout, requestTimeout } = server[kTimes];
  const now = Date.now();
  for (const conn of server[kConnections] ?? []) conn.check?.(now, headersTimeout, requestTimeout);
}

function nativeOf(server: any): number {
  return server[kNative] || server[kConnections]?.id || 0;
}
S.closeAllConnections = function(this: any): void {
  const id = nativeOf(this);
  if (id) native.closeConnections(id, true);
  for (const conn of this[kConnections] ?? []) conn.socket.destroy();
};
S.closeIdleConnections = function(this: any): void {
  const id = nativeOf(this);
  if (id) native.closeConnections(id, false);
  for (const conn of this[kConnections] ?? []) {
    if (conn.isIdle()) conn.socket.destroy();
  }
};

S.setTimeout = function(this: any, msecs?: any, callback?: any): any {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

const kRejection = Symbol.for('nodejs.rejection');

// captureRejections: an async listener of 'request' that fails answers 500, where that is still possible.
S[kRejection] = function(this: any, err: any, event: any, ...args: any[]): void {
  if (event !== 'request') {
    (NetServer as any).prototype[kRejection].call(this, err, event, ...args);
    return;
  }
  const res = args[1];
  if (res.headersSent || res.writableEnded) {
    res.destroy();
    return;
  }
  res.getHeaderNames().forEach((name: string) => res.removeHeader(name));
  res.statusCode = 500;
  res.end(STATUS_CODES[res.statusCode]);
};

/** Fills in a request that has just been parsed. */
function fill(req: any, server: any, method: string, url: string, block: string, major: number, minor: number): void {
  req.method = method;
  req.url = url;
  req[kBlock] = block;
  req.httpVersionMajor = major;
  req.httpVersionMinor = minor;
  req.httpVersion = major === 1 && minor === 1 ? '1.1' : `${major}.${minor}`;
  if (server.joinDuplicateHeaders === true) req.joinDuplicateHeaders = true;
  const max = server.maxHeadersCount;
  if (typeof max === 'number') req[kMaxHeaderPairs] = max << 1;
}

function refuse(res: any, status: number, headers?: string[]): void {
  res.writeHead(status, headers);
  res.end();
}

/** The Expect header: true when the request goes on to 'request', false when somebody else has it or it is refused. */
function meetExpectation(server: any, req: any, res: any): boolean {
  const isContinue = /(?:^|\W)100-continue(?:$|\W)/i.test(req.headers.expect);
  const event = isContinue ? 'checkContinue' : 'checkExpectation';
  res._expect_continue = isContinue;
  if (server.listenerCount(event) > 0) {
    server.emit(event, req, res);
    return false;
  }
  if (isContinue) res.writeContinue();
  else refuse(res, 417);
  return isContinue;
}

/** Calls the application. */
function serve(server: any, req: any, res: any, conn: any, hasHost: boolean, expects: boolean): void {
  const limit = server.maxRequestsPerSocket;
  if (limit > 0) {
    res._maxRequestsPerSocket = limit;
    res.maxRequestsOnConnectionReached = limit <= conn.requests;
    if (limit < conn.requests) {
      server.emit('dropRequest', req, conn.makeSocket());
      refuse(res, 503);
      return;
    }
  }
  if (req.httpVersionMajor === 1 && req.httpVersionMinor === 1) {
    if (!hasHost && server.requireHostHeader && !req.upgrade) {
      refuse(res, 400, ['Connection', 'close']);
      return;
    }
    if (expects && !meetExpectation(server, req, res)) return;
  }
  server.emit('request', req, res);
}

const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
const badRequests: Record<string, string> = {
  __proto__: null as never,
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
};

function noticeError(): void {}

/** socket.on('error') of server connections. */
function socketOnError(this: any, e: any): void {
  this.removeListener('error', socketOnError);
  if (this.listenerCount('error', noticeError) === 0) this.on('error', noticeError);
  const { server } = this;
  if (!server.emit('clientError', e, this)) {
    if (this.writable && (!this._httpMessage || !this._httpMessage._headerSent)) {
      this.write(badRequests[e.code] ?? badRequest);
    }
    this.destroy(e);
  }
}

function socketOnTimeout(socket: any, server: any, req: any, res: any): void {
  const handledByRequest = req && !req.complete && req.emit('timeout', socket);
  const handledByResponse = res && res.emit('timeout', socket);
  const handledByServer = server.emit('timeout', socket);
  if (!handledByRequest && !handledByResponse && !handledByServer) socket.destroy();
}

// ------------------------------------------------------------------------------------------------ connections of Go

class ConnHandle extends Handle {
  conn: Connection;
  constructor(conn: Connection) {
    super(conn.id, null);
    this.conn = conn;
    adopt(conn.id, conn);
  }
  // Go reads requests; the socket's bytes are the program's only after an upgrade.
  readStart(): number {
    if (this.conn.detached) return super.readStart();
    this.reading = true;
    return 0;
  }
  readStop(): number {
    if (this.conn.detached) return super.readStop();
    this.reading = false;
    return 0;
  }
  /** Ends http's part in the connection: another process will have it. */
  leave(): void {
    if (this.conn.detached || this.conn.closed) return;
    native.detach(this.conn.id);
    this.conn.detached = true;
    adopt(this.conn.id, this);
    streamAdopt(this.conn.id);
  }
  close(callback?: () => void): void {
    if (this.conn.closed) {
      if (callback) nextTick(callback);
      this.id = 0;
      return;
    }
    super.close(callback);
  }
}

class Connection {
  server: any;
  id: number;
  context: any;
  socket: any = undefined;
  handle: ConnHandle | undefined = undefined;
  req: any = null;
  res: any = null;
  requests = 0;
  closed = false;
  detached = false;
  inRequest = false;
  endedInRequest: any = null;
  answeredEarly = false; // the last response was complete before its request
  waiting: any[] | null = null;
  afterClose: (() => void)[] | undefined = undefined;

  constructor(server: any, id: number) {
    this.server = server;
    this.id = id;
    this.context = server[kContext];
  }

  onevent(event: number, a: any, b: any, c: any, d: any): void {
    if (this.context !== undefined) setContext(this.context);
    switch (event) {
      case 11: this.onRequest(a, b, c, d); break;
      case 12: this.onUpgrade(a, b, c); break;
      case 13: this.onBody(a, b, c); break;
      case 14: this.onEnd(a); break;
      case 15: this.onError(parseError(a, b, c, d)); break;
      case 16: this.onAbort(); break;
      case 17: this.onDrain(); break;
      case 18: this.onErrno(a); break;
      case 19: this.onError(new codes.ERR_HTTP_REQUEST_TIMEOUT()); break;
      case 7: this.onClose(); break;
      default:
        // Writes of the program itself, past the response.
        if (this.socket !== undefined) this.socket.onhandle(event, a);
    }
  }

  newRequest(info: number, url: string, block: string): any {
    const { server } = this;
    const Class = server[kIncomingMessage];
    const req = new Class(Class === IncomingMessage ? this.socket : this.makeSocket());
    req[kConn] = this;
    fill(req, server, methodNames[info & 0xFF], url, block, (info >> 8) & 0xF, (info >> 12) & 0xF);
    return req;
  }

  onRequest(info: number, url: string, block: string, body: any): void {
    const { server } = this;
    this.requests++;
    const req = this.newRequest(info, url, block);
    if ((info & UPGRADE) !== 0) req.upgrade = false;
    if ((info & COMPLETE) !== 0) {
      req.complete = true;
      req[kBody] = body;
    }
    const res = new server[kServerResponse](req, server[kResponseOptions]);
    res[kConn] = this;
    res[kUniqueHeaders] = server[kUniqueHeaders];
    res._keepAliveTimeout = server[kTimes].keepAliveTimeout;
    res.shouldKeepAlive = (info & KEEP_ALIVE) !== 0;
    if (this.socket !== undefined) this.socket._httpMessage = res;
    this.req = req;
    this.res = res;
    this.inRequest = true;
    this.endedInRequest = null;
    try {
      serve(server, req, res, this, (info & HOST) !== 0, (info & EXPECT) !== 0);
    } finally {
      this.inRequest = false;
      const ended = this.endedInRequest;
      if (ended !== null) {
        this.endedInRequest = null;
        if (ended._eventsCount > 0 || isTouched(ended.req) || ended[kQueued] > 0) nextTick(finishLater, this, ended);
        else this.settle(ended);
      }
    }
  }

  // The response is complete and nobody listens.
  settle(res: any): void {
    const { req } = res;
    if (!req.complete) {
      req._dumped = true;
      this.answeredEarly = true;
    }
    if (this.res === res) {
      this.res = null;
      this.req = null;
    }
    if (this.socket !== undefined) this.socket._httpMessage = null;
    res[kConn] = null;
    res[kSocket] = null;
    res._closed = true;
    res.destroyed = true;
  }

  /** Before the last piece is sent: flags for Go. */
  ending(res: any): number {
    const { req } = res;
    return req.complete || isTouched(req) && req._consuming ? 0 : DISCARD;
  }

  /** The last piece was handed to Go. */
  ended(res: any): void {
    if (this.inRequest && this.res === res) this.endedInRequest = res;
    else nextTick(finishLater, this, res);
  }

  finish(res: any): void {
    if (res[kConn] === null || res._closed) return;
    if (res[kQueued] > 0) {
      (this.waiting ??= []).push(res);
      return;
    }
    res.emit('finish');
    const { req } = res;
    if (!req.complete) this.answeredEarly = true;
    if (this.res === res) {
      this.res = null;
      this.req = null;
    }
    if (isTouched(req)) {
      if (!req._consuming) req._dump();
    } else {
      req._dumped = true;
    }
    if (this.socket !== undefined && this.socket._httpMessage === res) this.socket._httpMessage = null;
    res[kConn] = null;
    res[kSocket] = null;
    nextTick(emitClose, res);
  }

  send(flags: number, header: any, data: any, trailers: any): number {
    return native.send(this.id, flags, header, data, trailers);
  }

  drained(res: any): void {
    connDrained(res);
  }

  onDrain(): void {
    const { waiting, res } = this;
    if (res !== null) connDrained(res);
    if (waiting !== null) {
      this.waiting = null;
      for (const one of waiting) {
        one[kQueued] = 0;
        this.finish(one);
      }
    }
    if (this.socket !== undefined) this.socket.onhandle(4, 0);
  }

  wantBody(_req: any): void {
    native.resume(this.id);
  }

  onBody(chunk: any, complete: boolean, trailers: string): void {
    const { req } = this;
    if (req === null) return;
    if (!req._dumped || req._readableState.flowing !== null) {
      if (req.push(chunk) === false && !complete) native.pause(this.id);
    }
    if (complete) this.onEnd(trailers);
  }

  onEnd(trailers: string): void {
    const { req } = this;
    if (req === null) return;
    req.complete = true;
    if (trailers !== '') req[kTrailerBlock] = trailers;
    req.push(null);
  }

  onUpgrade(info: number, url: string, block: string): void {
    const { server } = this;
    const method = methodNames[info & 0xFF];
    const event = method === 'CONNECT' ? 'connect' : 'upgrade';
    if (server.listenerCount(event) === 0) {
      if (event === 'connect') native.closeNow(this.id);
      return;
    }
    const req = this.newRequest(info, url, block);
    if (event === 'upgrade' && server.shouldUpgradeCallback !== undefined && !server.shouldUpgradeCallback.call(server, req)) return;
    req.upgrade = true;
    req.complete = true;
    const socket = this.makeSocket();
    const head = native.detach(this.id);
    this.detached = true;
    req[kConn] = null;
    req[kSocket] = socket;
    socket._server = server;
    socket.removeListener('error', socketOnError);
    socket.removeAllListeners('timeout');
    const handle = this.handle as ConnHandle;
    handle.owner = socket;
    handle.reading = false;
    adopt(this.id, handle);
    streamAdopt(this.id);
    socket._readableState.reading = false;
    socket.readableFlowing = null;
    handle.readStart();
    req.push(null);
    server.emit(event, req, socket, head);
  }

  onError(err: any): void {
    const { server, res } = this;
    if (server.listenerCount('clientError') > 0) {
      const socket = this.makeSocket();
      socket.removeListener('error', socketOnError);
      if (socket.listenerCount('error') === 0) socket.on('error', noticeError);
      server.emit('clientError', err, socket);
      return;
    }
    // A request that was answered before its body had come gets no second answer.
    if (this.answeredEarly) {
      native.closeSoon(this.id);
      return;
    }
    if (this.socket !== undefined) {
      socketOnError.call(this.socket, err);
      return;
    }
    if ((res === null || !res._headerSent)) native.send(this.id, 0, badRequests[err.code] ?? badRequest, undefined, undefined);
    native.closeSoon(this.id);
  }

  onErrno(errno: number): void {
    const { server } = this;
    if (this.socket !== undefined) {
      socketOnError.call(this.socket, ErrnoException(errno, 'read'));
      return;
    }
    if (server.listenerCount('clientError') > 0) {
      server.emit('clientError', ErrnoException(errno, 'read'), this.makeSocket());
    }
  }

  // The client has ended its side.
  onAbort(): void {
    const { req } = this;
    if (req !== null) req.destroy(new (ConnResetException as any)('aborted'));
  }

  close(): void {
    native.closeNow(this.id);
  }

  destroy(err: any): void {
    if (this.socket !== undefined) this.socket.destroy(err);
    else native.closeNow(this.id);
  }

  onClose(): void {
    this.closed = true;
    release(this.id);
    const { server, req, res, handle, waiting } = this;
    this.req = null;
    this.res = null;
    if (req !== null && !req.destroyed) req.destroy(new (ConnResetException as any)('aborted'));
    if (res !== null) this.lost(res);
    if (waiting !== null) {
      this.waiting = null;
      for (const one of waiting) this.lost(one);
    }
    if (handle !== undefined) {
      const { onclose } = handle;
      if (onclose !== undefined) {
        handle.onclose = undefined;
        onclose();
      } else if (!this.socket.destroyed) {
        this.socket.destroy();
      }
      handle.id = 0;
    }
    if (this.afterClose !== undefined) {
      for (const then of this.afterClose) then();
    }
    server._connections--;
    server._emitCloseIfDrained();
  }

  lost(res: any): void {
    if (res._closed) return;
    res.destroyed = true;
    res._closed = true;
    connLost(res);
    res.emit('close');
  }

  makeSocket(): any {
    if (this.socket !== undefined) return this.socket;
    const handle = (this.handle = new ConnHandle(this));
    const socket = new (Socket as any)({ handle: this.closed ? undefined : handle, allowHalfOpen: true, manualStart: true });
    this.socket = socket;
    handle.owner = socket;
    socket[kFast] = true;
    socket.server = this.server;
    socket._httpMessage = this.res;
    socket.on('error', socketOnError);
    socket.on('timeout', () => socketOnTimeout(socket, this.server, this.req, this.res));
    if (this.closed) socket.destroy();
    return socket;
  }
}

function finishLater(conn: Connection, res: any): void {
  conn.finish(res);
}

function emitClose(res: any): void {
  if (!res._closed) {
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}

// ------------------------------------------------------------------------------------------------ connections over any Duplex

/** server.on('connection'): takes what Go doesn't have already. */
export function _connectionListener(this: any, socket: any): void {
  if (socket[kFast]) return;
  new DuplexConnection(this, socket);
}

class DuplexConnection {
  server: any;
  socket: any;
  parser: any;
  req: any = null; // whose body is being read
  res: any = null; // which is owed
  requests = 0;
  queue: any[] = []; // what was parsed behind the request that is owed an answer
  ended = false;
  failed = false;
  started = Date.now(); // of the request that is being received, 0 between requests
  inBody = false;

  constructor(server: any, socket: any) {
    this.server = server;
    this.socket = socket;
    this.parser = native.parserNew(false, server.maxHeaderSize || getMaxHeaderSize(), server.insecureHTTPParser ?? isLenient());
    (server[kConnections] ??= new Set()).add(this);
    if (server[kConnectionsCheckingInterval] === undefined) watchConnections(server);
    socket.server = server;
    if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
    socket.on('timeout', () => socketOnTimeout(socket, server, this.req, this.res));
    socket.on('error', socketOnError);
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('close', this.onClose);
    socket.on('drain', this.onDrain);
  }

  isIdle(): boolean {
    return this.requests > 0 && this.res === null && this.req === null;
  }

  check(now: number, headersTimeout: number, requestTimeout: number): void {
    if (this.started === 0 || this.failed) return;
    const age = now - this.started;
    if ((!this.inBody && headersTimeout > 0 && age >= headersTimeout) || (requestTimeout > 0 && age >= requestTimeout)) {
      this.failed = true;
      socketOnError.call(this.socket, new codes.ERR_HTTP_REQUEST_TIMEOUT());
    }
  }

  onData = (chunk: any): void => {
    if (this.failed) return;
    if (typeof chunk === 'string') chunk = Buffer.from(chunk, 'latin1');
    if (this.started === 0) this.started = Date.now();
    const { server } = this;
    native.parserExpect(this.parser, server.listenerCount('upgrade') > 0 ? 4 : 0);
    this.take(native.parserExecute(this.parser, chunk), chunk);
  };

  onEnd = (): void => {
    this.ended = true;
    const { server, socket } = this;
    // After an error that the program left the connection open for, our side still ends with the peer's.
    if (!this.failed) {
      this.take(native.parserFinish(this.parser), undefined);
      if (this.failed) return;
    }
    if (this.res?.writableEnded && this.res.req.complete) {
      socket.end(); // the answer is on its way
    } else if (!server.httpAllowHalfOpen) {
      this.req?.destroy(new (ConnResetException as any)('aborted'));
      if (this.res !== null && !this.res.req.destroyed) this.res.req.destroy(new (ConnResetException as any)('aborted'));
      socket.end();
    } else if (this.res !== null) {
      this.res._last = true;
    } else {
      socket.end();
    }
  };

  onClose = (): void => {
    this.server[kConnections].delete(this);
    const { res } = this;
    if (res !== null && !res.req.destroyed) res.req.destroy(new (ConnResetException as any)('aborted'));
    if (this.req !== null && !this.req.destroyed) this.req.destroy(new (ConnResetException as any)('aborted'));
  };

  onDrain = (): void => {
    const { res, socket } = this;
    if (res !== null && res[kNeedDrain] && !res.finished && socket.writableLength === 0) {
      res[kNeedDrain] = false;
      res.emit('drain');
    }
  };

  take(list: any[], chunk: any): void {
    for (let i = 0; i < list.length;) {
      switch (list[i]) {
        case 1:
          this.inBody = true;
          this.queue.push({ kind: 1, method: methodNames[list[i + 1]], url: list[i + 2], block: list[i + 3], major: list[i + 4], minor: list[i + 5], flags: list[i + 6] });
          i += 7;
          break;
        case 2: this.queue.push({ kind: 2, chunk: chunk.subarray(list[i + 1], list[i + 2]) }); i += 3; break;
        case 3:
          this.inBody = false;
          this.started = 0;
          this.queue.push({ kind: 3, trailers: list[i + 1] });
          i += 2;
          break;
        case 4: this.queue.push({ kind: 4, head: chunk.subarray(list[i + 1]) }); i += 2; break;
        default:
          this.queue.push({ kind: 5, error: parseError(list[i + 1], list[i + 2], list[i + 3], chunk) });
          i += 4;
      }
    }
    this.pump();
  }

  pump(): void {
    while (this.queue.length > 0) {
      const item = this.queue[0];
      if (item.kind === 1 && this.res !== null) return; // answers keep their order
      this.queue.shift();
      const { req } = this;
      switch (item.kind) {
        case 1:
          this.onHead(item);
          break;
        case 2:
          if (req !== null && !req._dumped && req.push(item.chunk) === false) this.socket.pause();
          break;
        case 3:
          if (req !== null) {
            this.req = null;
            req.complete = true;
            req[kTrailerBlock] = item.trailers;
            req.push(null);
          }
          break;
        case 4: this.onUpgrade(item.head); return;
        case 5:
          this.failed = true;
          socketOnError.call(this.socket, item.error);
          return;
      }
    }
  }

  upgradeReq: any = null;

  onHead(item: any): void {
    const { server, socket } = this;
    this.requests++;
    const req = new server[kIncomingMessage](socket);
    fill(req, server, item.method, item.url, item.block, item.major, item.minor);
    if ((item.flags & 4) !== 0) {
      const event = item.method === 'CONNECT' ? 'connect' : 'upgrade';
      if (event === 'connect' || server.listenerCount(event) > 0) {
        req.upgrade = true;
        this.upgradeReq = req;
        this.req = req;
        return;
      }
      req.upgrade = false;
    }
    const res = new server[kServerResponse](req, server[kResponseOptions]);
    res[kUniqueHeaders] = server[kUniqueHeaders];
    res._keepAliveTimeout = server[kTimes].keepAliveTimeout;
    res.shouldKeepAlive = (item.flags & 1) !== 0;
    this.req = req;
    this.res = res;
    res.assignSocket(socket);
    res.on('finish', () => this.onFinish(req, res));
    if (socket.isPaused?.()) socket.resume();
    serve(server, req, res, this, (item.flags & 16) !== 0, (item.flags & 8) !== 0);
  }

  makeSocket(): any {
    return this.socket;
  }

  onFinish(req: any, res: any): void {
    const { server, socket } = this;
    if (this.res === res) this.res = null;
    if (!req._consuming) req._dump();
    res.detachSocket(socket);
    nextTick(emitClose, res);
    if (res._last && res.maxRequestsOnConnectionReached && this.queue[0]?.kind === 1) {
      nextTick(() => this.pump()); // one too many is told so
    } else if (res._last && res.maxRequestsOnConnectionReached && this.requests <= res._maxRequestsPerSocket) {
      // What the peer sent before it saw the answer is read in the next turn's poll: it is told so, too.
      setImmediate(() => setImmediate(() => {
        if (this.res === null) this.endSocket();
      }));
    } else if (res._last) {
      this.endSocket();
    } else {
      const keep = server[kTimes].keepAliveTimeout;
      if (this.queue.length === 0 && keep && typeof socket.setTimeout === 'function') socket.setTimeout(keep + (server[kTimes].keepAliveTimeoutBuffer || 0));
      if (socket.isPaused?.()) socket.resume();
      nextTick(() => this.pump());
    }
  }

  endSocket(): void {
    const { socket } = this;
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  }

  onUpgrade(head: any): void {
    const { server, socket, upgradeReq: req } = this;
    if (req === null) return;
    const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
    server[kConnections].delete(this);
    socket.removeListener('data', this.onData);
    socket.removeListener('end', this.onEnd);
    socket.removeListener('close', this.onClose);
    socket.removeListener('drain', this.onDrain);
    socket.removeListener('error', socketOnError);
    socket.removeAllListeners('timeout');
    if (server.listenerCount(event) > 0) {
      socket.readableFlowing = null;
      server.emit(event, req, socket, head);
    } else {
      socket.destroy();
    }
  }
}
