// module.registerHooks: synchronous hooks of import and require.
// https://nodejs.org/docs/latest-v24.x/api/module.html#synchronous-hooks-accepted-by-moduleregisterhooks
//
// The hook registered last runs first; each calls the one before it through next, and the first one calls the loader itself.
import { fileURLToPath, pathToFileURL, resolve as resolveImport } from 'native:module/esm';
import { config } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import {
  Module, builtinExports, canBeRequiredWithoutScheme, dirname, fileURL, importHooksActive, loadResolved, setLoaderHooks,
} from 'internal:module/cjs';
import { validateFunction, validateObject } from 'internal:validators';

const M: any = Module;

interface Hooks {
  resolve?: Function;
  load?: Function;
}
const registered: Hooks[] = [];

/**
 * module.registerHooks({resolve, load})
 * @returns an object whose deregister() takes the hooks away again
 * @throws ERR_INVALID_ARG_TYPE
 */
export function registerHooks(hooks: any): any {
  validateObject(hooks, 'hooks');
  const { resolve, load: loadHook } = hooks;
  if (resolve !== undefined) {
    validateFunction(resolve, 'hooks.resolve');
  }
  if (loadHook !== undefined) {
    validateFunction(loadHook, 'hooks.load');
  }
  const entry: Hooks = { resolve, load: loadHook };
  registered.push(entry);
  setLoaderHooks(registered);
  return new ModuleHooks(entry);
}

