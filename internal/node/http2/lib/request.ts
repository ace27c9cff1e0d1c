// Http2ServerRequest. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-http2http2serverrequest
import { codes } from 'internal:errors';
import { Readable } from 'internal:stream';
import { validateString } from 'internal:validators';
import { compatSocket, kRequest } from 'internal:http2/compatsocket';

const kStream = Symbol('stream');
const kParts = Symbol('parts');

interface Parts {
  headers: any;
  rawHeaders: any;
  trailers: any;
  rawTrailers: any[];
  aborted: boolean;
  closed: boolean;
  didRead: boolean;
  url: any;
  method: any;
}

export class Http2ServerRequest extends (Readable as any) {
  constructor(stream: any, headers: any, options: any, rawHeaders: any) {
    super({ autoDestroy: false, ...options });
    const parts: Parts = {
      headers, rawHeaders, trailers: {}, rawTrailers: [], aborted: false, closed: false, didRead: false, url: undefined, method: undefined,
    };
    this[kParts] = parts;
    this[kStream] = stream;
    stream[kRequest] = this;
    stream.on('trailers', onTrailers);
    stream.on('end', onEnd);
    stream.on('error', noop);
    stream.on('aborted', onAborted);
    stream.on('close', onClose);
    stream.on('timeout', onTimeout);
    this.on('pause', onPause);
    this.on('resume', onResume);
  }

  get aborted(): boolean {
    return this[kParts].aborted;
  }
  get complete(): boolean {
    const { aborted, closed } = this[kParts];
    return aborted || this.readableEnded || closed || this[kStream].destroyed;
  }
  get stream(): any {
    return this[kStream];
  }
  get headers(): any {
    return this[kParts].headers;
  }
  get rawHeaders(): any {
    return this[kParts].rawHeaders;
  }
  get trailers(): any {
    return this[kParts].trailers;
  }
  get rawTrailers(): any {
    return this[kParts].rawTrailers;
  }
  get httpVersionMajor(): number {
    return 2;
  }
  get httpVersionMinor(): number {
    return 0;
  }
  get httpVersion(): string {
    return '2.0';
  }
  get socket(): any {
    return compatSocket(this[kStream]);
  }
  get connection(): any {
    return this.socket;
  }

  _read(): void {
    const parts: Parts = this[kParts];
    if (parts.didRead) {
      nextResume(this[kStream]);
      return;
    }
    parts.didRead = true;
    this[kStream].on('data', onData);
  }

  get method(): any {
    return this[kParts].method ?? this[kParts].headers[':method'];
  }
  set method(method: any) {
    validateString(method, 'method');
    if (method.trim() === '') throw new codes.ERR_INVALID_ARG_VALUE('method', method);
    this[kParts].method = method;
  }
  get authority(): any {
    return this[kParts].headers[':authority'] ?? this[kParts].headers.host;
  }
  get scheme(): any {
    return this[kParts].headers[':scheme'];
  }
  get url(): any {
    return this[kParts].url ?? this[kParts].headers[':path'];
  }
  set url(url: any) {
    this[kParts].url = url;
  }

  setTimeout(msecs: any, callback?: any): any {
    if (!this[kParts].closed) this[kStream].setTimeout(msecs, callback);
    return this;
  }
}

function noop(): void {}

function nextResume(stream: any): void {
  stream.resume();
}

function onData(this: any, chunk: any): void {
  const request = this[kRequest];
  if (request !== undefined && !request.push(chunk)) this.pause();
}

function onEnd(this: any): void {
  this[kRequest]?.push(null);
}

function onTrailers(this: any, trailers: any, _flags: number, raw: any): void {
  const request = this[kRequest];
  if (request === undefined) return;
  Object.assign(request[kParts].trailers, trailers);
  request[kParts].rawTrailers.push(...raw);
}

function onAborted(this: any): void {
  const request = this[kRequest];
  if (request !== undefined && !request[kParts].closed) {
    request[kParts].aborted = true;
    request.emit('aborted');
  }
}

function onTimeout(this: any): void {
  this[kRequest]?.emit('timeout');
}

function onPause(this: any): void {
  this[kStream].pause();
}

function onResume(this: any): void {
  if (this[kParts].didRead) this[kStream].resume();
}

function onClose(this: any): void {
  const request = this[kRequest];
  if (request === undefined) return;
  const parts: Parts = request[kParts];
  parts.closed = true;
  request.push(null);
  // Nobody was interested in the body: as over HTTP/1, the request ends all the same.
  if (!parts.didRead && !request._readableState.resumeScheduled) request.resume();
  this[kRequest] = undefined;
  request.emit('close');
}
