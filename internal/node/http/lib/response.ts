// http.ServerResponse. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpserverresponse
import { codes } from 'internal:errors';
import { validateLinkHeaderValue, validateObject } from 'internal:validators';
import { STATUS_CODES, hasInvalidHeaderChar, kConn, kOutHeaders, kSocket } from 'internal:http/common';
import { OutgoingMessage } from 'internal:http/outgoing';

const { setPrototypeOf } = Object;
const { isArray } = Array;

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

export function onServerResponseClose(this: any): void {
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

