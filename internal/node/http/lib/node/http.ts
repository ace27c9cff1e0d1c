// node:http. https://nodejs.org/docs/latest-v24.x/api/http.html
import {
  Agent, ClientRequest, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, Server, ServerResponse, _connectionListener, createServer, get,
  getGlobalAgent, getMaxHeaderSize, request, setGlobalAgent, setGlobalProxyFromEnv, setMaxIdleHTTPParsers, validateHeaderName, validateHeaderValue,
} from 'internal:http';

const http: any = {
  _connectionListener,
  METHODS: METHODS.toSorted(),
  STATUS_CODES,
  Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  get,
  request,
  setMaxIdleHTTPParsers,
  setGlobalProxyFromEnv,
};
Object.defineProperties(http, {
  maxHeaderSize: { __proto__: null as never, configurable: true, enumerable: true, get: getMaxHeaderSize },
  globalAgent: { __proto__: null as never, configurable: true, enumerable: true, get: getGlobalAgent, set: setGlobalAgent },
});
// The web's names for what comes over HTTP; loaded when asked for.
for (const [name, from] of [['WebSocket', 'internal:web/websocket'], ['CloseEvent', 'internal:events'], ['MessageEvent', 'internal:web/websocket']]) {
  Object.defineProperty(http, name, {
    __proto__: null as never, configurable: true, enumerable: true,
    get() { return (globalThis as any)[name] ?? undefined; },
  } as any);
  void from;
}

export default http;
