// mock.module(): what import and require give in place of a module. https://nodejs.org/docs/latest-v24.x/api/test.html#mockmodulespecifier-options
//
// While there are mocks, a resolve hook sends their specifiers to URLs of made-up files, whose text a load hook writes. Without cache every
// import gets a URL of its own.
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { callSite } from 'internal:test/tree';
import { validateBoolean, validateObject, validateString } from 'internal:validators';

interface Mock {
  id: number;
  url: string;
  format: string;
  names: Record<string, any>;
  hasDefault: boolean;
  value: any;
  cache: boolean;
  files: Set<string>;
}

const mocks = new Map<string, Mock>(); // by the URL of what they replace
const byFile = new Map<string, Mock>(); // by made-up URL
let hooks: any;
let lastId = 0;
let lastUse = 0;

// module.exports of a mock, and the default export where the original is CommonJS.
function commonValue(mock: Mock): any {
  const names = Object.keys(mock.names);
  if (!mock.hasDefault) {
    return { ...mock.names };
  }
  const value = mock.value;
  if (names.length === 0) {
    return value;
  }
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    throw new Error(`Cannot create mock because named exports cannot be applied to the provided default export.`);
  }
  for (const name of names) {
    Object.defineProperty(value, name, Object.getOwnPropertyDescriptor(mock.names, name) as PropertyDescriptor);
  }
  return value;
}

function moduleText(mock: Mock, key: string): string {
  const names = Object.keys(mock.names).filter((name) => name !== 'default');
  const common = mock.format === 'commonjs' || mock.format === 'builtin';
  let text = `const mock = globalThis[Symbol.for(${JSON.stringify(key)})](${mock.id}, ${common});\n`;
  names.forEach((name, i) => { text += `const v${i} = mock.names[${JSON.stringify(name)}];\nexport { v${i} as ${JSON.stringify(name)} };\n`; });
  if (common || mock.hasDefault) {
    text += 'export default mock.value;\n';
  }
  return text;
}

const key = 'roost.test.mocks';
function install(): void {
  if (hooks !== undefined) {
    return;
  }
  Object.defineProperty(globalThis, Symbol.for(key), {
    configurable: true, enumerable: false,
    value: (id: number, common: boolean) => {
      for (const mock of byFile.values()) {
        if (mock.id === id) return { names: mock.names, value: common ? commonValue(mock) : mock.value };
      }
      throw new Error('The mock is gone');
    },
  });
  hooks = load('internal:module').registerHooks({
    resolve(specifier: string, context: any, next: Function) {
      const found = next(specifier, context);
      const mock = mocks.get(found.url.replace(/[?#].*$/, ''));
      if (mock === undefined) {
        return found;
      }
      const asRequire = context.conditions.includes('require');
      const use = mock.cache ? 'cached' : ++lastUse;
      const base = mock.url.startsWith('file:') ? mock.url : `file:///${mock.url.replace(/[:/]/g, '-')}`;
      const json = mock.format === 'json' && !asRequire;
      const url = `${base}%23mock-${mock.id}-${use}.${asRequire ? 'cjs' : json ? 'json' : 'mjs'}`;
      byFile.set(url, mock);
      mock.files.add(url);
      return { url, format: asRequire ? 'commonjs' : json ? 'json' : 'module', importAttributes: context.importAttributes, shortCircuit: true };
    },
    load(url: string, context: any, next: Function) {
      const mock = byFile.get(url);
      if (mock === undefined) {
        return next(url, context);
      }
      if (url.endsWith('.cjs')) {
        return { format: 'commonjs', source: `module.exports = globalThis[Symbol.for(${JSON.stringify(key)})](${mock.id}, true).value;`, shortCircuit: true };
      }
      if (url.endsWith('.json')) {
        return { format: 'json', source: JSON.stringify(mock.value) ?? 'null', shortCircuit: true };
      }
      return { format: 'module', source: moduleText(mock, key), shortCircuit: true };
    },
  });
}
function uninstall(): void {
  if (mocks.size === 0 && hooks !== undefined) {
    hooks.deregister();
    hooks = undefined;
  }
}

export class MockModuleContext {
  #mock: Mock | undefined;
  constructor(mock: Mock) {
    this.#mock = mock;
  }
  /** Gives the module back. */
  restore(): void {
    const mock = this.#mock;
    if (mock === undefined) {
      return;
    }
    this.#mock = undefined;
    mocks.delete(mock.url);
    const { fileURLToPath } = load('internal:url');
    for (const url of mock.files) {
      byFile.delete(url);
      delete load('internal:module/cjs').Module._cache[fileURLToPath(url)];
    }
    uninstall();
  }
}

/** mock.module(specifier, { cache, defaultExport, namedExports }) @throws ERR_INVALID_STATE when it is mocked */
export function mockModule(specifier: any, options: any = {}): MockModuleContext {
  const { isURL, pathToFileURL } = load('internal:url');
  if (typeof specifier !== 'string') {
    if (typeof isURL === 'function' ? !isURL(specifier) : !(specifier instanceof load('internal:url').URL)) {
      throw new codes.ERR_INVALID_ARG_TYPE('specifier', ['string', 'URL'], specifier);
    }
    specifier = `${specifier}`;
  }
  validateString(specifier, 'specifier');
  validateObject(options, 'options');
  const { cache = false, namedExports = {} } = options;
  validateBoolean(cache, 'options.cache');
  validateObject(namedExports, 'options.namedExports');
  const site = callSite();
  const parent = site === undefined ? `${pathToFileURL(`${load('internal:process').process.cwd()}/`).href}` : pathToFileURL(site.file).href;
  let named = specifier;
  if (named.startsWith('/')) {
    named = pathToFileURL(named).href;
  } else if (!/^(\.|file:|node:|data:|#)/.test(named) && named.includes('/') === false && load('internal:module').isBuiltin(named)) {
    named = `node:${named}`;
  }
  const { url, format } = load('internal:module/esm/hooks').resolveFrom(named, parent, named.endsWith('.json') ? { type: 'json' } : undefined);
  if (mocks.has(url)) {
    throw new codes.ERR_INVALID_STATE(`Cannot mock '${url}.' The module is already mocked.`);
  }
  const hasDefault = Object.hasOwn(options, 'defaultExport');
  const mock: Mock = { id: ++lastId, url, format, names: namedExports, hasDefault, value: options.defaultExport, cache, files: new Set() };
  mocks.set(url, mock);
  install();
  return new MockModuleContext(mock);
}
