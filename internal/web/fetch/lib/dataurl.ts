// data: URLs. https://fetch.spec.whatwg.org/#data-urls
import { encodeUtf8 } from 'native:engine';
import { load } from 'internal:load';

/** https://url.spec.whatwg.org/#percent-decode */
function percentDecode(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  if (!text.includes('%')) return bytes;
  const hex = (c: number) => (c >= 48 && c <= 57 ? c - 48 : c >= 65 && c <= 70 ? c - 55 : c >= 97 && c <= 102 ? c - 87 : -1);
  let to = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i];
    if (byte === 37 && i + 2 < bytes.length) {
      const high = hex(bytes[i + 1]);
      const low = hex(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[to++] = byte;
  }
  return bytes.subarray(0, to);
}

/** https://infra.spec.whatwg.org/#forgiving-base64-decode; undefined is failure. */
function forgivingBase64(bytes: Uint8Array): Uint8Array | undefined {
  const { Buffer } = load('internal:buffer');
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice().replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) return undefined;
  const out = Buffer.from(text, 'base64');
  return new Uint8Array(out.buffer, out.byteOffset, out.byteLength).slice();
}

/** The type and the bytes that a data: URL holds; undefined when it is damaged. */
export function processDataURL(url: any): { type: string; bytes: Uint8Array } | undefined {
  const text = url.href.slice(5, url.hash === '' ? undefined : -url.hash.length);
  const comma = text.indexOf(',');
  if (comma < 0) return undefined;
  let type = text.slice(0, comma).replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, '');
  let bytes: Uint8Array | undefined = percentDecode(text.slice(comma + 1));
  const base64 = /; *base64$/i.exec(type);
  if (base64 !== null) {
    bytes = forgivingBase64(bytes);
    if (bytes === undefined) return undefined;
    type = type.slice(0, base64.index);
  }
  if (type.startsWith(';')) type = `text/plain${type}`;
  const { MIMEType } = load('internal:util/mime');
  try {
    type = String(new MIMEType(type));
  } catch {
    type = 'text/plain;charset=US-ASCII';
  }
  return { type, bytes };
}
