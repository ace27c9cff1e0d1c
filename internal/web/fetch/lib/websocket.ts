// The WebSocket client. https://websockets.spec.whatwg.org/
// Differs from Node: permessage-deflate is not offered to the server.
import { wsClose, wsConnect, wsSend } from 'native:web/fetch';
import { getContext, isAnyArrayBuffer, markUncloneable, setContext, toWellFormed } from 'native:engine';
import { load } from 'internal:load';
import { adopt, release } from 'internal:handle';
import { CloseEvent, ErrorEvent, Event, EventTarget, defineEventHandler } from 'internal:events/target';
import { URL } from 'internal:url';
import { Blob, isBlob } from 'internal:web/blob';
import { DOMException } from 'internal:web/domexception';
import { HeadersList, fill, isToken } from 'internal:web/fetch/headers';
import { DOMString, USVString, argumentCount, illegalInvocation } from 'internal:web/fetch/webidl';

const { defineProperty } = Object;
const { isView } = ArrayBuffer;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

// Events of Go.
const EVENT_OPEN = 0;
const EVENT_MESSAGE = 1;
const EVENT_SENT = 2;
const EVENT_FAIL = 3;
const EVENT_CLOSE = 4;

class Connection {
  socket: WebSocket;
  id: number;
  context: any;
  constructor(socket: WebSocket, id: number) {
    this.socket = socket;
    this.id = id;
    this.context = getContext();
    adopt(id, this);
  }
  onevent(event: number, a: any, b: any, c: any): void {
    if (event === EVENT_CLOSE) release(this.id);
    const before = getContext();
    setContext(this.context);
    try {
      receive(this.socket, event, a, b, c);
    } finally {
      setContext(before);
    }
  }
}

let receive: (socket: any, event: number, a: any, b: any, c: any) => void;

export class WebSocket extends EventTarget {
  #url: URL;
  #connection: Connection;
  #readyState = CONNECTING;
  #buffered = 0;
  #protocol = '';
  #binaryType = 'blob';
  /** Blobs are read before they are sent; what is sent after one waits for it. */
  #pending: Promise<void> | undefined;
  #closing: [number, string] | undefined;

  static {
    receive = (socket, event, a, b, c) => socket.#receive(event, a, b, c);
  }

  /** @param protocols a subprotocol, several, or an object with `protocols` and `headers` */
  constructor(url: any, protocols: any = []) {
    super();
    markUncloneable(this);
    argumentCount(arguments.length, 1, 'WebSocket constructor');
    const text = USVString(url, 'WebSocket constructor', 'url');
    let list: any = protocols;
    const headers = new HeadersList();
    if (protocols !== null && typeof protocols === 'object' && typeof protocols[Symbol.iterator] !== 'function') {
      list = protocols.protocols ?? [];
      if (protocols.headers !== undefined) fill(headers, protocols.headers, 'Headers constructor', 'Argument 1');
    }
    const wanted: string[] = typeof list === 'object' && list !== null
      ? [...list].map((item) => DOMString(item, 'WebSocket constructor', 'protocols'))
      : [DOMString(list, 'WebSocket constructor', 'protocols')];
    let parsed: URL;
    try {
      parsed = new URL(text);
    } catch (err) {
      throw new DOMException(String(err), 'SyntaxError');
    }
    if (parsed.protocol === 'http:') parsed.protocol = 'ws:';
    else if (parsed.protocol === 'https:') parsed.protocol = 'wss:';
    if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') throw new DOMException('expected a ws: or wss: url', 'SyntaxError');
    if (parsed.hash !== '' || parsed.href.endsWith('#')) throw new DOMException('hash', 'SyntaxError');
    if (new Set(wanted.map((item) => item.toLowerCase())).size !== wanted.length || !wanted.every(isToken)) {
      throw new DOMException('Invalid Sec-WebSocket-Protocol value', 'SyntaxError');
    }
    this.#url = parsed;
    for (const name of ['host', 'connection', 'upgrade', 'content-length', 'transfer-encoding', 'sec-websocket-key', 'sec-websocket-version',
      'sec-websocket-protocol', 'sec-websocket-extensions']) headers.delete(name);
    for (const [name, value] of [['accept', '*/*'], ['accept-language', '*'], ['sec-fetch-mode', 'websocket'], ['user-agent', 'node'], ['pragma', 'no-cache'],
      ['cache-control', 'no-cache'], ['accept-encoding', parsed.protocol === 'wss:' ? 'br, gzip, deflate' : 'gzip, deflate']]) {
      if (!headers.has(name)) headers.append(name, value);
    }
    const id = wsConnect(parsed.protocol.slice(0, -1), parsed.host, parsed.pathname + parsed.search, headers.flat().join('\n'), wanted.join(', '));
    this.#connection = new Connection(this, id);
  }