class ModuleHooks {
  #entry: Hooks;
  constructor(entry: Hooks) {
    this.#entry = entry;
  }
  get resolve(): Function | undefined {
    return this.#entry.resolve;
  }
  get load(): Function | undefined {
    return this.#entry.load;
  }
  deregister(): void {
    const i = registered.indexOf(this.#entry);
    if (i !== -1) {
      registered.splice(i, 1);
    }
    if (registered.length === 0) {
      setLoaderHooks(undefined);
    }
  }
}

const hookName = { resolve: 'resolve', load: 'load' } as const;

// Runs a chain of hooks: list[i] is called with next, which runs list[i - 1], down to last.
function chain(kind: 'resolve' | 'load', input: any, context: any, last: (input: any, context: any) => any, check: (result: any) => void): any {
  const list = registered.filter((entry) => entry[kind] !== undefined).map((entry) => entry[kind] as Function);
  const run = (i: number, value: any, current: any): any => {
    if (i < 0) {
      return last(value, current);
    }
    let called = false;
    const next = (nextValue: any = value, nextContext?: any) => {
      called = true;
      return run(i - 1, nextValue, nextContext === undefined ? current : { ...current, ...nextContext });
    };
    const result = list[i](value, current, next);
    if (typeof result !== 'object' || result === null) {
      throw new codes.ERR_INVALID_RETURN_VALUE('an object', `${hookName[kind]} hook's next${kind === 'resolve' ? 'Resolve' : 'Load'}()`, result);
    }
    if (!called && !result.shortCircuit) {
      throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('true', kind, 'shortCircuit', result.shortCircuit);
    }
    check(result);
    return result;
  };
  return run(list.length - 1, input, context);
}

function checkResolved(result: any): void {
  const { url } = result;
  if (typeof url !== 'string') {
    throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', 'resolve', 'url', url);
  }
}
function checkLoaded(): void {}

function flat(attributes: any): string[] {
  const out: string[] = [];
  for (const key of Object.keys(attributes ?? {})) {
    out.push(key, attributes[key]);
  }
  return out;
}

/** The resolver's own answer for an import; throws what import would throw. */
export function resolveFrom(specifier: string, parentURL: string, attributes?: any, conditions?: string[]): { url: string; format: string; path: string } {
  const [url, format, path, builtin] = resolveImport(specifier, parentURL, flat(attributes), conditions);
  return { url: builtin !== '' ? `node:${builtin}` : url, format: builtin !== '' ? 'builtin' : format, path };
}

function checkConditions(conditions: any): void {
  if (conditions !== undefined && !Array.isArray(conditions)) {
    throw new codes.ERR_INVALID_ARG_VALUE('context.conditions', conditions, 'expected an array');
  }
}

/** The last step of a chain of resolve hooks. What only a load hook could load has a URL all the same. */
export function defaultResolve(specifier: string, parentURL: string, context: any): { url: string; format: string | undefined } {
  checkConditions(context.conditions);
  try {
    const { url, format } = resolveFrom(specifier, parentURL, context.importAttributes, context.conditions);
    return { url, format: format || undefined };
  } catch (err: any) {
    if (err?.code !== 'ERR_UNSUPPORTED_ESM_URL_SCHEME' && err?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw err;
    return { url: new (load('internal:url').URL)(specifier, parentURL || undefined).href, format: undefined };
  }
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : '';
}

// What the loader reads when no hook takes the source's place. The same object comes back when hooks only look.
export function defaultLoad(url: string, context: any, asText = false): any {
  let { format } = context;
  if (url.startsWith('node:')) {
    return { format: 'builtin', source: null };
  }
  if (!url.startsWith('file:')) {
    if (url.startsWith('data:')) {
      return { format: format ?? 'module', source: undefined, [kUntouched]: true };
    }
    throw new codes.ERR_UNSUPPORTED_ESM_URL_SCHEME(new (load('internal:url').URL)(url), ['file', 'data', 'node']);
  }
  const path = fileURLToPath(url);
  if (!format) {
    format = resolveFrom(url, '', context.importAttributes).format || undefined;
  }
  // require() gives its hooks text, import bytes.
  const source = format === 'addon' ? null : load('node:fs').default.readFileSync(path, asText ? 'utf8' : undefined);
  const result = { format, source };
  untouched.set(result, source);
  return result;
}
const kUntouched = Symbol('untouched');
const untouched = new WeakMap<object, any>();

/** The conditions of an import, those of --conditions among them. */
export function conditionsOfImport(): string[] {
  const { conditions, options } = config();
  return ['node', 'import', 'module-sync', ...(options['no-addons'] === undefined ? ['node-addons'] : []), ...conditions];
}
const conditionsOfRequire = ['require', 'node', 'node-addons', 'module-sync'];

// The loaded source of a URL: undefined when it is the file's own text, which the loader then reads by itself, through its caches.
function loadThrough(url: string, format: string, conditions: string[], importAttributes: any, isImport = false): { format: string; source: any } {
  let own: any;
  let moved = false; // the default step was asked for another URL
  const result = chain('load', url, { format: format || undefined, conditions, importAttributes: importAttributes ?? {} }, (value, context) => {
    own = isImport && importHooksActive() ? loadBehind(value, context) : defaultLoad(value, context, !isImport);
    moved = value !== url;
    return own;
  }, checkLoaded);
  if (own === undefined) {
    checkGiven(result, isImport);
  }
  const source = own !== undefined && !moved && (result.source === untouched.get(own) || result.source === undefined || own[kUntouched]) && result.format === own.format
    ? undefined : result.source;
  // Text without a format is looked at.
  return { format: source === undefined || source === null || url.startsWith('node:') ? result.format ?? format : result.format, source };
}

// A hook that doesn't go on gives the source itself, but for what has none.
function checkGiven({ source, format }: any, isImport: boolean): void {
  if (source === undefined || source === null) {
    if (format === 'builtin' || format === 'addon' || (isImport && format === 'commonjs')) return;
  } else if (typeof source === 'string' || ArrayBuffer.isView(source) || load('internal:util/types').isAnyArrayBuffer(source)) {
    return;
  }
  throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('string, an instance of ArrayBuffer, or an instance of TypedArray', 'load', 'source', source);
}

// What the hooks of module.register say. Text that none of them touched is read here, and only when a synchronous hook may look at it.
function loadBehind(url: string, context: any): any {
  const { loadOffThread } = load('internal:module/esm/offthread');
  const { format, source, untouched: isOwn } = loadOffThread(url, context.format, context.importAttributes);
  if (!isOwn) {
    return { format, source };
  }
  return registered.some((entry) => entry.load !== undefined) ? defaultLoad(url, { ...context, format }) : { format, source: undefined, [kUntouched]: true };
}

function textOf(source: any, url: string): string {
  if (typeof source === 'string') {
    return source;
  }
  if (ArrayBuffer.isView(source)) {
    return load('internal:buffer').Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString();
  }
  if (load('internal:util/types').isAnyArrayBuffer(source)) {
    return load('internal:buffer').Buffer.from(source).toString();
  }
  throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('string, an instance of ArrayBuffer, or an instance of TypedArray', 'load', 'source', source, url);
}

function withoutTypes(format: string, source: string, url: string): [format: string, source: string] {
  if (!format?.endsWith('-typescript')) {
    return [format, source];
  }
  return [format.slice(0, -'-typescript'.length), load('internal:module').compileTypeScript(source, url)];
}

/** The record of an import, through the hooks. create makes it from what they answer. parentURL: undefined for the entry point. */
export function recordThroughHooks(specifier: string, parentURL: string | undefined, attributes: any, create: Function): any {
  const context = { conditions: conditionsOfImport(), importAttributes: attributes ?? {}, parentURL };
  const resolved = chain('resolve', specifier, context, (value, current) => {
    if (importHooksActive()) {
      return load('internal:module/esm/offthread').resolveOffThread(value, current.parentURL ?? parentURL, current.importAttributes, current.conditions);
    }
    return defaultResolve(value, current.parentURL ?? parentURL ?? '', current);
  }, checkResolved);
  const url: string = resolved.url;
  const importAttributes = resolved.importAttributes ?? attributes;
  const isBuiltin = url.startsWith('node:');
  const key = importAttributes?.type === 'json' ? `${url}\0json` : url;
  if (load('internal:module/esm').hasRecord(key)) {
    return create(url, pathOf(url), resolved.format ?? 'builtin', importAttributes);
  }
  const loaded = loadThrough(url, isBuiltin ? 'builtin' : resolved.format ?? '', conditionsOfImport(), importAttributes, true);
  if (isBuiltin && loaded.format === 'builtin') {
    return create(url, url, resolved.format ?? 'builtin', importAttributes);
  }
  return chainedSource(url, { format: loaded.format ?? resolved.format, source: loaded.source }, importAttributes, create);
}

/** The record of what hooks answered to a load: with their source, or with the file's own when there is none. */
export function chainedSource(url: string, loaded: { format?: string; source: any }, importAttributes: any, create: Function): any {
  const path = pathOf(url);
  if (loaded.source === undefined || loaded.source === null) {
    return create(url, path, loaded.format ?? '', importAttributes);
  }
  if (loaded.format === 'wasm') {
    return create(url, path, 'wasm', importAttributes, loaded.source);
  }
  let format = loaded.format ?? '';
  let text = textOf(loaded.source, url);
  [format, text] = withoutTypes(format, text, url);
  if (!format) {
    format = load('internal:module/esm').isModuleSyntax(text) ? 'module' : 'commonjs';
  }
  return create(url, path, format, importAttributes, text);
}

/** require() through the hooks: what Module._load gives. */
export function requireThroughHooks(request: string, parent: any, isMain: boolean, _Module: any): any {
  const parentFile = parent?.filename;
  const parentURL = typeof parentFile === 'string' && parentFile.startsWith('/') ? fileURL(parentFile) : undefined;
  let ownFilename: string | undefined;
  let ownURL: string | undefined;
  const resolved = chain('resolve', request, { conditions: conditionsOfRequire, importAttributes: {}, parentURL }, (value, { conditions }) => {
    checkConditions(conditions);
    if (typeof value === 'string' && value.startsWith('node:')) {
      M._resolveFilename(value, parent, isMain);
      return { url: value, format: 'builtin' };
    }
    const text = value.startsWith('file:') ? fileURLToPath(value) : value;
    const filename = conditions === conditionsOfRequire || conditions === undefined ? M._resolveFilename(text, parent, isMain)
      : M._resolveFilename(text, parent, isMain, { conditions });
    if (canBeRequiredWithoutScheme(filename) || filename.startsWith('node:')) {
      return { url: filename.startsWith('node:') ? filename : `node:${filename}`, format: 'builtin' };
    }
    ownFilename = filename;
    ownURL = filename.startsWith('/') ? pathToFileURL(filename) : filename;
    return { url: ownURL, format: formatOf(filename) };
  }, checkResolved);
  const url: string = resolved.url;
  if (url.startsWith('node:')) {
    const loaded = loadThrough(url, 'builtin', conditionsOfRequire, {});
    if (loaded.format === 'builtin' || loaded.source === undefined || loaded.source === null) {
      return builtinExports(url.slice(5));
    }
    return compileAs(url, loaded, parent, isMain);
  }
  const filename = url === ownURL ? (ownFilename as string) : url.startsWith('file:') ? fileURLToPath(url) : url;
  if (M._cache[filename] !== undefined) {
    return loadResolved(filename, parent, isMain);
  }
  const loaded = loadThrough(url, resolved.format ?? '', conditionsOfRequire, {});
  if (loaded.source === undefined || loaded.source === null) {
    return loadResolved(filename, parent, isMain);
  }
  return compileAs(filename, loaded, parent, isMain);
}

function formatOf(filename: string): string | undefined {
  if (!filename.startsWith('/')) {
    return undefined;
  }
  try {
    return resolveFrom(pathToFileURL(filename), '').format || undefined;
  } catch {
    return undefined;
  }
}

// A module whose source a hook gave.
function compileAs(filename: string, loaded: { format: string; source: any }, parent: any, isMain: boolean): any {
  const cached = M._cache[filename];
  if (cached !== undefined) {
    return cached.exports;
  }
  const module = new M(filename, parent);
  if (isMain) {
    load('internal:process').process.mainModule = module;
    module.id = '.';
  }
  M._cache[filename] = module;
  let threw = true;
  try {
    module.filename = filename;
    module.paths = M._nodeModulePaths(dirname(filename));
    let text = textOf(loaded.source, filename);
    let { format } = loaded;
    [format, text] = withoutTypes(format, text, filename);
    if (format === 'json') {
      module.exports = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    } else {
      module._compile(text, filename, format === 'module' || format === 'commonjs' ? format : undefined);
    }
    module.loaded = true;
    threw = false;
  } finally {
    if (threw) {
      delete M._cache[filename];
    }
  }
  return module.exports;
}

/** A CommonJS module of an import whose source a hook gave. */
export function runCommonJS(path: string, source: any): any {
  return compileAs(path, { format: 'commonjs', source }, undefined, false);
}
