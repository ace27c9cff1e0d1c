// Response. https://fetch.spec.whatwg.org/#response-class
import { load } from 'internal:load';
import { encodeUtf8, markUncloneable } from 'native:engine';
import { URL } from 'internal:url';
import { Body, extractBody, mixBody } from 'internal:web/fetch/body';
import { Headers, HeadersList, fill, headersOver } from 'internal:web/fetch/headers';
import { ByteString, USVString, argumentCount, dictionary, finishClass, illegalInvocation } from 'internal:web/fetch/webidl';

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kNone = Symbol('none');

/** https://fetch.spec.whatwg.org/#concept-response */
export interface ResponseState {
  type: string;
  status: number;
  statusText: string;
  list: HeadersList;
  immutable: boolean;
  body: Body | null;
  url: string;
  redirected: boolean;
}

function freshState(): ResponseState {
  return { type: 'default', status: 200, statusText: '', list: new HeadersList(), immutable: false, body: null, url: '', redirected: false };
}

let stateOf: (response: any) => ResponseState;
let isResponse: (value: any) => boolean;
let responseOf: (state: ResponseState) => Response;

export function isNullBodyStatus(status: number): boolean {
  return status === 101 || status === 204 || status === 205 || status === 304;
}

/** https://fetch.spec.whatwg.org/#initialize-a-response */
function initialize(state: ResponseState, init: any, body: Body | null, type: string | null): void {
  let { status, statusText } = init;
  if (status !== undefined) {
    status = Math.trunc(Number(status)) & 0xffff; // unsigned short
    if (status < 200 || status > 599) throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    state.status = status;
  }
  if (statusText !== undefined) {
    statusText = ByteString(statusText, 'Response constructor', 'init.statusText');
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(statusText)) throw new TypeError('Invalid statusText');
    state.statusText = statusText;
  }
  if (init.headers !== undefined && init.headers !== null) fill(state.list, init.headers, 'Headers constructor', 'Argument 1');
  if (body !== null) {
    if (isNullBodyStatus(state.status)) throw new TypeError(`Response constructor: Invalid response status code ${state.status}`);
    state.body = body;
    if (type !== null && !state.list.has('content-type')) state.list.append('content-type', type);
  }
}

export class Response {
  #state: ResponseState;
  #headers: Headers | undefined;

  static {
    stateOf = (response) => response.#state;
    isResponse = (value) => typeof value === 'object' && value !== null && #state in value;
    responseOf = (state) => {
      const response = new Response(kNone);
      response.#state = state;
      return response;
    };
  }

  /** A response that stands for a network error. */
  static error(): Response {
    return responseOf({ ...freshState(), type: 'error', status: 0, immutable: true });
  }

  /** A response whose body is data as JSON. */
  static json(data: any, init: any = undefined): Response {
    argumentCount(arguments.length, 1, 'Response.json');
    init = dictionary(init);
    let text: any;
    if (typeof data !== 'symbol') text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Value is not JSON serializable');
    const state = freshState();
    initialize(state, init, Body.ofBytes(encodeUtf8(text), text), 'application/json');
    return responseOf(state);
  }

  static redirect(url: any, status: any = 302): Response {
    argumentCount(arguments.length, 1, 'Response.redirect');
    const text = USVString(url, 'Response.redirect', 'url');
    status = Math.trunc(Number(status)) & 0xffff;
    let parsed: URL;
    try {
      parsed = new URL(text);
    } catch (cause) {
      throw new TypeError(`Failed to parse URL from ${text}`, { cause });
    }
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`Invalid status code ${status}`);
    const state = freshState();
    state.status = status;
    state.immutable = true;
    state.list.append('location', parsed.href);
    return responseOf(state);
  }

  constructor(body: any = null, init: any = undefined) {
    markUncloneable(this);
    this.#state = freshState();
    if (body === kNone) return;
    init = dictionary(init);
    if (body === null) {
      initialize(this.#state, init, null, null);
      return;
    }
    const [extracted, type] = extractBody(body);
    initialize(this.#state, init, extracted, type);
  }

  static #check(self: any): void {
    if (!isResponse(self)) throw illegalInvocation();
  }

  get type(): string { Response.#check(this); return this.#state.type; }
  get url(): string { Response.#check(this); return this.#state.url; }
  get redirected(): boolean { Response.#check(this); return this.#state.redirected; }
  get status(): number { Response.#check(this); return this.#state.status; }
  get ok(): boolean { Response.#check(this); return this.#state.status >= 200 && this.#state.status <= 299; }
  get statusText(): string { Response.#check(this); return this.#state.statusText; }
  get headers(): Headers {
    Response.#check(this);
    return this.#headers ??= headersOver(this.#state.list, this.#state.immutable);
  }
  get body(): any { Response.#check(this); return this.#state.body === null ? null : this.#state.body.stream; }
  get bodyUsed(): boolean { Response.#check(this); return this.#state.body !== null && this.#state.body.disturbed; }

  clone(): Response {
    Response.#check(this);
    const state = this.#state;
    if (state.body !== null && state.body.unusable) throw new TypeError('Response.clone: Body has already been consumed.');
    return responseOf({ ...state, list: state.list.clone(), body: state.body === null ? null : state.body.clone() });
  }

  [kInspect](depth: any, options: any): any {
    if (!isResponse(this)) return this;
    const shown = {
      status: this.status, statusText: this.statusText, headers: this.headers, body: this.body, bodyUsed: this.bodyUsed, ok: this.ok,
      redirected: this.redirected, type: this.type, url: this.url,
    };
    return `Response ${load('internal:util').inspect(shown, { ...options, depth: options.depth ?? 2 })}`;
  }
}

mixBody(Response, (value) => isResponse(value), {
  body: (self) => stateOf(self).body,
  contentType: (self) => stateOf(self).list.get('content-type'),
});
finishClass(Response, 'Response', ['type', 'url', 'redirected', 'status', 'ok', 'statusText', 'headers', 'body', 'bodyUsed', 'clone']);
for (const name of ['error', 'json', 'redirect']) Object.defineProperty(Response, name, { enumerable: true });

export { isResponse, responseOf, stateOf as responseState };
