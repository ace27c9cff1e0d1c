// Tab completion of the REPL. https://nodejs.org/docs/latest-v24.x/api/repl.html#input
import { load } from 'internal:load';

const words = [
  'async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'export', 'false', 'finally', 'for',
  'function', 'if', 'import', 'in', 'instanceof', 'let', 'new', 'null', 'return', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void',
  'while', 'with', 'yield',
];

const word = /[\w$]/;

/** Where the chain of names and keys begins that ends a line: a.b?.c["d"][e + f].g; undefined when the line ends in none. */
function chainStart(line: string): number | undefined {
  let i = line.length;
  const name = () => {
    const end = i;
    while (i > 0 && word.test(line[i - 1])) i--;
    return i < end;
  };
  name();
  if (i > 0 && line[i - 1] !== '.' && i < line.length) {
    return /[\d\])"'`]/.test(line[i]) || line[i - 1] === ']' ? undefined : i;
  }
  while (i > 0 && line[i - 1] === '.') {
    i -= line[i - 2] === '?' ? 2 : 1;
    while (i > 0 && line[i - 1] === ']') {
      const open = bracketStart(line, i - 1);
      if (open === undefined) return undefined;
      if (!/[\w$\])"'`.]/.test(line[open - 1] ?? '')) return open; // an array
      i = open;
      if (line.slice(0, i).endsWith('?.')) i -= 2;
    }
    if (!name()) return literalStart(line, i - 1);
  }
  return i === line.length || /\d/.test(line[i]) || (i > 0 && /[\])]/.test(line[i - 1])) ? undefined : i;
}

// Where the string, template, object or expression in parentheses begins that ends at end.
function literalStart(line: string, end: number): number | undefined {
  const last = line[end];
  if (last === '"' || last === "'" || last === '`') {
    const start = line.lastIndexOf(last, end - 1);
    return start < 0 || /[\w$\])]/.test(line[start - 1] ?? '') ? undefined : start;
  }
  if (last !== ')' && last !== '}') {
    return undefined;
  }
  const start = bracketStart(line, end);
  return start === undefined || /[\w$\])"'`]/.test(line[start - 1] ?? '') ? undefined : start;
}

