// run(): finds test files and runs them, each in a process of its own or all in this one.
// https://nodejs.org/docs/latest-v24.x/api/test.html#runoptions
import { codes } from 'internal:errors';
import { queueMicrotask } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { load } from 'internal:load';
import { Decoder } from 'internal:test/channel';
import { findFiles } from 'internal:test/files';
import { isChild, setUp } from 'internal:test/harness';
import { flag, pattern } from 'internal:test/options';
import { adopt, applyOnlyToAll, failure, Run, schedule, TestNode } from 'internal:test/tree';
import { newTestsStream } from 'internal:test/stream';
import {
  validateAbortSignal, validateArray, validateBoolean, validateFunction, validateInteger, validateNumber, validateObject, validateOneOf, validateString,
  validateStringArray, validateUint32,
} from 'internal:validators';

function proc(): any {
  return load('internal:process').process;
}

// Options of the command line that a test file's process doesn't get.
const notInherited = new Set(['--test', '--experimental-test-coverage', '--watch', '--experimental-default-config-file']);
const notInheritedWithValue = new Set(['--test-reporter', '--test-reporter-destination', '--experimental-config-file', '--test-concurrency', '--test-global-setup', '--test-isolation',
  '--experimental-test-isolation', '--test-shard', '--watch-path']);

function inheritedArguments(): string[] {
  const out: string[] = [];
  const args: string[] = proc().execArgv;
  for (let i = 0; i < args.length; i++) {
    const [name] = args[i].split('=', 1);
    if (notInherited.has(name)) {
      continue;
    }
    if (notInheritedWithValue.has(name)) {
      if (!args[i].includes('=')) i++;
      continue;
    }
    out.push(args[i]);
  }
  return out;
}

interface Settings {
  files: string[];
  cwd: string;
  argv: string[];
  execArgv: string[];
  env: any;
  only: boolean;
  names: string[];
  skips: string[];
  timeout: number;
  forceExit: boolean;
  rerun: string | undefined;
  fromCommandLine: boolean;
  inspectPort: any;
  ports: ((wanted: any) => number) | undefined; // of debuggers; undefined: nobody debugs
  together: boolean; // one process for all files
  dependencies: Map<string, Set<string>> | undefined; // what each file has loaded; undefined: nobody watches
}

function childArguments(settings: Settings, path: string): string[] {
  const out = settings.fromCommandLine ? inheritedArguments() : proc().execArgv.filter((arg: string) => !/^--(test|watch|experimental-test-coverage|experimental-config-file)\b/.test(arg) && !/^-(e|p|-eval|-print)/.test(arg));
  if (!settings.fromCommandLine) {
    if (settings.only) out.push('--test-only');
    for (const name of settings.names) out.push(`--test-name-pattern=${name}`);
    for (const name of settings.skips) out.push(`--test-skip-pattern=${name}`);
    if (settings.timeout !== Infinity) out.push(`--test-timeout=${settings.timeout}`);
    if (settings.forceExit) out.push('--test-force-exit');
    if (settings.rerun !== undefined) out.push(`--test-rerun-failures=${settings.rerun}`);
  }
  if (settings.ports !== undefined) {
    out.push(`--inspect-port=${settings.ports(settings.inspectPort)}`);
  }
  out.push(...settings.execArgv);
  if (settings.together) {
    out.push('--test', '--test-isolation=none', ...settings.files);
  } else if (path !== '') {
    out.push(path);
  }
  out.push(...settings.argv);
  return out;
}

// Events that leave in the order of the files; the others as they come.
const ordered = new Set(['test:start', 'test:pass', 'test:fail', 'test:plan', 'test:diagnostic', 'test:summary', 'test:stdout', 'test:stderr']);

