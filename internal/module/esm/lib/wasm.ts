// WebAssembly modules as ES modules: import { add } from './add.wasm'.
// https://nodejs.org/docs/latest-v24.x/api/esm.html#wasm-modules
//
// A generated module imports what the WebAssembly module imports, so that linking, cycles and evaluation order are the engine's; its last
// import is a synthetic module that holds the function which makes the instance.
// Differs from Node: source phase imports (import source) are not there.
import { moduleCompile, moduleSetExport, moduleSynthetic } from 'native:engine';
import { load } from 'internal:load';

const { WebAssembly } = globalThis as any;
let count = 0;
let warned = false;

class Instantiator {
  run: (namespaces: any[]) => any[];
  constructor(run: (namespaces: any[]) => any[]) {
    this.run = run;
  }
}

function bytesOf(url: string, path: string, source: any): any {
  if (source !== undefined) return source;
  if (!url.startsWith('data:')) return load('node:fs').default.readFileSync(path);
  const comma = url.indexOf(',');
  const { Buffer } = load('internal:buffer');
  const text = decodeURIComponent(url.slice(comma + 1));
  return /;base64$/i.test(url.slice(0, comma)) ? Buffer.from(text, 'base64') : Buffer.from(text, 'latin1');
}

/** Compiles the module at url and gives the id of the ES module that stands for it. What it imports is linked by the caller. */
export function wasmModule(url: string, path: string, source: any): number {
  if (source instanceof Instantiator) {
    // The synthetic module of our own, below.
    const { run } = source;
    return moduleSynthetic(url, ['default'], (self: number) => moduleSetExport(self, 'default', run));
  }
  if (!warned) {
    warned = true;
    load('internal:process').process.emitWarning('Importing WebAssembly module instances is an experimental feature and might change at any time', 'ExperimentalWarning');
  }
  let compiled: any;
  try {
    compiled = new WebAssembly.Module(bytesOf(url, path, source));
  } catch (err: any) {
    if (err instanceof WebAssembly.CompileError) err.message = `${path || url}: ${err.message}`;
    throw err;
  }
  const from: string[] = [...new Set<string>(WebAssembly.Module.imports(compiled).map((item: any) => item.module))];
  const names: string[] = WebAssembly.Module.exports(compiled).map((item: any) => item.name);
  const key = `data:text/javascript;wasm-instance=${++count},`;
  load('internal:module/esm').create(key, '', 'wasm', undefined, new Instantiator((namespaces) => {
    const imports: any = { __proto__: null };
    from.forEach((name, i) => { imports[name] = namespaces[i]; });
    const { exports } = new WebAssembly.Instance(compiled, imports);
    // A global is seen by its value, as the proposal for the integration of ES modules has it.
    return names.map((name) => {
      const value = exports[name];
      if (!(value instanceof WebAssembly.Global)) return value;
      try {
        return value.value;
      } catch {
        return value; // v128 has no value in JavaScript
      }
    });
  }));
  let text = '';
  from.forEach((name, i) => { text += `import * as $i${i} from ${JSON.stringify(name)};`; });
  text += `import $run from ${JSON.stringify(key)};const $all = $run([${from.map((_, i) => `$i${i}`).join()}]);`;
  names.forEach((name, i) => { text += `const $e${i} = $all[${i}];export { $e${i} as ${JSON.stringify(name)} };`; });
  return Math.abs(moduleCompile(text, url, 0, 0));
}
