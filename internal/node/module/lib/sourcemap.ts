// module.SourceMap: reads source maps of version 3. https://nodejs.org/docs/latest-v24.x/api/module.html#class-modulesourcemap,
// format: https://tc39.es/ecma426/
import { load } from 'internal:load';
import { config } from 'native:runtime';
import { validateObject } from 'internal:validators';

// [generated line, generated column, source, original line, original column, name]; all count from 0
type Mapping = [number, number, string | undefined, number | undefined, number | undefined, string | undefined];

const digits = new Int8Array(128).fill(-1);
{
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < alphabet.length; i++) {
    digits[alphabet.charCodeAt(i)] = i;
  }
}

class Decoder {
  #text: string;
  position = 0;
  constructor(text: string) {
    this.#text = text;
  }
  /** Whether a number begins here. */
  get more(): boolean {
    const { position } = this;
    return position < this.#text.length && this.#text[position] !== ',' && this.#text[position] !== ';';
  }
  get done(): boolean {
    return this.position >= this.#text.length;
  }
  next(): string {
    return this.#text[this.position++];
  }
  value(): number {
    let result = 0;
    let shift = 0;
    let digit: number;
    do {
      const c = this.#text.charCodeAt(this.position++);
      digit = c < 128 ? digits[c] : -1;
      if (!(digit >= 0)) {
        return 0;
      }
      result |= (digit & 31) << shift;
      shift += 5;
    } while (digit & 32);
    const negative = result & 1;
    result >>>= 1;
    return negative ? -result : result;
  }
}

function copy(payload: any): any {
  const { sources, sourcesContent, sections, names } = payload;
  const out = { ...payload };
  if (Array.isArray(sources)) out.sources = [...sources];
  if (Array.isArray(sourcesContent)) out.sourcesContent = [...sourcesContent];
  if (Array.isArray(names)) out.names = [...names];
  if (Array.isArray(sections)) {
    out.sections = sections.map(({ offset, map }: any) => ({ offset: { ...offset }, map: copy(map) }));
  }
  return out;
}

/** A source map: from positions of generated code to those of its sources. */
export class SourceMap {
  #payload: any;
  #mappings: Mapping[] = [];
  #lineLengths: number[] | undefined;
  constructor(payload: any, options: any = {}) {
    validateObject(payload, 'payload');
    this.#payload = copy(payload);
    if (Array.isArray(options?.lineLengths)) {
      this.#lineLengths = [...options.lineLengths];
    }
    if (Array.isArray(payload.sections)) {
      for (const { offset, map } of payload.sections) {
        this.#read(map, offset.line, offset.column);
      }
    } else {
      this.#read(payload, 0, 0);
    }
    this.#mappings.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }
  /** The map as it was given: a copy. */
  get payload(): any {
    return copy(this.#payload);
  }
  /** Lengths of the generated lines, when the constructor was told. */
  get lineLengths(): number[] | undefined {
    return this.#lineLengths === undefined ? undefined : [...this.#lineLengths];
  }
  #read(map: any, line: number, column: number): void {
    const { mappings, sources = [], names = [], sourceRoot } = map;
    const root = typeof sourceRoot === 'string' && sourceRoot !== '' && !sourceRoot.endsWith('/') ? `${sourceRoot}/` : (sourceRoot ?? '');
    const decoder = new Decoder(String(mappings ?? ''));
    let source = 0;
    let originalLine = 0;
    let originalColumn = 0;
    let name = 0;
    const first = column;
    let generated = first;
    while (!decoder.done) {
      if (!decoder.more) {
        if (decoder.next() === ';') {
          line++;
          generated = 0;
        }
        continue;
      }
      generated += decoder.value();
      if (!decoder.more) {
        this.#mappings.push([line, generated, undefined, undefined, undefined, undefined]);
        continue;
      }
      source += decoder.value();
      originalLine += decoder.value();
      originalColumn += decoder.value();
      let text: string | undefined;
      if (decoder.more) {
        name += decoder.value();
        text = names[name];
      }
      const file = sources[source];
      this.#mappings.push([line, generated, file === undefined ? undefined : root + file, originalLine, originalColumn, text]);
    }
  }
  /**
   * The mapping of a place in generated code; numbers count from 0. An empty object when there is none.
   */
  findEntry(lineOffset: number, columnOffset: number): any {
    const list = this.#mappings;
    let low = 0;
    let count = list.length;
    while (count > 1) {
      const step = count >> 1;
      const at = list[low + step];
      if (lineOffset < at[0] || (lineOffset === at[0] && columnOffset < at[1])) {
        count = step;
      } else {
        low += step;
        count -= step;
      }
    }
    const entry = list[low];
    if (entry === undefined || (low === 0 && (lineOffset < entry[0] || (lineOffset === entry[0] && columnOffset < entry[1])))) {
      return {};
    }
    return { generatedLine: entry[0], generatedColumn: entry[1], originalSource: entry[2], originalLine: entry[3], originalColumn: entry[4], name: entry[5] };
  }
  /** The call site in the source for one of the generated code; numbers count from 1. */
  findOrigin(lineNumber: number, columnNumber: number): any {
    const range = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (range.originalSource === undefined || range.originalLine === undefined || range.originalColumn === undefined ||
        range.generatedLine === undefined || range.generatedColumn === undefined) {
      return {};
    }
    const lines = lineNumber - range.generatedLine;
    const columns = columnNumber - range.generatedColumn;
    return { name: range.name, fileName: range.originalSource, lineNumber: range.originalLine + lines, columnNumber: range.originalColumn + columns };
  }
}

export function optionEnabled(): boolean {
  return config().options['enable-source-maps'] !== undefined;
}

/** The map that a file's last sourceMappingURL comment names; undefined when there is none or it can't be read. */
export function mapOfFile(path: string): SourceMap | undefined {
  try {
    const fs = load('node:fs').default;
    const { URL, fileURLToPath, pathToFileURL } = load('internal:url');
    const url = path.startsWith('file:') ? path : pathToFileURL(path).href;
    const text: string = fs.readFileSync(fileURLToPath(url), 'utf8');
    const comments = [...text.matchAll(/\/[*/]#\s+sourceMappingURL=([^\s]+)/g)];
    if (comments.length === 0) {
      return undefined;
    }
    const named = comments[comments.length - 1][1];
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(named);
    let json: any;
    let base = url;
    if (inline !== null) {
      json = JSON.parse(inline[1] ? load('internal:buffer').Buffer.from(inline[2], 'base64').toString() : decodeURIComponent(inline[2]));
    } else {
      base = new URL(named, url).href;
      json = JSON.parse(fs.readFileSync(fileURLToPath(base), 'utf8'));
    }
    if (Array.isArray(json.sources)) {
      const root = json.sourceRoot ? new URL(json.sourceRoot, base).href : base;
      json.sources = json.sources.map((source: any) => (source === null ? source : new URL(source, root).href));
      delete json.sourceRoot;
    }
    return new SourceMap(json, { lineLengths: text.replace(/\n$/, '').split('\n').map((line) => line.length) });
  } catch {
    return undefined;
  }
}
