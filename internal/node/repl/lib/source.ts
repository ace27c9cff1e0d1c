// What the REPL does to its input before V8 sees it: is it complete, does it await, is it an object literal.
// https://nodejs.org/docs/latest-v24.x/api/repl.html#await-keyword
import { load } from 'internal:load';

/** A piece of source as the scanner sees it. */
interface Token {
  kind: 'word' | 'punctuator' | 'literal' | 'open' | 'close';
  text: string;
  start: number;
  end: number;
  depth: number; // of brackets around it
  line: boolean; // a line ends before it
}

const wordStart = /[\p{ID_Start}$_#\\]/u;
const wordRest = /[\p{ID_Continue}$\u200c\u200d]/u;
// After these a slash begins a regular expression.
const beforeExpression = new Set(['return', 'typeof', 'case', 'do', 'else', 'in', 'instanceof', 'new', 'void', 'delete', 'throw', 'await', 'yield', 'of']);

/** Takes source apart. Template literals and regular expressions are literals; comments are left out. @returns undefined when it ends within one */
export function tokens(source: string): Token[] | undefined {
  const out: Token[] = [];
  let i = 0;
  let depth = 0;
  let line = false;
  const templates: number[] = []; // depths at which a ${ was opened
  const push = (kind: Token['kind'], start: number, at = depth): void => {
    out.push({ kind, text: source.slice(start, i), start, end: i, depth: at, line });
    line = false;
  };
  const template = (): boolean => {
    while (i < source.length) {
      const c = source[i++];
      if (c === '\\') i++;
      else if (c === '`') return true;
      else if (c === '$' && source[i] === '{') {
        i++;
        templates.push(depth++);
        return true;
      }
    }
    return false;
  };
  while (i < source.length) {
    const start = i;
    const c = source[i];
    if (c === '\n' || c === '\r' || c === '\u2028' || c === '\u2029') {
      line = true;
      i++;
    } else if (/\s/.test(c) || c === '\ufeff') {
      i++;
    } else if (c === '/' && source[i + 1] === '/') {
      while (i < source.length && source[i] !== '\n') i++;
    } else if (c === '/' && source[i + 1] === '*') {
      const end = source.indexOf('*/', i + 2);
      if (end < 0) return undefined;
      if (source.slice(i, end).includes('\n')) line = true;
      i = end + 2;
    } else if (c === '"' || c === "'") {
      i++;
      while (i < source.length && source[i] !== c && source[i] !== '\n') i += source[i] === '\\' ? 2 : 1;
      if (i >= source.length || source[i] === '\n') return undefined;
      i++;
      push('literal', start);
    } else if (c === '`') {
      i++;
      if (!template()) return undefined;
      push('literal', start);
    } else if (c === '}' && templates.length > 0 && templates[templates.length - 1] === depth - 1) {
      depth = templates.pop() as number;
      i++;
      if (!template()) return undefined;
      push('literal', start);
    } else if (wordStart.test(c) || c > '\uffff') {
      while (i < source.length && (wordRest.test(source[i]) || wordStart.test(source[i]))) i++;
      if (i === start) i++;
      push('word', start);
    } else if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(source[i + 1] ?? ''))) {
      while (i < source.length && /[0-9a-zA-Z_.]/.test(source[i])) i++;
      push('literal', start);
    } else if (c === '(' || c === '[' || c === '{') {
      i++;
      push('open', start, depth++);
    } else if (c === ')' || c === ']' || c === '}') {
      i++;
      push('close', start, --depth);
    } else if (c === '/' && regexpAllowed(out)) {
      i++;
      let inClass = false;
      while (i < source.length && source[i] !== '\n' && (inClass || source[i] !== '/')) {
        if (source[i] === '\\') i++;
        else if (source[i] === '[') inClass = true;
        else if (source[i] === ']') inClass = false;
        i++;
      }
      if (source[i] !== '/') return undefined;
      i++;
      while (i < source.length && wordRest.test(source[i])) i++;
      push('literal', start);
    } else {
      i++;
      if (c === '=' && source[i] === '>') i++;
      push('punctuator', start);
    }
  }
  return templates.length > 0 ? undefined : out;
}

