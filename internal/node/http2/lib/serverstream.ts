// ServerHttp2Stream. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-serverhttp2stream
import * as native from 'native:http2';
import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { validateFunction, validateObject } from 'internal:validators';
import * as channels from 'internal:http2/channels';
import { completeResponse, decode, encode, kRaw, objectOf, requestPseudo, responsePseudo } from 'internal:http2/headers';
import { load } from 'internal:load';
import { Http2Stream, SERVER, kState } from 'internal:http2/stream';

const { isArray } = Array;

const FLAG_END = 1;
const FLAG_TRAILERS = 2;
const END_STREAM = 1;

export class ServerHttp2Stream extends Http2Stream {
  constructor(session: any, options: any) {
    super(session, options);
  }

  onHeaders(_category: number, flags: number, fields: string, secret: string): void {
    if (this.destroyed) return;
    const { headers, raw } = decode(fields, secret);
    this.emit('trailers', headers, flags, raw);
    if ((flags & END_STREAM) !== 0) this.onEnd();
  }

  get pushAllowed(): boolean {
    const { session } = this[kState];
    return !this.destroyed && !this.closed && session !== undefined && !session.closed && !session.destroyed && !this[kState].isPushed &&
      session.settingsOf(true).enablePush === true;
  }

  pushStream(headers: any, options: any, callback?: any): void {
    const state = this[kState];
    const { session } = state;
    if (state.isPushed) throw new codes.ERR_HTTP2_NESTED_PUSH();
    if (!this.pushAllowed) throw new codes.ERR_HTTP2_PUSH_DISABLED();
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    validateFunction(callback, 'callback');
    if (options !== undefined) validateObject(options, 'options');
    const o = { ...options };
    o.endStream = Boolean(o.endStream);
    checkHeaders(headers);
    const all = completePush(this, headers);
    const method = all[kMethod];
    if (method === 'HEAD') o.endStream = true;
    const { fields, secret } = encode(all, requestPseudo, session.strict);
    const id = native.push(session.nativeId, state.id, fields, secret, method);
    if (id < 0) {
      const error = id === -509 ? new codes.ERR_HTTP2_OUT_OF_STREAMS() : new codes.ERR_HTTP2_INVALID_STREAM();
      nextTick(callback, error);
      return;
    }
    const stream = new ServerHttp2Stream(session, {});
    const pushed = stream[kState];
    pushed.isPushed = true;
    pushed.sentHeaders = all[kRaw] === undefined ? all : objectOf(all[kRaw]);
    pushed.headRequest = method === 'HEAD';
    session.add(stream, id);
    // The client sends nothing on it.
    stream.push(null);
    if (o.endStream) stream.end();
    if (channels.created[SERVER].hasSubscribers) channels.created[SERVER].publish({ stream, headers: pushed.sentHeaders });
    if (channels.started[SERVER].hasSubscribers) channels.started[SERVER].publish({ stream, headers: pushed.sentHeaders });
    nextTick(callback, null, stream, pushed.sentHeaders, 0);
  }

