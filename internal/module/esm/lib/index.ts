// The ES module loader: module map, linking, evaluation, dynamic import, import.meta, and the bridges to CommonJS.
// https://nodejs.org/docs/latest-v24.x/api/esm.html
//
// Reading a file is synchronous, so a whole graph is loaded and linked in one go; only evaluation may wait (top-level await).
import {
  moduleCompile, moduleError, moduleEvaluate, moduleHasTopLevelAwait, moduleInstantiate, moduleIsAsync, moduleLink, moduleNamespace, moduleRequests,
  moduleSetExport, moduleStalled, moduleStatus, moduleSynthetic, getPromiseDetails,
} from 'native:engine';
import {
  exportNames, exportsOfText, fileURLToPath, isModuleSyntax as parsesAsModuleOnly, load as loadFile, pathToFileURL, readText, resolve as resolveImport, resolveURL,
} from 'native:module/esm';
import { codes } from 'internal:errors';
import { gluePlace } from 'internal:process/lifecycle';
import { load } from 'internal:load';
import { usesSourceMaps } from 'internal:bootstrap/stack';
import { nextTick } from 'internal:process/task';
import { Module, builtinExports, dirname, loadingModules, loaderHooks, markESM, parentOf, readsOwn, textThroughFS } from 'internal:module/cjs';

const M: any = Module;

// Module::Status of V8.
const INSTANTIATED = 2;
const EVALUATING = 3;
const EVALUATED = 4;
const ERRORED = 5;

interface Record_ {
  url: string;
  path: string;
  format: string;
  id: number;
  linked: boolean;
  main: boolean;
  promise: Promise<any> | undefined;
}
export type ModuleRecord = Record_;

const records = new Map<string, Record_>(); // by URL, with the import type where it is not a plain module
const byId = new Map<number, Record_>();

export const isModuleSyntax: (text: string) => boolean = parsesAsModuleOnly;

function attributesList(attributes: any): string[] {
  const out: string[] = [];
  if (attributes !== undefined) {
    const names = Object.keys(attributes);
    for (let i = 0; i < names.length; i++) {
      out.push(names[i], attributes[names[i]]);
    }
  }
  return out;
}

/** The record of what specifier names for parentURL, compiled but not linked. */
function recordFor(specifier: string, parentURL: string, attributes: any): Record_ {
  if (loaderHooks()) {
    return load('internal:module/esm/hooks').recordThroughHooks(specifier, parentURL, attributes, create);
  }
  const found = resolveImport(specifier, parentURL, attributesList(attributes));
  const builtin = found[3];
  return create(found[0], builtin !== '' ? `node:${builtin}` : found[2], found[1], attributes);
}

function remember(key: string, record: Record_): Record_ {
  records.set(key, record);
  byId.set(record.id, record);
  return record;
}

/** The record of a resolved module; source, when given, takes the file's place. */
export function create(url: string, path: string, format: string, attributes: any, source?: any): Record_ {
  const key = attributes?.type === 'json' ? `${url}\0json` : url;
  const known = records.get(key);
  if (known !== undefined) {
    return known;
  }
  const record: Record_ = { url, path, format, id: 0, linked: false, main: false, promise: undefined };
  if (source === undefined && (format === 'builtin' || url.startsWith('node:'))) {
    record.id = builtinModule(url.startsWith('node:') ? url.slice(5) : path.slice(5), url);
    record.linked = true;
    return remember(key, record);
  }
  if (format === 'json') {
    record.id = jsonModule(url, path, source);
    record.linked = true;
    return remember(key, record);
  }
  if (format === 'wasm') {
    record.id = load('internal:module/esm/wasm').wasmModule(url, path, source);
    return remember(key, record);
  }
  if (format === 'commonjs' || format === 'commonjs-typescript' || format === 'addon') {
    record.id = commonjsModule(url, path, source);
    record.linked = true;
    return remember(key, record);
  }
  if (url.startsWith('data:') || source !== undefined) {
    if (source !== undefined && usesSourceMaps() && url.startsWith('file:')) {
      load('internal:module/sourcemap').noteText(url, String(source));
    }
    record.id = compileText(source ?? dataURLText(url), url);
    return remember(key, record);
  }
  const id = loadFile(path, url, format);
  if (id === 0) {
    record.format = 'commonjs';
    record.id = commonjsModule(url, path, undefined);
    record.linked = true;
  } else {
    record.format = 'module';
    record.id = id;
  }
  return remember(key, record);
}