// The opening bracket of the closing one at end, past strings and other brackets.
function bracketStart(line: string, end: number): number | undefined {
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    const char = line[i];
    if (char === '"' || char === "'" || char === '`') {
      i = line.lastIndexOf(char, i - 1);
      if (i < 0) return undefined;
    } else if (char === ']' || char === ')' || char === '}') {
      depth++;
    } else if (char === '[' || char === '(' || char === '{') {
      if (--depth === 0) return (line[end] === ']') === (char === '[') ? i : undefined;
    }
  }
  return undefined;
}
const call = /\bfs(?:\.promises)?\.\s*[a-z][a-zA-Z]+\(\s*["'](.*)$/;
const accessor = /^__(?:define|lookup)(?:Getter|Setter)__$/;
const identifier = /^[a-zA-Z_$][\w$]*$/;

function propertyNames(value: any): string[][] {
  const groups: string[][] = [];
  let object = value;
  if (object === null || object === undefined) {
    return groups;
  }
  if (typeof object !== 'object' && typeof object !== 'function') {
    object = Object(object);
    object = Object.getPrototypeOf(object);
  }
  for (let depth = 0; object !== null && depth < 10; depth++) {
    let names: string[];
    try {
      names = Object.getOwnPropertyNames(object).filter((name) => identifier.test(name) && !accessor.test(name));
    } catch {
      break;
    }
    groups.push(names);
    object = Object.getPrototypeOf(object);
  }
  return groups;
}

function globalNames(server: any): string[][] {
  const own = propertyNames(server.lookUp('globalThis'));
  return [...own.map((names) => names.filter((name) => !name.startsWith('__'))).reverse(), server.lexicalNames()];
}

function filtered(groups: string[][], filter: string): string[][] {
  const out: string[][] = [];
  const lower = filter.toLowerCase();
  for (const group of groups) {
    const names = group.filter((name) => name.startsWith(filter) || (filter !== '' && name.toLowerCase().startsWith(lower)));
    if (names.length > 0) out.push(names);
  }
  return out;
}

// Groups become one list with '' between them; a name is shown once, where it is nearest.
function flatten(groups: string[][], prefix = ''): string[] {
  const seen = new Set<string>();
  const out: string[] = [];
  for (const group of groups) {
    const names = group.map((name) => prefix + name).filter((name) => !seen.has(name)).sort();
    if (names.length === 0) continue;
    for (const name of names) seen.add(name);
    if (out.length > 0) out.unshift('');
    out.unshift(...names);
  }
  return out;
}

// repl.builtinModules: programs may add to it.
function moduleNames(): string[] {
  return load('internal:repl').publicModules();
}

// require('...: builtins, packages of node_modules, files.
function completeModule(server: any, given: string, schemes: boolean): [string[], string] {
  const fs = load('node:fs').default;
  const path = load('node:path').default;
  const names: string[] = [];
  const relative = /^\.\.?(\/|$)/.test(given);
  const roots: string[] = relative ? [load('internal:process').process.cwd()] : path.isAbsolute(given) ? [''] : server.context.module?.paths ?? [];
  if (/^\.\.?$/.test(given)) {
    names.push(given === '.' ? './' : '../', ...(given === '.' ? ['../'] : []));
  }
  const cut = given.lastIndexOf('/') + 1;
  const directory = given.slice(0, cut);
  const extensions = Object.keys(load('internal:module/cjs').Module._extensions);
  for (const root of roots) {
    let entries: any[];
    try {
      entries = fs.readdirSync(path.resolve(root || '/', directory), { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      const { name } = entry;
      const extension = path.extname(name);
      const base = name.slice(0, name.length - extension.length);
      if (/-\d+\.\d+(\.\d+)?$/.test(base) || name === '.npm') continue;
      if (entry.isDirectory() || entry.isSymbolicLink()) {
        names.push(`${directory}${name}/`);
        if (!relative || hasIndex(path.resolve(root || '/', directory, name), extensions)) names.push(`${directory}${name}`);
      } else if (extensions.includes(extension) && (!given || base !== 'index')) {
        names.push(directory + (schemes ? name : base));
      }
    }
  }
  const groups: string[][] = [];
  const found = [...new Set(names)].filter((name) => name.startsWith(given));
  if (found.length > 0) groups.push(found);
  const builtinNames = moduleNames();
  const builtins = builtinNames.filter((name) => name.startsWith(given) && !name.startsWith('node:'));
  const prefixed = builtinNames.filter((name) => load('internal:module').isBuiltin(name)).map((name) => (name.startsWith('node:') ? name : `node:${name}`))
    .filter((name) => name.startsWith(given));
  if (builtins.length > 0 && !relative) groups.push(builtins);
  if (prefixed.length > 0) groups.push(prefixed);
  return [flatten(groups), given];
}

function hasIndex(folder: string, extensions: string[]): boolean {
  try {
    return load('node:fs').default.readdirSync(folder).some((name: string) => name.startsWith('index.') && extensions.includes(name.slice('index'.length)));
  } catch {
    return false;
  }
}

/** completer(line): [completions, what they complete] */
export function complete(server: any, line: string): [string[], string | undefined] {
  line = line.trimStart();
  const command = /^\s*\.(\w*)$/.exec(line);
  if (command !== null) {
    const names = Object.keys(server.commands).filter((name) => name.startsWith(command[1])).sort();
    return [names, command[1]];
  }
  const required = /\brequire\s*\(\s*['"`](([\w@./:-]+\/)?(?:[\w@./:-]*))(?![^'"`])$/.exec(line);
  if (required !== null) {
    return completeModule(server, required[1], false);
  }
  const imported = /\bimport\s*\(\s*['"`](([\w@./:-]+\/)?(?:[\w@./:-]*))(?![^'"`])$/.exec(line);
  if (imported !== null) {
    return completeModule(server, imported[1], true);
  }
  const file = call.exec(line);
  if (file !== null) {
    return completeFile(file[1]);
  }
  if (line.length > 0 && !/\w|\.|\$/.test(line[line.length - 1])) {
    return [[], undefined];
  }
  if (/\b(?:let|const|var|class|function)\s+[\w$]*$/.test(line)) {
    return [[], /[\w$]*$/.exec(line)![0]]; // the name is a new one
  }
  const start = line.length === 0 ? 0 : chainStart(line);
  if (start !== undefined) {
    const text = line.slice(start);
    const dot = /\.[\w$]*$/.exec(text)?.index ?? -1;
    if (dot < 0) {
      const groups = globalNames(server);
      groups.push(words);
      return [flatten(filtered(groups, text)), text];
    }
    const optional = text[dot - 1] === '?';
    const object = text.slice(0, optional ? dot - 1 : dot);
    const filter = text.slice(dot + 1);
    const value = valueOf(server, object);
    if (value === undefined) {
      return [[], text];
    }
    return [flatten(filtered(propertyNames(value.value), filter), `${object}${optional ? '?.' : '.'}`), text];
  }
  return [[], undefined];
}

// A path in a call of fs.
function completeFile(given: string): [string[], string] {
  const path = load('node:path').default;
  let directory = given;
  let names: any[];
  const { readdirSync } = load('node:fs').default;
  try {
    names = readdirSync(directory, { withFileTypes: true });
  } catch {
    directory = path.dirname(given);
    try {
      names = readdirSync(directory, { withFileTypes: true });
    } catch {
      return [[], given];
    }
  }
  const last = directory === given ? '' : path.basename(given);
  return [names.filter((entry) => entry.name.startsWith(last)).map((entry) => entry.name).sort(), last];
}

// The value of a.b["c"][d], without calling a getter or a proxy's trap.
function valueOf(server: any, text: string): { value: any } | undefined {
  const first = /^[a-zA-Z_$][\w$]*/.exec(text)?.[0] ?? literal(text);
  if (first === undefined) {
    return undefined;
  }
  let value: any;
  if (/^[a-zA-Z_$]/.test(first)) {
    const holderOfFirst = getDescriptor(server.context, first);
    if (holderOfFirst?.get !== undefined && !server.isLazy(first)) {
      return undefined;
    }
    try {
      value = server.lookUp(first);
    } catch {
      return undefined;
    }
  } else {
    const outcome = server.evaluator().run(`(${first})`);
    if (outcome === undefined || outcome.exception !== undefined) return undefined;
    ({ value } = outcome);
  }
  let rest = text.slice(first.length);
  while (rest !== '') {
    let key: any;
    const dotted = /^\??\.([a-zA-Z_$][\w$]*)/.exec(rest);
    if (dotted !== null) {
      [, key] = dotted;
      rest = rest.slice(dotted[0].length);
    } else {
      const open = rest.startsWith('?.[') ? 2 : 0;
      const end = rest[open] === '[' ? bracketEnd(rest, open) : undefined;
      if (end === undefined) {
        return undefined;
      }
      const inner = rest.slice(open + 1, end).trim();
      rest = rest.slice(end + 1);
      const found = keyOf(server, inner);
      if (found === undefined || !['string', 'number', 'symbol'].includes(typeof found.value)) {
        return undefined;
      }
      key = found.value;
    }
    if (value === null || value === undefined) {
      return undefined;
    }
    const descriptor = getDescriptor(Object(value), key);
    if (descriptor === undefined || descriptor.get !== undefined) {
      return undefined;
    }
    ({ value } = descriptor);
  }
  if (value === undefined || value === null || load('internal:util/types').isProxy(value)) {
    return undefined;
  }
  return { value };
}
// The literal that text begins with.
function literal(text: string): string | undefined {
  const end = /^["'`]/.test(text) ? text.indexOf(text[0], 1) : bracketEnd(text, 0);
  return end === undefined || end < 0 ? undefined : text.slice(0, end + 1);
}

// The closing bracket of the opening one at start.
function bracketEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'" || char === '`') {
      i = text.indexOf(char, i + 1);
      if (i < 0) return undefined;
    } else if (char === '[' || char === '(' || char === '{') {
      depth++;
    } else if ((char === ']' || char === ')' || char === '}') && --depth === 0) {
      return i;
    }
  }
  return undefined;
}

// The value of a key in brackets: a literal, a chain of its own, or what can be told without an effect.
function keyOf(server: any, text: string): { value: any } | undefined {
  if (/^(["'])[^"'\\]*\1$/.test(text) || /^`[^`\\$]*`$/.test(text)) {
    return { value: text.slice(1, -1) };
  }
  if (/^\d+$/.test(text)) {
    return { value: text };
  }
  if (/^[a-zA-Z_$]/.test(text) && chainStart(`${text}.`) === 0) {
    return valueOf(server, text);
  }
  const outcome = server.evaluator().run(`(${text})`);
  return outcome === undefined || outcome.exception !== undefined ? undefined : outcome;
}
function getDescriptor(object: any, key: any): PropertyDescriptor | undefined {
  for (let holder = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (load('internal:util/types').isProxy(holder)) {
      return undefined;
    }
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) {
      return descriptor;
    }
  }
  return undefined;
}
