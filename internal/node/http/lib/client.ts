// http.ClientRequest. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpclientrequest
import * as native from 'native:http';
import { getContext, setContext } from 'native:engine';
import * as net from 'internal:net';
import { Buffer } from 'internal:buffer';
import { finished } from 'internal:stream';
import { nextTick } from 'internal:process/task';
import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateBoolean, validateFunction, validateInteger } from 'internal:validators';
import { addAbortSignal } from 'internal:stream';
import { getGlobalAgent } from 'internal:http/agent';
import { ConnResetException, getMaxHeaderSize, isLenient, isToken, kNeedDrain, kOutHeaders, kSocket, parseError } from 'internal:http/common';
import { IncomingMessage, kBlock, kMaxHeaderPairs, kTrailerBlock, ownItsSocket } from 'internal:http/incoming';
import { clientRequestCreated, debug, emitRequestError as emitErrorEvent, requestSent, responseCame } from 'internal:http/observe';
import { HTTPParser, freeParser, parsers } from 'internal:http/parser';
import { type MessageResource, clientRequest } from 'internal:http/resource';
import { OutgoingMessage, kErrored, kUniqueHeaders, parseUniqueHeadersOption } from 'internal:http/outgoing';

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;

export const kPath = Symbol('kPath');
const kConnection = Symbol('clientConnection');
const kOffered = Symbol('offered');
const badPath = /[^\u0021-\u00ff]/;

// Methods whose requests have no body unless the program says so.
const bodyless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

function hostOf(options: any, name: string): any {
  const host = options[name];
  if (typeof host === 'string' || host === null || host === undefined) return host;
  throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
}

// A URL of whatever realm or library; the objects of url.parse have `path` and `auth`.
function isURL(value: any): boolean {
  return Boolean(value?.href && value.protocol) && value.path === undefined && value.auth === undefined;
}

/** The options of request() that a URL stands for; own properties of the object are options too. */
export function urlToHttpOptions(url: any): any {
  const { protocol, hostname, hash, search, pathname, href, port, username, password } = url;
  const path = `${pathname || ''}${search || ''}`;
  const options: any = { __proto__: null, ...url, protocol, hostname: hostname?.startsWith('[') ? hostname.slice(1, -1) : hostname, hash, search, pathname, path, href };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = [username, password].map(decodeURIComponent).join(':');
  return options;
}

/** request(url[, options][, callback]), request(options[, callback]): everything in one object, and the callback. */
function readArguments(input: any, second: any, third: any): [options: any, callback: any] {
  let url: any;
  if (typeof input === 'string') url = urlToHttpOptions(new (load('internal:url').URL)(input));
  else if (isURL(input)) url = urlToHttpOptions(input);
  if (url === undefined) return typeof input === 'function' ? [{}, input] : [Object.assign({}, input), second];
  return typeof second === 'function' ? [url, second] : [Object.assign(url, second), third];
}

/** The agent that the options ask for; undefined when the request makes a connection of its own. */
function agentOf(options: any, fallback: any): any {
  const { agent } = options;
  if (agent === false) return new fallback.constructor();
  if (agent === null || agent === undefined) return typeof options.createConnection === 'function' ? agent : fallback;
  if (typeof agent.addRequest === 'function') return agent;
  throw new codes.ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
}

function checkPath(value: any): string {
  const path = String(value);
  if (badPath.test(path)) throw new codes.ERR_UNESCAPED_CHARACTERS('Request path');
  return path;
}