/** A test file in a process of its own, as a node of the run. */
function fileNode(run: Run, settings: Settings, path: string, name: string): TestNode {
  const { root } = run;
  const queue: { type: string; data: any }[] = [];
  let reported = 0; // tests at its top
  let failed = 0;
  // The timeout is for the tests in it.
  const node: any = new TestNode(run, root, 'test', name, { timeout: Infinity }, undefined, { file: path, line: 1, column: 1 });

  const send = ({ type, data }: any): void => {
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0) {
      data.testNumber = ++run.topNumber;
    }
    run.send(type, data);
  };
  const take = (event: any): void => {
    const { type, data } = event;
    if (type === 'test:plan' && data.nesting === 0) {
      return;
    }
    if (type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined) {
      // What the file says of its run; the runner counts by itself.
      if (data.level !== 'info') run.warn(data.message, data.level);
      return;
    }
    if (type === 'test:summary') {
      data.file = path;
      for (const key of Object.keys(data.counts)) {
        if (key !== 'topLevel' && key in run.counts) (run.counts as any)[key] += data.counts[key];
      }
      if (!data.success) run.success = false;
      failed += data.counts.failed + data.counts.cancelled;
    }
    if (type === 'test:complete' && data.nesting === 0) {
      reported++;
    }
    if (type === 'test:complete' && run.attempts !== undefined) {
      noteAttempt(run, settings.cwd, data);
    }
    if (ordered.has(type) && !node.live) {
      queue.push(event);
    } else {
      send(event);
    }
  };
  node.events = () => {
    for (const event of queue.splice(0)) {
      send(event);
    }
  };
  node.fn = (t: any) => new Promise<void>((resolve, reject) => {
    const { spawn } = load('node:child_process').default;
    const { NODE_TEST_CONTEXT: _own, ...environment } = settings.env ?? proc().env;
    const watched = settings.dependencies !== undefined;
    const child = spawn(proc().execPath, childArguments(settings, path), {
      cwd: settings.cwd, signal: t.signal, stdio: ['ignore', 'pipe', 'pipe', ...(watched ? ['pipe'] : [])],
      env: {
        ...environment, NODE_TEST_CONTEXT: 'child-v8', ...(run.coverage === undefined ? undefined : { NODE_V8_COVERAGE: run.coverage.folder }),
        ...(watched ? { ROOST_WATCH_REPORT: '3' } : undefined),
      },
    });
    node.child = child;
    if (watched) {
      noteDependencies(settings.dependencies as any, path, child.stdio[3]);
    }
    const utf8 = new (load('node:string_decoder').default.StringDecoder)('utf8');
    const decoder = new Decoder(take, (bytes) => {
      const message = utf8.write(bytes);
      if (message !== '') take({ type: 'test:stdout', data: { __proto__: null, file: path, message } });
    });
    child.stdout.on('data', (chunk: any) => decoder.write(chunk));
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      const message = settings.ports === undefined ? text : withoutInspector(text);
      if (message !== '') take({ type: 'test:stderr', data: { __proto__: null, file: path, message } });
    });
    let spawnError: any;
    child.on('error', (error: any) => { spawnError = error; });
    child.on('close', (code: any, signal: any) => {
      decoder.end();
      node.child = undefined;
      if (code === 0 && signal === null) {
        resolve();
        return;
      }
      const error = failure('test failed', failed > 0 ? 'subtestsFailed' : 'testCodeFailure');
      error.exitCode = code;
      error.signal = signal;
      if (spawnError !== undefined && code === null && signal === null) {
        error.cause = spawnError;
      }
      reject(error);
    });
  });
  const { cancel } = TestNode.prototype;
  node.cancel = function(error?: any) {
    cancel.call(node, error);
    node.child?.kill();
  };
  // Its result counts when the tests in it don't say it all.
  node.conclude = () => {
    const own = node.error?.failureType;
    return reported === 0 || (own !== undefined && own !== 'subtestsFailed');
  };
  return node;
}

// What the inspector of a test file's process says is for who debugs, now.
function withoutInspector(text: string): string {
  return text.replace(/^(?:Debugger listening on|Debugger attached|Waiting for the debugger to disconnect)[^\n]*\n/gm, (line) => {
    proc().stderr.write(line);
    return '';
  });
}

