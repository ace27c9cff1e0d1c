// A server's connection over any Duplex: what the program hands to server.emit('connection'), and connections of Go that have moved here
// (connection.ts). All requests of a piece of data are given to the program at once; their answers go out in their order.
import * as native from 'native:http';
import { Buffer } from 'internal:buffer';
import { nextTick } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { codes } from 'internal:errors';
import { ConnResetException, getMaxHeaderSize, isLenient, kNeedDrain, kParserState, methodNames, parseError } from 'internal:http/common';
import { isTouched, kTrailerBlock } from 'internal:http/incoming';
import { kUniqueHeaders } from 'internal:http/outgoing';
import { debug, finished } from 'internal:http/observe';
import { type MessageResource, nextIncoming } from 'internal:http/resource';
import { BODYLESS, EXPECT, HOST, HTTPParser, KEEP_ALIVE, UPGRADE, freeParser, kOnTimeout, parsers, results } from 'internal:http/parser';
import { onServerResponseClose } from 'internal:http/response';
import { fill, serve, socketOnError, socketOnTimeout } from 'internal:http/serve';
import { kConnections, kIncomingMessage, kResponseOptions, kServerResponse, kTimes, watchConnections } from 'internal:http/settings';

/** Stands for the listener that reads the connection, while that is Go. */
export function noData(): void {}

/** begun: when, for what the process shows of itself; negative: Go has counted it. */
interface Exchange { req: any; res: any; begun: number }

export class StreamConnection {
  server: any;
  socket: any;
  parser: any;
  req: any = null; // whose body is being read
  upgradeReq: any = null;
  exchanges: Exchange[] = []; // which aren't over, the oldest first; the socket is assigned to that one's response
  requests = 0;
  resource: MessageResource = undefined; // of the last request
  started = Date.now(); // of the request that is being received, 0 between requests
  last = false; // the next answer ends the connection
  inBody = false;
  bodyPaused = false; // the consumer of the body doesn't want more now
  outputPaused = false; // too much output waits for its turn
  waitingOutput = 0; // bytes of responses that wait for their turn
  keepAliveSet = false; // the socket's timeout is that of an idle connection

  constructor(server: any, socket: any) {
    this.server = server;
    this.socket = socket;
    debug('server: connection');
    (server[kConnections] ??= new Set()).add(this);
    watchConnections(server);
    socket.server = server;
    if (!socket.parser) {
      const parser = (socket.parser = parsers.alloc());
      parser.initialize(HTTPParser.REQUEST, {}, server.maxHeaderSize || getMaxHeaderSize(), server.insecureHTTPParser ?? isLenient() ? HTTPParser.kLenientAll : 0);
      parser.socket = socket;
      if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
      socket.on('error', socketOnError);
      socket.setEncoding = refuseEncoding;
    }
    const { parser } = socket;
    this.parser = parser;
    parser.joinDuplicateHeaders = server.joinDuplicateHeaders ?? null;
    if (typeof server.maxHeadersCount === 'number') parser.maxHeaderPairs = server.maxHeadersCount << 1;
    parser[kOnTimeout] = (): void => this.timedOut();
    socket._httpMessage ??= null;
    socket.on('timeout', this.onTimeout);
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('close', this.onClose);
    socket.on('drain', this.onDrain);
  }

  // ---- state that comes from Go ----

  /** Requests that follow may be for other instances (sticky sessions), which Go can't give them to any more: the client is to connect anew. */
  endSoon(res: any): void {
    this.last = true;
    if (res !== null && !res.headersSent) res.shouldKeepAlive = false;
  }

  /** The body of this request goes on. */
  reading(req: any): void {
    this.req = req;
    this.inBody = true;
  }
  bodyEnded(req: any): void {
    if (this.req === req) this.req = null;
    this.inBody = false;
    this.started = 0;
  }
  /** A response that was begun, or was written completely and isn't finished. */
  owe(req: any, res: any, begun: number): void {
    const { socket } = this;
    this.exchanges.push({ req, res, begun });
    socket._httpMessage = res;
    if (!socket.listeners('close').includes(onServerResponseClose)) socket.on('close', onServerResponseClose);
    if (this.parser) this.parser.incoming = req;
    res.on('finish', () => this.onFinish(req, res));
  }
  /** All of the response is written, or in Go's hands. */
  finishTaken(res: any): void {
    const { socket } = this;
    if (res._closed || res[kParserState]) return;
    res[kParserState] = true;
    if (socket.destroyed || !socket.writable) res.emit('finish');
    else socket.write('', () => { res.emit('finish'); });
  }
  /** No request is there, and the connection waits for one. */
  idle(): void {
    if (this.requests > 0 && !this.inBody) this.startIdle();
  }

  // ---- time ----

  isIdle(): boolean {
    return this.requests > 0 && this.exchanges.length === 0 && this.req === null && this.started === 0;
  }

