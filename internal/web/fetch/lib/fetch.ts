// fetch(). https://fetch.spec.whatwg.org/#fetching
//
// The standard's steps are here; Go sends one request at a time and gives its answer. The exchange with Go is an object that is closed
// when it is collected, so a response that is dropped unread lets its connection go.
import { abort, digest, discard, finish, insecure, read, send, take, write } from 'native:web/fetch';
import { request as waitFor } from 'internal:request';
import { load } from 'internal:load';
import { unavailable } from 'internal:errors';
import { URL } from 'internal:url';
import { Body, type Pieces, extractBody, toBytes } from 'internal:web/fetch/body';
import { announce, Both } from 'internal:web/fetch/channels';
import { named, undiciError } from 'internal:web/fetch/errors';
import { HeadersList } from 'internal:web/fetch/headers';
import { type Watch, watcher } from 'internal:web/fetch/observe';
import { tellProxies } from 'internal:web/fetch/proxies';
import { Request, type RequestState, requestState } from 'internal:web/fetch/request';
import { type Response, type ResponseState, isNullBodyStatus, responseOf } from 'internal:web/fetch/response';

const { defineProperty } = Object;

// https://fetch.spec.whatwg.org/#port-blocking
const BAD_PORTS = new Set(['0', '1', '7', '9', '11', '13', '15', '17', '19', '20', '21', '22', '23', '25', '37', '42', '43', '53', '69', '77', '79', '87', '95', '101',
  '102', '103', '104', '109', '110', '111', '113', '115', '117', '119', '123', '135', '137', '139', '143', '161', '179', '389', '427', '465', '512', '513',
  '514', '515', '526', '530', '531', '532', '540', '548', '554', '556', '563', '587', '601', '636', '989', '990', '993', '995', '1719', '1720', '1723',
  '2049', '3659', '4045', '4190', '5060', '5061', '6000', '6566', '6665', '6666', '6667', '6668', '6669', '6679', '6697', '10080']);

const NO_BODY = 0;
const BYTES = 1;
const STREAM = 2;
const MAX_REDIRECTS = 20;
const READ_AHEAD = 64 << 10;
const COLLECT = 256 << 10; // a form or blob up to this length goes out in one piece

/** What ends a fetch that the network or the standard refused: fetch rejects with a TypeError whose cause this carries. */
class NetworkError {
  cause: any;
  constructor(cause: any) {
    this.cause = cause;
  }
}

function refuse(message?: string): NetworkError {
  return new NetworkError(new Error(message));
}

/** One fetch, from the call until its body is over. */
class Fetching {
  request: RequestState;
  signal: any;
  aborted = false;
  reason: any;
  exchange: any;
  watch: Watch | undefined; // of the request that is under way
  told = false; // channels have subscribers: they hear of the body's end also when nobody reads it
  reject: ((reason: any) => void) | undefined;
  /** The response's body, weakly once fetch() has resolved: a signal must not keep alive what nobody reads. */
  body: Body | undefined;
  bodyRef: WeakRef<ResponsePieces> | undefined;
  #listener: (() => void) | undefined;

  constructor(request: RequestState, reject: (reason: any) => void) {
    this.request = request;
    this.signal = request.signal;
    this.reject = reject;
    if (this.signal !== undefined) {
      this.#listener = () => this.#abort();
      this.signal.addEventListener('abort', this.#listener, { once: true });
    }
  }

  /** https://fetch.spec.whatwg.org/#abort-fetch */
  #abort(): void {
    this.aborted = true;
    this.reason = this.signal.reason;
    this.reject?.(this.reason);
    this.reject = undefined;
    const { exchange } = this;
    this.exchange = undefined;
    if (exchange !== undefined) abort(exchange);
    this.bodyRef?.deref()?.abort(this.reason);
  }

