// What a server does with a request, an error or a timeout, whatever the connection is.
import { kBlock, kMaxHeaderPairs, leaveEmpty } from 'internal:http/incoming';
import { began } from 'internal:http/observe';
import { kOptimizeEmpty } from 'internal:http/settings';

/** Fills in a request that has just been parsed. */
export function fill(req: any, server: any, method: string, url: string, block: string, major: number, minor: number, isBodyless: boolean): void {
  req.method = method;
  req.url = url;
  req[kBlock] = block;
  req.httpVersionMajor = major;
  req.httpVersionMinor = minor;
  req.httpVersion = major === 1 && minor === 1 ? '1.1' : `${major}.${minor}`;
  if (server.joinDuplicateHeaders === true) req.joinDuplicateHeaders = true;
  const max = server.maxHeadersCount;
  if (typeof max === 'number') req[kMaxHeaderPairs] = max << 1;
  if (server[kOptimizeEmpty] && (isBodyless || method === 'HEAD')) leaveEmpty(req);
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
export function serve(server: any, req: any, res: any, conn: any, hasHost: boolean, expects: boolean): void {
  began(server, req, res, conn);
  const limit = server.maxRequestsPerSocket;
  if (limit > 0) {
    res._maxRequestsPerSocket = limit;
    if (limit <= conn.requests) {
      res.maxRequestsOnConnectionReached = true;
      conn.moveToStream(); // which sees requests that come before the connection is closed
    }
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

export const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
export const badRequests: Record<string, string> = {
  __proto__: null as never,
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
};

function noticeError(): void {}

/** A listener of 'error' on of server connections. */
export function socketOnError(this: any, e: any): void {
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

/** The socket had no traffic for the time that was set. */
export function socketOnTimeout(socket: any, server: any, req: any, res: any): void {
  const handledByRequest = req && !req.complete && req.emit('timeout', socket);
  const handledByResponse = res && res.emit('timeout', socket);
  const handledByServer = server.emit('timeout', socket);
  if (!handledByRequest && !handledByResponse && !handledByServer) socket.destroy();
}

