// The source text of a failed assertion: assert(a === b) says which expression was falsy.

import { getCallSites } from 'native:engine';
import { load } from 'internal:load';

interface Site {
  scriptName: string;
  lineNumber: number;
  columnNumber: number;
}

// The nearest frame that isn't a builtin's.
function callerSite(): Site | undefined {
  for (const site of getCallSites(16) as Site[]) {
    const { scriptName } = site;
    if (!scriptName.startsWith('node:') && !scriptName.startsWith('internal:') && !scriptName.startsWith('native:')) {
      return site;
    }
  }
  return undefined;
}

function lineOf(site: Site): { line: string; column: number } | undefined {
  let file = site.scriptName;
  let { lineNumber, columnNumber } = site;
  const original = load('internal:bootstrap/stack').originalPosition(file, lineNumber, columnNumber);
  if (original !== undefined) {
    ({ file, line: lineNumber, column: columnNumber } = original);
  }
  if (file === '' || file.startsWith('[')) {
    return undefined;
  }
  let text: string;
  try {
    if (file.startsWith('file:')) {
      file = load('node:url').default.fileURLToPath(file);
    }
    text = load('node:fs').default.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const line = text.split(/\r\n|[\n\r\u2028\u2029]/, lineNumber)[lineNumber - 1];
  return line === undefined ? undefined : { line, column: columnNumber - 1 };
}

// Where a string, a template or a comment that starts at `at` ends; at itself when none starts there.
function skip(line: string, at: number): number {
  const mark = line[at];
  if (mark === '"' || mark === "'" || mark === '`') {
    let i = at + 1;
    while (i < line.length && line[i] !== mark) {
      i += line[i] === '\\' ? 2 : 1;
    }
    return Math.min(i + 1, line.length);
  }
  if (mark === '/' && line[at + 1] === '*') {
    const end = line.indexOf('*/', at + 2);
    return end === -1 ? line.length : end + 2;
  }
  if (mark === '/' && line[at + 1] === '/') {
    return line.length;
  }
  if (mark === '/' && /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\breturn|\btypeof)\s*$/.test(line.slice(0, at))) {
    // A regular expression stands where a value may begin.
    let i = at + 1;
    let inClass = false;
    while (i < line.length && (inClass || line[i] !== '/')) {
      if (line[i] === '\\') {
        i++;
      } else if (line[i] === '[') {
        inClass = true;
      } else if (line[i] === ']') {
        inClass = false;
      }
      i++;
    }
    return Math.min(i + 1, line.length);
  }
  return at;
}

// The chain of names before the position: "assert['ok'].call" from its "call".
function startOf(line: string, column: number): number {
  let at = column;
  const isName = (char: string | undefined) => char !== undefined && /[\p{ID_Continue}$\u200c\u200d]/u.test(char);
  while (at > 0) {
    if (isName(line[at - 1])) {
      at--;
    } else if (line[at - 1] === '.' && at > 1 && /\S/.test(line[at - 2])) {
      at--;
    } else if (line[at - 1] === '?' && line[at] === '.') {
      at--;
    } else if (line[at - 1] === '[' || line[at - 1] === ']' || ((line[at - 1] === '"' || line[at - 1] === "'") && /[[\]"'\p{ID_Continue}]/u.test(line[at] ?? ''))) {
      at--;
    } else {
      break;
    }
  }
  return line[at] === '.' ? at + 1 : at;
}

// The text of the call that starts at start: to the parenthesis that closes it, or to the end of the line.
function callAt(line: string, start: number): string {
  let depth = 0;
  for (let i = start; i < line.length;) {
    const next = skip(line, i);
    if (next !== i) {
      i = next;
      continue;
    }
    const char = line[i++];
    if (char === '(') {
      depth++;
    } else if (char === ')') {
      depth--;
      if (depth === 0) {
        // a()(b): the call goes on.
        if (line[i] !== '(') {
          return line.slice(start, i);
        }
      } else if (depth < 0) {
        return line.slice(start, i - 1);
      }
    }
  }
  return line.slice(start).trimEnd();
}

// What a terminal would act on is written as an escape.
const escapes = ['\\u0000', '\\u0001', '\\u0002', '\\u0003', '\\u0004', '\\u0005', '\\u0006', '\\u0007', '\\b', '', '', '\\u000b', '\\f', '', '\\u000e',
  '\\u000f', '\\u0010', '\\u0011', '\\u0012', '\\u0013', '\\u0014', '\\u0015', '\\u0016', '\\u0017', '\\u0018', '\\u0019', '\\u001a', '\\u001b', '\\u001c',
  '\\u001d', '\\u001e', '\\u001f'];

/** The caller's expression, such as "assert.ok(a)"; undefined when its source can't be had. */
export function callerExpression(): string | undefined {
  const site = callerSite();
  const place = site === undefined ? undefined : lineOf(site);
  if (place === undefined || place.column < 0 || place.column > place.line.length) {
    return undefined;
  }
  const text = callAt(place.line, startOf(place.line, place.column));
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (char) => escapes[char.charCodeAt(0)]);
}
