// Request. https://fetch.spec.whatwg.org/#request-class
import { markUncloneable } from 'native:engine';
import { load } from 'internal:load';
import { AbortController, AbortSignal } from 'internal:events/abort';
import { URL } from 'internal:url';
import { Body, extractBody, mixBody } from 'internal:web/fetch/body';
import { Headers, HeadersList, fill, headersOver, isToken } from 'internal:web/fetch/headers';
import { ByteString, DOMString, USVString, argumentCount, dictionary, enumeration, finishClass, illegalInvocation } from 'internal:web/fetch/webidl';

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kNone = Symbol('none');

const MODES = ['navigate', 'same-origin', 'no-cors', 'cors'];
const CREDENTIALS = ['omit', 'same-origin', 'include'];
const CACHES = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];
const REDIRECTS = ['follow', 'manual', 'error'];
const POLICIES = ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', 'origin-when-cross-origin',
  'strict-origin-when-cross-origin', 'unsafe-url'];

/** https://fetch.spec.whatwg.org/#concept-request */
export interface RequestState {
  method: string;
  url: URL;
  list: HeadersList;
  body: Body | null;
  mode: string;
  credentials: string;
  cache: string;
  redirect: string;
  referrer: string;
  referrerPolicy: string;
  integrity: string;
  keepalive: boolean;
  /** The signals that end the request: the user's own, not the one that `signal` shows. */
  signal: any;
  dispatcher: any;
}

let stateOf: (request: any) => RequestState;
let isRequest: (value: any) => boolean;
let make: (state: RequestState) => Request;

const STANDARD: Record<string, string> = { DELETE: 'DELETE', GET: 'GET', HEAD: 'HEAD', OPTIONS: 'OPTIONS', POST: 'POST', PUT: 'PUT' };
let warned = false;