  static #check(self: any): void {
    if (typeof self !== 'object' || self === null || !(#url in self)) throw illegalInvocation();
  }

  close(code: any = undefined, reason: any = undefined): void {
    WebSocket.#check(this);
    if (code !== undefined) {
      const number = Number(code);
      code = Number.isNaN(number) ? 0 : Math.min(Math.max(Math.round(number), 0), 65535); // [Clamp] unsigned short
      if (code !== 1000 && (code < 3000 || code > 4999)) throw new DOMException('invalid code', 'InvalidAccessError');
    }
    if (reason !== undefined) {
      reason = USVString(reason, 'WebSocket.close', 'reason');
      const length = load('internal:buffer').Buffer.byteLength(reason);
      if (length > 123) throw new DOMException(`Reason must be less than 123 bytes; received ${length}`, 'SyntaxError');
    }
    if (this.#readyState >= CLOSING) return;
    this.#readyState = CLOSING;
    const how: [number, string] = [code ?? (reason !== undefined ? 1000 : 0), reason ?? ''];
    if (this.#pending !== undefined) this.#closing = how;
    else wsClose(this.#connection.id, how[0], how[1]);
  }

  send(data: any): void {
    WebSocket.#check(this);
    argumentCount(arguments.length, 1, 'WebSocket.send');
    if (this.#readyState === CONNECTING) throw new DOMException('Sent before connected.', 'InvalidStateError');
    let payload: any;
    let size: number;
    if (isBlob(data)) {
      payload = data;
      size = data.size;
    } else if (isAnyArrayBuffer(data)) {
      payload = new Uint8Array(data);
      size = payload.byteLength;
    } else if (isView(data)) {
      payload = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      size = payload.byteLength;
    } else {
      payload = toWellFormed(DOMString(data, 'WebSocket.send', 'data'));
      size = load('internal:buffer').Buffer.byteLength(payload);
    }
    if (this.#readyState !== OPEN) return;
    this.#buffered += size;
    if (this.#pending === undefined && !isBlob(payload)) {
      wsSend(this.#connection.id, payload);
      return;
    }
    if (typeof payload !== 'string' && !isBlob(payload)) payload = payload.slice(); // sent later: the user may change it
    const turn: Promise<void> = (this.#pending ?? Promise.resolve()).then(async () => {
      if (this.#readyState === CLOSED) return;
      wsSend(this.#connection.id, isBlob(payload) ? await payload.bytes() : payload);
    }).catch(() => { /* a blob that can't be read isn't sent */ }).then(() => {
      if (this.#pending !== turn) return;
      this.#pending = undefined;
      if (this.#closing !== undefined && this.#readyState === CLOSING) wsClose(this.#connection.id, this.#closing[0], this.#closing[1]);
    });
    this.#pending = turn;
  }

  get readyState(): number { WebSocket.#check(this); return this.#readyState; }
  get bufferedAmount(): number { WebSocket.#check(this); return this.#buffered; }
  get url(): string { WebSocket.#check(this); return this.#url.href; }
  get extensions(): string { WebSocket.#check(this); return ''; }
  get protocol(): string { WebSocket.#check(this); return this.#protocol; }

  get binaryType(): string { WebSocket.#check(this); return this.#binaryType; }
  set binaryType(value: any) {
    WebSocket.#check(this);
    this.#binaryType = value === 'arraybuffer' ? 'arraybuffer' : 'blob';
  }

  #receive(event: number, a: any, b: any, c: any): void {
    switch (event) {
      case EVENT_OPEN:
        if (this.#readyState !== CONNECTING) return;
        this.#readyState = OPEN;
        this.#protocol = a;
        this.dispatchEvent(new Event('open'));
        return;
      case EVENT_MESSAGE: {
        if (this.#readyState !== OPEN) return;
        const data = typeof a === 'string' ? a : this.#binaryType === 'blob' ? new Blob([a]) : a.buffer;
        const { MessageEvent } = load('internal:web/message');
        this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }));
        return;
      }
      case EVENT_SENT:
        this.#buffered -= a;
        return;
      case EVENT_FAIL: {
        this.#readyState = CLOSED;
        const error = new TypeError('', { cause: new Error(a) });
        this.dispatchEvent(new ErrorEvent('error', { error, message: '' }));
        return;
      }
      case EVENT_CLOSE:
        this.#readyState = CLOSED;
        this.dispatchEvent(new CloseEvent('close', { code: a, reason: b, wasClean: c }));
    }
  }
}

for (const [name, value] of [['CONNECTING', CONNECTING], ['OPEN', OPEN], ['CLOSING', CLOSING], ['CLOSED', CLOSED]] as [string, number][]) {
  const descriptor = { value, writable: false, enumerable: true, configurable: false };
  defineProperty(WebSocket, name, descriptor);
  defineProperty(WebSocket.prototype, name, descriptor);
}
for (const name of ['open', 'error', 'close', 'message']) defineEventHandler(WebSocket.prototype, name);
for (const name of ['close', 'send', 'readyState', 'bufferedAmount', 'url', 'extensions', 'protocol', 'binaryType']) {
  defineProperty(WebSocket.prototype, name, { enumerable: true });
}
defineProperty(WebSocket.prototype, Symbol.toStringTag, { value: 'WebSocket', configurable: true });
