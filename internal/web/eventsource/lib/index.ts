// EventSource, behind --experimental-eventsource. https://html.spec.whatwg.org/multipage/server-sent-events.html
import { Event, EventTarget, defineEventHandler } from 'internal:events/target';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { clearTimeout, setTimeout } from 'internal:timers';
import { URL } from 'internal:url';
import { DOMException } from 'internal:web/domexception';
import { StreamParser } from 'internal:web/eventsource/parse';

const { defineProperties, defineProperty } = Object;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

const FIRST_RETRY = 3000; // milliseconds

/** Why a connection was given up for good, or for a while. */
class Failure {
  final: boolean;
  constructor(final: boolean) {
    this.final = final;
  }
}

export class EventSource extends EventTarget {
  #url: URL;
  #withCredentials: boolean;
  #state = CONNECTING;
  #lastEventId = '';
  #retry = FIRST_RETRY;
  #abort: AbortController | undefined;
  #timer: any;

  /**
   * @param url of the stream
   * @param init {withCredentials}
   * @throws DOMException SyntaxError for an invalid URL
   */
  constructor(url: any, init: any = undefined) {
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('url');
    }
    super();
    try {
      this.#url = new URL(`${url}`);
    } catch {
      throw new DOMException(`Invalid URL: ${url}`, 'SyntaxError');
    }
    this.#withCredentials = Boolean(init?.withCredentials);
    void this.#connect();
  }

  get url(): string {
    return this.#url.href;
  }
  get withCredentials(): boolean {
    return this.#withCredentials;
  }
  get readyState(): number {
    return this.#state;
  }

  /** Ends the connection; there are no events any more. */
  close(): void {
    this.#state = CLOSED;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #connect(): Promise<void> {
    let final = false;
    try {
      await this.#read();
    } catch (err) {
      final = err instanceof Failure && err.final;
    }
    if (this.#closed()) {
      return;
    }
    if (final) {
      this.#state = CLOSED;
      this.dispatchEvent(new Event('error'));
      return;
    }
    this.#state = CONNECTING;
    this.dispatchEvent(new Event('error'));
    if (!this.#closed()) {
      this.#timer = setTimeout(() => void this.#connect(), this.#retry);
    }
  }

  // Listeners may have closed it.
  #closed(): boolean {
    return this.#state === CLOSED;
  }

  /** One connection, until it ends. @throws Failure, and what fetch throws */
  async #read(): Promise<void> {
    const { AbortController } = load('internal:events/abort');
    const abort = this.#abort = new AbortController();
    const headers: Record<string, string> = { 'Accept': 'text/event-stream' };
    if (this.#lastEventId !== '') {
      headers['Last-Event-ID'] = load('internal:buffer').Buffer.from(this.#lastEventId).toString('latin1');
    }
    const response = await load('internal:web/fetch').fetch(this.#url, {
      headers, cache: 'no-store', redirect: 'follow', credentials: this.#withCredentials ? 'include' : 'same-origin', signal: abort!.signal,
    });
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !/^\s*text\/event-stream\s*(?:;|$)/i.test(type)) {
      abort!.abort();
      throw new Failure(true);
    }
    if (this.#closed()) {
      return;
    }
    this.#state = OPEN;
    this.dispatchEvent(new Event('open'));
    const { origin } = new URL(response.url);
    const parser = new StreamParser({
      message: (kind, data, lastEventId) => {
        this.#lastEventId = lastEventId;
        if (kind !== '' && !this.#closed()) {
          this.dispatchEvent(new (load('internal:web/message').MessageEvent)(kind, { data, origin, lastEventId }));
        }
      },
      retry: (milliseconds) => {
        this.#retry = milliseconds;
      },
    }, this.#lastEventId);
    const decoder = new (load('internal:web/encoding').TextDecoder)(); // it takes the byte order mark away
    for await (const chunk of response.body) {
      parser.push(decoder.decode(chunk, { stream: true }));
      if (this.#closed()) {
        return;
      }
    }
  }

  declare onopen: any;
  declare onmessage: any;
  declare onerror: any;
}

for (const target of [EventSource, EventSource.prototype]) {
  defineProperties(target, {
    CONNECTING: { value: CONNECTING, enumerable: true },
    OPEN: { value: OPEN, enumerable: true },
    CLOSED: { value: CLOSED, enumerable: true },
  });
}
for (const name of ['url', 'withCredentials', 'readyState', 'close']) {
  defineProperty(EventSource.prototype, name, { enumerable: true });
}
defineProperty(EventSource.prototype, Symbol.toStringTag, { value: 'EventSource', configurable: true });
for (const name of ['open', 'message', 'error']) {
  defineEventHandler(EventSource.prototype, name);
}
