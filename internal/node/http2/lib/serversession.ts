// ServerHttp2Session. https://nodejs.org/docs/latest-v24.x/api/http2.html#class-serverhttp2session
import * as native from 'native:http2';
import { codes } from 'internal:errors';
import { URL } from 'internal:url';
import { validateString } from 'internal:validators';
import { type SessionCore } from 'internal:http2/core';
import { requestStream } from 'internal:http2/serverstream';
import { Http2Session, kCore } from 'internal:http2/session';
import { SERVER } from 'internal:http2/stream';

const MAX_LENGTH = 16382;
const quotable = /^[\t\x20-\x5b\x5d-\x7e\x80-\xff]*$/;

export class ServerHttp2Session extends Http2Session {
  constructor(options: any, socket: any, server: any) {
    super(SERVER, options, socket, requestStream);
    this[kCore].server = server;
  }

  get server(): any {
    return this[kCore].server;
  }

  altsvc(alt: any, originOrStream?: any): void {
    const core: SessionCore = this[kCore];
    if (core.destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    let stream = 0;
    let origin = '';
    if (typeof originOrStream === 'number') {
      if (originOrStream >>> 0 !== originOrStream || originOrStream === 0) {
        throw new codes.ERR_OUT_OF_RANGE('originOrStream', `> 0 && < ${2 ** 32}`, originOrStream);
      }
      stream = originOrStream;
    } else if (originOrStream !== undefined) {
      origin = originOf(originOrStream, 'originOrStream', ['string', 'number', 'URL', 'object'], codes.ERR_HTTP2_ALTSVC_INVALID_ORIGIN);
    }
    validateString(alt, 'alt');
    if (!quotable.test(alt)) throw new codes.ERR_INVALID_CHAR('alt');
    if (alt.length + origin.length > MAX_LENGTH) throw new codes.ERR_HTTP2_ALTSVC_LENGTH();
    native.altsvc(core.nativeId, stream, origin, alt);
  }

  origin(...origins: any[]): void {
    const core: SessionCore = this[kCore];
    if (core.destroyed) throw new codes.ERR_HTTP2_INVALID_SESSION();
    if (origins.length === 0) return;
    let length = 0;
    const list = origins.map((given) => {
      const origin = originOf(given, 'origin', ['string', 'URL', 'object'], codes.ERR_HTTP2_INVALID_ORIGIN);
      length += origin.length;
      return origin;
    });
    if (length > MAX_LENGTH) throw new codes.ERR_HTTP2_ORIGIN_LENGTH();
    native.origin(core.nativeId, list);
  }
}

// The origin of a URL, of its text, or of an object that has one.
function originOf(given: any, name: string, types: string[], Invalid: any): string {
  let origin;
  if (typeof given === 'string') origin = new URL(given).origin;
  else if (given !== null && typeof given === 'object') origin = given.origin;
  if (typeof origin !== 'string') throw new codes.ERR_INVALID_ARG_TYPE(name, types, given);
  if (origin === 'null' || origin.length === 0) throw new Invalid();
  return typeof given === 'string' ? origin : new URL(origin).origin;
}
