// multipart/form-data, both ways. https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data and
// https://andreubotella.github.io/multipart-form-data/
import { load } from 'internal:load';
import { encodeUtf8, utf8Slice } from 'native:engine';
import { type Entry, File, FormData, entriesOf, formDataOf } from 'internal:web/fetch/formdata';

/** A boundary that no content is likely to hold. */
export function makeBoundary(): string {
  let digits = `${Math.floor(Math.random() * 1e12)}`;
  while (digits.length < 12) digits = `0${digits}`;
  return `----formdata-undici-${digits}`;
}

function escapeName(text: string): string {
  return text.replace(/\r\n|\n|\r/g, '\r\n').replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
}
function escapeFilename(text: string): string {
  return text.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
}

/** A form's pieces: bytes and blobs, and how long they are together. */
export function encodeForm(form: FormData, boundary: string): { pieces: any[]; length: number } {
  const pieces: any[] = [];
  let length = 0;
  const add = (piece: any) => {
    pieces.push(piece);
    length += piece.byteLength ?? piece.size;
  };
  const prefix = `--${boundary}\r\nContent-Disposition: form-data; name="`;
  for (const [name, value] of entriesOf(form)) {
    if (typeof value === 'string') {
      add(encodeUtf8(`${prefix}${escapeName(name)}"\r\n\r\n${value.replace(/\r\n|\n|\r/g, '\r\n')}\r\n`));
    } else {
      add(encodeUtf8(`${prefix}${escapeName(name)}"${value.name ? `; filename="${escapeFilename(value.name)}"` : ''}\r\n` +
        `Content-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`));
      add(value);
      add(encodeUtf8('\r\n'));
    }
  }
  add(encodeUtf8(`--${boundary}--\r\n`));
  return { pieces, length };
}

const CR = 13;
const LF = 10;

function fail(message: string): never {
  throw new TypeError('Failed to parse body as FormData.', { cause: new TypeError(message) });
}

function startsWith(bytes: Uint8Array, text: string, at: number): boolean {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Where text is in bytes from at on; -1 when it isn't. */
function find(bytes: Uint8Array, text: string, at: number): number {
  const first = text.charCodeAt(0);
  for (;;) {
    at = bytes.indexOf(first, at);
    if (at < 0 || at + text.length > bytes.length) return -1;
    if (startsWith(bytes, text, at)) return at;
    at++;
  }
}

function unescape(text: string): string {
  return text.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');
}

/** The text of a quoted parameter that starts at `at` of bytes, and where it ends. */
function quoted(bytes: Uint8Array, at: number): [string, number] {
  const end = bytes.indexOf(34, at);
  if (end < 0) fail('expected closing quote');
  for (let i = at; i < end; i++) {
    if (bytes[i] === CR || bytes[i] === LF) fail('expected CRLF');
  }
  return [unescape(utf8Slice(bytes, at, end)), end + 1];
}

/** Reads a body of type multipart/form-data. */
export function parseForm(bytes: Uint8Array, boundary: string | undefined): FormData {
  if (boundary === undefined) fail('missing boundary in content-type header');
  const mark = `--${boundary}`;
  let at = 0;
  // A preamble may stand before the first boundary (RFC 2046, section 5.1.1).
  if (!startsWith(bytes, mark, 0)) {
    at = find(bytes, `\r\n${mark}`, 0);
    if (at < 0) fail('no boundary found in multipart body');
    at += 2;
  }
  const entries: Entry[] = [];
  for (;;) {
    if (!startsWith(bytes, mark, at)) fail('expected a boundary');
    at += mark.length;
    if (startsWith(bytes, '--', at)) return formDataOf(entries);
    while (bytes[at] === 32 || bytes[at] === 9) at++; // transport padding
    if (bytes[at] !== CR || bytes[at + 1] !== LF) fail('expected CRLF');
    at += 2;
    let name: string | undefined;
    let filename: string | undefined;
    let type: string | undefined;
    let encoding: string | undefined;
    // The part's headers, up to an empty line.
    while (bytes[at] !== CR || bytes[at + 1] !== LF) {
      const end = find(bytes, '\r\n', at);
      if (end < 0) fail('expected CRLF');
      const colon = bytes.indexOf(58, at);
      if (colon < 0 || colon > end) fail('expected a header');
      const header = utf8Slice(bytes, at, colon).toLowerCase();
      if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(header)) fail('expected a header name');
      let value = colon + 1;
      while (bytes[value] === 32 || bytes[value] === 9) value++;
      if (header === 'content-disposition') {
        if (!/^form-data$/i.test(utf8Slice(bytes, value, value + 9))) fail('expected form-data for content-disposition header');
        let p = value + 9;
        for (;;) {
          while (bytes[p] === 32 || bytes[p] === 9 || bytes[p] === 59) p++;
          if (p >= end) break;
          const equals = bytes.indexOf(61, p);
          if (equals < 0 || equals > end) break;
          const key = utf8Slice(bytes, p, equals).toLowerCase();
          let text: string;
          if (bytes[equals + 1] === 34) {
            [text, p] = quoted(bytes, equals + 2);
          } else {
            let stop = bytes.indexOf(59, equals);
            if (stop < 0 || stop > end) stop = end;
            text = utf8Slice(bytes, equals + 1, stop).trim();
            p = stop;
          }
          if (key === 'name') {
            name = text;
          } else if (key === 'filename') {
            filename ??= text;
          } else if (key === 'filename*') {
            const extended = /^utf-8'[^']*'(.*)$/i.exec(text);
            if (extended !== null) {
              try {
                filename = decodeURIComponent(extended[1]);
              } catch {
                fail('invalid filename*');
              }
            }
          }
        }
      } else if (header === 'content-type') {
        type = utf8Slice(bytes, value, end).trim();
      } else if (header === 'content-transfer-encoding') {
        encoding = utf8Slice(bytes, value, end).trim().toLowerCase();
      }
      at = end + 2;
    }
    at += 2;
    if (name === undefined) fail('header name is null');
    let end = startsWith(bytes, mark, at) ? at : find(bytes, `\r\n${mark}`, at);
    if (end < 0) fail('expected boundary after body');
    let body = bytes.subarray(at, end);
    at = end === at && startsWith(bytes, mark, at) ? at : end + 2;
    if (encoding === 'base64') {
      const binary = load('internal:buffer').atob(utf8Slice(body, 0, body.length).replace(/\s/g, ''));
      body = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    }
    if (filename !== undefined) {
      entries.push([name, new File([body], filename, { type: type === undefined ? 'text/plain' : /[^\x20-\x7e]/.test(type) ? '' : type })]);
    } else {
      entries.push([name, utf8Slice(body, 0, body.length)]);
    }
  }
}
