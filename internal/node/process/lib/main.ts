// What the command line asks for: a script, -e, -p, standard input.
// https://nodejs.org/docs/latest-v24.x/api/cli.html
import { enqueueMicrotask, evaluate, vmCompile } from 'native:engine';
import { builtinNames, config as runtimeConfig, reportUncaught, writeSync } from 'native:runtime';
import { load } from 'internal:load';
import { reallyExit } from 'internal:process/lifecycle';
import { setRejectionMode } from 'internal:process/rejections';

function proc(): any {
  return load('internal:process').process;
}

/** Starts the loaders. Everything that loads a file does so after it. */
function startLoaders(config: any, main: string): void {
  const { start } = load('internal:module/esm/start');
  const process = proc();
  const { conditions } = config;
  const isSet = (option: string, variable: string) => config.options[option] !== undefined || process.env[variable] === '1';
  start(main, conditions, config.options['no-addons'] !== undefined, isSet('preserve-symlinks', 'NODE_PRESERVE_SYMLINKS'),
    isSet('preserve-symlinks-main', 'NODE_PRESERVE_SYMLINKS_MAIN'), process.env.NODE_PATH ?? '', process.env.HOME ?? '', config.execPath, builtinNames(),
    transform(config.options), process.env.NODE_DISABLE_COMPILE_CACHE !== undefined || Boolean(process.env.NODE_V8_COVERAGE), warn);
  if (process.env.NODE_COMPILE_CACHE) {
    load('internal:module/compilecache').enableFromEnvironment(process.env.NODE_COMPILE_CACHE);
  }
}

function warn(message: string, type: string, code: string): void {
  proc().emitWarning(message, type, code);
}

/** What the compiler makes of TypeScript, by the name that the compile cache's log has for it. */
function transform(options: any): string {
  if ((options.inspect ?? options['inspect-brk'] ?? options['inspect-wait']) !== undefined) {
    return 'TransformedTypeScriptWithSourceMaps'; // debuggers read it
  }
  if (options['experimental-transform-types'] === undefined) {
    return 'StrippedTypeScript';
  }
  return options['no-enable-source-maps'] === undefined ? 'TransformedTypeScriptWithSourceMaps' : 'TransformedTypeScript';
}

// Globals that an option takes away.
const unwanted: [option: string, names: string[]][] = [
  ['no-experimental-websocket', ['WebSocket', 'CloseEvent']],
  ['no-experimental-global-navigator', ['navigator', 'Navigator']],
];

// Options of Node that are taken, so that a command line works, and change nothing here: the program is told.
const inert = ['frozen-intrinsics', 'secure-heap', 'trace-event-categories', 'trace-sync-io'];

let breakAtStart = false;
/** Called right before the program's first statement: --inspect-brk stops there. */
export function beforeFirstStatement(): void {
  if (breakAtStart) {
    breakAtStart = false;
    load('internal:inspector').breakAtStart();
  }
}

// --experimental-test-coverage, where the tests run in this process.
function countTests({ options, worker }: any): void {
  const { env } = proc();
  const isolation = options['test-isolation'] ?? options['experimental-test-isolation'];
  if (worker === '' && env.NODE_TEST_CONTEXT !== 'child-v8' && (options.test === undefined || isolation === 'none')) {
    load('internal:test/coverage').startEarly();
  }
}

let mainPromise: Promise<any> | undefined;
let mainSettled = false;

