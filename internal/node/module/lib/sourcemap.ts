// module.SourceMap: reads source maps of version 3. https://nodejs.org/docs/latest-v24.x/api/module.html#class-modulesourcemap,
// format: https://tc39.es/ecma426/
import { setSourceMapper } from 'internal:bootstrap/stack';
import { load } from 'internal:load';
import { config } from 'native:runtime';
import { validateObject } from 'internal:validators';

/** Where a piece of generated code begins and what it comes from, as findEntry() gives it; numbers count from 0. */
interface Mapping {
  generatedLine: number;
  generatedColumn: number;
  originalSource: string | undefined;
  originalLine: number | undefined;
  originalColumn: number | undefined;
  name: string | undefined;
}

/** Negative when a mapping begins before a place, positive when behind it. */
function fromPlace(mapping: Mapping, line: number, column: number): number {
  return mapping.generatedLine === line ? mapping.generatedColumn - column : mapping.generatedLine - line;
}

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
    this.#mappings.sort((a, b) => fromPlace(a, b.generatedLine, b.generatedColumn));
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
    let generated = column;
    while (!decoder.done) {
      if (!decoder.more) {
        if (decoder.next() === ';') {
          line++;
          generated = 0;
        }
        continue;
      }
      generated += decoder.value();
      const mapping: Mapping = {
        generatedLine: line, generatedColumn: generated, originalSource: undefined, originalLine: undefined, originalColumn: undefined, name: undefined,
      };
      this.#mappings.push(mapping);
      // Code of no source has the one number only.
      if (!decoder.more) continue;
      source += decoder.value();
      mapping.originalLine = originalLine += decoder.value();
      mapping.originalColumn = originalColumn += decoder.value();
      if (decoder.more) mapping.name = names[name += decoder.value()];
      if (sources[source] !== undefined) mapping.originalSource = root + sources[source];
    }
  }
  /**
   * The mapping of a place in generated code; numbers count from 0. An empty object when there is none.
   */
  findEntry(lineOffset: number, columnOffset: number): any {
    const found = this.#before(lineOffset, columnOffset);
    return found === undefined ? {} : { ...found };
  }
  /** The call site in the source for one of the generated code; numbers count from 1. */
  findOrigin(lineNumber: number, columnNumber: number): any {
    const { name, originalSource, ...places } = this.#before(lineNumber - 1, columnNumber - 1) ?? {} as Mapping;
    // What lies behind the mapping's beginning keeps its distance to it.
    const line = places.originalLine as number + (lineNumber - places.generatedLine);
    const column = places.originalColumn as number + (columnNumber - places.generatedColumn);
    return originalSource === undefined || line !== line ? {} : { name, fileName: originalSource, lineNumber: line, columnNumber: column };
  }
  /** The last mapping that begins at a place or before it. */
  #before(line: number, column: number): Mapping | undefined {
    // Mappings below `known` begin in time, those from `open` on behind the place.
    let known = 0;
    let open = this.#mappings.length;
    while (known < open) {
      const middle = Math.floor((known + open) / 2);
      if (fromPlace(this.#mappings[middle], line, column) <= 0) known = middle + 1;
      else open = middle;
    }
    return known === 0 ? undefined : this.#mappings[known - 1];
  }
}

// ---- the maps of stack traces ----

interface Support {
  enabled: boolean;
  nodeModules: boolean; // files of packages too
  // Differs from Node: generatedCode is taken and told, but text of eval and new Function is shown as it is.
  generatedCode: boolean;
}
const byOption = config().options['enable-source-maps'] !== undefined;
let support: Support = { enabled: byOption, nodeModules: byOption, generatedCode: byOption };

export function getSupport(): Support {
  return support;
}
export function setSupport(wanted: Support): void {
  support = wanted;
  setSourceMapper(wanted.enabled ? originOf : undefined);
}

const texts = new Map<string, string>(); // by URL: what was compiled in the place of a file's own text, where it names a map
const maps = new Map<string, SourceMap | undefined>(); // by URL

/** Takes note of what a loader or module._compile gave for a file. */
export function noteText(file: string, text: string): void {
  const url = urlOf(file);
  maps.delete(url);
  if (text.includes('sourceMappingURL=')) texts.set(url, text);
  else texts.delete(url);
}