/** The id of text as an ES module. Throws its SyntaxError. */
export function compileText(text: string, url: string): number {
  return Math.abs(moduleCompile(String(text), url, 0, 0));
}

function dataURLText(url: string): string {
  const match = /^data:([^,]*?)(;base64)?,(.*)$/s.exec(url);
  if (match === null) {
    throw new codes.ERR_INVALID_URL(url);
  }
  const { Buffer } = load('internal:buffer');
  const body = decodeURIComponent(match[3]);
  return match[2] ? Buffer.from(body, 'base64').toString() : body;
}

function builtinModule(name: string, url: string): number {
  const exports = builtinExports(name);
  const names = ['default'];
  const keys = Object.keys(exports);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] !== 'default') {
      names.push(keys[i]);
    }
  }
  const id = moduleSynthetic(url, names, (self: number) => {
    moduleSetExport(self, 'default', exports);
    for (let i = 1; i < names.length; i++) {
      let value;
      try {
        value = exports[names[i]];
      } catch {
        continue; // a getter that does not work here has no export
      }
      moduleSetExport(self, names[i], value);
    }
  });
  builtinIds.set(name, [id, names]);
  return id;
}
const builtinIds = new Map<string, [number, string[]]>();

/** module.syncBuiltinESMExports(): the ES exports of builtins follow what was changed on their objects. */
export function syncBuiltinESMExports(): void {
  for (const [name, [id, names]] of builtinIds) {
    const exports = builtinExports(name);
    for (let i = 1; i < names.length; i++) {
      let value;
      try {
        value = exports[names[i]];
      } catch {
        value = undefined;
      }
      moduleSetExport(id, names[i], value);
    }
  }
}

function jsonModule(url: string, path: string, source?: any): number {
  const cached = path ? M._cache[path] : undefined;
  let value: any;
  if (cached?.loaded && source === undefined) {
    value = cached.exports;
  } else {
    const text = source !== undefined ? String(source) : url.startsWith('data:') ? dataURLText(url) : readText(path);
    try {
      value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    } catch (err: any) {
      err.message = `${path || url}: ${err.message}`;
      throw err;
    }
  }
  return moduleSynthetic(url, ['default'], (self: number) => moduleSetExport(self, 'default', value));
}

// A CommonJS file as a module: its names are found without running it; it runs when the module is evaluated.
function commonjsModule(url: string, path: string, source: any): number {
  const names: string[] = path.endsWith('.node') ? [] : source === undefined && readsOwn() ? exportNames(path) : exportNamesOf(path, source);
  const all = ['default', 'module.exports'];
  for (let i = 0; i < names.length; i++) {
    if (names[i] !== 'default' && names[i] !== 'module.exports') {
      all.push(names[i]);
    }
  }
  return moduleSynthetic(url, all, (self: number) => {
    const exports = source === undefined ? load('internal:module/cjs').loadResolved(path, undefined, path === mainCommonJS)
      : load('internal:module/esm/hooks').runCommonJS(path, source);
    let defaultExport = exports;
    for (let i = 2; i < all.length; i++) {
      const name = all[i];
      if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function') || !Object.prototype.hasOwnProperty.call(exports, name)) {
        continue;
      }
      let value;
      try {
        value = exports[name];
      } catch {
        continue;
      }
      moduleSetExport(self, name, value);
    }
    moduleSetExport(self, 'default', defaultExport);
    moduleSetExport(self, 'module.exports', exports);
  });
}
let mainCommonJS: string | undefined;