function regexpAllowed(before: Token[]): boolean {
  const last = before.at(-1);
  if (last === undefined || last.kind === 'punctuator' || last.kind === 'open') return true;
  if (last.kind === 'word') return beforeExpression.has(last.text);
  return last.kind === 'close' && last.text === '}';
}

/** Whether source awaits outside of every function. */
export function awaitsAtTop(source: string): boolean {
  if (!source.includes('await')) {
    return false;
  }
  const list = tokens(source);
  if (list === undefined) {
    return false;
  }
  const functionsAt: number[] = []; // depths of the bodies of functions
  for (let n = 0; n < list.length; n++) {
    const token = list[n];
    if (token.text === '{' && isFunctionBody(list, n)) {
      functionsAt.push(token.depth);
    } else if (token.kind === 'close' && functionsAt.at(-1) === token.depth && token.text === '}') {
      functionsAt.pop();
    } else if (token.kind === 'word' && token.text === 'await' && functionsAt.length === 0 && list[n - 1]?.text !== '.' && !isArrowBody(list, n)) {
      return true;
    }
  }
  return false;
}

// "{" opens a function's body: after "=>", or after a parameter list that isn't one of if, for, while, switch, catch, with.
function isFunctionBody(list: Token[], n: number): boolean {
  const before = list[n - 1];
  if (before?.text === '=>') {
    return true;
  }
  if (before?.text === '{' || before === undefined || before.text !== ')') {
    return isClassBody(list, n);
  }
  let open = n - 1;
  while (open >= 0 && !(list[open].kind === 'open' && list[open].depth === before.depth)) open--;
  const word = list[open - 1]?.text;
  if (word === 'await' && list[open - 2]?.text === 'for') {
    return false;
  }
  return !(word !== undefined && ['if', 'for', 'while', 'switch', 'catch', 'with'].includes(word));
}
function isClassBody(list: Token[], n: number): boolean {
  for (let i = n - 1; i >= 0 && list[i].depth >= list[n].depth && list[i].text !== ';'; i--) {
    if (list[i].text === 'class' && list[i].depth === list[n].depth) return true;
    if (list[i].kind === 'close' && list[i].text === '}') return false;
  }
  return false;
}
// Within "x => await y" of an async arrow.
function isArrowBody(list: Token[], n: number): boolean {
  const { depth } = list[n];
  for (let i = n - 1; i >= 0 && list[i].depth >= depth; i--) {
    if (list[i].depth === depth && list[i].text === '=>') return true;
    if (list[i].depth === depth && (list[i].text === ';' || list[i].text === ',' || list[i].text === '=')) return false;
  }
  return false;
}

/** Whether V8 takes text as a script. */
function compiles(text: string): boolean {
  try {
    new (load('node:vm').default.Script)(text, { filename: 'repl-check' });
    return true;
  } catch {
    return false;
  }
}

function namesOf(list: Token[], source: string): string[] {
  // The identifiers that a pattern binds: words that no ":" follows, outside of default values.
  const names: string[] = [];
  let skipping: number | undefined;
  for (let n = 0; n < list.length; n++) {
    const token = list[n];
    if (skipping !== undefined) {
      if ((token.text === ',' && token.depth === skipping) || (token.kind === 'close' && token.depth < skipping)) skipping = undefined;
      continue;
    }
    if (token.text === '=' && token.kind === 'punctuator') {
      skipping = token.depth;
    } else if (token.kind === 'word' && list[n + 1]?.text !== ':') {
      names.push(source.slice(token.start, token.end));
    } else if (token.text === '[' && list[n + 1] !== undefined && isComputedKey(list, n)) {
      const { depth } = token;
      while (n < list.length && !(list[n].kind === 'close' && list[n].depth === depth)) n++;
    }
  }
  return names;
}
function isComputedKey(list: Token[], n: number): boolean {
  let end = n;
  while (end < list.length && !(list[end].kind === 'close' && list[end].depth === list[n].depth)) end++;
  return list[end + 1]?.text === ':';
}

/**
 * Text that runs source, which awaits at its top, as an async function: its declarations become variables of the global scope, the value of its
 * last expression is { value }. @returns undefined when that can't be
 */