  respond(headersParam?: any, options?: any): void {
    const state = this[kState];
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (state.headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
    if (options !== undefined) validateObject(options, 'options');
    const o = { ...options };
    this.touch();
    checkHeaders(headersParam);
    const headers = prepareResponse(headersParam, o);
    const status = statusOf(headers);
    o.endStream = Boolean(o.endStream);
    if (status === 204 || status === 205 || status === 304 || state.headRequest === true) o.endStream = true;
    this.sendResponse(headers, status, o);
    if (o.endStream && !o.waitForTrailers) this.end();
  }

  /** Sends checked headers. */
  sendResponse(headers: any, status: number, o: any): void {
    const state = this[kState];
    const { session } = state;
    const { fields, secret } = encode(headers, responsePseudo, session.strict);
    state.headersSent = true;
    state.sentHeaders = headers[kRaw] === undefined ? headers : objectOf(headers[kRaw]);
    state.waitForTrailers = Boolean(o.waitForTrailers);
    const flags = (o.endStream ? FLAG_END : 0) | (o.waitForTrailers ? FLAG_TRAILERS : 0);
    native.respond(session.nativeId, state.id, fields, secret, flags);
    if (channels.finished[SERVER].hasSubscribers) channels.finished[SERVER].publish({ stream: this, headers: state.sentHeaders, flags });
    void status;
    const { finishing } = state;
    if (finishing !== null) {
      state.finishing = null;
      this._final(finishing);
    }
  }

  proceed(): void {
    this.respond();
  }

  respondWithFD(fd: any, headersParam?: any, options?: any): void {
    this.checkRespond();
    if (options !== undefined) validateObject(options, 'options');
    load('internal:http2/file').sendDescriptor(this, fd, headersParam, { ...options });
  }

  respondWithFile(path: any, headersParam?: any, options?: any): void {
    this.checkRespond();
    if (options !== undefined) validateObject(options, 'options');
    load('internal:http2/file').sendFile(this, path, headersParam, { ...options });
  }

  checkRespond(): void {
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (this[kState].headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
  }

  additionalHeaders(headersParam?: any): void {
    const state = this[kState];
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (state.headersSent) throw new codes.ERR_HTTP2_HEADERS_AFTER_RESPOND();
    checkHeaders(headersParam);
    const headers: any = isArray(headersParam) ? { __proto__: null, [kRaw]: headersParam } : { __proto__: null, ...headersParam };
    this.touch();
    const given = isArray(headersParam) ? objectOf(headersParam)[':status'] : headers[':status'];
    if (given !== undefined && given !== null) {
      const status = given | 0;
      if (status === 101) throw new codes.ERR_HTTP2_STATUS_101();
      if (status < 100 || status >= 200) throw new codes.ERR_HTTP2_INVALID_INFO_STATUS(given);
      if (!isArray(headersParam)) headers[':status'] = status;
    }
    const { fields, secret } = encode(headers, responsePseudo, state.session.strict);
    const sent = isArray(headersParam) ? objectOf(headersParam) : headers;
    if (state.sentInfo === undefined) state.sentInfo = [sent];
    else state.sentInfo.push(sent);
    native.info(state.session.nativeId, state.id, fields, secret);
  }
}

const kMethod = Symbol('method');

export function checkHeaders(headers: any): void {
  if (headers !== undefined && (headers === null || typeof headers !== 'object')) {
    throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Object', 'Array'], headers);
  }
}

/** A copy of a response's headers with what every response has. */
export function prepareResponse(given: any, o: any): any {
  const sendDate = o.sendDate === undefined ? true : Boolean(o.sendDate);
  if (!isArray(given)) return completeResponse({ __proto__: null, ...given }, sendDate);
  const known = objectOf(given);
  const names = new Set(Object.keys(known).map((name) => name.toLowerCase()));
  const extra: any[] = [];
  const complete = completeResponse({ ':status': names.has(':status') ? 1 : undefined, date: names.has('date') ? 1 : undefined }, sendDate);
  if (!names.has(':status')) extra.push(':status', complete[':status']);
  const tail: any[] = !names.has('date') && sendDate ? ['date', complete.date] : [];
  const raw: any = [...extra, ...given, ...tail];
  const headers: any = { __proto__: null };
  for (const symbol of Object.getOwnPropertySymbols(given)) headers[symbol] = raw[symbol] = (given as any)[symbol];
  headers[kRaw] = raw;
  return headers;
}

export function statusOf(headers: any): number {
  let given = headers[':status'];
  const raw = headers[kRaw];
  if (raw !== undefined) {
    for (let i = 0; i < raw.length; i += 2) {
      if (raw[i] === ':status') given = raw[i + 1];
    }
  }
  const status = given | 0;
  if (status < 200 || status > 599) throw new codes.ERR_HTTP2_STATUS_INVALID(given);
  if (raw === undefined) headers[':status'] = status;
  return status;
}

function completePush(stream: any, given: any): any {
  const of = stream[kState].requestHeaders ?? {};
  const known = isArray(given) ? objectOf(given) : { __proto__: null, ...given };
  const extra: any[] = [];
  const need = (name: string, fallback: () => any): void => {
    if (known[name] === undefined || known[name] === null) {
      known[name] = fallback();
      extra.push(name, known[name]);
    }
  };
  need(':method', () => 'GET');
  need(':authority', () => of[':authority'] ?? of.host);
  need(':scheme', () => of[':scheme']);
  need(':path', () => '/');
  const headers: any = isArray(given) ? { __proto__: null, [kRaw]: [...extra, ...given] } : known;
  Object.defineProperty(headers, kMethod, { value: String(known[':method']), enumerable: false });
  return headers;
}

/** The stream of a request. */
export function requestStream(core: any, id: number, headers: any): any {
  const stream = new ServerHttp2Stream(core, {});
  const state: any = stream[kState];
  state.requestHeaders = headers;
  core.add(stream, id);
  if (channels.created[SERVER].hasSubscribers) channels.created[SERVER].publish({ stream, headers });
  if (headers[':method'] === 'HEAD') {
    // The answer has no body.
    state.headRequest = true;
    stream.end();
  } else {
    state.headRequest = false;
  }
  if (channels.started[SERVER].hasSubscribers) channels.started[SERVER].publish({ stream, headers });
  return stream;
}