/** Runs the program. Called once. */
export function run(config: any): void {
  const process = proc();
  const cwd: string = config.cwd; // "" when the folder is gone
  breakAtStart = config.breakAtStart;
  if (config.worker !== '') {
    load('internal:workerthreads/main').prepare();
  } else if (process.env.NODE_CHANNEL_FD !== undefined) {
    const channel = load('internal:childprocess/channel').setupChannelFromEnvironment();
    if (channel !== undefined && process.env.NODE_UNIQUE_ID) load('internal:cluster/child').start(channel);
  }
  if (process.env.NODE_V8_COVERAGE) {
    load('internal:inspector/coverage').startCoverage(process.env.NODE_V8_COVERAGE);
  }
  if (config.options['experimental-test-coverage'] !== undefined) {
    countTests(config);
  }
  // A runner of test files gives them the endpoint.
  const runsFiles = config.options.test !== undefined && (config.options['test-isolation'] ?? config.options['experimental-test-isolation']) !== 'none';
  if (config.worker === '' && !runsFiles && (config.options.inspect ?? config.options['inspect-brk'] ?? config.options['inspect-wait']) !== undefined) {
    breakAtStart = load('internal:inspector/start').startInspector(config.options);
  }
  if (config.options['unhandled-rejections'] !== undefined) {
    setRejectionMode(config.options['unhandled-rejections']);
  }
  if ((config.options['experimental-eventsource'] ?? config.options['experimental-webstorage'] ?? config.options.webstorage) !== undefined) {
    load('internal:globals/flagged').installFlagged(config.options);
  }
  if (config.options['report-on-signal'] !== undefined || config.options['report-uncaught-exception'] !== undefined ||
    config.options['report-on-fatalerror'] !== undefined) {
    load('internal:process/report').startReports();
  }
  if (config.options['cpu-prof'] !== undefined || config.options['heap-prof'] !== undefined || config.options['heapsnapshot-signal'] !== undefined ||
    config.options['heapsnapshot-near-heap-limit'] !== undefined) {
    load('internal:v8/commandline').startFromCommandLine(config.options);
  }
  if (config.options['trace-sigint'] !== undefined && config.worker === '') {
    load('internal:process/interrupt').setTraceSigInt(true);
  }
  if (config.options.title !== undefined) {
    process.title = config.options.title;
  }
  if (config.options['disable-proto'] !== undefined) {
    load('internal:process/proto').disableProto(Object.prototype);
  }
  for (const option of inert) {
    if (config.options[option] !== undefined && config.worker === '') process.emitWarning(`--${option} is not there in Roost and changes nothing`);
  }
  for (const [option, names] of unwanted) {
    if (config.options[option] !== undefined) for (const name of names) delete (globalThis as any)[name];
  }
  if (config.options.interactive !== undefined) {
    startLoaders(config, `${cwd}/[repl]`);
    preload(config, () => load('internal:repl/cli').main(config.hasEval ? () => runText(config, config.eval, '[eval]') : undefined));
    return;
  }
  if (config.worker === 'hooks') {
    load('internal:workerthreads/state').state.isInternalThread = true;
    startLoaders(config, `${cwd}/[hooks]`);
    load('internal:module/esm/hooksthread').run();
    return;
  }
  if (config.hasEval) {
    startLoaders(config, `${cwd}/[eval]`);
    const name = config.worker !== '' ? '[worker eval]' : config.stdin ? '[stdin]' : '[eval]';
    preload(config, () => (config.worker === 'url' ? track(load('internal:module/esm').importModule(config.eval, `file://${cwd}/`)) : runText(config, config.eval, name)));
    return;
  }
  if (config.options.test !== undefined) {
    startLoaders(config, `${cwd}/[test]`);
    load('internal:test/cli').main(config.argv, (next: () => void) => preload(config, next));
    return;
  }
  const script: string = config.script;
  let absolute = script.startsWith('/') ? script : `${cwd}/${script}`;
  if (/\/\.|\/\/|\/$/.test(absolute)) {
    absolute = load('node:path').default.resolve(absolute);
  }
  startLoaders(config, absolute);
  const { Module } = load('internal:module/cjs');
  if (process.env.NODE_PATH) {
    (Module as any)._initPaths();
  }
  proc().argv[1] = absolute; // a link keeps its name here; what it leads to is the module's filename
  // A module of -r may have replaced Module.runMain.
  preload(config, () => (config.check ? runMain(script, true) : (Module as any).runMain(script)));
}

// -r modules, then --import modules, then the program.
function preload(config: any, run: () => void): void {
  const next = config.worker === '' ? run : () => {
    load('internal:workerthreads/main').online();
    run();
  };
  if (config.require.length > 0) {
    (load('internal:module/cjs').Module as any)._preloadModules(config.require);
  }
  const base = load('internal:url').pathToFileURL(`${config.cwd || '/'}/`).href;
  if (config.options['experimental-loader'] !== undefined && config.worker === '') {
    try {
      registerLoaders(config.options['experimental-loader'].split('\0'), base);
    } catch (err) {
      fail(err);
      return;
    }
  }
  if (config.import.length === 0) {
    next();
    return;
  }
  const { importModule } = load('internal:module/esm');
  (async () => {
    for (const specifier of config.import) {
      await importModule(specifier, base);
    }
    next();
  })().catch(fail);
}

// --experimental-loader is module.register before anything else.
function registerLoaders(loaders: string[], base: string): void {
  const imports = loaders.map((loader) => `register(${JSON.stringify(loader)}, pathToFileURL("./"));`).join(' ');
  proc().emitWarning('`--experimental-loader` may be removed in the future; instead use `register()`:\n--import ' +
    `'data:text/javascript,import { register } from "node:module"; import { pathToFileURL } from "node:url"; ${imports}'`, 'ExperimentalWarning');
  const { register } = load('internal:module/esm/offthread');
  for (const loader of loaders) register(loader, base);
}

function fail(err: any): void {
  reportUncaught(err, false);
}

