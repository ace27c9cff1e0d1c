// The program's requests, told to debuggers: inspector.Network, and with --experimental-network-inspection what http, https and fetch send.
// Nothing is watched before a debugger has enabled the domain Network.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#integration-with-devtools
import { getCallSites } from 'native:engine';
import { tellNetwork } from 'native:inspector';
import { config } from 'native:runtime';
import { load } from 'internal:load';
import { performance } from 'internal:perfhooks';
import { validateObject } from 'internal:validators';

const { entries, hasOwn } = Object;
let watched = false; // by a debugger

/** Takes fields of an object, each of its type, as the protocol wants them. */
class Fields {
  #from: any;
  readonly out: any = {};

  constructor(from: any) {
    this.#from = from;
  }

  take(type: string, ...names: string[]): this {
    for (const name of names) {
      const value = this.#from[name];
      if (typeof value !== type) throw new Error(`Missing ${name} in event`);
      this.out[name] = value;
    }
    return this;
  }

  optional(type: string, name: string, otherwise: any): this {
    const value = this.#from[name];
    this.out[name] = typeof value === type ? value : otherwise;
    return this;
  }

  headers(): this {
    const { headers } = this.#from;
    if (typeof headers !== 'object' || headers === null) throw new Error('Missing headers in event');
    const out: any = {};
    for (const [name, value] of entries(headers)) {
      if (typeof value !== 'string') throw new Error('Invalid header value in event');
      out[name] = value;
    }
    this.out.headers = out;
    return this;
  }
}

function part(params: any, name: string): any {
  const value = params[name];
  if (typeof value !== 'object' || value === null) throw new Error(`Missing ${name} in event`);
  return value;
}

/** Who called. */
function initiator(): any {
  const callFrames = (getCallSites(50) as any[]).map(({ functionName, scriptId, scriptName, lineNumber, columnNumber }) => ({
    functionName, scriptId, url: scriptName, lineNumber: lineNumber - 1, columnNumber: columnNumber - 1,
  }));
  return { type: 'script', stack: { callFrames } };
}

const EVENTS: Record<string, (params: any) => any> = {
  requestWillBeSent: (params) => ({
    ...new Fields(params).take('string', 'requestId').take('number', 'timestamp', 'wallTime').out,
    request: new Fields(part(params, 'request')).take('string', 'url', 'method').headers().optional('boolean', 'hasPostData', false).out,
    initiator: initiator(),
  }),
  responseReceived: (params) => ({
    ...new Fields(params).take('string', 'requestId').take('number', 'timestamp').take('string', 'type').out,
    response: new Fields(part(params, 'response')).take('string', 'url').take('number', 'status').take('string', 'statusText').headers()
      .optional('string', 'mimeType', '').optional('string', 'charset', '').out,
  }),
  dataReceived: (params) => new Fields(params).take('string', 'requestId').take('number', 'timestamp', 'dataLength', 'encodedDataLength').out,
  dataSent: (params) => (params.finished === true ? new Fields(params).take('string', 'requestId').out
    : new Fields(params).take('string', 'requestId').take('number', 'timestamp', 'dataLength').out),
  loadingFinished: (params) => new Fields(params).take('string', 'requestId').take('number', 'timestamp').out,
  loadingFailed: (params) => new Fields(params).take('string', 'requestId').take('number', 'timestamp').take('string', 'type', 'errorText').out,
  webSocketCreated: (params) => ({ ...new Fields(params).take('string', 'requestId', 'url').out, initiator: initiator() }),
  webSocketClosed: (params) => new Fields(params).take('string', 'requestId').take('number', 'timestamp').out,
  webSocketHandshakeResponseReceived: (params) => ({
    ...new Fields(params).take('string', 'requestId').take('number', 'timestamp').out,
    response: new Fields(part(params, 'response')).take('number', 'status').take('string', 'statusText').headers().out,
  }),
};

/**
 * inspector.Network[event](params): tells debuggers.
 * @throws ERR_INVALID_ARG_TYPE, and an Error where a field is missing
 */
export function tell(event: string, params: any): void {
  validateObject(params, 'params');
  if (!watched || !isOn()) return;
  const out = EVENTS[event](params);
  const charset = event === 'responseReceived' ? out.response.charset : String(params.charset ?? '');
  tellNetwork(event, out.requestId, JSON.stringify(out), charset, ArrayBuffer.isView(params.data) ? params.data as Uint8Array : undefined,
    event === 'requestWillBeSent' ? out.request.hasPostData : params.finished === true);
}

function isOn(): boolean {
  return config().options['experimental-network-inspection'] !== undefined;
}

// ---- what the builtins send ----