function methodOf(value: any): string {
  if (value === undefined || value === null || value === '') return 'GET';
  if (typeof value !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('options.method', 'string', value);
  if (!isToken(value)) throw new codes.ERR_INVALID_HTTP_TOKEN('Method', value);
  return value.toUpperCase();
}

// Options that the request keeps under their own names, and how each is checked.
const kept: Array<[name: string, check: (value: any) => void]> = [
  ['maxHeaderSize', (value) => validateInteger(value, 'maxHeaderSize', 0)],
  ['insecureHTTPParser', (value) => validateBoolean(value, 'options.insecureHTTPParser')],
  ['joinDuplicateHeaders', (value) => validateBoolean(value, 'options.joinDuplicateHeaders')],
];

export function ClientRequest(this: any, input: any, second?: any, third?: any): void {
  (OutgoingMessage as any).call(this);
  const [options, callback] = readArguments(input, second, third);
  const fallback = options._defaultAgent || getGlobalAgent();
  const agent = (this.agent = agentOf(options, fallback));
  const spoken = agent?.protocol || fallback.protocol;
  const protocol = options.protocol || fallback.protocol;
  if (options.path) checkPath(options.path);
  if (protocol !== spoken) throw new codes.ERR_INVALID_PROTOCOL(protocol, spoken);

  const usualPort = options.defaultPort || agent?.defaultPort;
  options.port ||= usualPort || 80;
  const host = hostOf(options, 'hostname') || hostOf(options, 'host') || 'localhost';
  options.host = host;
  const bare = options.setDefaultHeaders === false;
  this._removedConnection = this._removedTE = this._removedContLen = bare;
  this.socketPath = options.socketPath;
  this.timeout = options.timeout === undefined ? undefined : net.timerDuration(options.timeout, 'timeout');
  const { signal } = options;
  if (signal) addAbortSignal(signal, this);
  this.method = methodOf(options.method);
  for (let i = 0; i < kept.length; i++) {
    const name = kept[i][0];
    if (options[name] !== undefined) kept[i][1](options[name]);
    this[name] = options[name];
  }
  this[kPath] = options.path || '/';
  if (callback) this.once('response', callback);
  this.useChunkedEncodingByDefault = !bodyless.has(this.method);
  this.host = host;
  this.protocol = protocol;
  this[kUniqueHeaders] = null;
  this.res = this.parser = this.maxHeadersCount = this.timeoutCb = null;
  this._ended = this.aborted = this.upgradeOrConnect = this.reusedSocket = false;
  if (agent) {
    // An agent that neither keeps connections nor limits them has nobody to give this one to.
    this.shouldKeepAlive = Boolean(agent.keepAlive) || Number.isFinite(agent.maxSockets);
    this._last = !this.shouldKeepAlive;
  }
  setHeaders(this, options, usualPort, options.setHost === undefined ? !bare : Boolean(options.setHost));
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);

  // The signal is the request's, not its connection's.
  const forConnection = signal ? { ...options } : options;
  if (signal) delete forConnection.signal;
  if (clientRequestCreated.hasSubscribers) clientRequestCreated.publish({ request: this });
  if (agent) agent.addRequest(this, forConnection);
  else connectAlone(this, forConnection);
}

/** The headers of the options, and those that every request has. A list goes out as it is. */
function setHeaders(req: any, options: any, usualPort: any, withHost: boolean): void {
  const { headers, host, port, auth } = options;
  if (isArray(headers)) {
    req._storeHeader(requestLine(req), headers);
    return;
  }
  for (const name of Object.keys(headers || none)) req.setHeader(name, headers[name]);
  if (withHost && host && !req.getHeader('host')) {
    // RFC 3986: an IPv6 address stands in brackets.
    const isIPv6 = host.indexOf(':') !== host.lastIndexOf(':') && !host.startsWith('[');
    const name = isIPv6 ? `[${host}]` : host;
    req.setHeader('Host', port && Number(port) !== usualPort ? `${name}:${port}` : name);
  }
  if (auth && !req.getHeader('Authorization')) req.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
  // Who waits for '100 Continue' sends the headers alone.
  if (req.getHeader('expect')) req._implicitHeader();
}
const none = {};

function requestLine(req: any): string {
  return `${req.method} ${req.path} HTTP/1.1\r\n`;
}

// No agent: the connection is for this request alone.
function connectAlone(req: any, options: any): void {
  req.shouldKeepAlive = false;
  req._last = true;
  // To net a path means a socket of the file system.
  const { socketPath, createConnection } = options;
  const own = socketPath || options.path ? { ...options, path: socketPath || undefined } : options;
  if (typeof createConnection !== 'function') {
    req.onSocket((net.connect as any)(own));
    return;
  }
  // It answers by its result, by the callback, or (wrongly) by both or by a throw.
  let answered = false;
  const answer = (err: any, socket?: any): void => {
    if (answered) return;
    answered = true;
    if (err) nextTick(emitErrorEvent, req, err);
    else req.onSocket(socket);
  };
  try {
    const socket = own.createConnection(own, answer);
    if (socket) answer(null, socket);
  } catch (err) {
    answer(err);
  }
}
setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
setPrototypeOf(ClientRequest, OutgoingMessage);