  /** The fetch is over: the signal concerns it no more. */
  end(): void {
    if (this.#listener !== undefined) {
      this.signal.removeEventListener('abort', this.#listener);
      this.#listener = undefined;
    }
  }
}

/** The chunks of a response, read from Go as they are asked for. */
class ResponsePieces implements Pieces {
  #exchange: any;
  #fetching: Fetching;
  #failed: { reason: any } | undefined;
  #wake: ((reason: any) => void) | undefined;
  #ahead: (Uint8Array | null | Promise<Uint8Array | null>)[] = [];
  #overtaken = false; // who reads the body is as far as readAhead, which ends then: one read at a time
  /** The body that these are of, to tell its stream of an abort. */
  owner: Body | undefined;

  constructor(exchange: any, fetching: Fetching) {
    this.#exchange = exchange;
    this.#fetching = fetching;
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const { 0: first } = this.#ahead;
    if (first !== undefined) {
      this.#ahead.shift();
      return first;
    }
    this.#overtaken = true;
    return this.#next();
  }

  /** Reads what is there of the body, up to READ_AHEAD bytes, before it is asked for. */
  async readAhead(): Promise<void> {
    let length = 0;
    while (length < READ_AHEAD && !this.#overtaken) {
      const piece = this.#next();
      this.#ahead.push(piece);
      let chunk: Uint8Array | null;
      try {
        chunk = await piece;
      } catch {
        return; // who reads is told
      }
      if (chunk === null) return;
      length += chunk.byteLength;
    }
  }

  #next(): Uint8Array | null | Promise<Uint8Array | null> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed.reason);
    const exchange = this.#exchange;
    if (exchange === undefined) return null;
    let chunk: Uint8Array | null | undefined;
    try {
      chunk = take(exchange);
    } catch (err) {
      return Promise.reject(this.#broken(err));
    }
    if (chunk === null) this.#over();
    else if (chunk !== undefined) this.#fetching.watch?.received(chunk);
    if (chunk !== undefined) return chunk;
    return new Promise((resolve, reject) => {
      this.#wake = reject;
      read(waitFor((err, value) => {
        this.#wake = undefined;
        if (err !== null) {
          reject(this.#broken(err));
          return;
        }
        if (value === null) this.#over();
        else this.#fetching.watch?.received(value);
        resolve(value);
      }), exchange);
    });
  }

  #over(reason?: any): void {
    this.#exchange = undefined;
    this.#fetching.end();
    if (reason === undefined) this.#fetching.watch?.finished();
    else this.#fetching.watch?.failed(reason);
  }

  #broken(err: any): any {
    if (this.#failed === undefined) {
      this.#failed = { reason: new TypeError('terminated', { cause: named(err) }) };
      this.#over(err);
    }
    return this.#failed.reason;
  }

