// What other builtins import of http.
import { Agent, getGlobalAgent, setGlobalAgent } from 'internal:http/agent';
import { ClientRequest } from 'internal:http/client';
import { Server, _connectionListener } from 'internal:http/server';
import { parsers } from 'internal:http/parser';
import { validateInteger } from 'internal:validators';

export { METHODS, STATUS_CODES, getMaxHeaderSize, validateHeaderName, validateHeaderValue } from 'internal:http/common';
export { IncomingMessage } from 'internal:http/incoming';
export { setGlobalProxyFromEnv } from 'internal:http/proxy';
export { OutgoingMessage } from 'internal:http/outgoing';
export { ServerResponse } from 'internal:http/response';
export { Server, _connectionListener, closeNative, openNative, setUpServer } from 'internal:http/server';
export { Agent, ClientRequest, getGlobalAgent, setGlobalAgent };

export function createServer(options?: any, listener?: any): any {
  return new (Server as any)(options, listener);
}

export function request(url: any, options?: any, callback?: any): any {
  return new (ClientRequest as any)(url, options, callback);
}

export function get(url: any, options?: any, callback?: any): any {
  const req = request(url, options, callback);
  req.end();
  return req;
}

/** How many parsers that nobody uses are kept. */
export function setMaxIdleHTTPParsers(max: any): void {
  validateInteger(max, 'max', 1);
  parsers.max = max;
}
