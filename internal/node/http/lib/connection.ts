// A connection of a server that listens. Go reads and parses it and writes the answers (http.go); what the program looks at is made when
// it looks: the socket object, a parser object. It serves one request at a time. When that is not enough (another request comes before the
// answer, the program reads or writes the socket itself, listens for its data, pauses it, fails), it moves to a StreamConnection with
// all its state and stays there.
import * as native from 'native:http';
import { setContext } from 'native:engine';
import { adopt, release } from 'internal:handle';
import { EventEmitter } from 'internal:events';
import { Handle, Socket, streamAdopt } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { ErrnoException, codes } from 'internal:errors';
import { ConnResetException, kConn, kNeedDrain, kSocket, methodNames, parseError } from 'internal:http/common';
import { IncomingMessage, isTouched, kBody, kEndDue, kTrailerBlock } from 'internal:http/incoming';
import { connDrained, connLost, kCalled, kCorked, kQueued, kUniqueHeaders, LOST, takeWriteCallbacks } from 'internal:http/outgoing';
import { HTTPParser, freeParser, kOnTimeout, parsers } from 'internal:http/parser';
import { hooksActive } from 'internal:asynchooks/state';
import { finished, isWatched } from 'internal:http/observe';
import { type MessageResource, nextIncoming } from 'internal:http/resource';
import { onServerResponseClose } from 'internal:http/response';
import { badRequest, badRequests, fill, serve, socketOnError, socketOnTimeout } from 'internal:http/serve';
import { kIncomingMessage, kResponseOptions, kServerResponse, kTimes } from 'internal:http/settings';
import { StreamConnection, noData } from 'internal:http/stream_connection';

const { create, getPrototypeOf, setPrototypeOf } = Object;

export const kContext = Symbol('context');
/** On a socket: the connection of Go that it stands for, null once JavaScript has the socket. */
export const kFast = Symbol('fast');

// Bits of a request's info, see http.go.
const KEEP_ALIVE = 1 << 16;
const COMPLETE = 1 << 17;
const EXPECT = 1 << 18;
const HOST = 1 << 19;
const UPGRADE = 1 << 20;
const BODYLESS = 1 << 21;
const DISCARD = 8;

const RELEASED_PAUSED = 1;
const RELEASED_EOF = 2;
const RELEASED_LAST = 4;

// ------------------------------------------------------------------------------------------------ the socket

// net.Socket over a connection of Go.
function HttpSocket(this: any, options: any): void {
  (Socket as any).call(this, options);
}
const SP: any = Socket.prototype;
HttpSocket.prototype = guarded(SP);

const needsStream = new Set(['data', 'readable', 'end', 'pause', 'resume', 'drain']);

/** A prototype over that of a class of sockets: what needs the bytes themselves takes the connection out of Go first. */
export function guarded(base: any): any {
  const guard = create(base);
  for (const name of ['push', 'unshift', 'read', 'pause', '_write', '_writev', '_read']) {
    guard[name] = { [name](this: any, ...args: any[]): any {
      this[kFast]?.moveToStream();
      return base[name].apply(this, args);
    } }[name];
  }
  guard._final = function _final(this: any, callback: any): void {
    const conn = this[kFast];
    // After the last answer Go closes the connection, once all is written.
    if (conn?.closing) {
      callback();
      return;
    }
    conn?.moveToStream();
    base._final.call(this, callback);
  };
  for (const name of ['on', 'addListener', 'prependListener']) {
    guard[name] = { [name](this: any, event: any, listener: any): any {
      if (needsStream.has(event)) this[kFast]?.moveToStream();
      return base[name].call(this, event, listener);
    } }[name];
  }
  guard.setEncoding = function setEncoding(this: any, encoding: any): any {
    if (this.parser !== null) throw new codes.ERR_HTTP_SOCKET_ENCODING();
    return base.setEncoding.call(this, encoding);
  };
  return guard;
}