function urlOf(file: string): string {
  return file.startsWith('file:') ? file : load('internal:url').pathToFileURL(file).href;
}

/** The map that the last sourceMappingURL comment of a file names; undefined when there is none or it can't be read. */
export function mapOf(file: string): SourceMap | undefined {
  const url = urlOf(file);
  if (!maps.has(url)) maps.set(url, mapOfFile(url));
  return maps.get(url);
}

/** Where a place in a file (line and column from 1) comes from, by the map that the file names. It never throws: stacks are made of it. */
export function originOf(file: string, line: number, column: number): { file: string; line: number; column: number } | undefined {
  if (!(file.startsWith('file:') || file.startsWith('/')) || (!support.nodeModules && file.includes('/node_modules/'))) return undefined;
  try {
    const entry = mapOf(file)?.findEntry(line - 1, column - 1);
    if (typeof entry?.originalSource !== 'string' || entry.originalLine === undefined) return undefined;
    const source = entry.originalSource;
    return {
      file: source.startsWith('file:') ? load('internal:url').fileURLToPath(source) : source,
      line: entry.originalLine + 1,
      column: (entry.originalColumn ?? 0) + 1,
    };
  } catch {
    return undefined;
  }
}

function lengthsOf(text: string): number[] {
  return text.replace(/\n$/, '').split('\n').map((line) => line.length);
}

/**
 * What coverage reports keep of maps: for each of the files' URLs that has one, the lengths of its lines, the map and where it lies. The map is null
 * when it can't be read. What the program's own compiler made of TypeScript has a map too: V8 counts in what it was given.
 */
export function mapsOf(urls: string[]): Record<string, any> {
  const { fileURLToPath } = load('internal:url');
  const { compiled } = load('internal:module/cjs/cache');
  const out: Record<string, any> = {};
  for (let i = 0; i < urls.length; i++) { // no iterator: user code may have changed it
    const url = urls[i];
    let path: string;
    try {
      path = fileURLToPath(url);
    } catch {
      continue; // the program may call its text what it likes
    }
    const own = compiled(path);
    if (own !== undefined) {
      out[url] = { lineLengths: lengthsOf(own[0]), data: { version: 3, sources: [url], names: [], mappings: own[1] }, url: null };
      continue;
    }
    const found = commentOf(url);
    if (found !== undefined) {
      out[url] = { lineLengths: lengthsOf(found.text), data: readMap(url, found.named)?.json ?? null, url: found.named.startsWith('data:') ? null : found.named };
    }
  }
  return out;
}

/** A file's text and where its last sourceMappingURL comment says that its map is; undefined when there is none. */
function commentOf(url: string): { text: string; named: string } | undefined {
  let text: string;
  try {
    text = texts.get(url) ?? load('node:fs').default.readFileSync(load('internal:url').fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
  const pattern = /\/[*/]#\s+sourceMappingURL=([^\s]+)/g;
  let named: string | undefined;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    named = match[1];
  }
  return named === undefined ? undefined : { text, named };
}

function readMap(url: string, named: string): { json: any } | undefined {
  try {
    const { URL, fileURLToPath } = load('internal:url');
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(named);
    let json: any;
    let base = url;
    if (inline !== null) {
      json = JSON.parse(inline[1] ? load('internal:buffer').Buffer.from(inline[2], 'base64').toString() : decodeURIComponent(inline[2]));
    } else {
      base = new URL(named, url).href;
      json = JSON.parse(load('node:fs').default.readFileSync(fileURLToPath(base), 'utf8'));
    }
    if (Array.isArray(json.sources)) {
      const root = json.sourceRoot ? new URL(json.sourceRoot, base).href : base;
      json.sources = json.sources.map((source: any) => (source === null ? source : new URL(source, root).href));
      delete json.sourceRoot;
    }
    return { json };
  } catch {
    return undefined;
  }
}

function mapOfFile(url: string): SourceMap | undefined {
  const found = commentOf(url);
  const map = found === undefined ? undefined : readMap(url, found.named);
  try {
    return map === undefined ? undefined : new SourceMap(map.json, { lineLengths: lengthsOf(found!.text) });
  } catch {
    return undefined; // it is JSON, but no map
  }
}
