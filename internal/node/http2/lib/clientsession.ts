// ClientHttp2Session. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-clienthttp2session
import * as native from 'native:http2';
import { AbortError, codes } from 'internal:errors';
import { addAbortListener } from 'internal:events';
import { validateAbortSignal, validateBoolean, validateNumber, validateObject } from 'internal:validators';
import * as channels from 'internal:http2/channels';
import { ClientHttp2Stream, pushedStream } from 'internal:http2/clientstream';
import { type SessionCore } from 'internal:http2/core';
import { NghttpError } from 'internal:http2/errors';
import { encode, kRaw, objectOf, requestPseudo } from 'internal:http2/headers';
import { Http2Session, kCore } from 'internal:http2/session';
import { CLIENT, kState, warnPriority } from 'internal:http2/stream';

const { isArray } = Array;

const NO_STREAM_ID = -509;
const FLAG_END = 1;
const FLAG_TRAILERS = 2;

const kAuthority = Symbol('authority');
const kProtocol = Symbol('protocol');

// Requests whose body has no meaning end at once unless told otherwise.
const bodiless = new Set(['GET', 'HEAD', 'DELETE']);

export class ClientHttp2Session extends Http2Session {
  constructor(options: any, socket: any) {
    super(CLIENT, options, socket, pushedStream);
  }

  request(headersParam?: any, options?: any): any {
    const core: SessionCore = this[kCore];
    if (core.destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    if (core.closed) throw new codes.ERR_HTTP2_GOAWAY_SESSION();
    core.touch();
    if (headersParam !== undefined && headersParam !== null && typeof headersParam !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Object', 'Array'], headersParam);
    }
    if (options !== undefined) validateObject(options, 'options');
    const o = { ...options };
    const { headers, method } = isArray(headersParam) ? fromRaw(this, headersParam) : fromObject(this, headersParam);
    checkOptions(o, method);
    const { fields, secret } = encode(headers, requestPseudo, core.strict);

    const stream = new ClientHttp2Stream(core, {});
    const state = stream[kState];
    state.sentHeaders = headers[kRaw] === undefined ? headers : objectOf(headers[kRaw]);
    state.headRequest = method === 'HEAD';
    state.waitForTrailers = o.waitForTrailers === true;
    core.waiting.add(stream);
    if (o.endStream) stream.end();
    if (o.signal) abortWith(stream, o.signal);
    if (channels.created[CLIENT].hasSubscribers) channels.created[CLIENT].publish({ stream, headers: state.sentHeaders });
    const flags = (o.endStream ? FLAG_END : 0) | (state.waitForTrailers ? FLAG_TRAILERS : 0);
    const send = (): void => sendRequest(core, stream, fields, secret, method, flags);
    if (core.connecting) core.requests.push(send);
    else send();
    return stream;
  }
}

function sendRequest(core: SessionCore, stream: any, fields: string, secret: string, method: string, flags: number): void {
  if (stream.destroyed || core.destroyed) return;
  if (core.closed) {
    stream.destroy(new codes.ERR_HTTP2_GOAWAY_SESSION());
    return;
  }
  const id = native.request(core.nativeId, fields, secret, method, flags);
  if (id < 0) {
    if (id === NO_STREAM_ID) stream.destroy(new codes.ERR_HTTP2_OUT_OF_STREAMS());
    else core.destroy(new NghttpError(id));
    return;
  }
  core.add(stream, id);
  if (channels.started[CLIENT].hasSubscribers) channels.started[CLIENT].publish({ stream, headers: stream.sentHeaders });
}

function abortWith(stream: any, signal: any): void {
  validateAbortSignal(signal, 'options.signal');
  const abort = (): void => {
    stream.destroy(new AbortError(undefined, { cause: signal.reason }));
  };
  if (signal.aborted) {
    abort();
    return;
  }
  const disposable = addAbortListener(signal, abort);
  stream.once('close', () => disposable[Symbol.dispose]());
}

function checkOptions(o: any, method: string): void {
  for (const name of ['weight', 'parent', 'exclusive', 'silent']) {
    if (o[name] === undefined) continue;
    warnPriority('Priority signaling has been deprecated as of RFC 9113.');
    if (name === 'weight' || name === 'parent') validateNumber(o[name], `options.${name}`);
    else validateBoolean(o[name], `options.${name}`);
  }
  if (o.endStream === undefined) o.endStream = bodiless.has(method);
  else validateBoolean(o.endStream, 'options.endStream');
  if (o.waitForTrailers !== undefined) validateBoolean(o.waitForTrailers, 'options.waitForTrailers');
}

function missing(value: any): boolean {
  return value === undefined || value === null;
}

function fromObject(session: any, given: any): { headers: any; method: string } {
  const headers: any = { __proto__: null, ...given };
  if (missing(headers[':method'])) headers[':method'] = 'GET';
  const connect = headers[':method'] === 'CONNECT';
  if (connect && missing(headers[':protocol'])) {
    if (missing(headers[':authority'])) throw new codes.ERR_HTTP2_CONNECT_AUTHORITY();
    if (!missing(headers[':scheme'])) throw new codes.ERR_HTTP2_CONNECT_SCHEME();
    if (!missing(headers[':path'])) throw new codes.ERR_HTTP2_CONNECT_PATH();
  } else {
    if (missing(headers[':authority']) && missing(headers.host)) headers[':authority'] = session[kAuthority];
    if (missing(headers[':scheme'])) headers[':scheme'] = session[kProtocol].slice(0, -1);
    if (missing(headers[':path'])) headers[':path'] = '/';
  }
  return { headers, method: String(headers[':method']) };
}

// As fromObject; what is missing comes first.
function fromRaw(session: any, given: any[]): { headers: any; method: string } {
  const find = (name: string): any => {
    for (let i = 0; i < given.length; i += 2) {
      if (String(given[i]).toLowerCase() === name) return given[i + 1];
    }
    return undefined;
  };
  const extra: any[] = [];
  let method = find(':method');
  if (missing(method)) {
    method = 'GET';
    extra.push(':method', method);
  }
  if (method === 'CONNECT' && missing(find(':protocol'))) {
    if (missing(find(':authority'))) throw new codes.ERR_HTTP2_CONNECT_AUTHORITY();
    if (!missing(find(':scheme'))) throw new codes.ERR_HTTP2_CONNECT_SCHEME();
    if (!missing(find(':path'))) throw new codes.ERR_HTTP2_CONNECT_PATH();
  } else {
    if (missing(find(':authority')) && missing(find('host'))) extra.push(':authority', session[kAuthority]);
    if (missing(find(':scheme'))) extra.push(':scheme', session[kProtocol].slice(0, -1));
    if (missing(find(':path'))) extra.push(':path', '/');
  }
  const raw: any = [...extra, ...given];
  for (const symbol of Object.getOwnPropertySymbols(given)) raw[symbol] = (given as any)[symbol];
  const headers: any = { __proto__: null };
  for (const symbol of Object.getOwnPropertySymbols(given)) headers[symbol] = (given as any)[symbol];
  headers[kRaw] = raw;
  return { headers, method: String(method) };
}

/** What requests of the session have for :authority and :scheme. */
export function setOrigin(session: any, authority: string, protocol: string): void {
  Object.defineProperties(session, { [kAuthority]: { value: authority }, [kProtocol]: { value: protocol } });
}
