// internal:path/glob: shell patterns as path.matchesGlob and fs.glob understand them:
// `*`, `?`, `[a-z]`, `[!a]`, `[[:alpha:]]`, `{a,b}`, `{1..3}`, `+(a|b)` and its kin, and `**` as a whole segment.

const classes: Record<string, string> = {
  alnum: '\\p{L}\\p{Nl}\\p{Nd}', alpha: '\\p{L}\\p{Nl}', ascii: '\\x00-\\x7f', blank: '\\p{Zs}\\t', cntrl: '\\p{Cc}', digit: '\\p{Nd}',
  lower: '\\p{Ll}', print: '\\P{C}', punct: '\\p{P}', space: '\\p{Z}\\t\\r\\n\\v\\f', upper: '\\p{Lu}',
  word: '\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}', xdigit: 'A-Fa-f0-9',
};

const GLOBSTAR = Symbol('**');

/** One segment of a compiled pattern: literal text, an expression over one segment, or `**`. */
export type Segment = string | RegExp | typeof GLOBSTAR;

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|\/]/g, '\\$&');
}

/** Expands `{a,b}` and `{1..3}`; a pattern without them gives itself. */
export function expandBraces(pattern: string, limit = 10_000): string[] {
  const open = findBrace(pattern);
  if (open === undefined) return [pattern];
  const [start, end, commas] = open;
  const before = pattern.slice(0, start);
  const after = expandBraces(pattern.slice(end + 1), limit);
  const inner = pattern.slice(start + 1, end);
  let choices: string[];
  if (commas.length > 0) {
    choices = [];
    let from = start + 1;
    for (const comma of [...commas, end]) {
      choices.push(...expandBraces(pattern.slice(from, comma), limit));
      from = comma + 1;
    }
  } else {
    choices = sequence(inner)!;
  }
  const out: string[] = [];
  for (const choice of choices) {
    for (const rest of after) {
      if (out.length >= limit) return out;
      out.push(before + choice + rest);
    }
  }
  return out;
}

function findBrace(pattern: string): [number, number, number[]] | undefined {
  for (let start = 0; start < pattern.length; start++) {
    const char = pattern[start];
    if (char === '\\') {
      start++;
      continue;
    }
    if (char !== '{' || pattern[start - 1] === '$') continue;
    let depth = 0;
    const commas: number[] = [];
    for (let i = start; i < pattern.length; i++) {
      const c = pattern[i];
      if (c === '\\') i++;
      else if (c === '{') depth++;
      else if (c === ',' && depth === 1) commas.push(i);
      else if (c === '}' && --depth === 0) {
        if (commas.length > 0 || sequence(pattern.slice(start + 1, i)) !== undefined) return [start, i, commas];
        break;
      }
    }
  }
  return undefined;
}

function sequence(text: string): string[] | undefined {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const numeric = /\d/.test(match[1]);
  if (numeric !== /\d/.test(match[2])) return undefined;
  const from = numeric ? Number(match[1]) : match[1].charCodeAt(0);
  const to = numeric ? Number(match[2]) : match[2].charCodeAt(0);
  const step = Math.max(Math.abs(Number(match[3] ?? 1)), 1) * (from <= to ? 1 : -1);
  const width = numeric && /^-?0\d|^-?0\d/.test(match[1] + ' ' + match[2]) ? Math.max(match[1].length, match[2].length) : 0;
  const out: string[] = [];
  for (let n = from; step > 0 ? n <= to : n >= to; n += step) {
    if (out.length >= 10_000) break;
    out.push(numeric ? (n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0')) : String.fromCharCode(n));
  }
  return out;
}

// A bracket expression that starts at `start`: its expression and the index after it, or undefined when '[' is literal.
function bracket(pattern: string, start: number): [string, number] | undefined {
  let i = start + 1;
  let negated = false;
  if (pattern[i] === '!' || pattern[i] === '^') {
    negated = true;
    i++;
  }
  let body = '';
  for (let first = true; i < pattern.length; first = false) {
    const c = pattern[i];
    if (c === ']' && !first) return body === '' ? ['(?!)', i + 1] : [`[${negated ? '^' : ''}${body}]`, i + 1];
    const named = c === '[' ? /^\[:([a-z]+):\]/.exec(pattern.slice(i)) : null;
    if (named !== null && classes[named[1]] !== undefined) {
      body += classes[named[1]];
      i += named[0].length;
      continue;
    }
    let low = c;
    if (c === '\\' && i + 1 < pattern.length) low = pattern[++i];
    i++;
    if (pattern[i] === '-' && i + 1 < pattern.length && pattern[i + 1] !== ']') {
      let high = pattern[i + 1];
      i += 2;
      if (high === '\\' && i < pattern.length) high = pattern[i++];
      // A range that runs backwards matches nothing.
      if (high >= low) body += `${classEscape(low)}-${classEscape(high)}`;
    } else {
      body += classEscape(low);
    }
  }
  return undefined;
}

function classEscape(char: string): string {
  return /[\\\]\[^-]/.test(char) ? `\\${char}` : char;
}

function closingParenthesis(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '(') depth++;
    else if (pattern[i] === ')' && --depth === 0) return i;
  }
  return -1;
}

