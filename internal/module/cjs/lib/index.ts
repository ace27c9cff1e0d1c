// The CommonJS loader: the Module class, its caches and hooks.
// https://nodejs.org/docs/latest-v24.x/api/modules.html
//
// What user code replaces is honoured: Module._load, _resolveFilename, _findPath, _nodeModulePaths, _extensions, prototype._compile, prototype.require.
import {
  compile as compileText, findPath, globalPaths, load as loadFile, lookupPaths, mainPath, nodeModulePaths, optionPaths, packageScope, position, readText,
  resolve as resolveFile, setExtensions, sourceFormat, stat, unknownBuiltin,
} from 'native:module/cjs';
import { evaluate, isProxy } from 'native:engine';
import { builtinNames, config, hasBuiltin } from 'native:runtime';
import { setPositionMapper, usesSourceMaps } from 'internal:bootstrap/stack';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateString } from 'internal:validators';

const { defineProperty, keys, setPrototypeOf } = Object;

setPositionMapper((file, line, column) => {
  const at = position(file, line, column);
  return at === undefined ? undefined : { file: at[0], line: at[1], column: at[2] };
});

function dirname(path: string): string {
  const i = path.lastIndexOf('/');
  return i <= 0 ? (i === 0 ? '/' : '.') : path.slice(0, i);
}
function extname(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const i = base.lastIndexOf('.');
  return i <= 0 ? '' : base.slice(i);
}

// Files that are in the middle of being loaded as ES modules by require: a cycle back to them is an error.
export const loadingModules = new Set<string>();

export function Module(this: any, id = '', parent?: any): void {
  this.id = id;
  this.path = dirname(id);
  setExports(this, {});
  updateChildren(parent, this, false);
  defineProperty(this, kParent, { value: parent, writable: true, configurable: true, enumerable: false });
  this.filename = null;
  this.loaded = false;
  this.children = [];
}
const kParent = Symbol('parent');
// Defined, not set: Object.prototype may have been given a setter of this name.
function setExports(module: any, exports: any): void {
  defineProperty(module, 'exports', { __proto__: null, value: exports, writable: true, enumerable: true, configurable: true } as any);
}
function updateChildren(parent: any, child: any, scan: boolean): void {
  const children = parent?.children;
  if (children && !(scan && children.includes(child))) {
    children.push(child);
  }
}

const M: any = Module;
M._cache = { __proto__: null };
M._pathCache = { __proto__: null };
M._extensions = { __proto__: null };
M.globalPaths = [];
M.Module = Module;
M.prototype.constructor = Module;
setPrototypeOf(M, Function.prototype);

/** The module that asked first for one, without the deprecation of module.parent. */
export function parentOf(module: any): any {
  return module[kParent];
}

let warnedOfParent = false;
function warnOfParent(): void {
  if (warnedOfParent) {
    return;
  }
  const process = load('internal:process').process;
  if (config().options['pending-deprecation'] !== undefined || process.env.NODE_PENDING_DEPRECATION === '1') {
    process.emitWarning('module.parent is deprecated due to accuracy issues. Please use require.main to find program entry point instead.',
      'DeprecationWarning', 'DEP0144');
  }
  warnedOfParent = true;
}

defineProperty(M.prototype, 'parent', {
  configurable: true,
  enumerable: false,
  get(this: any) {
    warnOfParent();
    return this[kParent];
  },
  set(this: any, value: any) {
    warnOfParent();
    defineProperty(this, kParent, { value, writable: true, configurable: true, enumerable: false });
  },
});
defineProperty(M.prototype, 'isPreloading', { configurable: true, get: () => preloading });
let preloading = false;

const wrapperParts = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
let wrapperPatched = false;
let wrapText = (script: string) => wrapperParts[0] + script + wrapperParts[1];
defineProperty(M, 'wrap', {
  get: () => wrapText,
  set(value) {
    wrapperPatched = true;
    wrapText = value;
  },
});
defineProperty(M, 'wrapper', {
  get() {
    return new Proxy(wrapperParts, {
      set(target, property, value) {
        wrapperPatched = true;
        return Reflect.set(target, property, value);
      },
    });
  },
  set(value) {
    wrapperPatched = true;
    wrapText = (script: string) => value[0] + script + value[1];
  },
});

// Names with "node:" only stay so in the list, as Node has them.
const schemeOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters']);
// An ordinary property: jest assigns it to a subclass.
M.builtinModules = builtinNames().map((name: string) => (schemeOnly.has(name) ? `node:${name}` : name));