// exportNames where a hook gives the text, or somebody has taken the place of fs.readFileSync. What the text exports again is found and read as
// require() would.
function exportNamesOf(path: string, source: any): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const add = (list: string[]) => {
    for (let i = 0; i < list.length; i++) names.add(list[i]);
  };
  const visit = (file: string, given: any) => {
    if (seen.has(file) || /\.(json|node)$/.test(file)) return;
    seen.add(file);
    try {
      if (given === undefined && readsOwn()) {
        add(exportNames(file));
        return;
      }
      const { 0: own, 1: again } = exportsOfText(file, given === undefined ? textThroughFS(file) : String(given));
      add(own);
      const parent = { filename: file, id: file, paths: M._nodeModulePaths(dirname(file)) };
      for (let i = 0; i < again.length; i++) visit(M._resolveFilename(again[i], parent, false), undefined);
    } catch {
      // Running it will say what is wrong.
    }
  };
  visit(path, source);
  return [...names];
}

/** Loads and links the graph below a record. */
function link(root: Record_): void {
  if (root.linked) {
    return;
  }
  const stack: Record_[] = [root];
  const linking: Record_[] = [];
  root.linked = true;
  try {
    while (stack.length > 0) {
      const record = stack.pop() as Record_;
      linking.push(record);
      const requests = moduleRequests(record.id);
      const ids: number[] = [];
      for (let i = 0; i < requests.length; i += 4) {
        const to = recordFor(requests[i], record.url, requests[i + 1]);
        ids.push(to.id);
        if (!to.linked) {
          to.linked = true;
          stack.push(to);
        }
      }
      moduleLink(record.id, ids);
    }
  } catch (err) {
    // What was begun is linked afresh by the next import; what failed to compile was never entered.
    const begun = linking.concat(stack);
    for (let i = 0; i < begun.length; i++) {
      begun[i].linked = false;
    }
    throw err;
  }
}

function instantiate(record: Record_): void {
  link(record);
  if (moduleStatus(record.id) >= INSTANTIATED) {
    return;
  }
  try {
    moduleInstantiate(record.id);
  } catch (err: any) {
    if (typeof err === 'object' && err !== null) {
      gluePlace(err);
    }
    throw explain(err, record);
  }
}

