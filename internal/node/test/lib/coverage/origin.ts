// Counts of generated code as counts of its sources, by source maps. https://tc39.es/ecma426/
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { lineAt, linesOf, type Line } from 'internal:test/coverage/lines';
import type { FunctionCoverage, Range } from 'internal:test/coverage/merge';

/** What a report keeps of a script's map. */
export interface StoredMap {
  lineLengths: number[];
  data: any;
}

/** Whether the program itself compiled the file: TypeScript, whose positions are those of the source. */
export function isCompiled(url: string, map: StoredMap): boolean {
  return map.data?.sources?.length === 1 && map.data.sources[0] === url;
}

/** A script's source as its map has it, and its lines as offsets are found by them. */
interface Original {
  text: string;
  lines: Line[];
}

/** From places of a generated file to places of its sources. */
class Origin {
  #map: any;
  #generated: Line[] = [];
  #originals = new Map<string, Original>();
  #url: string;
  #data: any;
  constructor(url: string, { lineLengths, data }: StoredMap) {
    this.#url = url;
    this.#data = data;
    this.#map = new (load('internal:module/sourcemap').SourceMap)(data);
    let start = 0;
    for (const length of lineLengths) {
      this.#generated.push({ number: 0, start, end: start + length, ignored: false, count: 0 });
      start += length + 1;
    }
  }
  original(source: string): Original {
    let found = this.#originals.get(source);
    if (found === undefined) {
      const text = this.text(source);
      found = { text, lines: linesOf(text, 0) };
      this.#originals.set(source, found);
    }
    return found;
  }
  /** @throws ERR_SOURCE_MAP_MISSING_SOURCE */
  text(source: string): string {
    const content = this.#data.sourcesContent?.[this.#data.sources.indexOf(source)];
    if (typeof content === 'string') {
      return content;
    }
    try {
      return load('node:fs').default.readFileSync(load('internal:url').fileURLToPath(source), 'utf8').replace(/^\ufeff/, '');
    } catch {
      throw new codes.ERR_SOURCE_MAP_MISSING_SOURCE(source, this.#url);
    }
  }
  /**
   * Where a generated character comes from. Behind a mapping's beginning it keeps its distance as long as its line goes on; in front of the first
   * mapping of a line it is the end of the line that went before.
   */
  #place(offset: number): { source: string; offset: number } | undefined {
    const line = lineAt(this.#generated, offset);
    const column = offset - this.#generated[line].start;
    const entry = this.#map.findEntry(line, column);
    if (entry.originalSource === undefined || entry.originalSource === null) {
      return undefined;
    }
    const { lines } = this.original(entry.originalSource);
    const original = lines[entry.originalLine];
    if (original === undefined) {
      return { source: entry.originalSource, offset: lines.at(-1)?.end ?? 0 };
    }
    const distance = entry.generatedLine === line ? column - entry.generatedColumn : Infinity;
    return { source: entry.originalSource, offset: Math.min(original.start + entry.originalColumn + distance, original.end) };
  }
  /** Whether a function is the source's: a mapping begins where it does, or its name stands where that would be ("export function f"). */
  written(offset: number, name: string): boolean {
    const line = lineAt(this.#generated, offset);
    const column = offset - this.#generated[line].start;
    const entry = this.#map.findEntry(line, column);
    if (entry.generatedLine !== line || entry.generatedColumn === column) {
      return entry.generatedLine === line;
    }
    const place = this.#place(offset);
    return place !== undefined && name !== '' && this.original(place.source).text.slice(place.offset).split('\n', 1)[0].includes(name);
  }
  /** A range within the source of its first character that has one. */
  range({ startOffset, endOffset, count }: Range): { source: string; range: Range } | undefined {
    let first = this.#place(startOffset);
    for (let line = lineAt(this.#generated, startOffset) + 1; first === undefined && line < this.#generated.length; line++) {
      if (this.#generated[line].start >= endOffset) return undefined;
      first = this.#place(this.#generated[line].start);
    }
    if (first === undefined) {
      return undefined;
    }
    let last = this.#place(Math.max(endOffset - 1, startOffset));
    if (last === undefined || last.source !== first.source || last.offset < first.offset) {
      last = first;
    }
    return { source: first.source, range: { startOffset: first.offset, endOffset: last.offset + 1, count } };
  }
}

/**
 * The functions of a script by the sources that they come from. A function whose beginning comes from nowhere belongs to no source.
 * @throws ERR_SOURCE_MAP_CORRUPT, ERR_SOURCE_MAP_MISSING_SOURCE
 */
export function traceFunctions(url: string, map: StoredMap, functions: FunctionCoverage[]): Map<string, { text: string; functions: FunctionCoverage[] }> {
  if (map.data === null || typeof map.data !== 'object' || !Array.isArray(map.data.sources)) {
    throw new codes.ERR_SOURCE_MAP_CORRUPT(url);
  }
  const origin = new Origin(url, map);
  const out = new Map<string, { text: string; functions: FunctionCoverage[] }>();
  for (const source of map.data.sources) {
    if (source !== null) out.set(source, { text: origin.text(source), functions: [] });
  }
  const compiled = isCompiled(url, map);
  for (const { functionName, ranges, isBlockCoverage, isScript } of functions) {
    // What the compiler added, helpers and getters of exports, is not the program's.
    const whole = compiled && isScript !== true && !origin.written(ranges[0].startOffset, functionName) ? undefined : origin.range(ranges[0]);
    if (whole === undefined) {
      continue;
    }
    if (compiled && isScript === true) whole.range.startOffset = 0; // types are the file's too
    const blocks = [whole.range];
    for (const block of ranges.slice(1)) {
      const traced = origin.range(block);
      if (traced?.source === whole.source) blocks.push(traced.range);
    }
    out.get(whole.source)?.functions.push({ functionName, ranges: blocks, isBlockCoverage, isScript });
  }
  return out;
}
