// The lines of a source file, and which of them comments take out of the count.
// https://nodejs.org/docs/latest-v24.x/api/test.html#collecting-code-coverage
import type { Range } from 'internal:test/coverage/merge';

export interface Line {
  number: number; // from 1
  start: number; // offset of its first character
  end: number; // behind its last, before the line break
  ignored: boolean;
  count: number;
}

const comment = /\/\* node:coverage (?:(enable|disable)|ignore next(?: (\d+))?) \*\//;

/** A source's lines. Those that no range will cover have `count`; empty ones count as run. */
export function linesOf(source: string, count: number): Line[] {
  const lines: Line[] = [];
  let enabled = true;
  let ignore = 0; // that many lines more
  let start = 0;
  for (const text of source.split('\n')) {
    const end = start + (text.endsWith('\r') ? text.length - 1 : text.length);
    const line = { number: lines.length + 1, start, end, ignored: !enabled || ignore > 0, count: /\S/.test(text) ? count : 1 };
    lines.push(line);
    start += text.length + 1;
    const match = text.includes('node:coverage') ? comment.exec(text) : null;
    if (ignore > 0) {
      ignore--;
    } else if (match !== null && match[1] === undefined) {
      ignore = match[2] === undefined ? 1 : Number(match[2]);
    }
    if (match?.[1] !== undefined) {
      enabled = match[1] === 'enable';
    }
  }
  if (source.endsWith('\n') || source === '') {
    lines.pop(); // what follows the last line break is no line
  }
  return lines;
}

/** Index of the line that holds an offset. */
export function lineAt(lines: Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Notes how often a range ran on the lines that lie within it as a whole. */
export function countLines(lines: Line[], range: Range): void {
  for (let i = lineAt(lines, range.startOffset); i < lines.length && lines[i].start < range.endOffset; i++) {
    if (lines[i].start >= range.startOffset && lines[i].end <= range.endOffset) lines[i].count = range.count;
  }
}

/** Notes the lines on which a range has something as run, if nothing else says so. */
export function touchLines(lines: Line[], range: Range): void {
  for (let i = lineAt(lines, range.startOffset); i < lines.length && lines[i].start < range.endOffset; i++) {
    if (lines[i].count === 0) lines[i].count = range.count;
  }
}

/** Whether comments take out all lines on which a range has something. */
export function isIgnored(lines: Line[], range: Range): boolean {
  let some = false;
  for (let i = lineAt(lines, range.startOffset); i < lines.length && lines[i].start < range.endOffset; i++) {
    const { start, end, ignored } = lines[i];
    if (end > range.startOffset || start >= range.startOffset) {
      if (!ignored) return false;
      some = true;
    }
  }
  return some;
}