const C: any = ClientRequest.prototype;

defineProperty(C, 'path', {
  configurable: true, enumerable: true,
  get(this: any) { return this[kPath]; },
  set(this: any, value: any) { this[kPath] = checkPath(value); },
});

C._finish = function(this: any): void {
  (OutgoingMessage as any).prototype._finish.call(this);
  requestSent(this);
};

C._implicitHeader = function(this: any): void {
  if (this._header) throw new codes.ERR_HTTP_HEADERS_SENT('render');
  this._storeHeader(requestLine(this), this[kOutHeaders]);
};

C.abort = function(this: any): void {
  if (this.aborted) return;
  this.aborted = true;
  nextTick(emitAbort, this);
  this.destroy();
};
function emitAbort(req: any): void {
  req.emit('abort');
}

C.destroy = function(this: any, err?: any): any {
  if (this.destroyed) return this;
  this.destroyed = true;
  // A response that is being read ends too.
  if (this.res) this.res._dump();
  this[kErrored] = err;
  this[kSocket]?.destroy(err);
  if (!this[kSocket]) {
    // Without a connection there is nothing to wait for.
    if (!this[kConnection]) nextTick(destroyUnconnected, this, err);
  }
  return this;
};

function destroyUnconnected(req: any, err: any): void {
  // With a connection on its way the end of that decides, in onSocket.
  if (req[kSocket] || req[kOffered] || req._closed) return;
  removeFromQueue(req);
  if (!req.aborted && !err) err = new (ConnResetException as any)('socket hang up');
  if (err) emitErrorEvent(req, err);
  req._closed = true;
  req.emit('close');
}

function removeFromQueue(req: any): void {
  const { agent } = req;
  if (!agent?.requests) return;
  for (const key of Object.keys(agent.requests)) {
    const at = agent.requests[key].indexOf(req);
    if (at >= 0) {
      agent.requests[key].splice(at, 1);
      if (agent.requests[key].length === 0) delete agent.requests[key];
    }
  }
}

// ------------------------------------------------------------------------------------------------ the connection

C.onSocket = function(this: any, socket: any, err?: any): void {
  this[kOffered] = true;
  nextTick(onSocket, this, socket, err);
};

function onSocket(req: any, socket: any, err: any): void {
  if (req.destroyed || err) {
    const known = req[kErrored] ?? err;
    if (!socket) {
      giveUp(req, known);
    } else if (req.agent && !err && !socket.destroyed) {
      // Not used: somebody else may have it.
      socket.emit('free');
      giveUp(req, known);
    } else {
      // What the connection died of is the request's error too, when that has none of its own.
      finished(socket.destroy(known), (ended: any) => giveUp(req, known ?? (ended?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? undefined : ended)));
    }
    return;
  }
  takeSocket(req, socket);
  req._flush();
}

// A request that was destroyed before it had a connection.
function giveUp(req: any, failure: any): void {
  if (req._closed) return;
  req._closed = true;
  req.destroyed = true;
  const reason = failure ?? (req.aborted ? null : new (ConnResetException as any)('socket hang up'));
  nextTick(() => {
    if (reason) emitErrorEvent(req, reason);
    req.emit('close');
  });
}

function takeSocket(req: any, socket: any): void {
  const conn = socket[kConnection] ?? (socket[kConnection] = new ClientConnection(socket));
  req[kConnection] = conn;
  req[kSocket] = socket;
  socket._httpMessage = req;
  conn.begin(req);
  if (req.timeout !== undefined || req.agent?.options?.timeout) listenSocketTimeout(req);
  req.emit('socket', socket);
}

// One connection of a client: what the parser finds goes to the request that has it now.
class ClientConnection {
  socket: any;
  parser: any = null;
  resource: MessageResource = undefined;
  req: any = null;
  res: any = null;
  upgraded = false;
  context: any; // of the request
  begun = false; // bytes of a response have come

  constructor(socket: any) {
    this.socket = socket;
  }