  check(now: number, headersTimeout: number, requestTimeout: number): void {
    if (this.started === 0) return;
    const age = now - this.started;
    if ((!this.inBody && headersTimeout > 0 && age >= headersTimeout) || (requestTimeout > 0 && age >= requestTimeout)) this.timedOut();
  }
  timedOut(): void {
    this.started = 0;
    socketOnError.call(this.socket, new codes.ERR_HTTP_REQUEST_TIMEOUT());
  }

  onTimeout = (): void => {
    const { req, res } = this.exchanges[0] ?? none;
    socketOnTimeout(this.socket, this.server, req, res);
  };

  startIdle(): void {
    const { server, socket } = this;
    const keep = server[kTimes].keepAliveTimeout;
    if (!keep || typeof socket.setTimeout !== 'function') return;
    socket.setTimeout(keep + (server[kTimes].keepAliveTimeoutBuffer || 0));
    this.keepAliveSet = true;
  }
  endIdle(): void {
    if (!this.keepAliveSet) return;
    this.keepAliveSet = false;
    this.socket.setTimeout(this.server.timeout || 0);
  }

  // ---- what comes ----

  onData = (chunk: any): void => {
    if (this.parser === null) return;
    if (typeof chunk === 'string') chunk = Buffer.from(chunk, 'latin1');
    if (this.started === 0) this.started = Date.now();
    const its = HTTPParser.native(this.parser);
    for (let from = 0; from >= 0 && this.parser !== null;) from = this.take(native.parserExecute(its, chunk, from), chunk);
  };

  onEnd = (): void => {
    const { server, socket, exchanges } = this;
    if (this.parser !== null) {
      const list = native.parserFinish(HTTPParser.native(this.parser));
      if (list[0] === results.error) {
        this.onParseError(parseError(list[1], list[2], list[3], undefined));
        return;
      }
      this.take(list, undefined);
    }
    if (!server.httpAllowHalfOpen) {
      this.abort();
      socket.end();
    } else if (exchanges.length > 0) {
      exchanges[exchanges.length - 1].res._last = true;
    } else {
      socket.end();
    }
  };

  // Requests whose answer isn't on its way are over.
  abort(): void {
    for (const { req, res } of this.exchanges.slice()) {
      if (!(res.writableEnded && req.complete) && !req.destroyed) req.destroy(new (ConnResetException as any)('aborted'));
    }
  }

  onClose = (): void => {
    this.server[kConnections].delete(this);
    this.leaveParser();
    for (const { req, begun } of this.exchanges.splice(0)) {
      if (begun >= 0) native.exchangeEnded(begun, 0);
      if (!req.destroyed) req.destroy(new (ConnResetException as any)('aborted'));
    }
  };

  leaveParser(): void {
    const { parser } = this;
    this.parser = null;
    this.resource?.destroy();
    this.resource = undefined;
    freeParser(parser, null, this.socket);
  }

  onParseError(err: any): void {
    this.started = 0;
    debug('server: parse error', err);
    socketOnError.call(this.socket, err);
  }

  // Gives the program what was parsed. The result is where to go on in chunk, -1 for nowhere.
  take(list: any[], chunk: any): number {
    for (let i = 0; i < list.length;) {
      switch (list[i]) {
        case results.head:
          this.resource = nextIncoming(this.resource);
          this.resource?.enter();
          this.onHead(list[i + 1], list[i + 2], list[i + 3], list[i + 4], list[i + 5], list[i + 6]);
          this.resource?.leave();
          i += 7;
          break;
        case results.body:
          this.onBody(chunk.subarray(list[i + 1], list[i + 2]));
          i += 3;
          break;
        case results.done:
          this.onDone(list[i + 1]);
          i += 2;
          break;
        case results.upgrade:
          this.onUpgrade(chunk.subarray(list[i + 1]));
          return -1;
        case results.stop:
          return list[i + 1];
        default:
          this.onParseError(parseError(list[i + 1], list[i + 2], list[i + 3], chunk));
          return -1;
      }
    }
    return -1;
  }

  onBody(chunk: any): void {
    const { req } = this;
    if (req === null || req._dumped && req._readableState.flowing === null) return;
    if (req.push(chunk) === false) this.pauseBody();
  }

  pauseBody(): void {
    this.bodyPaused = true;
    this.socket.pause();
  }

  onDone(trailers: string): void {
    const { req } = this;
    this.inBody = false;
    this.started = 0;
    if (req === null) return;
    this.req = null;
    req.complete = true;
    req[kTrailerBlock] = trailers;
    req.push(null);
  }

