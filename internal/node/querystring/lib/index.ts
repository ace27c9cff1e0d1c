// internal:querystring: parse and stringify of query strings, and the percent-encoding that node:url shares.

import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';

const { ERR_INVALID_URI } = codes;
const { isArray } = Array;
const { isFinite } = Number;
const { keys } = Object;
const decodeComponent = decodeURIComponent;

const hexDigits = '0123456789ABCDEF';
export const percent: string[] = [];
for (let i = 0; i < 256; i++) percent.push(`%${hexDigits[i >> 4]}${hexDigits[i & 15]}`);

/** A table with 1 for each ASCII character that is left alone. */
export function unescapedTable(punctuation: string): Int8Array {
  const table = new Int8Array(128);
  for (let i = 0; i < 128; i++) {
    const alphanumeric = (i >= 48 && i < 58) || (i >= 65 && i < 91) || (i >= 97 && i < 123);
    table[i] = alphanumeric || punctuation.includes(String.fromCharCode(i)) ? 1 : 0;
  }
  return table;
}

/**
 * Percent-encodes as UTF-8 what the table doesn't allow.
 * @throws ERR_INVALID_URI for a lone surrogate
 */
export function encodeString(text: string, allowed: Int8Array): string {
  const { length } = text;
  let i = 0;
  while (i < length) {
    const code = text.charCodeAt(i);
    if (code >= 0x80 || allowed[code] !== 1) break;
    i++;
  }
  if (i === length) return text;

  let out = text.slice(0, i);
  let start = i;
  for (; i < length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      if (allowed[code] === 1) continue;
      if (start < i) out += text.slice(start, i);
      out += percent[code];
    } else {
      if (start < i) out += text.slice(start, i);
      if (code < 0x800) {
        out += percent[0xc0 | (code >> 6)] + percent[0x80 | (code & 0x3f)];
      } else if (code < 0xd800 || code >= 0xe000) {
        out += percent[0xe0 | (code >> 12)] + percent[0x80 | ((code >> 6) & 0x3f)] + percent[0x80 | (code & 0x3f)];
      } else {
        const low = i + 1 < length ? text.charCodeAt(i + 1) : 0;
        // As in Node, whatever follows a surrogate counts as its other half; only the end of the string is an error.
        if (i + 1 >= length) throw new ERR_INVALID_URI();
        i++;
        code = 0x10000 + (((code & 0x3ff) << 10) | (low & 0x3ff));
        out += percent[0xf0 | (code >> 18)] + percent[0x80 | ((code >> 12) & 0x3f)] +
          percent[0x80 | ((code >> 6) & 0x3f)] + percent[0x80 | (code & 0x3f)];
      }
    }
    start = i + 1;
  }
  return start < length ? out + text.slice(start) : out;
}

const queryUnescaped = unescapedTable("!'()*-._~");

function hexValue(code: number): number {
  if (code >= 48 && code < 58) return code - 48;
  if (code >= 65 && code < 71) return code - 55;
  if (code >= 97 && code < 103) return code - 87;
  return -1;
}

/** Percent-decodes to bytes; what isn't a valid escape stays as it is. */
function unescapeBuffer(text: any, decodeSpaces?: any): any {
  text = `${text}`;
  const out = Buffer.allocUnsafe(text.length);
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code === 43 && decodeSpaces) {
      code = 32;
    } else if (code === 37 && i + 2 < text.length) {
      const high = hexValue(text.charCodeAt(i + 1));
      const low = hexValue(text.charCodeAt(i + 2));
      if (high >= 0 && low >= 0) {
        code = (high << 4) | low;
        i += 2;
      }
    }
    out[size++] = code;
  }
  return size === out.length ? out : out.slice(0, size);
}

function unescape(text: any, decodeSpaces?: any): string {
  try {
    return decodeComponent(text);
  } catch {
    return querystring.unescapeBuffer(text, decodeSpaces).toString();
  }
}

function escape(text: any): string {
  if (typeof text !== 'string') text = typeof text === 'object' ? String(text) : `${text}`;
  return encodeString(text, queryUnescaped);
}

function primitiveText(value: any): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return isFinite(value) ? `${value}` : '';
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return '';
}

/**
 * Serializes the own enumerable properties of an object.
 * @param separator between pairs, '&' by default
 * @param assignment between key and value, '=' by default
 */
function stringify(object: any, separator?: any, assignment?: any, options?: any): string {
  separator ||= '&';
  assignment ||= '=';
  let encode = querystring.escape;
  if (options && typeof options.encodeURIComponent === 'function') encode = options.encodeURIComponent;
  if (object === null || typeof object !== 'object') return '';
  let out = '';
  for (const key of keys(object)) {
    const value = object[key];
    const prefix = encode(primitiveText(key)) + assignment;
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (out !== '') out += separator;
        out += prefix + encode(primitiveText(value[i]));
      }
    } else {
      if (out !== '') out += separator;
      out += prefix + encode(primitiveText(value));
    }
  }
  return out;
}

function decodePart(text: string, decode: (text: string) => any): any {
  try {
    return decode(text);
  } catch {
    return querystring.unescape(text, true);
  }
}

/**
 * Parses a query string into an object without a prototype; a repeated key gives an array.
 * @param options maxKeys (1000; 0 is no limit), decodeURIComponent
 */
function parse(text: any, separator?: any, assignment?: any, options?: any): any {
  const object: any = { __proto__: null };
  if (typeof text !== 'string' || text.length === 0) return object;
  separator = separator ? `${separator}` : '&';
  assignment = assignment ? `${assignment}` : '=';
  let left = 1000;
  if (options && typeof options.maxKeys === 'number') left = options.maxKeys > 0 ? options.maxKeys : -1;
  let decode = querystring.unescape;
  if (options && typeof options.decodeURIComponent === 'function') decode = options.decodeURIComponent;
  const custom = decode !== unescape;

  for (let start = 0; start <= text.length;) {
    // An empty array is truthy and yet empty as text: then nothing separates.
    let end = separator === '' ? -1 : text.indexOf(separator, start);
    if (end === -1) end = text.length;
    if (end > start) {
      const pair = text.slice(start, end);
      const equals = pair.indexOf(assignment);
      let key: any = equals === -1 ? pair : pair.slice(0, equals);
      let value: any = equals === -1 ? '' : pair.slice(equals + assignment.length);
      key = decodePiece(key, decode, custom);
      value = decodePiece(value, decode, custom);
      if (!(key in object)) object[key] = value;
      else if (isArray(object[key])) object[key].push(value);
      else object[key] = [object[key], value];
    }
    if (--left === 0) break; // empty pairs count too
    start = end + (separator.length || 1);
  }
  return object;
}

function decodePiece(text: string, decode: (text: string) => any, custom: boolean): any {
  if (text.includes('+')) text = text.replaceAll('+', custom ? '%20' : ' ');
  return text.length > 0 && (custom || /%[0-9A-Fa-f]{2}/.test(text)) ? decodePart(text, decode) : text;
}

export const querystring: any = {
  unescapeBuffer, unescape, escape, stringify, encode: stringify, parse, decode: parse,
};