  begin(req: any): void {
    this.req = req;
    this.res = null;
    this.begun = false;
    this.context = getContext();
    const { socket } = this;
    const parser = (this.parser = parsers.alloc());
    this.resource = clientRequest();
    parser.initialize(HTTPParser.RESPONSE, undefined, req.maxHeaderSize || getMaxHeaderSize(),
      req.insecureHTTPParser ?? isLenient() ? HTTPParser.kLenientAll : 0);
    parser.socket = socket;
    parser.outgoing = req;
    parser.joinDuplicateHeaders = req.joinDuplicateHeaders;
    if (typeof req.maxHeadersCount === 'number') parser.maxHeaderPairs = req.maxHeadersCount << 1;
    parser.onIncoming = onIncoming;
    req.parser = socket.parser = parser;
    native.parserExpect(HTTPParser.native(parser), (req.method === 'HEAD' ? 1 : 0) | (req.method === 'CONNECT' ? 2 : 0));
    socket.on('error', this.onError);
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('close', this.onClose);
    socket.on('drain', this.onDrain);
  }

  // The response is complete, or nothing more of it can come.
  leaveParser(): void {
    const { socket, parser, req } = this;
    if (parser === null) return;
    this.parser = null;
    this.resource?.destroy();
    this.resource = undefined;
    socket.removeListener('data', this.onData);
    socket.removeListener('end', this.onEnd);
    freeParser(parser, req, socket);
  }

  leave(): void {
    const { socket } = this;
    this.leaveParser();
    socket.removeListener('error', this.onError);
    socket.removeListener('close', this.onClose);
    socket.removeListener('drain', this.onDrain);
    socket.removeListener('timeout', responseOnTimeout);
    this.req = null;
    this.res = null;
    socket[kConnection] = undefined;
  }

  onData = (chunk: any): void => {
    if (this.parser === null) return;
    this.begun = true;
    if (typeof chunk === 'string') chunk = Buffer.from(chunk, 'latin1');
    // The response comes in the async context of its request, not in that of the connection.
    const before = getContext();
    if (before !== this.context) setContext(this.context);
    const { resource } = this;
    resource?.enter();
    this.take(native.parserExecute(HTTPParser.native(this.parser), chunk, 0), chunk);
    if (this.parser !== null && this.res?.complete) this.leaveParser();
    resource?.leave();
    if (before !== this.context) setContext(before);
  };

  take(list: any[], chunk: any): void {
    const { parser } = this;
    for (let i = 0; i < list.length && this.parser === parser;) {
      switch (list[i]) {
        case 1: this.onHead(list[i + 1], list[i + 2], list[i + 3], list[i + 4], list[i + 5], list[i + 6]); i += 7; break;
        case 2: this.onBody(chunk.subarray(list[i + 1], list[i + 2])); i += 3; break;
        case 3: this.onDone(list[i + 1]); i += 2; break;
        case 4: this.onUpgrade(chunk.subarray(list[i + 1])); return;
        default: this.onParseError(parseError(list[i + 1], list[i + 2], list[i + 3], chunk)); return;
      }
    }
  }

  upgradeRes: any = null;

  onHead(status: number, reason: string, block: string, major: number, minor: number, flags: number): void {
    const { req, socket } = this;
    if (req.res) {
      // A second answer to one request.
      this.leaveParser();
      socket.destroy();
      return;
    }
    const res = new (IncomingMessage as any)(socket);
    ownItsSocket(res);
    res[kBlock] = block;
    res.httpVersionMajor = major;
    res.httpVersionMinor = minor;
    res.httpVersion = `${major}.${minor}`;
    res.statusCode = status;
    res.statusMessage = reason;
    res.upgrade = (flags & 4) !== 0;
    const { parser } = this;
    res.joinDuplicateHeaders = parser.joinDuplicateHeaders ?? false;
    if (parser.maxHeaderPairs !== 2000) res[kMaxHeaderPairs] = parser.maxHeaderPairs;

    if (status >= 100 && status < 200 && status !== 101) {
      req.res = null;
      if (status === 100) req.emit('continue');
      req.emit('information', {
        statusCode: status, statusMessage: reason, httpVersion: res.httpVersion, httpVersionMajor: major, httpVersionMinor: minor,
        headers: res.headers, rawHeaders: res.rawHeaders,
      });
      this.informational = true;
      return;
    }
    this.informational = false;
    this.res = res;
    parser.incoming = res;
    req.res = res;
    res.req = req;
    if ((flags & 4) !== 0) this.upgradeRes = res;
    parser.onIncoming(res, (flags & 1) !== 0);
  }

  informational = false;
  paused = false; // the program has enough of the body for now