  onHead(method: number, url: string, block: string, major: number, minor: number, flags: number): void {
    const { server, socket } = this;
    this.inBody = true;
    this.requests++;
    this.endIdle();
    const req = new server[kIncomingMessage](socket);
    fill(req, server, methodNames[method], url, block, major, minor, (flags & BODYLESS) !== 0);
    if (this.parser) this.parser.incoming = req;
    if ((flags & UPGRADE) !== 0 && this.upgrades(req)) {
      req.upgrade = true;
      this.upgradeReq = req;
      this.req = req;
      return;
    }
    const res = new server[kServerResponse](req, server[kResponseOptions]);
    res[kUniqueHeaders] = server[kUniqueHeaders];
    res._keepAliveTimeout = server[kTimes].keepAliveTimeout;
    res.shouldKeepAlive = !this.last && (flags & KEEP_ALIVE) !== 0;
    res._onPendingData = this.onPendingData;
    this.req = req;
    this.exchanges.push({ req, res, begun: native.exchangeBegan() });
    if (this.exchanges.length === 1) res.assignSocket(socket);
    res.on('finish', () => this.onFinish(req, res));
    if (this.bodyPaused) {
      this.bodyPaused = false;
      if (!this.outputPaused) socket.resume();
    }
    this.pauseOutput();
    serve(server, req, res, this, (flags & HOST) !== 0, (flags & EXPECT) !== 0);
  }

  // Whether the request that asks for it gets another protocol. The parser waits for the answer.
  upgrades(req: any): boolean {
    const { server } = this;
    const decide = server.shouldUpgradeCallback;
    const taken = req.method === 'CONNECT' || (decide === undefined ? server.listenerCount('upgrade') > 0 : Boolean(decide.call(server, req)));
    native.parserUpgrade(HTTPParser.native(this.parser), taken);
    if (!taken) req.upgrade = false;
    return taken;
  }

  makeSocket(): any {
    return this.socket;
  }
  moveToStream(): any {
    return this;
  }

  // ---- what goes ----

  onPendingData = (bytes: number): void => {
    this.waitingOutput += bytes;
    this.resumeOutput();
  };

  isFull(): boolean {
    const { socket } = this;
    return socket.writableNeedDrain || this.waitingOutput >= socket.writableHighWaterMark && this.exchanges.length > 1;
  }

  // A client that sends requests and doesn't read answers is not read from until it does; what was read already is served.
  pauseOutput(): void {
    if (this.outputPaused || !this.isFull()) return;
    this.outputPaused = true;
    this.socket.pause();
  }
  resumeOutput(): void {
    if (!this.outputPaused || this.isFull()) return;
    this.outputPaused = false;
    if (!this.bodyPaused) this.socket.resume();
  }

  onDrain = (): void => {
    const { socket } = this;
    const res = this.exchanges[0]?.res;
    if (res !== undefined && res[kNeedDrain] && !res.finished && socket.writableLength === 0) {
      res[kNeedDrain] = false;
      res.emit('drain');
    }
    this.resumeOutput();
  };

  onFinish(req: any, res: any): void {
    const { server, socket, exchanges } = this;
    if (exchanges[0]?.res === res) {
      const { begun } = exchanges.shift() as Exchange;
      if (begun >= 0) native.exchangeEnded(begun, res.statusCode);
    }
    finished(server, req, res, this);
    if (!req._consuming) req._dump();
    res.detachSocket(socket);
    this.clearIncoming(req);
    nextTick(emitClose, res);
    if (res._last) {
      this.end(res);
      return;
    }
    if (this.bodyPaused && this.req === null) {
      this.bodyPaused = false;
      if (!this.outputPaused) socket.resume();
    }
    const next = exchanges[0];
    if (next !== undefined) next.res.assignSocket(socket);
    else this.startIdle();
    this.resumeOutput();
  }

  clearIncoming(req: any): void {
    const { parser } = this;
    if (!parser || parser.incoming !== req) return;
    if (!isTouched(req) || req.readableEnded) parser.incoming = null;
    else req.on('end', () => this.clearIncoming(req));
  }

  end(res: any): void {
    const over = res.maxRequestsOnConnectionReached && this.requests <= res._maxRequestsPerSocket;
    if (over) {
      // What the peer sent before it saw the answer is read in the next turn's poll: it is told so, too.
      setImmediate(() => setImmediate(() => this.endSocket()));
      return;
    }
    const next = this.exchanges[0];
    if (next !== undefined && res.maxRequestsOnConnectionReached) next.res.assignSocket(this.socket);
    else this.endSocket();
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
    socket.removeListener('timeout', this.onTimeout);
    if (socket.setEncoding === refuseEncoding) delete socket.setEncoding;
    this.leaveParser();
    if (server.listenerCount(event) > 0) {
      socket.readableFlowing = null;
      server.emit(event, req, socket, head);
    } else {
      socket.destroy();
    }
  }
}

const none = { req: null, res: null, begun: -1 };

/** socket.setEncoding while the bytes are HTTP's. */
export function refuseEncoding(): never {
  throw new codes.ERR_HTTP_SOCKET_ENCODING();
}

function emitClose(res: any): void {
  if (!res._closed) {
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}
