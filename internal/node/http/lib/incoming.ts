// http.IncomingMessage. https://nodejs.org/docs/latest-v24.x/api/http.html#class-httpincomingmessage
//
// A request of a Go connection costs what the application touches: its headers are one string until they are read, the stream's state is
// made when the stream is used, the socket object when it is asked for. State lives in the instance and accessors on the prototype, so that
// frameworks may put prototypes of their own in between.
import { Readable, finished } from 'internal:stream';
import { nextTick } from 'internal:process/task';
import { addHeaderLine, kConn, kSocket, lowerCase, splitBlock } from 'internal:http/common';
import { getDefaultHighWaterMark } from 'internal:stream';

const { setPrototypeOf, defineProperty } = Object;

const kReadableState = Symbol('readableState');
export const kBlock = Symbol('block');
const kRawHeaders = Symbol('rawHeaders');
const kHeaders = Symbol('kHeaders');
const kHeadersDistinct = Symbol('kHeadersDistinct');
export const kTrailerBlock = Symbol('trailerBlock');
const kRawTrailers = Symbol('rawTrailers');
const kTrailers = Symbol('kTrailers');
const kTrailersDistinct = Symbol('kTrailersDistinct');
export const kBody = Symbol('body');
export const kMaxHeaderPairs = Symbol('maxHeaderPairs');
/** The message is complete, its end wasn't pushed and will be at the first read. */
export const kEndDue = Symbol('endDue');
const kEmpty = Symbol('empty');

export function IncomingMessage(this: any, socket?: any): void {
  this._eventsCount = 0;
  this._events = undefined;
  this[kReadableState] = undefined;
  // Where it comes from, and what is still unparsed of it.
  this[kSocket] = socket;
  this[kConn] = null;
  this[kBlock] = '';
  this[kTrailerBlock] = '';
  this[kHeaders] = null;
  this[kRawHeaders] = null;
  this[kBody] = undefined;
  this[kEndDue] = false;
  this[kEmpty] = false;
  this[kMaxHeaderPairs] = 2000;
  this.joinDuplicateHeaders = false;
  // The first line, of a request or of a response.
  this.method = null;
  this.url = '';
  this.statusMessage = null;
  this.statusCode = null;
  this.httpVersion = null;
  this.httpVersionMajor = null;
  this.httpVersionMinor = null;
  this.upgrade = null;
  // How far it is.
  this.complete = false;
  this._consuming = false;
  this._dumped = false;
  this.aborted = false;
}
setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
setPrototypeOf(IncomingMessage, Readable);

const I: any = IncomingMessage.prototype;

function accessor(name: string, get: (this: any) => any, set?: (this: any, value: any) => void, enumerable = false): void {
  defineProperty(I, name, { __proto__: null, get, set, configurable: true, enumerable } as any);
}

/** The request has no body and its stream is over from the start: the server's optimizeEmptyRequests. */
export function leaveEmpty(req: any): void {
  req[kEmpty] = true;
  req._dumped = true;
}

/** Whether something has used the stream, or listens. */
export function isTouched(req: any): boolean {
  return req[kReadableState] !== undefined || req._eventsCount > 0;
}

// The stream's state, made when something asks for it.
accessor('_readableState', function() {
  const state = this[kReadableState];
  if (state !== undefined) return state;
  if (this === I || !(kBlock in this)) return undefined;
  const socket = this[kSocket];
  (Readable as any).call(this, { highWaterMark: socket?.readableHighWaterMark ?? getDefaultHighWaterMark() });
  const made = this[kReadableState];
  made.readingMore = true; // nothing is read ahead before the first read
  if (this[kEmpty]) made.ended = made.endEmitted = made.destroyed = made.closed = made.closeEmitted = true;
  return made;
}, function(value) {
  this[kReadableState] = value;
});

// What programs ask of a stream that they don't read (on-finished, for body-parser, does at every request) is answered without making its state.
for (const [name, untouched] of [['readable', (empty: boolean) => !empty], ['readableEnded', (empty: boolean) => empty], ['destroyed', (empty: boolean) => empty]] as const) {
  const inherited = Object.getOwnPropertyDescriptor(Readable.prototype, name)!;
  accessor(name, function() {
    if (this[kReadableState] === undefined && kBlock in this) return untouched(this[kEmpty]);
    return inherited.get!.call(this);
  }, inherited.set);
}

accessor('socket', function() {
  const socket = this[kSocket];
  if (socket === undefined && this[kConn] !== null) {
    return (this[kSocket] = this[kConn].socketOf(this));
  }
  return socket;
}, function(value) {
  this[kSocket] = value;
}, true);
const ownSocket = { __proto__: null, ...Object.getOwnPropertyDescriptor(I, 'socket') } as any;

/** Gives a response the socket as a property of its own: the package request asks hasOwnProperty('socket') before it trusts a certificate. */
export function ownItsSocket(res: any): void {
  defineProperty(res, 'socket', ownSocket);
}
accessor('client', function() { return this.socket; }, function(value) { this.socket = value; }, true);
accessor('connection', function() { return this.socket; }, function(value) { this.socket = value; });

