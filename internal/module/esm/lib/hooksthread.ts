// The thread of module.register: it holds the chains of hooks and answers the loader of the thread that made it (offthread.ts).
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { create, evaluateRecord, hasRecord, importModule, setImportOtherwise } from 'internal:module/esm';
import { chainedSource, conditionsOfImport, defaultLoad, defaultResolve } from 'internal:module/esm/hooks';
import { ANSWERS, ENDED, UNSAVED, type HooksThreadData } from 'internal:module/esm/offthread';
import { validateObject, validateString } from 'internal:validators';

const { Atomics: { add, notify, store } } = globalThis;

type Kind = 'resolve' | 'load';

/** A hook and where it comes from, for messages. */
interface Link {
  hook: Function;
  url: string;
}
const chains: Record<Kind, Link[]> = { resolve: [], load: [] };
const nextName = { resolve: 'nextResolve', load: 'nextLoad' } as const;
const inputName = { resolve: 'specifier', load: 'url' } as const;

function checkInput(kind: Kind, where: string, input: any): void {
  validateString(input, `${where} ${inputName[kind]}`);
  if (kind === 'load' && !URL.canParse(input)) throw new codes.ERR_INVALID_ARG_VALUE(`${where} url`, input, 'should be a URL string');
}

function checkContext(where: string, context: any): void {
  validateObject(context, `${where} context`);
}

function checkOutput(kind: Kind, where: string, output: any): void {
  if (typeof output !== 'object' || output === null) throw new codes.ERR_INVALID_RETURN_VALUE('an object', where, output);
  if (kind === 'resolve') {
    const { url, importAttributes, format } = output;
    if (typeof url !== 'string' || !URL.canParse(url)) throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', where, 'url', url);
    if (importAttributes !== undefined && (typeof importAttributes !== 'object' || importAttributes === null)) {
      throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('an object', where, 'importAttributes', importAttributes);
    }
    checkFormat(where, format);
  } else {
    checkFormat(where, output.format);
  }
}

function checkFormat(where: string, format: any): void {
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE('a string', where, 'format', format);
  }
}

// The youngest hook runs first; its next is the one registered before it, and that of the oldest is `last`. The context that a hook hands on
// adds to the one it got.
async function runChain(kind: Kind, input: any, context: any, last: (input: any, context: any) => any): Promise<any> {
  const links = chains[kind];
  let shortCircuit = false;
  let finished = false;
  let current = context;
  const step = async (i: number, value: any): Promise<any> => {
    if (i < 0) {
      finished = true;
      return last(value, current);
    }
    const { hook, url } = links[i];
    const where = `${url} '${kind}' hook's ${nextName[kind]}()`;
    const next = { async [nextName[kind]](nextInput: any = value, nextContext: any = undefined): Promise<any> {
      checkInput(kind, where, nextInput);
      if (nextContext !== undefined) {
        checkContext(where, nextContext);
        current = { ...current, ...nextContext };
      }
      return step(i - 1, nextInput);
    } }[nextName[kind]];
    const output = await hook(value, current, next);
    checkOutput(kind, where, output);
    if (output.shortCircuit) shortCircuit = true;
    if (!finished && !shortCircuit) throw new codes.ERR_LOADER_CHAIN_INCOMPLETE(`${url} '${kind}'`);
    return output;
  };
  return step(links.length - 1, input);
}

// The name of importAttributes before; not enumerable.
function withAssertions(context: any): any {
  return Object.defineProperty(context, 'importAssertions', { configurable: true, get() {
    load('internal:process').process.emitWarning('Use `importAttributes` instead of `importAssertions`', 'ExperimentalWarning');
    return this.importAttributes;
  } });
}