// The paths of what a file's process loads come a line each, as for --watch (internal/module/source).
function noteDependencies(all: Map<string, Set<string>>, path: string, reports: any): void {
  const loaded = new Set<string>();
  all.set(path, loaded);
  let rest = '';
  reports.setEncoding('utf8');
  reports.on('error', () => {});
  reports.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) loaded.add(line);
  });
}

function noteAttempt(run: Run, cwd: string, data: any): void {
  if (!data.details.passed || data.skip !== undefined || data.details.type !== 'test' || data.file === undefined) {
    return;
  }
  const attempts: any = run.attempts;
  const base = `${load('node:path').default.relative(cwd, data.file)}:${data.line}:${data.column}`;
  let key = base;
  for (let n = 1; key in attempts.passed; n++) {
    key = `${base}:(${n})`;
  }
  attempts.passed[key] = { passed_on_attempt: data.details.passed_on_attempt ?? attempts.attempt, name: data.name };
}


const recursion = 'node:test run() is being called recursively within a test file. skipping running files.';

/**
 * run({ concurrency, cwd, files, forceExit, globPatterns, only, setup, execArgv, argv, signal, testNamePatterns, testSkipPatterns, timeout, shard,
 * isolation, globalSetupPath, rerunFailuresFilePath, env })
 * @returns a TestsStream
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE
 */