class ConnHandle extends Handle {
  conn: Connection;
  constructor(conn: Connection) {
    super(conn.id, null);
    this.conn = conn;
    adopt(conn.id, conn);
  }
  // Go reads requests; the socket's bytes are the program's only after an upgrade or a move.
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
    const { conn } = this;
    if (conn.detached || conn.closed) return;
    native.detach(conn.id);
    conn.handOver();
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

// ------------------------------------------------------------------------------------------------ the connection

export class Connection {
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
  stream: StreamConnection | null = null; // where it has moved to
  resource: MessageResource = undefined; // of the last request
  closing = false; // after the last answer
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
    if (hooksActive[0] > 0 && (event === 11 || event === 12)) this.resource = nextIncoming(this.resource);
    const { resource } = this;
    if (resource !== undefined) resource.enter(); // after an exception the ids are unwound by who reports it
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
      case 20: this.onPipelined(); break;
      case 21: this.moveToStream(); break; // whose socket finds the error
      case 7: this.onClose(); break;
      default:
        // Of the socket's own end.
        if (this.socket !== undefined) this.socket.onhandle(event, a);
    }
    if (resource !== undefined) {
      resource.leave();
      if (event === 7) resource.destroy();
    }
  }

  newRequest(info: number, url: string, block: string): any {
    const { server } = this;
    const Class = server[kIncomingMessage];
    const req = new Class(Class === IncomingMessage ? this.socket : this.makeSocket());
    req[kConn] = this;
    fill(req, server, methodNames[info & 0xFF], url, block, (info >> 8) & 0xF, (info >> 12) & 0xF, (info & BODYLESS) !== 0);
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
    this.req = req;
    this.res = res;
    if (this.socket !== undefined) this.show(res);
    this.inRequest = true;
    this.endedInRequest = null;
    try {
      serve(server, req, res, this, (info & HOST) !== 0, (info & EXPECT) !== 0);
    } finally {
      this.inRequest = false;
      const ended = this.endedInRequest;
      if (ended !== null) {
        this.endedInRequest = null;
        if (ended._eventsCount > 0 || isTouched(ended.req) || ended[kQueued] !== 0 || ended[kCalled] || this.stream !== null || isWatched()) {
          nextTick(finishLater, this, ended);
        } else {
          this.settle(ended);
        }
      }
    }
  }

  // The socket shows the response that it carries, and its parser the request. That the socket closes under it, onServerResponseClose hears.
  show(res: any): void {
    const { socket } = this;
    socket._httpMessage = res;
    if (socket.parser) socket.parser.incoming = res.req;
  }
  hide(res: any): void {
    const { socket } = this;
    if (socket._httpMessage !== res) return;
    socket._httpMessage = null;
    clearIncoming(socket.parser, res.req);
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
    if (this.socket !== undefined) {
      this.hide(res);
      if (res._last) this.endSocket();
    }
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
    if (this.stream !== null) {
      this.stream.finishTaken(res);
      return;
    }
    if (res[kConn] === null || res._closed || res[kQueued] === LOST) return;
    if (res[kQueued] > 0) {
      (this.waiting ??= []).push(res);
      return;
    }
    const { req } = res;
    if (res._last && this.socket !== undefined) this.endSocket();
    finished(this.server, req, res, this);
    res.emit('finish');
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
    if (this.socket !== undefined) this.hide(res);
    res[kConn] = null;
    res[kSocket] = null;
    nextTick(emitClose, res);
  }

  endSocket(): void {
    this.closing = true;
    if (!this.socket.destroyed) this.socket.end();
  }

  /** Whether nobody sees what is written: a program that replaces socket.write does. */
  isPlain(): boolean {
    const { socket } = this;
    if (socket === undefined || socket.write === SP.write) return true;
    this.moveToStream();
    return false;
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
      if (req.push(chunk) === false && !complete) {
        if (this.stream !== null) this.stream.pauseBody();
        else native.pause(this.id);
      }
    }
    if (complete) this.onEnd(trailers);
  }

  onEnd(trailers: string): void {
    const { req } = this;
    if (req === null) return;
    req.complete = true;
    if (trailers !== '') req[kTrailerBlock] = trailers;
    if (this.stream !== null) this.stream.bodyEnded(req);
    req.push(null);
  }

  onUpgrade(info: number, url: string, block: string): void {
    const { server } = this;
    const event = methodNames[info & 0xFF] === 'CONNECT' ? 'connect' : 'upgrade';
    const decide = event === 'upgrade' ? server.shouldUpgradeCallback : undefined;
    if (decide === undefined && server.listenerCount(event) === 0) {
      if (event === 'connect') native.closeNow(this.id);
      return;
    }
    const req = this.newRequest(info, url, block);
    if (decide !== undefined && !decide.call(server, req)) return;
    if (server.listenerCount(event) === 0) {
      native.closeNow(this.id);
      return;
    }
    req.upgrade = true;
    req.complete = true;
    const socket = this.makeSocket();
    const head = native.detach(this.id);
    req[kConn] = null;
    req[kSocket] = socket;
    this.handOver();
    freeParser(socket.parser, req, socket);
    socket.removeListener('error', socketOnError);
    socket.readableFlowing = null;
    this.startReading();
    this.resource?.destroy();
    if (getPrototypeOf(socket) === HttpSocket.prototype) setPrototypeOf(socket, SP); // it is net's alone: nothing of HttpSocket stands between it and its stream
    req.push(null);
    server.emit(event, req, socket, head);
  }

  // The socket is no longer Go's.
  handOver(): void {
    const { socket } = this;
    this.detached = true;
    socket[kFast] = null;
    socket.removeListener('timeout', this.onTimeout);
    socket.removeListener('data', noData);
    socket.removeListener('close', this.onSocketClose);
    socket.removeListener('close', onServerResponseClose);
    socket._readableState.reading = false;
    this.giveBack();
  }

  // The stream is net's from now on.
  giveBack(): void {
    const { socket } = this;
    const handle = this.handle as ConnHandle;
    socket._server = this.server;
    handle.owner = socket;
    handle.reading = false;
    adopt(this.id, handle);
    streamAdopt(this.id);
  }
  startReading(): void {
    (this.handle as ConnHandle).readStart();
  }

  // Another request has come. Where the whole answer is with the client already, and only end() was not called yet, it is not ahead of its
  // time: it waits in Go for that.
  onPipelined(): void {
    const { res } = this;
    if (res !== null && res._headerSent &&
        (!res._hasBody || !res.chunkedEncoding && res._contentLength !== null && native.bodySent(this.id) >= res._contentLength)) return;
    this.moveToStream();
  }

  /** Moves to JavaScript. What was read and not parsed follows in a tick. */
  moveToStream(): StreamConnection | null {
    if (this.detached || this.closed) return this.stream;
    const socket = this.makeSocket();
    const released = native.release(this.id);
    if (released === undefined) return null; // it is being closed
    const [parser, rest, flags, age, begun] = released;
    this.handOver();
    HTTPParser.take(socket.parser, parser);
    const stream = (this.stream = new StreamConnection(this.server, socket));
    stream.requests = this.requests;
    stream.resource = this.resource;
    stream.started = age < 0 ? 0 : Date.now() - age;
    const { req, res, waiting } = this;
    if ((flags & RELEASED_LAST) !== 0) stream.endSoon(res);
    if (req !== null) {
      req[kConn] = null;
      req[kSocket] = socket;
      if (req.complete) req[kEndDue] = !req._consuming;
      else stream.reading(req);
    }
    for (const one of waiting ?? []) this.moveResponse(stream, one, -1);
    if (res !== null) {
      this.moveResponse(stream, res, begun);
    } else {
      if (begun >= 0) native.exchangeEnded(begun, 0);
      stream.idle();
    }
    for (const one of waiting ?? []) stream.finishTaken(one);
    this.waiting = null;
    if ((flags & RELEASED_PAUSED) !== 0) stream.pauseBody();
    if (rest.length > 0) nextTick(feed, stream, rest);
    if ((flags & RELEASED_EOF) !== 0) this.endLater();
    return stream;
  }
  endLater(): void {
    nextTick(endOf, this.socket);
  }

  /** The connection is the program's alone, as if it had come from net. */
  giveAway(): void {
    const { socket } = this;
    const released = native.release(this.id);
    if (released === undefined) return;
    if (released[4] >= 0) native.exchangeEnded(released[4], 0);
    this.handOver();
    socket.removeListener('error', socketOnError);
    freeParser(socket.parser, null, socket);
    socket.read(0);
  }

  moveResponse(stream: StreamConnection, res: any, begun: number): void {
    const { socket } = this;
    res[kConn] = null;
    res[kSocket] = socket;
    res[kQueued] = 0;
    stream.owe(res.req, res, begun);
    for (let i = 0; i < res[kCorked]; i++) socket.cork();
    // What Go has queued is written before anything that comes now.
    for (const callback of takeWriteCallbacks(res)) socket.write('', callback);
    if (res[kNeedDrain]) socket.write('', () => connDrained(res));
  }

  onError(err: any): void {
    const { server, res } = this;
    if (server.listenerCount('clientError') > 0) {
      const stream = this.moveToStream();
      if (stream !== null) stream.onParseError(err);
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
    const { req, res, waiting } = this;
    this.req = null;
    this.res = null;
    if (req !== null && !req.destroyed) req.destroy(new (ConnResetException as any)('aborted'));
    if (res !== null) this.lost(res);
    if (waiting !== null) {
      this.waiting = null;
      for (const one of waiting) this.lost(one);
    }
    this.endOfSocket();
    if (this.afterClose !== undefined) {
      for (const then of this.afterClose) then();
    }
  }

  // The connection is closed, whoever did it.
  endOfSocket(): void {
    const { server, handle } = this;
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
    server._connections--;
    server._emitCloseIfDrained();
  }

  lost(res: any): void {
    if (res._closed) return;
    if (this.socket !== undefined) this.hide(res);
    res.destroyed = true;
    res._closed = true;
    connLost(res);
    res.emit('close');
  }

  // Listeners of the socket, made with it.
  onTimeout: (() => void) | undefined = undefined;
  onSocketClose: (() => void) | undefined = undefined;

  /** The socket as a request sees it: its parser has the request until that is over. */
  socketOf(req: any): any {
    const socket = this.makeSocket();
    const { parser } = socket;
    if (parser && parser.incoming === null && this.res === null && !req.destroyed) {
      parser.incoming = req;
      if (req.readableEnded) nextTick(clearIncoming, parser, req);
      else clearIncoming(parser, req);
    }
    return socket;
  }

  makeSocket(): any {
    if (this.socket !== undefined) return this.socket;
    const socket = (this.socket = this.newSocket());
    socket._httpMessage = null;
    const parser = (socket.parser = parsers.alloc());
    parser.socket = socket;
    parser[kOnTimeout] = (): void => { this.onError(new codes.ERR_HTTP_REQUEST_TIMEOUT()); };
    this.onTimeout = (): void => { socketOnTimeout(socket, this.server, this.req, this.res); };
    this.onSocketClose = (): void => { freeParser(socket.parser, null, socket); };
    socket.on('timeout', this.onTimeout);
    socket.on('close', this.onSocketClose);
    socket.on('close', onServerResponseClose);
    (EventEmitter as any).prototype.on.call(socket, 'data', noData); // which doesn't make it flow
    if (this.res !== null) this.show(this.res);
    if (this.closed) socket.destroy();
    return socket;
  }

  newSocket(): any {
    const handle = (this.handle = new ConnHandle(this));
    const socket = new (HttpSocket as any)({ handle: this.closed ? undefined : handle, allowHalfOpen: true, manualStart: true });
    handle.owner = socket;
    socket[kFast] = this;
    socket.server = this.server;
    socket.on('error', socketOnError);
    return socket;
  }
}
setPrototypeOf(HttpSocket, Socket);

function clearIncoming(parser: any, req: any): void {
  if (!parser || parser.incoming !== req) return;
  if (!isTouched(req) || req.readableEnded) parser.incoming = null;
  else req.on('end', () => clearIncoming(parser, req));
}

function feed(stream: StreamConnection, rest: any): void {
  stream.onData(rest);
}
function endOf(socket: any): void {
  socket.push(null);
  socket.read(0);
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