/** The exports of a builtin by its name without "node:". */
export function builtinExports(name: string): any {
  return load(`node:${name}`).default;
}

/** Whether require(name), without "node:", is a builtin. */
export function canBeRequiredWithoutScheme(name: string): boolean {
  return !schemeOnly.has(name) && hasBuiltin(`node:${name}`);
}

function requireStack(parent: any): string[] {
  const out: string[] = [];
  const seen = new Set();
  for (let cursor = parent; cursor && !seen.has(cursor); cursor = cursor[kParent]) {
    seen.add(cursor);
    out.push(cursor.filename || cursor.id);
  }
  return out;
}

/** Module._stat(path): 0 for a file, 1 for a folder, else negative. */
M._stat = function (path: string): number {
  return stat(path);
};

M._nodeModulePaths = function (from: string): string[] {
  return nodeModulePaths(from);
};

M._resolveLookupPaths = function (request: string, parent: any): string[] | null {
  return lookupPaths(request, parent?.filename ?? '', parent?.paths);
};

M._findPath = function (request: string, paths: string[], isMain = false): string | false {
  return findPath(request, paths ?? [], isMain);
};
const originalFindPath = M._findPath;
const originalNodeModulePaths = M._nodeModulePaths;
const originalLookupPaths = M._resolveLookupPaths;

let extensionCount = 0;
/** Tells the resolver which extensions user code has registered. */
function syncExtensions(): void {
  const names = keys(M._extensions);
  if (names.length !== extensionCount) {
    extensionCount = names.length;
    setExtensions(names);
  }
}

M._resolveFilename = function (request: string, parent: any, isMain?: boolean, options?: any): string {
  if (canBeRequiredWithoutScheme(request)) {
    return request;
  }
  syncExtensions();
  let paths: string[] | undefined;
  if (typeof options === 'object' && options !== null) {
    if (Array.isArray(options.paths)) {
      options.paths.forEach((path: any) => validateString(path, 'options.paths'));
      paths = optionPaths(request, options.paths);
    } else if (options.paths !== undefined) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.paths', options.paths);
    }
  } else if (M._findPath !== originalFindPath || M._nodeModulePaths !== originalNodeModulePaths || M._resolveLookupPaths !== originalLookupPaths) {
    // User code takes part in the search: go through its functions.
    if (!request.startsWith('node:') && !request.startsWith('#')) {
      const found = M._findPath(request, M._resolveLookupPaths(request, parent), isMain);
      if (found) {
        return found;
      }
    }
  } else if (parent?.paths !== undefined && parent.paths !== parent[kDefaultPaths] && !isRelative(request)) {
    paths = lookupPaths(request, parent.filename ?? '', parent.paths) ?? [];
  }
  return resolveFile(request, parent?.filename ?? selfParent(request, parent), paths, requireStack(parent), options?.conditions);
};
// The REPL is no file, but a package may refer to itself where it stands.
function selfParent(request: string, parent: any): string {
  return parent?.id === '<repl>' && !isRelative(request) && request[0] !== '/' ? `${workingDirectory()}/<repl>` : '';
}
const kDefaultPaths = Symbol('defaultPaths');
function isRelative(request: string): boolean {
  return request[0] === '.' && (request.length === 1 || request[1] === '/' || (request[1] === '.' && (request.length === 2 || request[2] === '/')));
}

// Paths of files by the folder of the requiring module and the request: what require.cache hits need first.
let mainModule: any; // what require.main gives
const relativeCache = new Map<string, string>();

let hooks: any;
/** module.registerHooks: the loaders ask them first. */
export function setLoaderHooks(value: any): void {
  hooks = value;
}
/** Whether an import has to ask hooks: synchronous ones, or those of module.register, which require() doesn't ask. */
export function loaderHooks(): boolean {
  return hooks !== undefined || importHooks;
}
let importHooks = false;
/** module.register: import asks a thread of hooks. */
export function setImportHooks(value: boolean): void {
  importHooks = value;
}
export function importHooksActive(): boolean {
  return importHooks;
}

/**
 * Module._load: the exports of what request names for parent.
 */