accessor('rawHeaders', function() {
  const known = this[kRawHeaders];
  if (known !== null) return known;
  const list = splitBlock(this[kBlock]);
  const max = this[kMaxHeaderPairs];
  if (max > 0 && list.length > max) list.length = max;
  return (this[kRawHeaders] = list);
}, function(value) {
  this[kRawHeaders] = value;
}, true);

accessor('headers', function() {
  const known = this[kHeaders];
  if (known !== null) return known;
  const headers = {};
  const raw = this.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    addHeaderLine(headers, raw[i], raw[i + 1], this.joinDuplicateHeaders);
  }
  return (this[kHeaders] = headers);
}, function(value) {
  this[kHeaders] = value;
});

function distinct(raw: string[]): any {
  const out: any = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = lowerCase(raw[i]);
    if (Object.hasOwn(out, name)) out[name].push(raw[i + 1]);
    else defineProperty(out, name, { value: [raw[i + 1]], configurable: true, enumerable: true, writable: true });
  }
  return out;
}

accessor('headersDistinct', function() { return (this[kHeadersDistinct] ??= distinct(this.rawHeaders)); }, function(value) { this[kHeadersDistinct] = value; });
accessor('rawTrailers', function() { return (this[kRawTrailers] ??= splitBlock(this[kTrailerBlock])); }, function(value) { this[kRawTrailers] = value; }, true);
accessor('trailers', function() {
  if (this[kTrailers]) return this[kTrailers];
  const trailers = {};
  const raw = this.rawTrailers;
  for (let i = 0; i + 1 < raw.length; i += 2) addHeaderLine(trailers, raw[i], raw[i + 1], this.joinDuplicateHeaders);
  if (this.complete) this[kTrailers] = trailers;
  return trailers;
}, function(value) { this[kTrailers] = value; });
accessor('trailersDistinct', function() { return (this[kTrailersDistinct] ??= distinct(this.rawTrailers)); }, function(value) { this[kTrailersDistinct] = value; });
I.setTimeout = function(this: any, msecs: any, callback?: any): any {
  if (callback) this.on('timeout', callback);
  this.socket?.setTimeout(msecs);
  return this;
};

I._read = function(this: any, _n: number): void {
  if (!this._consuming) {
    this._readableState.readingMore = false;
    this._consuming = true;
  }
  const body = this[kBody];
  if (body !== undefined) {
    this[kBody] = undefined;
    this.push(body);
  }
  const conn = this[kConn];
  if (conn !== null) {
    if (this.complete) this.push(null);
    else conn.wantBody(this);
    return;
  }
  if (this[kEndDue]) {
    this[kEndDue] = false;
    this.push(null);
    return;
  }
  const socket = this[kSocket];
  if (socket?.readable && socket.isPaused?.()) socket.resume();
};

I._destroy = function(this: any, err: any, callback: any): void {
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit('aborted');
  }
  const conn = this[kConn];
  if (conn !== null && this[kSocket] === undefined) {
    if (this.aborted && !conn.closed) {
      conn.close();
      (conn.afterClose ??= []).push(() => nextTick(onError, this, err, callback));
    } else {
      nextTick(onError, this, err, callback);
    }
    return;
  }
  const socket = this[kSocket];
  if (socket && !socket.destroyed && this.aborted) {
    socket.destroy(err);
    const cleanup = finished(socket, (e: any) => {
      if (e?.code === 'ERR_STREAM_PREMATURE_CLOSE') e = null;
      cleanup();
      nextTick(onError, this, e || err, callback);
    });
  } else {
    nextTick(onError, this, err, callback);
  }
};

// Whoever doesn't listen for errors of a request isn't bothered with a broken connection.
function onError(req: any, error: any, callback: any): void {
  if (req.listenerCount('error') === 0) callback();
  else callback(error);
}

I._addHeaderLines = function(this: any, headers: string[], n: number): void {
  if (!headers?.length) return;
  if (this.complete) {
    this[kRawTrailers] = headers;
    if (this[kTrailers]) for (let i = 0; i < n; i += 2) addHeaderLine(this[kTrailers], headers[i], headers[i + 1], this.joinDuplicateHeaders);
  } else {
    this[kRawHeaders] = headers;
    if (this[kHeaders]) for (let i = 0; i < n; i += 2) addHeaderLine(this[kHeaders], headers[i], headers[i + 1], this.joinDuplicateHeaders);
  }
};
I._addHeaderLine = function(this: any, name: string, value: string, to: any): void {
  addHeaderLine(to, name, value, this.joinDuplicateHeaders);
};
I._addHeaderLineDistinct = function(this: any, name: string, value: string, to: any): void {
  name = lowerCase(name);
  (to[name] ??= []).push(value);
};

/** Lets what nobody reads go by. */
I._dump = function(this: any): void {
  if (this._dumped) return;
  this._dumped = true;
  this.removeAllListeners('data');
  this.resume();
};