  onBody(chunk: any): void {
    const { res } = this;
    if (res === null || res._dumped && res._readableState.flowing === null) return;
    if (res.push(chunk) === false) {
      this.paused = true;
      this.socket.pause();
    }
  }

  onDone(trailers: string): void {
    const { res } = this;
    if (this.informational) {
      this.informational = false;
      return;
    }
    if (res === null) return;
    res.complete = true;
    res[kTrailerBlock] = trailers;
    if (this.upgradeRes !== null) return;
    res.push(null);
    // The program may be behind with the body; the connection is ready for the next answer all the same.
    if (this.paused) {
      this.paused = false;
      this.socket.resume();
    }
  }

  onUpgrade(head: any): void {
    const { socket, req } = this;
    const res = this.upgradeRes;
    if (res === null || req === null) return;
    const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
    this.leave();
    res.complete = true;
    req.upgradeOrConnect = true;
    if (req.timeoutCb) socket.removeListener('timeout', req.timeoutCb);
    socket.removeListener('timeout', socketTimeout);
    if (req.listenerCount(event) > 0) {
      req.destroyed = true;
      // The connection belongs to the application: the pool forgets it.
      socket.emit('agentRemove');
      socket.readableFlowing = null;
      socket._httpMessage = null;
      req.emit(event, res, socket, head);
      req._closed = true;
      req.emit('close');
    } else {
      // Nobody speaks the other protocol.
      socket.destroy();
      req.destroyed = true;
      closeRequest(req);
    }
  }

  onParseError(err: any): void {
    const { socket, req } = this;
    this.leave();
    socket.removeListener('error', this.onError);
    socket.on('error', noop);
    socket.destroy();
    req[kSocket]._hadError = true;
    req[kErrored] = err;
    req.destroyed = true;
    if (req.res && !req.res.complete) req.res.destroy(new (ConnResetException as any)('aborted'));
    emitErrorEvent(req, err);
    closeRequest(req);
  }

  onError = (err: any): void => {
    const { req, socket } = this;
    if (req) {
      socket._hadError = true;
      req[kErrored] ??= err;
      emitErrorEvent(req, err);
    }
    if (this.parser !== null) native.parserFinish(HTTPParser.native(this.parser));
    this.leaveParser();
    socket.destroy();
  };

  onEnd = (): void => {
    const { req, socket } = this;
    if (this.parser === null) return;
    if (!req.res && !socket._hadError) {
      // The connection ended before an answer came.
      socket._hadError = true;
      emitErrorEvent(req, new (ConnResetException as any)('socket hang up'));
    }
    if (this.parser !== null) {
      const list = native.parserFinish(HTTPParser.native(this.parser));
      if (this.res !== null) {
        for (let i = 0; i < list.length;) {
          if (list[i] === 3) {
            this.onDone(list[i + 1]);
            i += 2;
          } else {
            break;
          }
        }
      }
    }
    socket.end();
  };

  onClose = (): void => {
    const { req, socket, res } = this;
    if (req === null) return;
    // What is still in the socket belongs to the response.
    socket.read();
    if (this.parser !== null && res !== null && !res.complete) {
      const list = native.parserFinish(HTTPParser.native(this.parser));
      if (list[0] === 3) this.onDone(list[1]);
    }
    debug('client: connection closed', req.method, req.path);
    req.destroyed = true;
    if (res) {
      if (!res.complete) res.destroy(new (ConnResetException as any)('aborted'));
      this.leave();
      req._closed = true;
      req.emit('close');
      if (!res.aborted && res.readable) res.push(null);
    } else {
      if (!socket._hadError) {
        // Not even an error: the other side hung up, or the request was destroyed.
        socket._hadError = true;
        emitErrorEvent(req, req[kErrored] ?? new (ConnResetException as any)('socket hang up'));
      }
      this.leave();
      req._closed = true;
      req.emit('close');
    }
    if (req.outputData.length > 0) {
      for (const { callback } of req.outputData) if (typeof callback === 'function') callback(new codes.ERR_STREAM_DESTROYED('write'));
    }
  };

  onDrain = (): void => {
    const { req } = this;
    if (req !== null && req[kNeedDrain] && !req.finished) {
      req[kNeedDrain] = false;
      req.emit('drain');
    }
  };
}