const seconds = () => performance.now() / 1000;

let last = 0;
const newId = () => `node-network-event-${++last}`;

function contentType(value: string | undefined): { mimeType: string; charset: string } {
  if (value !== undefined) {
    try {
      const type = new (load('internal:util/mime').MIMEType)(value);
      return { mimeType: type.essence, charset: type.params.get('charset') ?? '' };
    } catch {
      // What it is can't be told.
    }
  }
  return { mimeType: '', charset: '' };
}

/** Headers of http as debuggers take them: one text for each. */
function joined(headers: Record<string, any>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of entries(headers)) {
    out[name] = !Array.isArray(value) ? String(value) : value.join(name === 'set-cookie' ? '\n' : name === 'cookie' ? '; ' : ', ');
  }
  return out;
}

/** Headers of fetch: name, value, name, value, ... */
function joinedList(list: string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (let i = 0; i + 1 < list.length; i += 2) {
    const lower = list[i].toLowerCase();
    out[list[i]] = hasOwn(out, list[i]) ? out[list[i]] + (lower === 'set-cookie' ? '\n' : lower === 'cookie' ? '; ' : ', ') + list[i + 1] : list[i + 1];
  }
  return out;
}

function charsetOf(headers: Record<string, string>): string {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'content-type');
  return name === undefined ? '' : contentType(headers[name]).charset;
}

/** One request, from its begin to its end. */
class Told {
  #id = newId();
  #type: string;
  #over = false;

  constructor(type: string, method: string, url: string, headers: Record<string, string>, hasPostData: boolean) {
    this.#type = type;
    this.#tell('requestWillBeSent', { wallTime: Date.now() / 1000, request: { url, method, headers, hasPostData }, charset: charsetOf(headers) });
  }

  #tell(event: string, params: any): void {
    if (this.#over) return;
    if (event === 'loadingFinished' || event === 'loadingFailed') this.#over = true;
    tell(event, { requestId: this.#id, timestamp: seconds(), type: this.#type, ...params });
  }

  sent(data: Uint8Array): void {
    this.#tell('dataSent', { dataLength: data.byteLength, data });
  }

  sentAll(): void {
    this.#tell('dataSent', { finished: true });
  }

  response(status: number, statusText: string, url: string, headers: Record<string, string>): void {
    const name = Object.keys(headers).find((key) => key.toLowerCase() === 'content-type');
    this.#tell('responseReceived', { response: { url, status, statusText, headers, ...contentType(name === undefined ? undefined : headers[name]) } });
  }

  answered(status: number, text: string, url: string, headers: string[]): void {
    this.response(status, text, url, joinedList(headers));
  }

  received(data: Uint8Array): void {
    this.#tell('dataReceived', { dataLength: data.byteLength, encodedDataLength: data.byteLength, data });
  }

  finished(): void {
    this.#tell('loadingFinished', {});
  }

  failed(reason: any): void {
    this.#tell('loadingFailed', { errorText: String(reason?.message ?? reason) });
  }
}

const kTold = Symbol('told');

function urlOf(request: any): string {
  return `${request.protocol}//${request.getHeader('host') ?? request.host}${request.path}`;
}

// Messages of http's channels.
const CHANNELS: Record<string, (message: any) => void> = {
  'http.client.request.created': ({ request }) => {
    request[kTold] = new Told('Other', request.method, urlOf(request), joined(request.getHeaders()), false);
  },
  'http.client.request.error': ({ request, error }) => request[kTold]?.failed(error),
  'http.client.response.finish': ({ request, response }) => {
    const told: Told | undefined = request[kTold];
    if (told === undefined) return;
    told.response(response.statusCode, response.statusMessage ?? '', urlOf(request), joined(response.headers));
    // The body passes push; a listener would begin to read it.
    const { push } = response;
    response.push = (chunk: any, encoding: any) => {
      if (chunk === null) told.finished();
      else told.received(chunk);
      return push.call(response, chunk, encoding);
    };
    response.once('close', () => told.failed(new Error('aborted')));
  },
};

/** A debugger watches, or none does any more. */
export function watchNetwork(on: boolean): void {
  if (watched === on) return;
  watched = on;
  if (!isOn()) return;
  const { subscribe, unsubscribe } = load('internal:diagnosticschannel');
  for (const [name, hear] of entries(CHANNELS)) {
    if (on) subscribe(name, hear);
    else unsubscribe(name, hear);
  }
  load('internal:web/fetch/observe').watcher.begin = on
    ? (method: string, url: string, headers: string[], posts: boolean) => new Told('Fetch', method, url, joinedList(headers), posts) : undefined;
}