export function run(options: any = {}, commandLine?: { teardown: (() => any) | undefined; rescan: () => string[]; destination: (run: Run) => void }): any {
  validateObject(options, 'options');
  let { coverageIncludeGlobs, coverageExcludeGlobs, testNamePatterns, testSkipPatterns, shard, concurrency } = options;
  const { files, inspectPort, setup, timeout, signal, only = false, forceExit = false, watch = false, globPatterns, isolation = 'process', coverage = false, lineCoverage = 0,
    branchCoverage = 0, functionCoverage = 0,
    execArgv = [], argv = [], cwd = proc().cwd(), rerunFailuresFilePath, globalSetupPath, env } = options;
  if (files !== undefined && files !== null) {
    validateArray(files, 'options.files');
  }
  validateBoolean(watch, 'options.watch');
  validateBoolean(forceExit, 'options.forceExit');
  if (forceExit && watch) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.forceExit', watch, 'is not supported with watch mode');
  }
  validateBoolean(only, 'options.only');
  if (globPatterns !== undefined && globPatterns !== null) {
    validateArray(globPatterns, 'options.globPatterns');
  }
  if (globPatterns?.length > 0 && files?.length > 0) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.globPatterns', globPatterns, "is not supported when specifying 'options.files'");
  }
  if (shard !== undefined && shard !== null) {
    validateObject(shard, 'options.shard');
    shard = { __proto__: null, index: shard.index, total: shard.total };
    validateInteger(shard.total, 'options.shard.total', 1);
    validateInteger(shard.index, 'options.shard.index', 1, shard.total);
    if (watch) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.shard', watch, 'shards not supported with watch mode');
    }
  }
  if (setup !== undefined && setup !== null) {
    validateFunction(setup, 'options.setup');
  }
  const expressions = (value: any, name: string): [RegExp[], string[]] => {
    if (value === undefined || value === null) {
      return [[], []];
    }
    const list = Array.isArray(value) ? value : [value];
    return [list.map((one: any, i: number) => {
      if (one instanceof RegExp) return one;
      if (typeof one === 'string') return pattern(one);
      throw new codes.ERR_INVALID_ARG_TYPE(`${name}[${i}]`, ['string', 'RegExp'], one);
    }), list.map((one: any) => `${one}`)];
  };
  const [names, nameTexts] = expressions(testNamePatterns, 'options.testNamePatterns');
  const [skips, skipTexts] = expressions(testSkipPatterns, 'options.testSkipPatterns');
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  validateString(cwd, 'options.cwd');
  validateStringArray(argv, 'options.argv');
  validateStringArray(execArgv, 'options.execArgv');
  validateBoolean(coverage, 'options.coverage');
  const globs = (value: any, name: string): string[] | undefined => {
    if (value === undefined || value === null) {
      return undefined;
    }
    const list = Array.isArray(value) ? value : [value];
    validateStringArray(list, name);
    return list;
  };
  coverageExcludeGlobs = globs(coverageExcludeGlobs, 'options.coverageExcludeGlobs');
  coverageIncludeGlobs = globs(coverageIncludeGlobs, 'options.coverageIncludeGlobs');
  validateInteger(lineCoverage, 'options.lineCoverage', 0, 100);
  validateInteger(branchCoverage, 'options.branchCoverage', 0, 100);
  validateInteger(functionCoverage, 'options.functionCoverage', 0, 100);
  if (rerunFailuresFilePath !== undefined) {
    validateString(rerunFailuresFilePath, 'options.rerunFailuresFilePath');
  }
  if (globalSetupPath !== undefined) {
    validateString(globalSetupPath, 'options.globalSetupPath');
  }
  if (env !== undefined) {
    validateObject(env, 'options.env');
    if (isolation === 'none') {
      throw new codes.ERR_INVALID_ARG_VALUE('options.env', env, "is not supported with isolation='none'");
    }
  }
  if (timeout !== undefined && timeout !== null && timeout !== Infinity) {
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
  }
  if (signal !== undefined) {
    validateAbortSignal(signal, 'options.signal');
  }
  if (concurrency !== undefined && concurrency !== null && typeof concurrency !== 'boolean') {
    if (typeof concurrency !== 'number') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], concurrency);
    }
    validateUint32(concurrency, 'options.concurrency', true);
  }
  const isTogether = isChild() && commandLine !== undefined && isolation === 'none'; // the process of a run that watches without isolation
  if (isChild() && !isTogether) {
    proc().emitWarning(recursion);
    const stream = newTestsStream();
    stream.finish();
    return stream;
  }
  if (isolation === 'none') {
    concurrency = 1;
  } else if (concurrency === true || concurrency === undefined || concurrency === null) {
    concurrency = Math.max(load('node:os').default.availableParallelism() - 1, 1);
  } else if (concurrency === false) {
    concurrency = 1;
  }
  const { resolve } = load('node:path').default;
  let list: string[];
  const shown = new Map<string, string>();
  if (files !== undefined && files !== null) {
    list = files.map((file: any) => {
      const path = resolve(cwd, `${file}`);
      shown.set(path, `${file}`);
      return path;
    });
  } else {
    list = findFiles(globPatterns, cwd);
    for (const path of list) {
      shown.set(path, load('node:path').default.relative(cwd, path));
    }
  }
  if (shard) {
    list = list.filter((_file, i) => i % shard.total === shard.index - 1);
  }
  const settings: Settings = { files: list, cwd, argv, execArgv, env, only, names: nameTexts, skips: skipTexts, timeout: timeout ?? Infinity, forceExit,
    rerun: rerunFailuresFilePath === undefined ? undefined : resolve(cwd, rerunFailuresFilePath), fromCommandLine: commandLine !== undefined,
    inspectPort, ports: newPortsWhenDebugging(), together: watch && isolation === 'none', dependencies: watch ? new Map() : undefined };
  const counting = coverage ? { cwd, include: coverageIncludeGlobs ?? [], exclude: coverageExcludeGlobs ?? [],
    thresholds: { __proto__: null, line: lineCoverage, branch: branchCoverage, function: functionCoverage }, sourceMaps: flag('enable-source-maps') } : undefined;
  if (isolation === 'none' && !watch) {
    return runHere(settings, { counting, only, names, skips, timeout, signal, setup, globalSetupPath, commandLine });
  }
  const run = new Run({ only: false, names: [], skips: [] }, { concurrency });
  if (settings.rerun !== undefined) {
    load('internal:test/rerun').prepare(run, settings.rerun, true);
  }
  if (counting !== undefined) {
    run.coverage = new (load('internal:test/coverage').Coverage)(counting, false);
  }
  commandLine?.destination(run);
  // What is named may come and go while watching.
  const rescan = files !== undefined && files !== null && commandLine?.rescan === undefined ? undefined : () => {
    const now = commandLine?.rescan?.() ?? findFiles(globPatterns, cwd);
    for (const path of now) {
      shown.set(path, load('node:path').default.relative(cwd, path));
    }
    return now;
  };
  runFiles(run, settings, { setup, globalSetupPath, signal, watch, shown, commandLine, rescan }).catch((error) => {
    run.stream.destroy(error);
  });
  return run.stream;
}

