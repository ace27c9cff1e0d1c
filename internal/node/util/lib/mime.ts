// util.MIMEType and util.MIMEParams.
// https://mimesniff.spec.whatwg.org/#parsing-a-mime-type

import { codes } from 'internal:errors';

const notToken = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/;
const notQuotable = /[^\t\u0020-~\u0080-\u00FF]/;

const isSpace = (char: string) => char === ' ' || char === '\t' || char === '\n' || char === '\r';

function trim(text: string): string {
  return text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
}

const lower = (text: string) => text.replace(/[A-Z]/g, (char) => char.toLowerCase());

function check(production: string, text: string, whole = text): void {
  const at = text.search(notToken);
  if (text === '' || at !== -1) {
    throw new codes.ERR_INVALID_MIME_SYNTAX(production, whole, at);
  }
}

function parse(text: string): { type: string; subtype: string; rest: string } {
  let at = 0;
  while (at < text.length && isSpace(text[at])) {
    at++;
  }
  const slash = text.indexOf('/', at);
  const type = slash === -1 ? '' : text.slice(at, slash);
  const badType = (slash === -1 ? text.slice(at) : type).search(notToken);
  if (slash === -1 || type === '' || badType !== -1) {
    throw new codes.ERR_INVALID_MIME_SYNTAX('type', text, badType);
  }
  const semicolon = text.indexOf(';', slash + 1);
  const subtype = text.slice(slash + 1, semicolon === -1 ? undefined : semicolon).replace(/[\t\n\r ]+$/, '');
  check('subtype', subtype, text);
  return { type: lower(type), subtype: lower(subtype), rest: semicolon === -1 ? '' : text.slice(semicolon + 1) };
}

/** The parameters of a MIME type, in their order. */
export class MIMEParams {
  #map = new Map<string, string>();

  constructor() {}

  delete(name: unknown): void {
    this.#map.delete(`${name}`);
  }

  get(name: unknown): string | null {
    return this.#map.get(`${name}`) ?? null;
  }

  has(name: unknown): boolean {
    return this.#map.has(`${name}`);
  }

  set(name: unknown, value: unknown): void {
    const key = `${name}`;
    const text = `${value}`;
    check('parameter name', key);
    const at = text.search(notQuotable);
    if (at !== -1) {
      throw new codes.ERR_INVALID_MIME_SYNTAX('parameter value', text, at);
    }
    this.#map.set(key, text);
  }

  *entries(): IterableIterator<[string, string]> {
    yield* this.#map.entries();
  }

  *keys(): IterableIterator<string> {
    yield* this.#map.keys();
  }

  *values(): IterableIterator<string> {
    yield* this.#map.values();
  }

  toString(): string {
    let text = '';
    for (const [name, value] of this.#map) {
      const encoded = value === '' || notToken.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
      text += `${text === '' ? '' : ';'}${name}=${encoded}`;
    }
    return text;
  }

  // The first of several parameters of one name counts; bad ones are left out.
  static parse(text: string): MIMEParams {
    const params = new MIMEParams();
    let at = 0;
    while (at < text.length) {
      while (at < text.length && isSpace(text[at])) {
        at++;
      }
      let end = at;
      while (end < text.length && text[end] !== ';' && text[end] !== '=') {
        end++;
      }
      const name = lower(text.slice(at, end));
      at = end + 1;
      if (end >= text.length || text[end] === ';') {
        continue;
      }
      let value: string;
      if (text[at] === '"') {
        value = '';
        at++;
        while (at < text.length && text[at] !== '"') {
          if (text[at] === '\\' && at + 1 < text.length) {
            at++;
          }
          value += text[at++];
        }
        while (at < text.length && text[at] !== ';') {
          at++;
        }
        at++;
      } else {
        end = text.indexOf(';', at);
        if (end === -1) {
          end = text.length;
        }
        value = text.slice(at, end).replace(/[\t\n\r ]+$/, ''); // spaces before it are its own
        at = end + 1;
        if (value === '') {
          continue;
        }
      }
      if (name !== '' && !notToken.test(name) && !notQuotable.test(value) && !params.has(name)) {
        params.set(name, value);
      }
    }
    return params;
  }
}
const parseParams = MIMEParams.parse;
delete (MIMEParams as any).parse;
Object.defineProperties(MIMEParams.prototype, {
  [Symbol.iterator]: { __proto__: null as never, value: MIMEParams.prototype.entries, configurable: true, writable: true, enumerable: false },
  toJSON: { __proto__: null as never, value: MIMEParams.prototype.toString, configurable: true, writable: true, enumerable: false },
});

/** A MIME type: type, subtype and parameters. Throws ERR_INVALID_MIME_SYNTAX for a text that isn't one. */
export class MIMEType {
  #type: string;
  #subtype: string;
  #params: MIMEParams;

  constructor(text: unknown) {
    const { type, subtype, rest } = parse(`${text}`);
    this.#type = type;
    this.#subtype = subtype;
    this.#params = parseParams(rest);
  }

  get type(): string {
    return this.#type;
  }

  set type(value: unknown) {
    const text = `${value}`;
    check('type', text);
    this.#type = lower(text);
  }

  get subtype(): string {
    return this.#subtype;
  }

  set subtype(value: unknown) {
    const text = `${value}`;
    check('subtype', text);
    this.#subtype = lower(text);
  }

  get essence(): string {
    return `${this.#type}/${this.#subtype}`;
  }

  get params(): MIMEParams {
    return this.#params;
  }

  toString(): string {
    const params = this.#params.toString();
    return `${this.#type}/${this.#subtype}${params === '' ? '' : `;${params}`}`;
  }
}
Object.defineProperty(MIMEType.prototype, 'toJSON', { __proto__: null as never, value: MIMEType.prototype.toString, configurable: true, writable: true, enumerable: false });