  cancel(): void {
    if (this.#exchange !== undefined) {
      abort(this.#exchange);
      this.#over();
    }
  }

  abort(reason: any): void {
    this.#ahead = [];
    if (this.#exchange === undefined) return;
    abort(this.#exchange);
    this.#over(reason ?? new Error('aborted'));
    this.#failed = { reason };
    this.#wake?.(reason);
    this.#wake = undefined;
    this.owner?.fail(reason);
  }
}

/**
 * Fetches a resource. It rejects when there is no response: with a TypeError for the network's failures (see its cause), with the
 * signal's reason when that aborts.
 */
export function fetch(input: any, init: any = undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    // Throws in here reject.
    const request = requestState(new Request(input, init ?? undefined));
    if (request.dispatcher !== undefined && request.dispatcher !== null) unavailable('fetch with the dispatcher option');
    const { signal } = request;
    if (signal?.aborted) {
      cancelBody(request, signal.reason);
      reject(signal.reason);
      return;
    }
    const fetching = new Fetching(request, reject);
    run(fetching).then((response) => {
      fetching.reject = undefined;
      if (!fetching.aborted) resolve(response);
    }, (err) => {
      fetching.end();
      fetching.watch?.failed(err instanceof NetworkError ? err.cause : err);
      if (fetching.aborted) return;
      fetching.reject = undefined;
      reject(err instanceof NetworkError ? failed(err.cause) : err);
    });
  });
}
defineProperty(fetch, 'length', { value: 1, configurable: true });

function failed(cause: any): TypeError {
  return new TypeError('fetch failed', { cause });
}

function cancelBody(request: RequestState, reason: any): void {
  const { body } = request;
  if (body !== null && body.source === null && !body.unusable) {
    if (body.hasStream) body.stream.cancel(reason).catch(() => {});
    else body.pieces?.cancel(reason);
  }
}

/** https://fetch.spec.whatwg.org/#concept-main-fetch with the redirects of HTTP-redirect fetch. */
async function run(fetching: Fetching): Promise<Response> {
  const { request } = fetching;
  let { url } = request;
  let redirects = 0;
  for (;;) {
    let state: ResponseState;
    switch (url.protocol) {
      case 'http:':
      case 'https:':
        if (BAD_PORTS.has(url.port)) throw refuse('bad port');
        state = await httpFetch(fetching, url);
        break;
      case 'about:':
        throw refuse('about scheme is not supported');
      case 'blob:':
        state = await blobFetch(request, url);
        break;
      case 'data:':
        state = dataFetch(url);
        break;
      case 'file:':
        throw refuse('not implemented... yet...');
      default:
        throw refuse('unknown scheme');
    }
    if (fetching.aborted) throw fetching.reason;
    const location = isRedirect(state.status) && request.redirect !== 'manual' ? redirectURL(state, url) : null;
    if (isRedirect(state.status) && request.redirect === 'error') {
      drop(fetching);
      throw refuse('unexpected redirect');
    }
    if (location === null) {
      return finishFetch(fetching, state, url, redirects);
    }
    drop(fetching);
    if (location instanceof NetworkError) throw location;
    if (location.protocol !== 'http:' && location.protocol !== 'https:') throw refuse('URL scheme must be a HTTP(S) scheme');
    if (redirects === MAX_REDIRECTS) throw refuse('redirect count exceeded');
    redirects++;
    if (request.mode === 'cors' && (location.username !== '' || location.password !== '') && location.origin !== url.origin) {
      throw refuse('cross origin not allowed for request mode "cors"');
    }
    if (state.status !== 303 && request.body !== null && request.body.source === null) throw refuse();
    if (((state.status === 301 || state.status === 302) && request.method === 'POST') ||
      (state.status === 303 && request.method !== 'GET' && request.method !== 'HEAD')) {
      request.method = 'GET';
      request.body = null;
      for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) request.list.delete(name);
    }
    if (location.origin !== url.origin) {
      for (const name of ['authorization', 'proxy-authorization', 'cookie', 'host']) request.list.delete(name);
    }
    if (request.body !== null) request.body = extractAgain(request.body, request.list);
    url = location;
  }
}