function methodOf(method: string): string {
  if (!isToken(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
  const upper = method.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') throw new TypeError(`'${method}' HTTP method is unsupported.`);
  if (method === 'patch' && !warned) {
    warned = true;
    load('internal:process').process.emitWarning(
      'Using `patch` is highly likely to result in a `405 Method Not Allowed`. `PATCH` is much more likely to succeed.', { code: 'UNDICI-FETCH-patch' });
  }
  return STANDARD[upper] ?? method;
}

function parseURL(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${text}`, { cause });
  }
}

export class Request {
  #state: RequestState;
  #headers: Headers | undefined;
  #signal: any;

  static {
    stateOf = (request) => request.#state;
    isRequest = (value) => typeof value === 'object' && value !== null && #state in value;
    make = (state) => {
      const request = new Request(kNone);
      request.#state = state;
      return request;
    };
  }

  constructor(input: any, init: any = undefined) {
    markUncloneable(this);
    if (input === kNone) {
      this.#state = undefined as any;
      return;
    }
    argumentCount(arguments.length, 1, 'Request constructor');
    init = dictionary(init);
    const from: RequestState | undefined = isRequest(input) ? stateOf(input) : undefined;
    let url: URL;
    if (from !== undefined) {
      url = from.url;
    } else {
      const text = USVString(input, 'Request constructor', 'input');
      url = parseURL(text);
      if (url.username !== '' || url.password !== '') throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${text}`);
    }
    if (init.window !== undefined && init.window !== null) throw new TypeError("'window' option 'client' must be null");
    const state: RequestState = {
      method: from?.method ?? 'GET',
      url,
      list: new HeadersList(),
      body: null,
      mode: from?.mode ?? 'cors',
      credentials: from?.credentials ?? 'same-origin',
      cache: from?.cache ?? 'default',
      redirect: from?.redirect ?? 'follow',
      referrer: from?.referrer ?? 'about:client',
      referrerPolicy: from?.referrerPolicy ?? '',
      integrity: from?.integrity ?? '',
      keepalive: from?.keepalive ?? false,
      signal: from?.signal,
      dispatcher: init.dispatcher ?? from?.dispatcher,
    };
    if (init.referrer !== undefined) {
      const referrer = USVString(init.referrer, 'Request constructor', 'init.referrer');
      if (referrer === '') {
        state.referrer = '';
      } else {
        try {
          state.referrer = new URL(referrer).href;
        } catch (cause) {
          throw new TypeError(`Referrer "${referrer}" is not a valid URL.`, { cause });
        }
      }
    }
    if (init.referrerPolicy !== undefined) state.referrerPolicy = enumeration(init.referrerPolicy, POLICIES);
    if (init.mode !== undefined) {
      state.mode = enumeration(init.mode, MODES);
      if (state.mode === 'navigate') throw new TypeError('Request constructor: invalid request mode navigate.');
    }
    if (init.credentials !== undefined) state.credentials = enumeration(init.credentials, CREDENTIALS);
    if (init.cache !== undefined) state.cache = enumeration(init.cache, CACHES);
    if (state.cache === 'only-if-cached' && state.mode !== 'same-origin') {
      throw new TypeError("'only-if-cached' can be set only with 'same-origin' mode");
    }
    if (init.redirect !== undefined) state.redirect = enumeration(init.redirect, REDIRECTS);
    if (init.integrity !== undefined && init.integrity !== null) state.integrity = DOMString(init.integrity, 'Request constructor', 'init.integrity');
    if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive);
    if (init.method !== undefined) state.method = methodOf(ByteString(init.method, 'Request constructor', 'init.method'));
    if (init.signal !== undefined) {
      const { signal } = init;
      if (signal !== null && !isSignal(signal)) {
        throw new TypeError(`RequestInit: Expected signal ("${typeof signal === 'string' ? `"${signal}"` : String(signal)}") to be an instance of AbortSignal.`);
      }
      state.signal = signal ?? undefined;
    }
    if (init.duplex !== undefined) enumeration(init.duplex, ['half']);
    if (init.headers !== undefined) {
      fill(state.list, init.headers, 'Headers constructor', 'Argument 1');
    } else if (from !== undefined) {
      state.list = from.list.clone();
    }
    const inputBody = from?.body ?? null;
    const given = init.body !== undefined && init.body !== null;
    if ((given || inputBody !== null) && (state.method === 'GET' || state.method === 'HEAD')) {
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    }
    if (given) {
      const [body, type] = extractBody(init.body, state.keepalive);
      if (type !== null && !state.list.has('content-type')) state.list.append('content-type', type);
      state.body = body;
      if (body.source === null && init.duplex === undefined) {
        throw new TypeError('RequestInit: duplex option is required when sending a body.');
      }
      if (body.source === null && state.mode !== 'same-origin' && state.mode !== 'cors') {
        throw new TypeError('If request is made from ReadableStream, mode should be "same-origin" or "cors"');
      }
    } else if (inputBody !== null) {
      if (inputBody.unusable) throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
      state.body = inputBody.move();
    }
    this.#state = state;
  }

  static #check(self: any): void {
    if (!isRequest(self)) throw illegalInvocation();
  }

  get method(): string { Request.#check(this); return this.#state.method; }
  get url(): string { Request.#check(this); return this.#state.url.href; }
  get headers(): Headers {
    Request.#check(this);
    return this.#headers ??= headersOver(this.#state.list, false);
  }
  get destination(): string { Request.#check(this); return ''; }
  get referrer(): string { Request.#check(this); return this.#state.referrer; }
  get referrerPolicy(): string { Request.#check(this); return this.#state.referrerPolicy; }
  get mode(): string { Request.#check(this); return this.#state.mode; }
  get credentials(): string { Request.#check(this); return this.#state.credentials; }
  get cache(): string { Request.#check(this); return this.#state.cache; }
  get redirect(): string { Request.#check(this); return this.#state.redirect; }
  get integrity(): string { Request.#check(this); return this.#state.integrity; }
  get keepalive(): boolean { Request.#check(this); return this.#state.keepalive; }
  get isReloadNavigation(): boolean { Request.#check(this); return false; }
  get isHistoryNavigation(): boolean { Request.#check(this); return false; }
  get signal(): any {
    Request.#check(this);
    // One of the request's own that follows the given one; made when somebody asks.
    return this.#signal ??= this.#state.signal === undefined ? new AbortController().signal : AbortSignal.any([this.#state.signal]);
  }
  get body(): any { Request.#check(this); return this.#state.body === null ? null : this.#state.body.stream; }
  get bodyUsed(): boolean { Request.#check(this); return this.#state.body !== null && this.#state.body.disturbed; }
  get duplex(): string { Request.#check(this); return 'half'; }

  clone(): Request {
    Request.#check(this);
    const state = this.#state;
    if (state.body !== null && state.body.unusable) throw new TypeError('unusable');
    return make({ ...state, list: state.list.clone(), body: state.body === null ? null : state.body.clone() });
  }

  [kInspect](depth: any, options: any): any {
    if (!isRequest(this)) return this;
    const shown = {
      method: this.method, url: this.url, headers: this.headers, destination: this.destination, referrer: this.referrer, referrerPolicy: this.referrerPolicy,
      mode: this.mode, credentials: this.credentials, cache: this.cache, redirect: this.redirect, integrity: this.integrity, keepalive: this.keepalive,
      isReloadNavigation: false, isHistoryNavigation: false, signal: this.signal,
    };
    return `Request ${load('internal:util').inspect(shown, { ...options, depth: options.depth ?? 2 })}`;
  }
}

mixBody(Request, (value) => isRequest(value), {
  body: (self) => stateOf(self).body,
  contentType: (self) => stateOf(self).list.get('content-type'),
});
finishClass(Request, 'Request', ['method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity',
  'keepalive', 'isReloadNavigation', 'isHistoryNavigation', 'signal', 'body', 'bodyUsed', 'duplex', 'clone']);

function isSignal(value: any): boolean {
  return typeof value === 'object' && value !== null && (value instanceof AbortSignal || (typeof value.aborted === 'boolean' && typeof value.addEventListener === 'function'));
}

export { isRequest, stateOf as requestState };
