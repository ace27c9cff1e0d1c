// Http2Server and Http2SecureServer. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-http2server
import { load } from 'internal:load';
import * as net from 'internal:net';
import { setTimeout as startTimer } from 'internal:timers';
import * as tls from 'internal:tls';
import { validateFunction, validateInteger, validateObject, validateUint32 } from 'internal:validators';
import { Http2ServerRequest } from 'internal:http2/request';
import { Http2ServerResponse, onServerStream } from 'internal:http2/response';
import { sessionOptions } from 'internal:http2/connect';
import { ServerHttp2Session } from 'internal:http2/serversession';
import { kCore } from 'internal:http2/session';
import { validateSettings } from 'internal:http2/settings';

const kOptions = Symbol('options');
const kSessions = Symbol('sessions');

function serverOptions(options: any): any {
  if (options !== undefined) validateObject(options, 'options');
  const o = sessionOptions({ ...options });
  if (o.settings !== undefined) validateObject(o.settings, 'options.settings');
  o.settings = { ...o.settings };
  validateSettings(o.settings);
  if (o.maxSessionInvalidFrames !== undefined) validateUint32(o.maxSessionInvalidFrames, 'maxSessionInvalidFrames');
  if (o.maxSessionRejectedStreams !== undefined) validateUint32(o.maxSessionRejectedStreams, 'maxSessionRejectedStreams');
  if (o.unknownProtocolTimeout !== undefined) validateUint32(o.unknownProtocolTimeout, 'unknownProtocolTimeout');
  else o.unknownProtocolTimeout = 10000;
  if (o.streamResetBurst !== undefined || o.streamResetRate !== undefined) {
    validateInteger(o.streamResetBurst, 'streamResetBurst', 0);
    validateInteger(o.streamResetRate, 'streamResetRate', 0);
  }
  o.Http1IncomingMessage ||= load('internal:http').IncomingMessage;
  o.Http1ServerResponse ||= load('internal:http').ServerResponse;
  o.Http2ServerRequest ||= Http2ServerRequest;
  o.Http2ServerResponse ||= Http2ServerResponse;
  return o;
}

function updateSettings(this: any, settings: any): void {
  validateObject(settings, 'settings');
  validateSettings(settings);
  this[kOptions].settings = { ...this[kOptions].settings, ...settings };
}

function setServerTimeout(this: any, msecs = 120000, callback?: any): any {
  this.timeout = msecs;
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    this.on('timeout', callback);
  }
  return this;
}

// A server that ends lets its sessions end first.
function closeSessions(server: any): void {
  for (const session of [...server[kSessions]]) session.close();
}

function setUp(server: any, options: any, listener: any): void {
  server[kOptions] = options;
  server[kSessions] = new Set();
  server.timeout = 0;
  server.on('newListener', onNewListener);
  if (typeof listener === 'function') server.on('request', listener);
}

// The compatibility API is there once somebody listens to requests.
function onNewListener(this: any, event: string): void {
  if (event !== 'request' && event !== 'checkContinue') return;
  this.removeListener('newListener', onNewListener);
  const options = this[kOptions];
  this.on('stream', function(this: any, stream: any, headers: any, flags: any, raw: any) {
    onServerStream(this, options, stream, headers, flags, raw);
  });
}

class Http2Server extends (net.Server as any) {
  constructor(options: any, listener: any) {
    const o = serverOptions(options);
    super(o, connectionListener);
    setUp(this, o, listener);
  }
}
class Http2SecureServer extends (tls.Server as any) {
  constructor(options: any, listener: any) {
    const o = serverOptions(options);
    // A program that chooses the protocol itself is not told which there are.
    if (o.ALPNCallback === undefined && o.ALPNProtocols === undefined) o.ALPNProtocols = o.allowHTTP1 === true ? ['h2', 'http/1.1'] : ['h2'];
    super(o, connectionListener);
    setUp(this, o, listener);
    if (o.allowHTTP1 === true) {
      const { setUpServer } = load('internal:http');
      const http1 = { ...o, ...o.http1Options, IncomingMessage: o.Http1IncomingMessage, ServerResponse: o.Http1ServerResponse };
      load('internal:http/settings').storeOptions(this, http1);
      setUpServer(this, http1);
      this.timeout = 0;
    }
    this.on('tlsClientError', onTlsError);
  }