/** A body made afresh from what it was made from. A form keeps the boundary that the header names. */
function extractAgain(body: Body, list: HeadersList): Body {
  if (body.bytes !== undefined) return Body.ofBytes(body.bytes, body.source);
  const [fresh, type] = extractBody(body.source);
  if (type !== null && type.startsWith('multipart/form-data')) list.set('content-type', type);
  return fresh;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** https://fetch.spec.whatwg.org/#concept-response-location-url */
function redirectURL(state: ResponseState, current: URL): URL | NetworkError | null {
  let location = state.list.get('location');
  if (location === null) return null;
  if (/[\x80-\xff]/.test(location)) {
    const { Buffer } = load('internal:buffer');
    location = Buffer.from(location, 'latin1').toString('utf8') as string;
  }
  let url: URL;
  try {
    url = new URL(location, current.href);
  } catch (err) {
    return new NetworkError(err);
  }
  if (url.hash === '') url.hash = current.hash;
  return url;
}

/** Gives up the response of a redirect. */
function drop(fetching: Fetching): void {
  if (fetching.exchange !== undefined) {
    discard(fetching.exchange);
    fetching.exchange = undefined;
  }
  fetching.watch?.finished();
}

async function finishFetch(fetching: Fetching, state: ResponseState, url: URL, redirects: number): Promise<Response> {
  const { request, exchange } = fetching;
  if (exchange !== undefined) {
    if (request.method === 'HEAD' || request.method === 'CONNECT' || isNullBodyStatus(state.status)) {
      discard(exchange);
      fetching.end();
      fetching.watch?.finished();
    } else {
      const pieces = new ResponsePieces(exchange, fetching);
      const body = Body.ofPieces(pieces, null, null);
      pieces.owner = body;
      fetching.bodyRef = new WeakRef(pieces);
      state.body = body;
      if (fetching.told) pieces.readAhead();
    }
    fetching.exchange = undefined;
  } else {
    fetching.end();
  }
  const { href, hash } = url;
  state.url = hash === '' ? href : href.slice(0, -hash.length);
  state.redirected = redirects > 0;
  state.type = 'basic';
  state.immutable = true;
  if (request.integrity !== '' && state.body !== null) {
    let bytes: Uint8Array;
    try {
      bytes = await state.body.readAll();
    } catch (err) {
      throw new NetworkError(err);
    }
    if (!matches(bytes, request.integrity)) throw refuse('integrity mismatch');
    state.body = Body.ofBytes(bytes, bytes);
  }
  return responseOf(state);
}

/** https://www.w3.org/TR/SRI/#does-response-match-metadatalist */
function matches(bytes: Uint8Array, integrity: string): boolean {
  let best: [string, string][] = [];
  for (const item of integrity.trim().split(/\s+/)) {
    const parsed = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/.exec(item);
    if (parsed === null) continue;
    if (best.length > 0 && parsed[1] < best[0][0]) continue;
    if (best.length > 0 && parsed[1] > best[0][0]) best = [];
    best.push([parsed[1], parsed[2].replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')]);
  }
  if (best.length === 0) return true;
  const actual = (digest(best[0][0], bytes) as any).toString('base64').replace(/=+$/, '');
  return best.some(([, value]) => value === actual);
}

/** The answer of a scheme that needs no network. */
function localState(status: number, statusText: string, headers: [string, string][], body: Body | null): ResponseState {
  const list = new HeadersList();
  for (const [name, value] of headers) list.append(name, value);
  return { type: 'basic', status, statusText, list, immutable: true, body, url: '', redirected: false };
}

function dataFetch(url: URL): ResponseState {
  const found = load('internal:web/fetch/dataurl').processDataURL(url);
  if (found === undefined) throw refuse('failed to fetch the data URL');
  return localState(200, 'OK', [['Content-Type', found.type]], Body.ofBytes(found.bytes, found.bytes));
}

/** https://fetch.spec.whatwg.org/#scheme-fetch, "blob" */
async function blobFetch(request: RequestState, url: URL): Promise<ResponseState> {
  const blob = load('internal:web/blob').resolveObjectURL(url.href.split('#')[0]);
  if (request.method !== 'GET' || blob === undefined) throw refuse('invalid method');
  const { size, type } = blob;
  const range = request.list.get('range');
  if (range === null) {
    return localState(200, 'OK', [['content-length', `${size}`], ['content-type', type]], extractBody(blob)[0]);
  }
  const parsed = /^bytes[\t ]*=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)$/.exec(range);
  if (parsed === null || (parsed[1] === '' && parsed[2] === '') || (parsed[1] !== '' && parsed[2] !== '' && +parsed[1] > +parsed[2])) {
    throw refuse('failed to fetch the data URL');
  }
  let start = +parsed[1];
  let end = +parsed[2];
  if (parsed[1] === '') {
    start = Math.max(size - end, 0);
    end = size - 1;
  } else {
    if (start >= size) throw refuse("Range start is greater than the blob's size.");
    if (parsed[2] === '' || end >= size) end = size - 1;
  }
  const part = blob.slice(start, end + 1, type);
  return localState(206, 'Partial Content',
    [['content-length', `${part.size}`], ['content-range', `bytes ${start}-${end}/${size}`], ['content-type', type]], extractBody(part)[0]);
}

let warnedInsecure = false;

function warnInsecure(): void {
  if (!warnedInsecure && insecure()) {
    warnedInsecure = true;
    load('internal:process').process.emitWarning("Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS " +
      'requests insecure by disabling certificate verification.');
  }
}

const CONDITIONS = ['if-modified-since', 'if-none-match', 'if-unmodified-since', 'if-match', 'if-range'];

/** The headers that go out: the user's, then those that a user agent adds. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
function outgoing(request: RequestState, url: URL): HeadersList {
  const list = request.list.clone();
  for (const name of ['transfer-encoding', 'keep-alive', 'upgrade']) {
    if (list.has(name)) throw new NetworkError(undiciError('UND_ERR_INVALID_ARG', `invalid ${name} header`));
  }
  if (list.has('expect')) throw new NetworkError(undiciError('UND_ERR_NOT_SUPPORTED', 'expect header not supported'));
  const connection = list.get('connection');
  if (connection !== null && !/^(?:close|keep-alive)$/i.test(connection)) {
    throw new NetworkError(undiciError('UND_ERR_INVALID_ARG', 'invalid connection header'));
  }
  list.delete('host');
  const { body } = request;
  const length = list.get('content-length');
  if (length !== null && body !== null && body.length !== null && length !== `${body.length}`) {
    throw new NetworkError(undiciError('UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'Request body length does not match content-length header'));
  }
  list.delete('content-length');
  const add = (name: string, value: string) => {
    if (!list.has(name)) list.append(name, value);
  };
  add('connection', 'keep-alive');
  add('accept', '*/*');
  add('accept-language', '*');
  if (request.referrer !== '' && request.referrer !== 'about:client' && request.referrerPolicy !== 'no-referrer') add('referer', refererOf(request, url));
  add('sec-fetch-mode', request.mode);
  add('user-agent', 'node');
  let { cache } = request;
  // Who asks with a condition keeps the answer himself: no cache on the way may answer in the server's place.
  if (cache === 'default' && CONDITIONS.some((name) => list.has(name))) cache = 'no-store';
  if (cache === 'no-cache') add('cache-control', 'max-age=0');
  if (cache === 'no-store' || cache === 'reload') {
    add('pragma', 'no-cache');
    add('cache-control', 'no-cache');
  }
  if (list.has('range')) list.append('accept-encoding', 'identity');
  add('accept-encoding', url.protocol === 'https:' ? 'br, gzip, deflate' : 'gzip, deflate');
  return list;
}

/** The Referer of an explicit referrer: all of it within its origin, the origin alone beyond. */
function refererOf(request: RequestState, url: URL): string {
  const from = new URL(request.referrer);
  from.hash = '';
  from.username = '';
  from.password = '';
  const full = request.referrerPolicy === 'unsafe-url' || request.referrerPolicy === 'no-referrer-when-downgrade' ||
    (from.origin === url.origin && !/^(?:strict-)?origin$/.test(request.referrerPolicy));
  return full ? from.href : `${from.origin}/`;
}

/** Tells those who watch of a request; gives the headers that go out. */
function watch(fetching: Fetching, url: URL, list: HeadersList): string[] {
  const { request } = fetching;
  let announced: ReturnType<typeof announce>;
  try {
    announced = announce(request.method, url, url.host, list, request.body);
  } catch (err) {
    throw new NetworkError(err);
  }
  const headers = announced?.headers ?? list.flat();
  const debuggers = watcher.begin?.(request.method, url.href, headers, request.body !== null);
  fetching.told = announced !== undefined;
  fetching.watch = announced !== undefined && debuggers !== undefined ? new Both(announced.watch, debuggers) : announced?.watch ?? debuggers;
  return headers;
}

/** Sends one request. The exchange is fetching.exchange when it returns. */
async function httpFetch(fetching: Fetching, url: URL): Promise<ResponseState> {
  const { request } = fetching;
  const list = outgoing(request, url);
  if (url.protocol === 'https:') warnInsecure();
  const { body } = request;
  const headers = watch(fetching, url, list);
  let kind = NO_BODY;
  let payload: Uint8Array | number | undefined;
  if (body !== null) {
    if (body.unusable && body.source === null) throw new NetworkError(new TypeError('Response body object should not be disturbed or locked'));
    if (body.bytes !== undefined && !body.hasStream) {
      kind = BYTES;
      payload = body.bytes;
    } else if (body.length !== null && body.length <= COLLECT) {
      kind = BYTES;
      payload = await body.readAll();
      if (fetching.aborted) throw fetching.reason;
    } else {
      kind = STREAM;
      payload = body.length ?? -1;
    }
  } else if (request.method === 'POST' || request.method === 'PUT' || request.method === 'PATCH') {
    kind = BYTES;
    payload = new Uint8Array(0);
  }
  if (kind === BYTES) fetching.watch?.sent(payload as Uint8Array);
  if (kind !== STREAM) fetching.watch?.sentAll();
  let exchange: any;
  const answer: any = await new Promise((resolve, reject) => {
    tellProxies();
    exchange = send(waitFor((err, value) => {
      if (err !== null) reject(err);
      else resolve(value);
    }), request.method, url.protocol.slice(0, -1), url.host, url.pathname + url.search, headers.join('\n'), kind, payload);
    fetching.exchange = exchange;
    if (kind === STREAM) {
      pump(exchange, body!, fetching).catch((err) => {
        abort(exchange);
        reject(new NetworkError(err));
      });
    }
  });
  fetching.watch?.connected?.(exchange);
  if (answer[0] === -1) {
    fetching.exchange = undefined;
    if (answer.length === 2) throw new NetworkError(named(answer[1]));
    const errors = answer.slice(1);
    const cause: any = new AggregateError(errors);
    cause.code = errors[0].code;
    throw new NetworkError(cause);
  }
  const fields = answer[1].split('\n');
  const received = new HeadersList();
  for (let i = 1; i + 1 < fields.length; i += 2) received.append(fields[i], fields[i + 1]);
  fetching.watch?.answered(answer[0], fields[0], url.href, fields.slice(1));
  return { type: 'basic', status: answer[0], statusText: fields[0], list: received, immutable: true, body: null, url: '', redirected: false };
}

/** Hands a streamed body to Go, a piece when the one before was taken. */
async function pump(exchange: any, body: Body, fetching: Fetching): Promise<void> {
  const put = (chunk: Uint8Array) => new Promise<boolean>((resolve, reject) => {
    fetching.watch?.sent(chunk);
    write(waitFor((err, taken) => (err !== null ? reject(err) : resolve(taken))), exchange, chunk);
  });
  if (body.hasStream || body.pieces === undefined) {
    const reader = body.stream.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (fetching.aborted) {
        reader.cancel(fetching.reason).catch(() => {});
        return;
      }
      const chunk = toBytes(value);
      if (chunk.byteLength > 0 && !(await put(chunk))) {
        reader.cancel(fetching.aborted ? fetching.reason : undefined).catch(() => {});
        return;
      }
    }
  } else {
    for (;;) {
      const chunk = await body.pieces.next();
      if (chunk === null) break;
      if (fetching.aborted || (chunk.byteLength > 0 && !(await put(chunk)))) {
        body.pieces.cancel(fetching.reason);
        return;
      }
    }
  }
  fetching.watch?.sentAll();
  finish(exchange);
}
