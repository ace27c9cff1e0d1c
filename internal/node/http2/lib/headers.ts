// Header fields: from objects and flat arrays to what goes to Go, and back. A block is name NUL value NUL ...
import { codes } from 'internal:errors';
import { constants } from 'internal:http2/constants';
import { isToken, utcDate } from 'internal:http/common';

const { isArray } = Array;
const { keys } = Object;

export const sensitiveHeaders = Symbol('sensitiveHeaders');

/** A flat array of names and values behind an object of headers. */
export const kRaw = Symbol('rawHeaders');

// Fields with one value at most.
const single = new Set(`:status :method :authority :scheme :path :protocol access-control-allow-credentials access-control-request-method
  access-control-max-age age authorization content-encoding content-language content-length content-location content-md5 content-range content-type
  date dnt etag expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards
  proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent x-content-type-options`.split(/\s+/));

// Fields of HTTP/1 connections.
const ofConnections = new Set(['connection', 'upgrade', 'http2-settings', 'keep-alive', 'proxy-connection', 'transfer-encoding']);

export function isConnectionHeader(name: string, value: any): boolean {
  return ofConnections.has(name) || (name === 'te' && value !== 'trailers');
}

export type PseudoCheck = (name: string) => boolean;
export const requestPseudo: PseudoCheck = (name) =>
  name === ':method' || name === ':path' || name === ':authority' || name === ':scheme' || name === ':protocol';
export const responsePseudo: PseudoCheck = (name) => name === ':status';
export const noPseudo: PseudoCheck = () => false;

export interface Encoded {
  fields: string;
  secret: string;
}

class Builder {
  pseudo = '';
  regular = '';
  seen: Set<string> | undefined;
  allowed: PseudoCheck;
  strict: boolean;
  constructor(allowed: PseudoCheck, strict: boolean) {
    this.allowed = allowed;
    this.strict = strict;
  }

  add(name: string, value: any): void {
    if (value === undefined || value === null || name === '') return;
    const key = name.toLowerCase();
    if (isArray(value)) {
      if (value.length === 0) return;
      if (value.length > 1) {
        if (this.strict && single.has(key)) throw new codes.ERR_HTTP2_HEADER_SINGLE_VALUE(key);
        this.check(key, value);
        for (const one of value) this.regular += `${key}\0${one}\0`;
        return;
      }
      value = value[0];
    }
    value = String(value);
    if (this.strict && single.has(key)) {
      this.seen ??= new Set();
      if (this.seen.has(key)) throw new codes.ERR_HTTP2_HEADER_SINGLE_VALUE(key);
      this.seen.add(key);
    }
    if (key[0] === ':') {
      if (!this.allowed(key)) throw new codes.ERR_HTTP2_INVALID_PSEUDOHEADER(key);
      this.pseudo += `${key}\0${value}\0`;
      return;
    }
    this.check(key, value);
    this.regular += `${key}\0${value}\0`;
  }

  check(key: string, value: any): void {
    if (!isToken(key)) throw new codes.ERR_INVALID_HTTP_TOKEN('Header name', key);
    if (isConnectionHeader(key, value)) throw new codes.ERR_HTTP2_INVALID_CONNECTION_HEADERS(key);
  }
}

/**
 * The block of an object or a flat array of headers.
 * @throws ERR_HTTP2_INVALID_PSEUDOHEADER and its like
 */
export function encode(headers: any, allowed: PseudoCheck, strict = true): Encoded {
  const builder = new Builder(allowed, strict);
  const raw = isArray(headers) ? headers : headers[kRaw];
  if (raw !== undefined) {
    for (let i = 0; i < raw.length; i += 2) builder.add(raw[i], raw[i + 1]);
  } else {
    for (const name of keys(headers)) builder.add(name, headers[name]);
  }
  const never = headers[sensitiveHeaders];
  if (never !== undefined && !isArray(never)) throw new codes.ERR_INVALID_ARG_VALUE('headers[http2.neverIndex]', never);
  const secret = never === undefined || never.length === 0 ? '' : `\0${never.map((name: any) => String(name).toLowerCase()).join('\0')}\0`;
  return { fields: builder.pseudo + builder.regular, secret };
}

/** The object of a flat array: what a program sees as sentHeaders. */
export function objectOf(raw: any[]): any {
  const headers: any = { __proto__: null };
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i];
    const value = raw[i + 1];
    const old = headers[name];
    if (old === undefined) headers[name] = value;
    else if (isArray(old)) old.push(value);
    else headers[name] = [old, value];
  }
  const never = (raw as any)[sensitiveHeaders];
  if (never !== undefined) headers[sensitiveHeaders] = never;
  return headers;
}

export interface Decoded {
  headers: any;
  raw: string[];
}

/** The headers of a block: names by their first value, lists joined as programs expect, and all of them as they came. */
export function decode(fields: string, secret: string): Decoded {
  const raw = fields.split('\0');
  raw.pop();
  const headers: any = { __proto__: null };
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i];
    let value: any = raw[i + 1];
    if (name === ':status') value |= 0;
    const old = headers[name];
    if (old === undefined) headers[name] = name === 'set-cookie' ? [value] : value;
    else if (single.has(name)) continue;
    else if (name === 'cookie') headers[name] = `${old}; ${value}`;
    else if (name === 'set-cookie') old.push(value);
    else headers[name] = `${old}, ${value}`;
  }
  headers[sensitiveHeaders] = secret === '' ? [] : secret.slice(0, -1).split('\0');
  return { headers, raw };
}

/** Adds what every response has. */
export function completeResponse(headers: any, sendDate: boolean): any {
  if (headers[':status'] === undefined || headers[':status'] === null) headers[':status'] = constants.HTTP_STATUS_OK;
  if (sendDate && (headers.date === undefined || headers.date === null)) headers.date = utcDate();
  return headers;
}