M._load = function (request: string, parent: any, isMain?: boolean): any {
  let cacheKey: string | undefined;
  if (parent && hooks === undefined) {
    cacheKey = `${parent.path}\0${request}`;
    const filename = relativeCache.get(cacheKey);
    if (filename !== undefined) {
      const cached = M._cache[filename];
      if (cached !== undefined) {
        updateChildren(parent, cached, true);
        if (!cached.loaded) {
          return cycleExports(cached);
        }
        return cached.exports;
      }
      relativeCache.delete(cacheKey);
    }
  }
  if (hooks !== undefined) {
    return load('internal:module/esm/hooks').requireThroughHooks(request, parent, isMain, M);
  }
  if (request.startsWith('node:')) {
    unknownBuiltin(request);
    return builtinExports(request.slice(5));
  }
  const filename = M._resolveFilename(request, parent, isMain);
  return loadResolved(filename, parent, isMain, cacheKey);
};

/** Loads a file that was resolved. */
export function loadResolved(filename: string, parent: any, isMain?: boolean, cacheKey?: string): any {
  const cached = M._cache[filename];
  if (cached !== undefined) {
    updateChildren(parent, cached, true);
    if (cached.loaded) {
      return cached.exports;
    }
    return cycleExports(cached);
  }
  if (filename.startsWith('node:')) {
    unknownBuiltin(filename);
    return builtinExports(filename.slice(5));
  }
  if (canBeRequiredWithoutScheme(filename)) {
    return builtinExports(filename);
  }
  const module = new (M as any)(filename, parent);
  if (isMain) {
    load('internal:process').process.mainModule = module;
    mainModule = module;
    module.id = '.';
  }
  M._cache[filename] = module;
  if (cacheKey !== undefined) {
    relativeCache.set(cacheKey, filename);
  }
  let threw = true;
  try {
    module.load(filename);
    threw = false;
  } finally {
    if (threw) {
      delete M._cache[filename];
      if (cacheKey !== undefined) {
        relativeCache.delete(cacheKey);
      }
      const children = parent?.children;
      if (Array.isArray(children)) {
        const i = children.indexOf(module);
        if (i !== -1) {
          children.splice(i, 1);
        }
      }
    }
  }
  return module.exports;
}

// A module that requires itself through others sees what it has exported so far. Reading a name that isn't there yet is a likely mistake:
// Node warns, through a proxy, unless the exports are of a special kind.
function cycleExports(module: any): any {
  const moduleExports = module.exports;
  if (module[kESM]) {
    if (loadingModules.has(module.filename)) {
      throw new codes.ERR_REQUIRE_CYCLE_MODULE(`Cannot require() ES Module ${module.filename} in a cycle.`);
    }
    return moduleExports;
  }
  if (moduleExports && typeof moduleExports === 'object' && !isProxy(moduleExports) && Object.getPrototypeOf(moduleExports) === Object.prototype && !moduleExports.__esModule) {
    Object.setPrototypeOf(moduleExports, missingExportProxy);
    const restore = () => {
      if (Object.getPrototypeOf(moduleExports) === missingExportProxy) {
        Object.setPrototypeOf(moduleExports, Object.prototype);
      }
    };
    (module[kRestore] ??= []).push(restore);
  }
  return moduleExports;
}
const kRestore = Symbol('restore');
const kESM = Symbol('esm');
const missingExportProxy = new Proxy({}, {
  get(target: any, property, receiver) {
    if (property in target || property === '__esModule') {
      return Reflect.get(target, property, receiver);
    }
    load('internal:process').process.emitWarning(
      `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`);
    return undefined;
  },
  getOwnPropertyDescriptor(target, property) {
    if (Object.prototype.hasOwnProperty.call(target, property) || property === '__esModule') {
      return Reflect.getOwnPropertyDescriptor(target, property);
    }
    load('internal:process').process.emitWarning(
      `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`);
    return undefined;
  },
});

function findLongestExtension(filename: string): string {
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  let start = 0;
  let index: number;
  while ((index = name.indexOf('.', start)) !== -1) {
    start = index + 1;
    if (index === 0) {
      continue;
    }
    const extension = name.slice(index);
    if (M._extensions[extension]) {
      return extension;
    }
  }
  return '.js';
}

M.prototype.load = function (filename: string): void {
  this.filename = filename;
  const paths = M._nodeModulePaths(dirname(filename));
  this.paths = paths;
  defineProperty(this, kDefaultPaths, { value: paths, enumerable: false, configurable: true });
  const extension = findLongestExtension(filename);
  M._extensions[extension](this, filename);
  this.loaded = true;
  const restores = this[kRestore];
  if (restores !== undefined) {
    for (let i = 0; i < restores.length; i++) {
      restores[i]();
    }
    this[kRestore] = undefined;
  }
};
defineProperty(M.prototype, kRestore, { value: undefined, writable: true, enumerable: false });