/** Runs the entry point: as CommonJS through Module._load, or as an ES module. */
export function runMain(script: string, check = false): void {
  const cjs = load('internal:module/cjs');
  let path: string;
  try {
    path = cjs.mainPath(script);
  } catch (err: any) {
    printFatal(err);
    return;
  }
  if (check) {
    checkSyntax(path);
    return;
  }
  if (cjs.importHooksActive() || /\.(mjs|mts)$/.test(path) || (cjs.packageScope(path)?.[1] === 'module' && /\.(js|ts|tsx)$/.test(path))) {
    // The body of a main ES module runs among promise jobs: its own jobs come before its ticks.
    enqueueMicrotask(() => {
      try {
        track(load('internal:module/esm').runMainModule(path));
      } catch (err) {
        printFatal(err);
      }
      saveLater();
    });
    return;
  }
  try {
    cjs.Module._load(path, null, true);
  } finally {
    saveLater();
  }
  const pending = load('internal:module/esm').takePendingMain();
  if (pending !== undefined) {
    track(pending);
  }
}

function saveLater(): void {
  load('internal:module/cjs/cache').saveLater();
}

function track(promise: Promise<any>): void {
  mainPromise = promise;
  promise.then(() => {
    mainSettled = true;
  }, (err) => {
    mainSettled = true;
    fail(err);
  });
}

// An error before the program has begun: the report of a compiler, or Node's text.
function printFatal(err: any): void {
  if (typeof err?.report === 'string' && load('internal:workerthreads/state').state.isMainThread) {
    writeSync(2, `${err.report}\n\nNode.js ${proc().version}\n`);
    reallyExit(1);
  }
  fail(err);
}

function checkSyntax(path: string): void {
  load('internal:module/cjs/check').checkSyntax(path);
}

function runText(config: any, source: string, name: string): void {
  const esm = load('internal:module/esm');
  let [type, text] = [config.options['input-type'], source];
  if (type?.endsWith('-typescript')) {
    type = type.slice(0, -'-typescript'.length);
    text = load('internal:module').compileTypeScript(source, name);
  }
  if (type === 'module' || (type === undefined && !config.print && esm.isModuleSyntax(text) && !isScript(text))) {
    const cwd = load('internal:url').pathToFileURL(`${config.cwd || '/'}/`).href;
    const url = `${cwd}${name === '[stdin]' ? '[stdin]1' : name === '[eval]' ? '[eval1]' : '[worker eval1]'}`;
    enqueueMicrotask(() => {
      try {
        let id: number | undefined;
        const js = orTypeScript(type, text, name, (source) => id = esm.compileText(source, url));
        track(esm.runMainText(id ?? esm.compileText(js, url), url));
      } catch (err) {
        printFatal(err);
      }
    });
    return;
  }
  const { textModule, makeRequire, Module } = load('internal:module/cjs');
  const module = textModule(name, config.cwd);
  const target: any = globalThis;
  target.module = module;
  target.exports = module.exports;
  target.__filename = name;
  target.__dirname = '.';
  target.require = makeRequire(module);
  defineBuiltins(target, Module);
  const js = orTypeScript(type, text, name, (source) => vmCompile(source, name, 0, 0));
  beforeFirstStatement();
  const value = evaluate(js, name);
  if (config.print) {
    load('internal:console').globalConsole.log(value);
  }
}

// Without --input-type, text that is no JavaScript may be TypeScript: what compile takes of the two, the second time it throws. What is neither is for
// V8 to report.
function orTypeScript(type: string | undefined, text: string, name: string, compile: (js: string) => any): string {
  if (type === undefined) {
    try {
      compile(text);
    } catch {
      try {
        return load('internal:module').compileTypeScript(text, name);
      } catch {
        // V8 says more.
      }
    }
  }
  return text;
}

// Such text is no function body: what a module's wrapper could not declare again, a script can.
function isScript(text: string): boolean {
  try {
    new (load('node:vm').default.Script)(text);
    return true;
  } catch {
    return false;
  }
}

// -e and the REPL see every builtin as a global variable.
function defineBuiltins(target: any, Module: any): void {
  for (const name of Module.builtinModules as string[]) {
    // node:crypto takes the place of Web Crypto's global.
    if (name.includes('/') || name.startsWith('_') || name.startsWith('node:') || name in target && name !== 'crypto') {
      continue;
    }
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: false,
      get() {
        const value = load(`node:${name}`).default;
        Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
        return value;
      },
      set(value) {
        Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }
}

/** The text of exit code 13, when the main module's top-level await never settled. */
export function unsettledMain(): string | undefined {
  if (mainPromise === undefined || mainSettled) return undefined;
  return runtimeConfig().options['no-warnings'] !== undefined ? '' : load('internal:module/esm').unsettledWarning() ?? 'Warning: Detected unsettled top-level await\n';
}

/** Line n of a source file, for reports. */
export function sourceLine(file: string, line: number): string | undefined {
  return load('internal:module/cjs/cache').sourceLine(file, line);
}