function alternatives(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === '|' && depth === 0) {
      out.push(text.slice(from, i));
      from = i + 1;
    }
  }
  out.push(text.slice(from));
  return out;
}

function translate(pattern: string, tail: string): string {
  let out = '';
  for (let i = 0; i < pattern.length;) {
    const c = pattern[i];
    if ('?*+@!'.includes(c) && pattern[i + 1] === '(') {
      const close = closingParenthesis(pattern, i + 1);
      if (close !== -1) {
        const choices = alternatives(pattern.slice(i + 2, close)).map((choice) => translate(choice, ''));
        const group = `(?:${choices.join('|')})`;
        if (c === '!') {
          // Anything that isn't one of the choices followed by the rest of the segment.
          const rest = translate(pattern.slice(close + 1), tail);
          return `${out}(?!${group}${rest}$)[^/]*?${rest}`;
        }
        out += group + (c === '@' ? '' : c);
        i = close + 1;
        continue;
      }
    }
    if (c === '*') {
      while (pattern[i + 1] === '*') i++;
      out += '[^/]*?';
      i++;
    } else if (c === '?') {
      out += '[^/]';
      i++;
    } else if (c === '[') {
      const parsed = bracket(pattern, i);
      if (parsed === undefined) {
        out += '\\[';
        i++;
      } else {
        out += parsed[0];
        i = parsed[1];
      }
    } else if (c === '\\' && i + 1 < pattern.length) {
      out += escape(pattern[i + 1]);
      i += 2;
    } else {
      const point = String.fromCodePoint(pattern.codePointAt(i)!);
      out += escape(point);
      i += point.length;
    }
  }
  return out;
}

function compileSegment(text: string, caseInsensitive: boolean): Segment {
  if (text === '**') return GLOBSTAR;
  if (!/[*?[\\]|[+@!]\(/.test(text)) return caseInsensitive ? new RegExp(`^${escape(text)}$`, 'iu') : text;
  // A dot at the start must be asked for, and '.' and '..' are never matched by a wildcard.
  const guard = text.startsWith('.') ? '(?!\\.{1,2}$)' : /^[*?[!+@]/.test(text) ? '(?!\\.)' : '';
  const needsOne = /^\*+$/.test(text) ? '(?=.)' : '';
  try {
    return new RegExp(`^${guard}${needsOne}${translate(text, '')}$`, caseInsensitive ? 'siu' : 'su');
  } catch {
    return text;
  }
}

/** Compiles a pattern into alternatives, each a list of segments. */
export function compile(pattern: string, windows: boolean, caseInsensitive = windows): Segment[][] {
  if (windows) pattern = pattern.replaceAll('\\', '/');
  return expandBraces(pattern).map((one) =>
    simplify(splitSegments(one).map((text) => compileSegment(text, caseInsensitive))));
}

// Slashes inside of a bracket or a group don't end a segment only when they are escaped there: shells split first, so do we.
function splitSegments(pattern: string): string[] {
  const parts = pattern.split('/');
  // 'a/../b' and 'a/./b' say 'b' and 'a/b'.
  const out: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (part === '.' && index > 0) continue;
    const last = out.at(-1);
    if (part === '..' && last !== undefined && last !== '' && last !== '.' && last !== '..' && last !== '**') {
      out.pop();
      continue;
    }
    if (part === '' && index > 0 && index < parts.length - 1) continue;
    out.push(part.endsWith('\\') && index < parts.length - 1 ? part.slice(0, -1) : part);
  }
  return out;
}

function simplify(segments: Segment[]): Segment[] {
  return segments.filter((segment, i) => !(segment === GLOBSTAR && segments[i + 1] === GLOBSTAR));
}

/** Whether one name matches one segment. */
export function matchesSegment(segment: Segment, name: string): boolean {
  if (typeof segment === 'string') return segment === name;
  if (segment instanceof RegExp) return segment.test(name);
  return name !== '.' && name !== '..' && !name.startsWith('.');
}

export function isGlobstar(segment: Segment): boolean {
  return segment === GLOBSTAR;
}

function matchesFrom(names: string[], n: number, segments: Segment[], s: number): boolean {
  for (; s < segments.length; s++, n++) {
    const segment = segments[s];
    if (segment === GLOBSTAR) {
      if (s === segments.length - 1) {
        if (n === names.length) return false; // 'a/**' is what is in 'a', not 'a'
        for (; n < names.length; n++) {
          if (names[n].startsWith('.')) return false;
        }
        return true;
      }
      for (let skip = n; skip <= names.length; skip++) {
        if (matchesFrom(names, skip, segments, s + 1)) return true;
        if (skip === names.length || names[skip].startsWith('.')) return false;
      }
      return false;
    }
    if (n >= names.length || !matchesSegment(segment, names[n])) return false;
  }
  return n === names.length || (n === names.length - 1 && names[n] === '' && n > 0);
}

/** Whether the whole path matches the pattern. */
export function matches(path: string, pattern: string, windows: boolean): boolean {
  if (pattern === '') return path === '';
  if (windows) path = path.replaceAll('\\', '/');
  const names = path.split('/').filter((name, i, all) => name !== '' || i === 0 || i === all.length - 1);
  return compile(pattern, windows).some((segments) => matchesFrom(names, 0, segments, 0));
}