// V8 says which name a module does not provide; when that module is CommonJS Node tells how to import it all the same.
function explain(err: any, _record: Record_): any {
  const match = typeof err?.message === 'string' ? /^The requested module '(.+)' does not provide an export named '(.+)'$/.exec(err.message) : null;
  if (match === null) {
    return err;
  }
  const [, specifier, name] = match;
  for (const record of records.values()) {
    if (record.format === 'commonjs' && (record.path.includes(specifier.replace(/^\.+\//, '')) || record.url.endsWith(specifier))) {
      err.message = `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support all module.exports as named exports.\n` +
        `CommonJS modules can always be imported via the default export, for example using:\n\nimport pkg from '${specifier}';\nconst { ${name} } = pkg;\n`;
      break;
    }
  }
  return err;
}

function explainThrown(err: any, record: Record_): void {
  load('internal:module/esm/scope').explainScope(err, record);
}

function evaluate(record: Record_): Promise<any> {
  if (record.promise === undefined) {
    instantiate(record);
    if (record.main) {
      load('internal:process/main').beforeFirstStatement();
    }
    record.promise = moduleEvaluate(record.id) as Promise<any>;
    // First to hear of a failure, so that everyone else sees the explained error.
    const { 0: state, 1: reason } = getPromiseDetails(record.promise);
    if (state === 2) {
      explainThrown(reason, record);
    } else if (state === 0) {
      record.promise.then(undefined, (err: any) => explainThrown(err, record));
    }
  }
  return record.promise;
}

/** import(specifier) from parentURL: a promise for the namespace. */
export async function importModule(specifier: string, parentURL: string, attributes?: any): Promise<any> {
  const record = recordFor(specifier, parentURL, attributes);
  await evaluate(record);
  return moduleNamespace(record.id);
}

/** Runs the program's entry point as an ES module; the promise is settled when its top level is done. */
export function runMainModule(path: string): Promise<any> {
  const url = pathToFileURL(path);
  let record: Record_;
  if (loaderHooks()) {
    mainCommonJS = path;
    try {
      record = load('internal:module/esm/hooks').recordThroughHooks(url, undefined, undefined, create);
    } catch (err) {
      return neverOrThrow(err);
    }
  } else {
    const { 0: resolved, 1: format, 2: real } = resolveImport(url, '', []);
    record = create(resolved, real, format === 'commonjs' || format === '' ? '' : format, undefined);
  }
  record.main = true;
  mainURL = record.url;
  mainRecord = record;
  return evaluate(record);
}
let mainURL: string | undefined;
let mainRecord: Record_ | undefined;

/** Runs compiled text as the main ES module (--input-type=module, or -e with module syntax). */
export function runMainText(id: number, url: string): Promise<any> {
  const record: Record_ = { url, path: '', format: 'module', id, linked: false, main: true, promise: undefined };
  remember(url, record);
  mainURL = url;
  mainRecord = record;
  return evaluate(record);
}

/** The warning of exit code 13, for a main module whose top-level await never settles; undefined otherwise. */
export function unsettledWarning(): string | undefined {
  if (mainRecord?.promise === undefined || getPromiseDetails(mainRecord.promise)[0] !== 0) {
    return undefined;
  }
  const stalled = moduleStalled(mainRecord.id);
  let out = '';
  for (let i = 0; i < stalled.length; i += 4) {
    out += `Warning: Detected unsettled top-level await at ${String(stalled[i])}:${stalled[i + 1]}\n${stalled[i + 3]}\n${' '.repeat(stalled[i + 2])}^\n\n\n\n`;
  }
  return out || 'Warning: Detected unsettled top-level await\n';
}

/** V8's hook for import(). */
// resource is the file or URL of the script that imports.
export function importDynamically(hostDefined: any, resource: any, specifier: any, attributes: any): any {
  if (typeof hostDefined === 'symbol') {
    const callback = dynamicImporters.get(hostDefined);
    if (callback !== undefined) {
      return callback(specifier, attributes ?? { __proto__: null });
    }
  }
  const url = `${specifier}`;
  const parentURL = referrerURL(resource);
  if (tracing?.hasSubscribers) {
    return tracing.tracePromise(importLater, { parentURL, url }, undefined, url, parentURL, attributes);
  }
  return importLater(url, parentURL, attributes);
}
let tracing: any;
/** diagnostics_channel, once it is loaded, gives its channel of 'module.import'. */
export function setImportTracing(channel: any): void {
  tracing = channel;
}
// import() begins after the ticks that wait and the promise jobs that were queued with it, as if the file were read in the meantime.
async function importLater(specifier: string, parentURL: string, attributes: any): Promise<any> {
  await new Promise<void>((resolve) => nextTick(resolve));
  if (importOtherwise !== undefined) {
    return importOtherwise(specifier, parentURL, attributes);
  }
  if (!loaderHooks()) {
    return importModule(specifier, parentURL, attributes);
  }
  try {
    return await importModule(specifier, parentURL, attributes);
  } catch (err) {
    return neverOrThrow(err);
  }
}

// What a hook leaves unsettled stays so.
function neverOrThrow(err: any): Promise<any> {
  if (typeof err === 'symbol' && err === load('internal:module/esm/offthread').NEVER) {
    return new Promise(() => {});
  }
  throw err;
}


let importOtherwise: ((specifier: string, parentURL: string, attributes: any) => Promise<any>) | undefined;
/** On the thread of module.register's hooks import() may wait for them. */
export function setImportOtherwise(value: (specifier: string, parentURL: string, attributes: any) => Promise<any>): void {
  importOtherwise = value;
}

/** Whether a module is there already: hooks are not asked for its source again. */
export function hasRecord(key: string): boolean {
  return records.has(key);
}

/** Runs a module and waits for it. @returns its namespace */
export async function evaluateRecord(record: Record_): Promise<any> {
  await evaluate(record);
  return moduleNamespace(record.id);
}

/**
 * What import() in a script of node:vm asks, by the symbol that V8 keeps with its code. The symbols are held weakly: V8 has them as long
 * as the code can import.
 */
export const dynamicImporters = new WeakMap<symbol, (specifier: string, attributes: any) => any>();

function referrerURL(resource: any): string {
  if (typeof resource !== 'string') {
    return cwdURL();
  }
  if (resource.startsWith('/')) {
    return pathToFileURL(resource);
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(resource) && !resource.startsWith('internal:')) {
    return resource;
  }
  return cwdURL();
}
function cwdURL(): string {
  return pathToFileURL(`${load('internal:process').process.cwd()}/`);
}

// V8's hook for import.meta.
export function initialiseMeta(id: number, meta: any): void {
  const record = byId.get(id);
  if (record === undefined) {
    const callback = metaInitialisers.get(id);
    callback?.(meta);
    return;
  }
  const { url } = record;
  if (url.startsWith('file:')) {
    const path = record.path || fileURLToPath(url);
    meta.dirname = dirname(path);
    meta.filename = path;
  }
  meta.main = record.main;
  meta.resolve = function resolve(specifier: string) {
    return resolveURL(`${specifier}`, url);
  };
  meta.url = url;
}
/** node:vm registers initializeImportMeta callbacks by module id. */
export const metaInitialisers = new Map<number, (meta: any) => void>();

// ---------------------------------------------------------------------------------------------------------------
// require() of an ES module
// ---------------------------------------------------------------------------------------------------------------

function requireRecord(module: any, record: Record_, filename: string): void {
  const status = moduleStatus(record.id);
  if (status === EVALUATING || loadingModules.has(filename)) {
    throw new codes.ERR_REQUIRE_CYCLE_MODULE(`Cannot require() ES Module ${filename} in a cycle.`);
  }
  markESM(module);
  loadingModules.add(filename);
  try {
    if (status < EVALUATED) {
      instantiate(record);
      if (moduleIsAsync(record.id)) {
        throw new codes.ERR_REQUIRE_ASYNC_MODULE(filename, parentOf(module)?.filename);
      }
      const promise = evaluate(record);
      const { 0: state, 1: reason } = getPromiseDetails(promise);
      if (state === 2) {
        promise.then(undefined, () => {}); // the error goes to the caller of require()
        throw reason;
      }
    } else if (status === ERRORED) {
      throw moduleError(record.id);
    } else if (moduleIsAsync(record.id)) {
      throw new codes.ERR_REQUIRE_ASYNC_MODULE(filename, parentOf(module)?.filename);
    }
  } finally {
    loadingModules.delete(filename);
  }
  const namespace = moduleNamespace(record.id);
  if (Object.prototype.hasOwnProperty.call(namespace, 'module.exports')) {
    module.exports = namespace['module.exports'];
  } else if (!Object.prototype.hasOwnProperty.call(namespace, 'default') || Object.prototype.hasOwnProperty.call(namespace, '__esModule')) {
    module.exports = namespace;
  } else {
    module.exports = withEsModule(record);
  }
}

// A namespace with a default export gets `__esModule: true` on top, so that compiled code finds the default.
function withEsModule(record: Record_): any {
  const id = Math.abs(moduleCompile(`export * from 'original'; export { default } from 'original'; export const __esModule = true;`, `${record.url}?__esModule`, 0, 0));
  const requests = moduleRequests(id);
  moduleLink(id, new Array(requests.length / 4).fill(record.id));
  moduleInstantiate(id);
  moduleEvaluate(id);
  return moduleNamespace(id);
}

/** Fills module.exports of a CommonJS module object whose file is an ES module, compiled as id. */
export function requireModule(module: any, id: number, filename: string): void {
  const url = pathToFileURL(filename);
  let record = records.get(url);
  if (record === undefined) {
    record = remember(url, { url, path: filename, format: 'module', id, linked: false, main: false, promise: undefined });
    if (module.id === '.') {
      record.main = true;
      mainURL = url;
      mainRecord = record;
      // The entry point may wait at its top level.
      markESM(module);
      pendingMain = evaluate(record);
      module.exports = moduleNamespace(record.id);
      return;
    }
  }
  requireRecord(module, record, filename);
}
let pendingMain: Promise<any> | undefined;
/** The promise of a main module that was found to be an ES module on the way through CommonJS. */
export function takePendingMain(): Promise<any> | undefined {
  const promise = pendingMain;
  pendingMain = undefined;
  return promise;
}

/** module._compile of text that is an ES module. */
export function requireText(module: any, text: string, filename: string): void {
  const url = pathToFileURL(filename);
  const record = remember(url, { url, path: filename, format: 'module', id: compileText(text, url), linked: false, main: false, promise: undefined });
  requireRecord(module, record, filename);
}

export { moduleHasTopLevelAwait, mainURL };