function newPortsWhenDebugging(): ((wanted: any) => number) | undefined {
  // The module is not needed for anything else.
  if (!/--inspect/.test(`${proc().execArgv} ${proc().env.NODE_OPTIONS}`)) {
    return undefined;
  }
  const { isInspecting, newPorts } = load('internal:inspector/ports');
  return isInspecting() ? newPorts() : undefined;
}

// Each file in a process of its own.
async function runFiles(run: Run, settings: Settings, { setup, globalSetupPath, signal, watch, shown, commandLine, rescan }: any): Promise<void> {
  let nodes: TestNode[] = [];
  const stop = (error: any) => {
    for (const node of nodes) {
      node.cancel(error);
    }
  };
  const interruption = new (load('internal:events').AbortController)();
  const interrupted = () => stop(failure('Promise resolution is still pending but the event loop has already resolved', 'cancelledByParent'));
  // A signal may come as soon as something is printed, which is before there are tests.
  (run as any).interrupt = () => {
    interruption.abort();
    interrupted();
  };
  // Who called may listen first.
  await new Promise<void>((resolve) => setImmediate(resolve));
  await setup?.(run.stream);
  const teardown = globalSetupPath === undefined ? commandLine?.teardown : await load('internal:test/globalsetup').globalSetup(globalSetupPath, settings.cwd);
  const all = async (changed?: Set<string>): Promise<void> => {
    const old = new Set(settings.files);
    if (changed !== undefined && rescan !== undefined) {
      settings.files = rescan();
    }
    const affected = settings.files.filter((path) => changed === undefined || !old.has(path) || isAffected(settings, path, changed));
    const groups = settings.together && affected.length > 0 ? [settings.files[0]] : affected;
    nodes = groups.map((path) => fileNode(run, settings, path, shown.get(path) as string));
    nodes.forEach(adopt);
    if (signal?.aborted) {
      queueMicrotask(() => stop(failure(signal.reason, 'testAborted')));
    }
    if (interruption.signal.aborted) {
      queueMicrotask(interrupted);
    }
    nodes.forEach(schedule);
    for (const node of nodes) {
      await node.done;
    }
  };
  signal?.addEventListener('abort', () => stop(failure(signal.reason, 'testAborted')), { once: true });
  await all();
  if (watch && !signal?.aborted) {
    await watching(run, settings, signal, interruption.signal, (path) => rescan !== undefined && !settings.files.includes(path) && rescan().includes(path), all);
  }
  await teardown?.();
  run.attempts?.save?.();
  // What was reported goes out before the summary.
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (watch) {
    // What has run since the last summary: nothing.
    run.restart();
    run.summarize();
    run.stream.finish();
  } else {
    run.end();
  }
  if (!run.success && commandLine !== undefined) {
    proc().exitCode = proc().exitCode || 1;
  }
}

function isAffected(settings: Settings, path: string, changed: Set<string>): boolean {
  const loaded = settings.dependencies?.get(settings.together ? settings.files[0] : path);
  if (changed.has(path) || loaded === undefined) {
    return true;
  }
  for (const file of changed) {
    if (loaded.has(file)) return true;
  }
  return false;
}

