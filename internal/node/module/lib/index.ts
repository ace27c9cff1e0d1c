// What node:module offers beside the Module class itself, which belongs to the CommonJS loader.
import { erase, transform } from 'native:module';
import { Module, createRequire } from 'internal:module/cjs';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateBoolean, validateObject, validateOneOf, validateString } from 'internal:validators';

export { Module, createRequire };
export { SourceMap } from 'internal:module/sourcemap';
export { constants, enableCompileCache, flushCompileCache, getCompileCacheDir } from 'internal:module/compilecache';

const M: any = Module;

/** module.isBuiltin(moduleName): whether require or import of this name gives a builtin. */
export const isBuiltin: (name: any) => boolean = M.isBuiltin;

/** module.syncBuiltinESMExports(): ES exports of builtins follow what was changed on their objects. */
export function syncBuiltinESMExports(): void {
  load('internal:module/esm').syncBuiltinESMExports();
}

/** module.registerHooks({resolve, load}): synchronous customisation of import and require. */
export function registerHooks(hooks: any): any {
  return load('internal:module/esm/hooks').registerHooks(hooks);
}

/** module.register(specifier[, parentURL][, options]): hooks of import that run on a thread of their own. */
export function register(specifier: any, parentURL?: any, options?: any): void {
  load('internal:module/esm/offthread').register(specifier, parentURL, options);
}

// ---- package.json ----

function packageBelow(directory: string): string | undefined {
  const { statSync } = load('node:fs').default;
  for (;;) {
    const candidate = `${directory === '/' ? '' : directory}/package.json`;
    if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) {
      return candidate;
    }
    const i = directory.lastIndexOf('/');
    if (i < 0 || directory === '/') {
      return undefined;
    }
    directory = i === 0 ? '/' : directory.slice(0, i);
  }
}

/**
 * module.findPackageJSON(specifier[, base]): the path of the package.json that specifier belongs to: the package's root for a bare specifier,
 * the closest one above for a path or URL; undefined when there is none.
 * @throws ERR_INVALID_ARG_TYPE
 */
export function findPackageJSON(specifier: any, base: any = 'data:'): string | undefined {
  if (arguments.length === 0) {
    throw new codes.ERR_MISSING_ARGS('specifier');
  }
  const { URL, fileURLToPath } = load('internal:url');
  const isAbsolute = (path: string) => path.startsWith('/');
  if (specifier instanceof URL) {
    specifier = specifier.href;
  } else {
    validateString(specifier, 'specifier');
  }
  const { statSync } = load('node:fs').default;
  let path: string;
  const isURL = /^[a-z][a-z0-9+.-]*:/i.test(specifier);
  if (isURL || isAbsolute(specifier)) {
    if (isURL && !specifier.startsWith('file:')) {
      return undefined;
    }
    path = isURL ? fileURLToPath(specifier) : specifier;
  } else {
    if (base instanceof URL) {
      base = base.href;
    } else {
      validateString(base, 'base');
    }
    const from: string = isAbsolute(base) ? base : base.startsWith('file:') ? fileURLToPath(base) : `${load('internal:process').process.cwd()}/`;
    if (/^\.{0,2}(\/|$)/.test(specifier)) {
      path = fileURLToPath(new URL(specifier, load('internal:url').pathToFileURL(from)));
    } else {
      const name = (/^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier) as RegExpExecArray)[0];
      for (const directory of M._nodeModulePaths(from.endsWith('/') && from !== '/' ? from.slice(0, -1) : from.slice(0, from.lastIndexOf('/')) || '/')) {
        const candidate = `${directory}/${name}/package.json`;
        if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) {
          return candidate;
        }
      }
      // The package's own name refers to itself.
      const own = packageBelow(from.slice(0, from.lastIndexOf('/')) || '/');
      if (own !== undefined) {
        try {
          if (JSON.parse(load('node:fs').default.readFileSync(own, 'utf8')).name === name) {
            return own;
          }
        } catch {
          // A broken package.json names nothing.
        }
      }
      // The error that importing it would give.
      load('internal:module/esm/hooks').resolveFrom(specifier, load('internal:url').pathToFileURL(from).href);
      return undefined;
    }
  }
  if (path.length > 1 && path.endsWith('/')) {
    path = path.slice(0, -1);
  }
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  return packageBelow(isDirectory ? path : path.slice(0, path.lastIndexOf('/')) || '/');
}

// ---- TypeScript ----

/**
 * module.stripTypeScriptTypes(code[, {mode, sourceMap, sourceUrl}]): code without its types. What mode 'strip' leaves keeps its place;
 * 'transform' writes enums, namespaces, parameter properties and their like out as JavaScript, with a source map when asked.
 * Decorators stay what they are in both.
 * @throws ERR_INVALID_TYPESCRIPT_SYNTAX, ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX
 */
export function stripTypeScriptTypes(code: any, options: any = {}): string {
  load('internal:util/deprecate').emitExperimentalWarning('stripTypeScriptTypes');
  validateString(code, 'code');
  validateObject(options, 'options');
  const { sourceMap = false, sourceUrl = '', mode = 'strip' } = options;
  validateOneOf(mode, 'options.mode', ['strip', 'transform']);
  validateBoolean(sourceMap, 'options.sourceMap');
  validateString(sourceUrl, 'options.sourceUrl');
  if (mode === 'transform') {
    return transformed(code, sourceUrl, sourceMap);
  }
  validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
  return named(checked(erase(sourceUrl, code))[0], sourceUrl);
}

/** TypeScript that is no file of the program, as JavaScript: erased where that is enough, so that positions stay, else transformed. */
export function compileTypeScript(code: string, name: string): string {
  const erased = erase(name, code);
  return erased[0] === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ? transformed(code, name, true) : checked(erased)[0];
}

function transformed(code: string, sourceUrl: string, withMap: boolean): string {
  const [js, mappings] = checked(transform(sourceUrl, code));
  if (!withMap) {
    return named(js, sourceUrl);
  }
  const map = JSON.stringify({ version: 3, sources: [sourceUrl], names: [], mappings });
  return `${js}\n\n//# sourceMappingURL=data:application/json;base64,${load('internal:buffer').Buffer.from(map).toString('base64')}`;
}

function named(js: string, sourceUrl: string): string {
  return sourceUrl ? `${js}\n\n//# sourceURL=${sourceUrl}` : js;
}

// The compiler's answer; what it says of a mistake is thrown, with the place at the start of the stack.
function checked(answer: string[]): string[] {
  if (answer.length < 3) {
    return answer;
  }
  const [code, message, report] = answer;
  const error = new (codes as any)[code](message);
  if (report !== '') {
    error.stack = `${report}\n\n${error.stack}`;
  }
  throw error;
}

// ---- source maps ----

/** module.getSourceMapsSupport() */
export function getSourceMapsSupport(): any {
  return Object.freeze({ __proto__: null, ...load('internal:module/sourcemap').getSupport() });
}

/** module.setSourceMapsSupport(enabled[, {nodeModules, generatedCode}]) */
export function setSourceMapsSupport(enabled: any, options: any = { __proto__: null }): void {
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  load('internal:module/sourcemap').setSupport({ enabled, nodeModules, generatedCode });
}

/**
 * module.findSourceMap(path): the map that the file names in its sourceMappingURL comment; undefined when there is none, or while source
 * maps are not enabled (setSourceMapsSupport, --enable-source-maps).
 */
export function findSourceMap(path: any): any {
  if (typeof path !== 'string') {
    return undefined;
  }
  const { getSupport, mapOf } = load('internal:module/sourcemap');
  return getSupport().enabled ? mapOf(path) : undefined;
}
