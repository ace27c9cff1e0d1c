// What others may watch of http: channels of diagnostics_channel, and entries of perf_hooks.
import { channel } from 'internal:diagnosticschannel';
import { finishEntry, now, observed } from 'internal:perfhooks/observed';
import { debuglog } from 'internal:util/debuglog';

/** What NODE_DEBUG=http shows. Not for what happens at every request of a server. */
export const debug = debuglog('http');

export const clientRequestCreated = channel('http.client.request.created');
export const clientRequestStart = channel('http.client.request.start');
export const clientRequestError = channel('http.client.request.error');
export const clientResponseFinish = channel('http.client.response.finish');
export const serverRequestStart = channel('http.server.request.start');
export const serverResponseCreated = channel('http.server.response.created');
export const serverResponseFinish = channel('http.server.response.finish');

const kStart = Symbol('start');

/** Whether the end of an exchange interests anybody: it takes the long way then. */
export function isWatched(): boolean {
  return observed.http > 0 || serverResponseFinish.hasSubscribers;
}

/** A server has a request, and the response for it. */
export function began(server: any, req: any, res: any, conn: any): void {
  if (observed.http > 0) res[kStart] = now();
  if (serverResponseCreated.hasSubscribers) serverResponseCreated.publish({ request: req, response: res });
  if (serverRequestStart.hasSubscribers) serverRequestStart.publish({ request: req, response: res, socket: conn.makeSocket(), server });
}

/** The response is written. */
export function finished(server: any, req: any, res: any, conn: any): void {
  const start = res[kStart];
  if (start !== undefined) {
    res[kStart] = undefined;
    finishEntry('HttpRequest', 'http', start, {
      req: { method: req.method, url: req.url, headers: req.headers },
      res: { statusCode: res.statusCode, statusMessage: res.statusMessage, headers: typeof res.getHeaders === 'function' ? res.getHeaders() : {} },
    });
  }
  if (serverResponseFinish.hasSubscribers) serverResponseFinish.publish({ request: req, response: res, socket: conn.makeSocket(), server });
}

/** A client sends a request. */
export function requestSent(req: any): void {
  if (observed.http > 0) req[kStart] = now();
  if (clientRequestStart.hasSubscribers) clientRequestStart.publish({ request: req });
}

/** A client has the head of the response. */
export function responseCame(req: any, res: any): void {
  const start = req[kStart];
  if (start !== undefined) {
    req[kStart] = undefined;
    finishEntry('HttpClient', 'http', start, {
      req: { method: req.method, url: `${req.protocol}//${req.host}${req.path}`, headers: typeof req.getHeaders === 'function' ? req.getHeaders() : {} },
      res: { statusCode: res.statusCode, statusMessage: res.statusMessage, headers: res.headers },
    });
  }
  if (clientResponseFinish.hasSubscribers) clientResponseFinish.publish({ request: req, response: res });
}

/** 'error' of a client's request. */
export function emitRequestError(req: any, error: any): void {
  if (clientRequestError.hasSubscribers) clientRequestError.publish({ request: req, error });
  req.emit('error', error);
}