export function wrapAwait(source: string): string | undefined {
  const expression = source.replace(/[\s;]+$/, '');
  if (!/^\s*\{/.test(expression) && compiles(`(async () => (${expression}\n))`) && !/^\s*(async\s+function|function|class)\b/.test(expression)) {
    return `(async () => { return { __proto__: null, value: (${expression}\n) } })()`;
  }
  const list = tokens(source);
  if (list === undefined || !compiles(`(async () => { ${source}\n })`)) {
    return undefined;
  }
  // Names that are declared at the top, and vars of blocks.
  const lets: string[] = [];
  const vars: string[] = [];
  const functions: string[] = [];
  const edits: { at: number; end: number; text: string }[] = [];
  let bodyDepth: number | undefined; // within a function
  for (let n = 0; n < list.length; n++) {
    const token = list[n];
    if (bodyDepth !== undefined) {
      if (token.kind === 'close' && token.depth === bodyDepth) bodyDepth = undefined;
      continue;
    }
    if (token.text === '{' && isFunctionBody(list, n)) {
      bodyDepth = token.depth;
      continue;
    }
    const first = n === 0 || list[n - 1].text === ';' || list[n - 1].text === '}' || list[n - 1].text === '{' || token.line || list[n - 1].text === ')';
    const inFor = list[n - 1]?.text === '(' && (list[n - 2]?.text === 'for' || list[n - 2]?.text === 'await');
    if (token.kind === 'word' && (token.text === 'var' || ((token.text === 'let' || token.text === 'const') && token.depth === 0)) && (first || inFor)) {
      // One declarator after another, up to ";" or the line's end.
      let i = n + 1;
      const names: string[] = [];
      for (;;) {
        const begin = i;
        const { depth } = list[n];
        if (list[i]?.kind === 'open') {
          while (i < list.length && !(list[i].kind === 'close' && list[i].depth === list[begin].depth)) i++;
          names.push(...namesOf(list.slice(begin + 1, i), source));
          i++;
        } else if (list[i]?.kind === 'word') {
          names.push(list[i].text);
          i++;
        }
        while (i < list.length && !(list[i].depth === depth && (list[i].text === ',' || list[i].text === ';')) && !(list[i].depth < depth) &&
          !(list[i].line && list[i].depth === depth && list[i].kind === 'word' && list[i - 1].kind !== 'punctuator')) i++;
        if (list[i]?.text !== ',' || list[i].depth !== depth) break;
        i++;
      }
      (token.text === 'var' ? vars : lets).push(...names);
      edits.push({ at: token.start, end: token.end, text: inFor ? '' : token.start > 0 && list[n - 1]?.text !== ';' ? ';0,' : '0,' });
      n = i - 1;
      continue;
    }
    if (token.depth === 0 && first && token.kind === 'word' && (token.text === 'function' || (token.text === 'async' && list[n + 1]?.text === 'function'))) {
      let i = token.text === 'async' ? n + 2 : n + 1;
      if (list[i]?.text === '*') i++;
      const name = list[i]?.text;
      if (list[i]?.kind === 'word') {
        functions.push(name);
        edits.push({ at: 0, end: 0, text: `this.${name} = ${name}; ` });
      }
    } else if (token.depth === 0 && first && token.text === 'class' && list[n + 1]?.kind === 'word' && list[n + 1].text !== 'extends') {
      lets.push(list[n + 1].text);
      edits.push({ at: token.start, end: token.start, text: `${list[n + 1].text} = ` });
    }
  }
  // The value of the last statement, when it is an expression.
  let last = 0;
  for (let n = list.length - 2; n > 0; n--) {
    if (list[n].depth === 0 && (list[n].text === ';' || list[n].text === '}')) {
      last = n + 1;
      break;
    }
  }
  for (let n = list.length - 1; n > last; n--) {
    if (list[n].depth === 0 && list[n].line && list[n].kind !== 'punctuator' && list[n].kind !== 'close' && list[n - 1].kind !== 'punctuator') {
      last = n;
      break;
    }
  }
  const start = list[last];
  if (start !== undefined && start.depth === 0 && !edits.some((edit) => edit.at === start.start && edit.end > edit.at) &&
    !(start.kind === 'word' && ['var', 'let', 'const', 'function', 'class', 'if', 'for', 'while', 'do', 'switch', 'try', 'throw', 'return', 'break', 'continue', 'async', 'with'].includes(start.text)) && start.text !== '{') {
    const tail = source.slice(start.start).replace(/[\s;]+$/, '');
    if (compiles(`(async () => (${tail}\n))`)) {
      edits.push({ at: start.start, end: start.start + tail.length, text: `return { __proto__: null, value: (${tail}\n) }` });
    }
  }
  let body = source;
  for (const { at, end, text } of edits.sort((a, b) => b.at - a.at || b.end - a.end)) {
    body = body.slice(0, at) + text + body.slice(end);
  }
  const head = `${vars.concat(functions).map((name) => `var ${name}; `).join('')}${lets.map((name) => `let ${name}; `).join('')}`;
  const out = `${head}(async () => { ${body}\n })()`;
  return compiles(out) ? out : undefined;
}

/** The names that let, const and class at the top of source declare. */
export function declaredNames(source: string): string[] {
  if (!/\b(let|const|class)\b/.test(source)) {
    return [];
  }
  const list = tokens(source) ?? [];
  const names: string[] = [];
  for (let n = 0; n + 1 < list.length; n++) {
    const token = list[n];
    if (token.depth !== 0 || token.kind !== 'word' || !['let', 'const', 'class'].includes(token.text)) {
      continue;
    }
    const next = list[n + 1];
    if (next.kind === 'word' && next.text !== 'extends') {
      names.push(next.text);
    } else if (next.kind === 'open') {
      let end = n + 1;
      while (end < list.length && !(list[end].kind === 'close' && list[end].depth === next.depth)) end++;
      names.push(...namesOf(list.slice(n + 2, end), source));
    }
  }
  return names;
}

/** Whether more input may make source valid: error is what V8 says of it. */
export function isRecoverable(error: any, source: string): boolean {
  if (error?.name !== 'SyntaxError') {
    return false;
  }
  const { message } = error;
  if (message === 'Unexpected end of input' || message === 'Unterminated template literal' || message === 'Unterminated template (1:1)') {
    return true;
  }
  if (message === 'missing ) after argument list' || message === 'Unexpected token \'}\'' || message === "Missing } in template expression" || message === 'missing ] after element list') {
    // It is when the brackets are open yet at the end.
    return /\n?\s*$/.test(source) && openAtEnd(error, source);
  }
  if (message === 'Invalid or unexpected token' || message.startsWith('Invalid regular expression: missing /')) {
    return unterminated(source);
  }
  return false;
}

// The place of the error is the end of the input.
function openAtEnd(error: any, source: string): boolean {
  const stack = `${error.stack}`.split('\n');
  const caret = stack.find((line) => /^\s*\^+\s*$/.test(line));
  const line = Number(/:(\d+)$/.exec(stack[0])?.[1] ?? 0);
  const lines = source.trimEnd().split('\n');
  return caret !== undefined && (line > lines.length || (line === lines.length && caret.search(/\^/) >= lines[line - 1].trimEnd().length - 0));
}

// Ends within a string whose last line ends with a backslash, a template or a block comment.
function unterminated(source: string): boolean {
  let state = '';
  let last = '';
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (state === "'" || state === '"') {
      if (c === '\\') {
        i++;
        continue;
      }
      if (c === '\n') return false;
      if (c === state) state = '';
    } else if (state === '`') {
      if (c === '\\') i++;
      else if (c === '`') state = '';
    } else if (state === '//') {
      if (c === '\n') state = '';
    } else if (state === '/*') {
      if (c === '*' && source[i + 1] === '/') {
        state = '';
        i++;
      }
    } else if (c === '/' && source[i + 1] === '*') {
      state = '/*';
      i++;
    } else if (c === '/' && source[i + 1] === '/') {
      state = '//';
    } else if (c === '"' || c === "'" || c === '`') {
      state = c;
    }
    if (c.trim() !== '') last = c;
  }
  return (state === '"' || state === "'" ? last === '\\' || source.endsWith('\\\n') : state === '`' || state === '/*');
}
