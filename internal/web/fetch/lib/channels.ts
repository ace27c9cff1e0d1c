// The channels of diagnostics_channel by which tracers (OpenTelemetry, Datadog, Sentry) see the requests of fetch and add their headers.
// https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
//
// Differs from Node: undici:client:sendHeaders comes with the answer, and its socket only describes the connection; connections that are made
// and WebSockets have no channels; names of a response's headers are in lower case.
import { peer } from 'native:web/fetch';
import { channel } from 'internal:diagnosticschannel';
import { load } from 'internal:load';
import { undiciError } from 'internal:web/fetch/errors';
import { HeadersList } from 'internal:web/fetch/headers';
import type { Watch } from 'internal:web/fetch/observe';

const { isArray } = Array;

const create = channel('undici:request:create');
const bodySent = channel('undici:request:bodySent');
const headersCame = channel('undici:request:headers');
const trailers = channel('undici:request:trailers');
const failure = channel('undici:request:error');
const sendHeaders = channel('undici:client:sendHeaders');
const chunkSent = channel('undici:request:bodyChunkSent');
const chunkReceived = channel('undici:request:bodyChunkReceived');
const all = [create, bodySent, chunkSent, chunkReceived, headersCame, trailers, failure, sendHeaders];

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What subscribers get as the request. Those of request:create may add headers. */
class Request {
  method: string;
  path: string;
  origin: string;
  protocol: string;
  headers: any[];
  body: any;
  contentLength: number | null;
  contentType: string | null;
  idempotent: boolean;
  completed = false;
  aborted = false;
  blocking = true;
  expectContinue = false;
  upgrade = null;
  host = null;
  servername = null;
  reset = null;
  headersTimeout = null;
  bodyTimeout = null;

  constructor(method: string, url: URL, headers: string[], body: any) {
    this.method = method;
    this.path = url.pathname + url.search;
    this.origin = url.origin;
    this.protocol = url.protocol;
    this.headers = headers;
    this.body = body;
    this.contentLength = body?.length ?? null;
    this.contentType = null;
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i].toLowerCase() === 'content-type') this.contentType = headers[i + 1];
    }
    this.idempotent = method === 'GET' || method === 'HEAD';
  }

  addHeader(key: any, value: any): this {
    const name = key.toLowerCase();
    if (isArray(value)) {
      value = value.map((item) => checked(key, item));
    } else if (value !== undefined) {
      value = checked(key, value);
    }
    if (!token.test(key)) throw undiciError('UND_ERR_INVALID_ARG', 'invalid header key');
    if (name === 'expect') throw undiciError('UND_ERR_NOT_SUPPORTED', 'expect header not supported');
    if (name === 'transfer-encoding' || name === 'content-length' || name === 'upgrade' || name === 'keep-alive' ||
      (name === 'connection' && value !== 'close' && value !== 'keep-alive')) {
      throw undiciError('UND_ERR_INVALID_ARG', name === 'connection' ? 'invalid connection header' : `invalid ${name} header`);
    }
    if (value !== undefined) this.headers.push(key, value);
    return this;
  }
}

function checked(key: string, value: any): string {
  if (value === null) return '';
  if ((typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol' || !fieldValue.test(`${value}`)) {
    throw undiciError('UND_ERR_INVALID_ARG', token.test(key) ? `invalid ${key} header` : 'invalid header key');
  }
  return `${value}`;
}

/** Names and values as they go out. Subscribers may have written to the list itself. */
function outgoing(list: any[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    const name = `${list[i]}`;
    if (!token.test(name)) throw undiciError('UND_ERR_INVALID_ARG', 'invalid header key');
    for (const value of isArray(list[i + 1]) ? list[i + 1] : [list[i + 1]]) out.push(name, checked(name, value));
  }
  return out;
}

class Told implements Watch {
  #request: Request;
  #over = false;
  #sent: string[];

  constructor(request: Request, sent: string[]) {
    this.#request = request;
    this.#sent = sent;
  }

  sent(chunk: Uint8Array): void {
    if (chunkSent.hasSubscribers && chunk.byteLength > 0) chunkSent.publish({ request: this.#request, chunk });
  }

  sentAll(): void {
    if (bodySent.hasSubscribers) bodySent.publish({ request: this.#request });
  }

  connected(exchange: any): void {
    if (!sendHeaders.hasSubscribers) return;
    const socket = peer(exchange);
    if (socket === undefined) return; // nothing went out
    const { method, path } = this.#request;
    let headers = `${method} ${path} HTTP/1.1\r\n`;
    for (let i = 0; i < this.#sent.length; i += 2) headers += `${this.#sent[i]}: ${this.#sent[i + 1]}\r\n`;
    sendHeaders.publish({ request: this.#request, headers, socket });
  }

  answered(statusCode: number, statusText: string, _url: string, list: string[]): void {
    if (!headersCame.hasSubscribers) return;
    const { Buffer } = load('internal:buffer');
    const headers = list.map((text) => Buffer.from(text, 'latin1'));
    headersCame.publish({ request: this.#request, response: { statusCode, headers, statusText } });
  }

  received(chunk: Uint8Array): void {
    if (chunkReceived.hasSubscribers) chunkReceived.publish({ request: this.#request, chunk });
  }

  finished(): void {
    if (this.#over) return;
    this.#over = true;
    this.#request.completed = true;
    if (trailers.hasSubscribers) trailers.publish({ request: this.#request, trailers: [] });
  }

  failed(error: any): void {
    if (this.#over) return;
    this.#over = true;
    if (failure.hasSubscribers) failure.publish({ request: this.#request, error });
  }
}

/** Tells of a request that is about to be sent, if anybody listens: what to tell further, and the headers with those that were added. */
export function announce(method: string, url: URL, host: string, list: HeadersList, body: any): { watch: Watch; headers: string[] } | undefined {
  if (!all.some((one) => one.hasSubscribers)) return undefined;
  const connection = list.get('connection');
  const shown = list.clone();
  shown.delete('connection');
  const request = new Request(method, url, shown.flat(), body);
  if (create.hasSubscribers) create.publish({ request });
  const given = outgoing(request.headers);
  const own = given.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'connection');
  const headers = own || connection === null ? given : ['connection', connection, ...given];
  return { watch: new Told(request, ['host', host, ...headers]), headers };
}

/** Both are told. */
export class Both implements Watch {
  #a: Watch;
  #b: Watch;
  constructor(a: Watch, b: Watch) {
    this.#a = a;
    this.#b = b;
  }
  sent(chunk: Uint8Array): void { this.#a.sent(chunk); this.#b.sent(chunk); }
  sentAll(): void { this.#a.sentAll(); this.#b.sentAll(); }
  connected(exchange: any): void { this.#a.connected?.(exchange); this.#b.connected?.(exchange); }
  answered(status: number, text: string, url: string, headers: string[]): void {
    this.#a.answered(status, text, url, headers);
    this.#b.answered(status, text, url, headers);
  }
  received(chunk: Uint8Array): void { this.#a.received(chunk); this.#b.received(chunk); }
  finished(): void { this.#a.finished(); this.#b.finished(); }
  failed(reason: any): void { this.#a.failed(reason); this.#b.failed(reason); }
}