  closeIdleConnections(): void {
    if (this[kOptions].allowHTTP1 === true) (load('internal:http').Server as any).prototype.closeIdleConnections.call(this);
  }
}
for (const [Server, Base] of [[Http2Server, net.Server], [Http2SecureServer, tls.Server]] as any[]) {
  Object.defineProperties(Server.prototype, {
    setTimeout: { value: setServerTimeout, writable: true, configurable: true },
    updateSettings: { value: updateSettings, writable: true, configurable: true },
    close: { value(this: any, ...args: any[]) {
      if (this[kOptions].allowHTTP1 === true) this.closeIdleConnections();
      const result = Base.prototype.close.apply(this, args);
      closeSessions(this);
      return result;
    }, writable: true, configurable: true },
  });
  Server.prototype[Symbol.for('nodejs.rejection')] = onRejection(Base);
}

function onRejection(Base: any): any {
  return function(this: any, err: any, event: any, ...args: any[]): void {
    switch (event) {
      case 'stream': {
        const [stream] = args;
        if (stream.headersSent) stream.destroy(err);
        else {
          stream.respond({ ':status': 500 });
          stream.end();
        }
        break;
      }
      case 'request': {
        const [, res] = args;
        if (!res.headersSent && !res.finished) {
          for (const name of res.getHeaderNames()) res.removeHeader(name);
          res.statusCode = 500;
          res.end('Internal Server Error');
        } else {
          res.destroy();
        }
        break;
      }
      default:
        Base.prototype[Symbol.for('nodejs.rejection')].call(this, err, event, ...args);
    }
  };
}

function onTlsError(this: any, err: any, socket: any): void {
  if (socket._tlsOptions !== undefined && this[kOptions].allowHTTP1 !== true && socket._controlReleased !== true) { /* told by 'tlsClientError' itself */ }
  void err;
}

/** server.on('connection') and server.on('secureConnection'). */
function connectionListener(this: any, socket: any): void {
  const options = this[kOptions];
  if (socket.alpnProtocol === false || socket.alpnProtocol === 'http/1.1') {
    if (options.allowHTTP1 === true) {
      socket.server[kHttp1] = true;
      load('internal:http')._connectionListener.call(this, socket);
      return;
    }
    refuse(this, options, socket);
    return;
  }
  socket.on('error', noop);
  const session = new ServerHttp2Session(options, socket, this);
  socket.removeListener('error', noop);
  const server = this;
  server[kSessions].add(session);
  session.on('close', () => server[kSessions].delete(session));
  session.on('stream', forward('stream', server));
  session.on('error', (err: any) => server.emit('sessionError', err, session));
  // The priority of streams is no more.
  if (server.timeout) session.setTimeout(server.timeout, onSessionTimeout);
  server.emit('session', session);
  if (Array.isArray(options.origins) && !session.destroyed && session.encrypted) session.origin(...options.origins);
}

const kHttp1 = Symbol('http1');

function noop(): void {}

function forward(event: string, server: any): any {
  return (...args: any[]) => {
    server.emit(event, ...args);
  };
}

function onSessionTimeout(this: any): void {
  if (this.destroyed) return;
  const { server } = this[kCore];
  if (!server.emit('timeout', this)) this.destroy();
}

// Speaks another protocol than we do: says so and goes.
function refuse(server: any, options: any, socket: any): void {
  if (options.unknownProtocolTimeout > 0) {
    const timer = startTimer(() => {
      if (!socket.destroyed) socket.destroy();
    }, options.unknownProtocolTimeout);
    timer.unref?.();
    socket.once('close', () => clearTimeout(timer));
  }
  if (server.emit('unknownProtocol', socket)) return;
  socket.on('error', noop);
  socket.end('HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n' +
    'Missing ALPN Protocol, expected `h2` to be available.\nIf this is a HTTP request: The server was not configured with the `allowHTTP1` option or a listener for ' +
    'the `unknownProtocol` event.\n');
}

export function createServer(options?: any, handler?: any): any {
  if (typeof options === 'function') {
    handler = options;
    options = {};
  }
  return new Http2Server(options, handler);
}

export function createSecureServer(options?: any, handler?: any): any {
  return new Http2SecureServer(options, handler);
}

/** A server's session on any duplex. https://nodejs.org/docs/latest-v24.x/api/http2.html#http2performserverhandshakesocket-options */
export function performServerHandshake(socket: any, options: any = {}): any {
  return new ServerHttp2Session(serverOptions(options), socket, undefined);
}