let requireDepth = 0;
M.prototype.require = function (id: string): any {
  validateString(id, 'id');
  if (id === '') {
    throw new codes.ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  }
  requireDepth++;
  try {
    if (tracing?.hasSubscribers) {
      return tracing.traceSync(M._load, { parentFilename: this.filename, id }, M, id, this, false);
    }
    return M._load(id, this, false);
  } finally {
    requireDepth--;
  }
};
let tracing: any;
/** diagnostics_channel, once it is loaded, gives its channel of 'module.require'. */
export function setRequireTracing(channel: any): void {
  tracing = channel;
}

/** The require function of a module. */
export function makeRequire(module: any): any {
  const require: any = function require(path: string) {
    return module.require(path);
  };
  require.resolve = function resolve(request: string, options?: any) {
    validateString(request, 'request');
    return M._resolveFilename(request, module, false, options);
  };
  require.resolve.paths = function paths(request: string) {
    validateString(request, 'request');
    return M._resolveLookupPaths(request, module);
  };
  defineProperty(require, 'main', { __proto__: null, value: mainModule, writable: true, enumerable: true, configurable: true } as any);
  require.extensions = M._extensions;
  require.cache = M._cache;
  return require;
}

function run(module: any, fn: Function, filename: string): any {
  const require = makeRequire(module);
  const args = [module.exports, require, module, filename, dirname(filename)];
  if (module.id === '.') {
    load('internal:process/main').beforeFirstStatement();
  }
  return Reflect.apply(fn, args[0], args);
}