// The head of a response that isn't informational is here.
function onIncoming(res: any, shouldKeepAlive: boolean): void {
  const { req } = res;
  const socket = req[kSocket];
  if (!shouldKeepAlive) req.shouldKeepAlive = false;
  // The application may have destroyed the request.
  if (res.upgrade || req.aborted || req.destroyed) return;
  responseCame(req, res);
  req._gotResponse = true;
  res.on('end', responseOnEnd);
  req.on('finish', requestOnFinish);
  socket.on('drain', noop);
  socket.on('timeout', responseOnTimeout);
  if (req.aborted || !req.emit('response', res)) res._dump();
}

function noop(): void {}

function closeRequest(req: any): void {
  if (!req._closed) {
    req._closed = true;
    req.emit('close');
  }
}

function requestOnFinish(this: any): void {
  const req = this;
  if (req.shouldKeepAlive && req._ended) responseKeepAlive(req);
}

function responseOnEnd(this: any): void {
  const { req } = this;
  const socket = req[kSocket];
  if (socket) {
    if (req.timeoutCb) socket.removeListener('timeout', emitRequestTimeout);
    socket.removeListener('timeout', socketTimeout);
  }
  req._ended = true;
  if (!req.shouldKeepAlive) {
    if (socket?.writable) {
      if (typeof socket.destroySoon === 'function') socket.destroySoon();
      else socket.end();
    }
  } else if (req.writableFinished && !this.aborted) {
    // Both sides are done; without that the request is still being written.
    responseKeepAlive(req);
  }
}

function responseKeepAlive(req: any): void {
  const socket = req[kSocket];
  const conn = req[kConnection];
  if (req._keptAlive || !socket) return;
  req._keptAlive = true;
  if (req.timeoutCb) {
    socket.setTimeout(0, req.timeoutCb);
    req.timeoutCb = null;
  }
  socket.removeListener('timeout', socketTimeout);
  conn?.leave();
  socket.removeListener('drain', noop);
  req.destroyed = true;
  req.res?.emit; // eslint-disable-line no-unused-expressions
  // Ticks that the end has caused run first.
  nextTick(() => {
    req._closed = true;
    req.emit('close');
    if (req.socket) req.socket.emit('free');
  });
}

// ------------------------------------------------------------------------------------------------ timeouts and options

function emitRequestTimeout(this: any): void {
  const req = this._httpMessage;
  if (req) req.emit('timeout');
}
function responseOnTimeout(this: any): void {
  this._httpMessage?.res?.emit('timeout');
}
function socketTimeout(this: any): void {
  const req = this._httpMessage;
  if (req) req.emit('timeout');
}

function listenSocketTimeout(req: any): void {
  if (req.timeoutCb) return;
  req.timeoutCb = emitRequestTimeout;
  // The request sees the timeouts of its connection.
  if (req[kSocket]) req[kSocket].once('timeout', emitRequestTimeout);
  else req.on('socket', (socket: any) => socket.once('timeout', emitRequestTimeout));
}

C._deferToConnect = function(this: any, method: any, args: any): void {
  whenSocket(this, (socket) => {
    const run = (): void => {
      if (method) socket[method](...args);
    };
    if (socket.connecting && !socket.writable) socket.once('connect', run);
    else run();
  });
};

C.setTimeout = function(this: any, msecs: any, callback?: any): any {
  if (this._ended) return this;
  listenSocketTimeout(this);
  const duration = net.timerDuration(msecs, 'msecs');
  if (callback) {
    validateFunction(callback, 'callback');
    this.once('timeout', callback);
  }
  whenSocket(this, (socket) => setSocketTimeout(socket, duration));
  return this;
};

// Now, or as soon as the request has its connection.
function whenSocket(req: any, use: (socket: any) => void): void {
  if (req[kSocket]) use(req[kSocket]);
  else req.once('socket', use);
}

// The time counts from the moment when the connection stands.
function setSocketTimeout(socket: any, duration: number): void {
  if (socket.connecting) socket.once('connect', () => socket.setTimeout(duration));
  else socket.setTimeout(duration);
}

C.setNoDelay = function(this: any, noDelay?: any): void {
  this._deferToConnect('setNoDelay', [noDelay]);
};
C.setSocketKeepAlive = function(this: any, enable?: any, initialDelay?: any): void {
  this._deferToConnect('setKeepAlive', [enable, initialDelay]);
};
C.clearTimeout = function(this: any, callback?: any): void {
  this.setTimeout(0, callback);
};
