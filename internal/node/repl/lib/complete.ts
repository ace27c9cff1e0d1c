// Tab completion of the REPL. https://nodejs.org/docs/latest-v24.x/api/repl.html#input
import { load } from 'internal:load';

const words = [
  'async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'export', 'false', 'finally', 'for',
  'function', 'if', 'import', 'in', 'instanceof', 'let', 'new', 'null', 'return', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void',
  'while', 'with', 'yield',
];

// a.b?.c["d"][e], up to the end of the line.
const bracket = String.raw`(?:\?\.)?\[(?:"[^"\\]*"|'[^'\\]*'|\x60[^\x60\\$]*\x60|\d+|[a-zA-Z_$][\w$]*(?:\.[a-zA-Z_$][\w$]*|\["[^"\\]*"\]|\['[^'\\]*'\])*)\]`;
const member = new RegExp(String.raw`(?<![.\w$\]])[a-zA-Z_$][\w$]*(?:\??\.[a-zA-Z_$][\w$]*|${bracket})*(?:\??\.[\w$]*)?$`);
const step = new RegExp(String.raw`^(?:\??\.([a-zA-Z_$][\w$]*)|(${bracket}))`);
const call = /\bfs(?:\.promises)?\.\s*[a-z][a-zA-Z]+\(\s*["'](.*)$/;
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
      names = Object.getOwnPropertyNames(object).filter((name) => identifier.test(name));
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
  return [server.lexicalNames(), ...own.map((names) => names.filter((name) => !name.startsWith('__')))];
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
        if (!relative) names.push(`${directory}${name}`);
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
  const m = member.exec(line);
  if (line.length === 0 || m !== null) {
    const text = m === null ? '' : m[0];
    const dot = text.lastIndexOf('.');
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
  const first = (/^[a-zA-Z_$][\w$]*/.exec(text) as RegExpExecArray)[0];
  let value: any;
  const holderOfFirst = getDescriptor(server.context, first);
  if (holderOfFirst?.get !== undefined && !server.isLazy(first)) {
    return undefined;
  }
  try {
    value = server.lookUp(first);
  } catch {
    return undefined;
  }
  let rest = text.slice(first.length);
  while (rest !== '') {
    const m = step.exec(rest);
    if (m === null) {
      return undefined;
    }
    rest = rest.slice(m[0].length);
    let key: any = m[1];
    if (key === undefined) {
      const inner = m[2].replace(/^(\?\.)?\[/, '').slice(0, -1);
      if (/^["'\x60]/.test(inner)) {
        key = inner.slice(1, -1);
      } else if (/^\d/.test(inner)) {
        key = inner;
      } else {
        const found = valueOf(server, inner);
        if (found === undefined || (typeof found.value !== 'string' && typeof found.value !== 'number' && typeof found.value !== 'symbol')) {
          return undefined;
        }
        key = found.value;
      }
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