/** Module.prototype._compile(content, filename): runs text as this CommonJS module (or ES module, when only that parses). */
M.prototype._compile = function (content: string, filename: string, format?: string): any {
  content = String(content);
  if (!wrapperPatched && own !== undefined && own.filename === filename && own.text === content) {
    loadOwn(this, filename); // nobody has changed it
    return;
  }
  if (format?.endsWith('typescript')) {
    content = load('internal:module').compileTypeScript(content, filename);
    format = format === 'module-typescript' ? 'module' : undefined;
  }
  if (usesSourceMaps()) {
    load('internal:module/sourcemap').noteText(filename, content);
  }
  if (format === 'module') {
    return load('internal:module/esm').requireText(this, content, filename);
  }
  let fn: Function;
  if (wrapperPatched) {
    fn = evaluate(M.wrap(content.replace(/^#!.*/, '')), filename);
  } else {
    try {
      fn = compileText(content, filename);
    } catch (err) {
      if (format !== 'commonjs' && load('internal:module/esm').isModuleSyntax(content)) {
        return load('internal:module/esm').requireText(this, content, filename);
      }
      throw err;
    }
  }
  return run(this, fn, filename);
};
const originalCompile = M.prototype._compile;

// The file whose text was handed to a replaced _compile.
let own: { filename: string; text: string } | undefined;

// The object of node:fs, once it is loaded, and what its readFileSync is at first.
let publicFS: any;
let ownReadFile: any;
/** node:fs tells its object: who replaces readFileSync there (Yarn's PnP, for files in archives) reads for require, too. */
export function setPublicFS(fs: any): void {
  publicFS = fs;
  ownReadFile = fs.readFileSync;
}

/** Whether files are read as they are. */
export function readsOwn(): boolean {
  return publicFS === undefined || publicFS.readFileSync === ownReadFile;
}

/** A file's text as require() sees it where somebody reads for it. */
export function textThroughFS(filename: string): string {
  const text = publicFS.readFileSync(filename, 'utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function loadJavaScript(module: any, filename: string): void {
  const readHere = readsOwn();
  if (module._compile === originalCompile && !wrapperPatched && readHere) {
    loadOwn(module, filename);
    return;
  }
  // ts-node, pirates and the like give the text a turn of their own: they get it as it is.
  const text = readHere ? readText(filename) : textThroughFS(filename);
  const before = own;
  own = readHere ? { filename, text } : undefined;
  try {
    module._compile(text, filename, sourceFormat(filename));
  } finally {
    own = before;
  }
}

function loadOwn(module: any, filename: string): void {
  const loaded = loadFile(filename, fileURL(filename), module.id === '.');
  const compiled = loaded[1];
  if (loaded[0] === 1) {
    if (config().options['no-experimental-require-module'] !== undefined && module.id !== '.') {
      const parent = parentOf(module)?.filename;
      throw filename.endsWith('.mjs') ? new codes.ERR_REQUIRE_ESM(filename, false, parent)
        : new codes.ERR_REQUIRE_ESM(filename, true, parent, packageScope(filename)?.[0]);
    }
    load('internal:module/esm').requireModule(module, compiled, filename);
    return;
  }
  run(module, compiled, filename);
}

const unsafe = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/;
/** The file: URL of an absolute path. */
export function fileURL(path: string): string {
  if (!unsafe.test(path)) {
    return `file://${path}`;
  }
  return load('internal:url').pathToFileURL(path).href;
}

M._extensions['.js'] = loadJavaScript;
M._extensions['.json'] = function (module: any, filename: string): void {
  const text = readsOwn() ? readText(filename) : textThroughFS(filename);
  try {
    setExports(module, JSON.parse(text));
  } catch (err: any) {
    err.message = `${filename}: ${err.message}`;
    throw err;
  }
};
M._extensions['.node'] = function (module: any, filename: string): void {
  load('internal:process').process.dlopen(module, filename);
};
for (const extension of ['.ts', '.cts', '.mts', '.tsx']) {
  M._extensions[extension] = loadJavaScript;
}
// Reached through a path that says it: .mjs is never tried by itself.
defineProperty(M._extensions, '.mjs', { value: loadJavaScript, enumerable: false, writable: true, configurable: true });
for (const extension of ['.cts', '.mts']) {
  defineProperty(M._extensions, extension, { enumerable: false });
}
extensionCount = keys(M._extensions).length;

/** Marks a module whose exports come from an ES module. */
export function markESM(module: any): void {
  defineProperty(module, kESM, { value: true, enumerable: false });
}

/** Module.createRequire(filename | URL): a require function for a path. */
export function createRequire(filename: any): any {
  let path: string;
  if ((typeof filename === 'object' && filename !== null && filename.href !== undefined && filename.protocol !== undefined) ||
      (typeof filename === 'string' && !filename.startsWith('/'))) {
    try {
      path = load('internal:url').fileURLToPath(filename);
    } catch {
      throw new codes.ERR_INVALID_ARG_VALUE('filename', filename, 'must be a file URL object, file URL string, or absolute path string');
    }
  } else if (typeof filename !== 'string') {
    throw new codes.ERR_INVALID_ARG_VALUE('filename', filename, 'must be a file URL object, file URL string, or absolute path string');
  } else {
    path = filename;
  }
  const trailing = path.endsWith('/');
  const name = trailing ? `${path}noop.js` : path;
  const module = new (M as any)(name);
  module.filename = name;
  module.paths = M._nodeModulePaths(dirname(name));
  defineProperty(module, kDefaultPaths, { value: module.paths, enumerable: false, configurable: true });
  return makeRequire(module);
}
M.createRequire = createRequire;

/** A module for text that has no file: -e, -p, the REPL. */
export function textModule(id: string, directory: string): any {
  const module = new (M as any)(id);
  module.filename = `${directory}/${id.slice(id.lastIndexOf('/') + 1)}`;
  module.paths = M._nodeModulePaths(directory);
  defineProperty(module, kDefaultPaths, { value: module.paths, enumerable: false, configurable: true });
  return module;
}

M._initPaths = function (): void {
  const process = load('internal:process').process;
  M.globalPaths = globalPaths(process.env.NODE_PATH ?? '', process.env.HOME ?? '', config().execPath);
};

M.isBuiltin = function (name: any): boolean {
  name = `${name}`;
  return name.startsWith('node:') ? hasBuiltin(name) : canBeRequiredWithoutScheme(name);
};

/** The working directory, '' when it is gone: what needs none runs all the same. */
export function workingDirectory(): string {
  try {
    return load('internal:process').process.cwd();
  } catch {
    return '';
  }
}

/** Modules of -r: loaded before the program, as if it required them from the working directory. */
M._preloadModules = function (requests: string[]): void {
  if (!Array.isArray(requests) || requests.length === 0) {
    return;
  }
  preloading = true;
  const parent = textModule('internal/preload', workingDirectory());
  for (const request of requests) {
    parent.require(request);
  }
  preloading = false;
};

M.runMain = function (main = load('internal:process').process.argv[1]): void {
  load('internal:process/main').runMain(main);
};

export { mainPath, packageScope, extname, dirname };