// Runs the files again that depend on what changes: those that have loaded it, directly or not.
async function watching(run: Run, settings: Settings, signal: any, interruption: any, isNew: (path: string) => boolean, all: (changed?: Set<string>) => Promise<void>): Promise<void> {
  const { watch, realpathSync } = load('node:fs').default;
  const { resolve, dirname } = load('node:path').default;
  const { setTimeout } = load('internal:timers');
  const cwd = realpathSync(settings.cwd);
  const changed = new Set<string>();
  const matters = (path: string, given: string): boolean => {
    if (/\.[cm]?[jt]sx?$/.test(given) && !/\/(node_modules|\.git)\//.test(given) && isNew(given)) return true;
    for (const loaded of (settings.dependencies as any).values()) {
      if (loaded.has(path)) return true;
    }
    return false;
  };
  let running = false;
  const start = async () => {
    if (running) {
      return; // what has changed meanwhile waits
    }
    running = true;
    while (changed.size > 0) {
      const now = new Set(changed);
      changed.clear();
      run.send('test:watch:restarted', undefined);
      run.restart();
      await all(now);
      watchOutside();
      run.send('test:watch:drained', undefined);
      run.summarize();
    }
    running = false;
  };
  let timer: any;
  const note = (path: string, given = path) => {
    if (!matters(path, given)) {
      return;
    }
    changed.add(path);
    changed.add(given);
    timer?.refresh() ?? (timer = setTimeout(start, 200));
  };
  const watchers = [watch(cwd, { recursive: true }, (_event: string, name: any) => {
    if (name !== null) note(resolve(cwd, `${name}`), resolve(settings.cwd, `${name}`));
  })];
  // Folders of dependencies that are not below cwd.
  const outside = new Set<string>();
  const watchOutside = () => {
    for (const loaded of (settings.dependencies as any).values()) {
      for (const path of loaded) {
        const folder = dirname(path);
        if (folder === cwd || folder.startsWith(`${cwd}/`) || outside.has(folder)) continue;
        outside.add(folder);
        try {
          watchers.push(watch(folder, (_event: string, name: any) => {
            if (name !== null) note(resolve(folder, `${name}`));
          }));
        } catch {
          // It is gone.
        }
      }
    }
  };
  watchOutside();
  const aborted = new Promise<void>((done) => {
    signal?.addEventListener('abort', done, { once: true });
    interruption.addEventListener('abort', done, { once: true });
    if (interruption.aborted) done();
  });
  run.send('test:watch:drained', undefined);
  run.summarize();
  await aborted;
  for (const watcher of watchers) watcher.close();
}

// --test-isolation=none: the files are imported one after another, then their tests run.
function runHere(settings: Settings, given: any): any {
  const harness = setUp(given.commandLine === undefined ? 'none' : 'reporters', {
    held: true, only: given.only, names: given.names, skips: given.skips, timeout: given.timeout ?? undefined, concurrency: 1,
  });
  const { run } = harness;
  if (given.counting !== undefined) {
    run.coverage ??= new (load('internal:test/coverage').Coverage)(given.counting, true);
  }
  harness.filesLoading = true;
  (run as any).interrupt = () => harness.abort();
  (async () => {
    await given.setup?.(run.stream);
    harness.globalTeardown = given.commandLine?.teardown;
    if (given.globalSetupPath !== undefined) {
      harness.globalTeardown = await load('internal:test/globalsetup').globalSetup(given.globalSetupPath, settings.cwd);
    }
    const { importModule } = load('internal:module/esm');
    const { pathToFileURL } = load('internal:url');
    const base = pathToFileURL(`${settings.cwd}/`).href;
    for (const path of settings.files) {
      run.entryFile = path;
      try {
        await importModule(pathToFileURL(path).href, base);
      } catch (error) {
        // A file that doesn't load is a test that fails.
        const node = new TestNode(run, run.root, 'test', path, {}, () => { throw error; }, { file: path, line: 1, column: 1 });
        adopt(node);
        harness.start(node);
      }
    }
    harness.filesLoading = false;
    applyOnlyToAll(run);
    harness.release();
    for (const node of run.root.children.slice()) {
      await node.done;
    }
    await harness.settle();
    // The run ends when the loop has nothing left.
    if (settings.forceExit) {
      await harness.finish();
      if (given.commandLine !== undefined) {
        proc().exit();
      }
    }
  })().catch((error) => {
    run.stream.destroy(error);
  });
  if (given.signal !== undefined) {
    given.signal.addEventListener('abort', () => harness.abort(), { once: true });
  }
  return run.stream;
}