async function resolve(specifier: string, parentURL: string | undefined, importAttributes: any, conditions = conditionsOfImport()): Promise<any> {
  const context = withAssertions({ conditions, importAttributes, parentURL });
  const { url, format, importAttributes: attributes } = await runChain('resolve', specifier, context, (value, current) => {
    const own = defaultResolve(value, current.parentURL ?? '', current);
    // What needs no look at a file has no format yet.
    return own.url.startsWith('file:') ? { __proto__: null, ...own } : { __proto__: null, url: own.url };
  });
  return { url, format, importAttributes: attributes ?? importAttributes };
}

async function loadSource(url: string, format: string | undefined, importAttributes: any): Promise<any> {
  let own: any;
  const result = await runChain('load', url, withAssertions({ format, importAttributes }), (value, context) => {
    own = defaultLoad(value, context);
    // A CommonJS module is read by its own loader, unless a hook gives its text.
    if (/^commonjs/.test(own.format) || own.format === undefined) own = { ...own, source: undefined };
    return { ...own, responseURL: value };
  });
  checkFormat(`${url} 'load'`, result.format);
  return { format: result.format, source: result.source, untouched: own !== undefined && result.source === own.source && result.format === own.format };
}

// An import of this thread, which waits for the hooks that are there already. What the module imports in turn is linked without them: the
// thread's own loader doesn't wait.
async function importHere(specifier: string, parentURL: string, attributes: any): Promise<any> {
  const { url, format, importAttributes } = await resolve(specifier, parentURL, { ...attributes });
  return importResolved(url, format, importAttributes);
}
async function importResolved(url: string, format: string | undefined, importAttributes: any): Promise<any> {
  if (chains.load.length > 0 && !hasRecord(url)) {
    const loaded = await loadSource(url, format, importAttributes);
    if (!loaded.untouched) return evaluateRecord(chainedSource(url, loaded, importAttributes, create));
  }
  return importModule(url, 'data:', importAttributes);
}

async function register(specifier: string, parentURL: string, data: any): Promise<void> {
  const { url, format, importAttributes } = await resolve(specifier, parentURL, {});
  const { initialize, resolve: resolveHook, load: loadHook } = await importResolved(url, format, importAttributes);
  if (resolveHook) chains.resolve.push({ hook: resolveHook, url });
  if (loadHook) chains.load.push({ hook: loadHook, url });
  await initialize?.(data);
}

const methods: Record<string, (...args: any[]) => Promise<any>> = {
  register,
  resolve,
  async load(url, format, importAttributes) {
    const { format: actual, source, untouched } = await loadSource(url, format, importAttributes);
    return untouched ? { format: actual, untouched } : { format: actual, source };
  },
  // The thread is ended without a word; what of it ran is asked for before.
  async takeCoverage() {
    load('internal:inspector/coverage').takeCoverage();
  },
  // So is the code that V8 has compiled for it.
  async saveCode() {
    load('internal:module/cjs/cache').saveCode();
  },
};

/** The thread's program. */
export function run(): void {
  const { process } = load('internal:process');
  const { codeToSave } = load('internal:module/cjs/cache');
  const { port, shared } = load('internal:workerthreads/state').state.workerData as HooksThreadData;
  setImportOtherwise(importHere);
  let asked = false;
  const answer = (message: any) => {
    if (!asked) return; // the thread had given it up
    asked = false;
    try {
      port.postMessage(message);
    } catch (err) {
      port.postMessage({ told: load('internal:workerthreads/errors').tell(err, '') });
    }
    store(shared, UNSAVED, codeToSave() ? 1 : 0);
    add(shared, ANSWERS, 1);
    notify(shared, ANSWERS);
    port.ref();
  };
  port.on('message', ([method, args]: [string, any[]]) => {
    asked = true;
    // While a hook runs it is its own work that keeps the thread: one that waits for nothing is found out.
    port.unref();
    methods[method](...args).then((value) => answer({ value }), (err) => answer({ told: load('internal:workerthreads/errors').tell(err, '') }));
  });
  // Nothing goes on and nothing was said: nothing will be.
  process.on('beforeExit', () => answer({ never: true }));
  process.on('exit', (code: number) => {
    store(shared, ENDED, code + 1);
    notify(shared, ANSWERS);
  });
}
