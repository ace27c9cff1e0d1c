// Tests as a tree: what is declared, in which order it runs, and what it reports.
// https://nodejs.org/docs/latest-v24.x/api/test.html
//
// A Run owns a root node and a stream of events. A node runs when its parent has room (concurrency); what it reports (test:start, test:pass,
// test:fail, test:plan, test:diagnostic) leaves in the order of the declarations, the other events as things happen.
import { AsyncLocalStorage } from 'internal:asynchooks';
import { codes } from 'internal:errors';
import { AbortController } from 'internal:events';
import { load } from 'internal:load';
import { now } from 'internal:perfhooks';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'internal:timers';
import { newContext } from 'internal:test/context';
import type { Coverage } from 'internal:test/coverage';
import type { MockTracker } from 'internal:test/mock';
import { newTestsStream } from 'internal:test/stream';
import { validateAbortSignal, validateFunction, validateNumber, validateUint32 } from 'internal:validators';

export interface Site {
  file: string;
  line: number;
  column: number;
}
export type HookKind = 'before' | 'after' | 'beforeEach' | 'afterEach';
export type NodeType = 'test' | 'suite';

/** Who runs: a test, or a hook for a test. */
export class Activity {
  node: TestNode;
  hook: Hook | undefined;
  done = false;
  interrupt: ((error: any) => void) | undefined;
  constructor(node: TestNode, hook?: Hook) {
    this.node = node;
    this.hook = hook;
  }
}
export const current = new AsyncLocalStorage({ name: 'test' });

export interface Hook {
  kind: HookKind;
  fn: Function;
  timeout: number;
  signal: any;
  site: Site | undefined;
  ran: boolean;
}

/** ERR_TEST_FAILURE with a failureType. */
export function failure(cause: any, kind: string): any {
  const error = new codes.ERR_TEST_FAILURE(cause, kind);
  // What matters is where the cause comes from.
  error.stack = `${error.name} [${error.code}]: ${error.message}`;
  return error;
}

export function milliseconds(n: number): number {
  return Math.round(n * 1e6) / 1e6;
}

/** Where the program called: the first frame that isn't the runtime's. */
export function callSite(): Site | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const stack = `${new Error().stack}`;
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const m = /(?:\(| at )(?:async )?((?:file:\/\/)?\/[^()]*|\[eval\]|\[eval1\]):(\d+):(\d+)\)?$/.exec(line);
    if (m !== null) {
      return { file: m[1].startsWith('file:') ? load('internal:url').fileURLToPath(m[1]) : m[1], line: Number(m[2]), column: Number(m[3]) };
    }
  }
  return undefined;
}

export interface Filter {
  only: boolean;
  names: RegExp[];
  skips: RegExp[];
}

/** What passed in earlier attempts (--test-rerun-failures). */
export interface Attempts {
  previous: Record<string, { passed_on_attempt: number; name: string }>;
  attempt: number;
  passed: Record<string, { passed_on_attempt: number; name: string }>;
  seen: Map<string, number>;
  save?: () => void; // writes the state file
}

/** One run of tests: the root, its stream and its counts. */
export class Run {
  stream: any = newTestsStream();
  root: TestNode;
  filter: Filter;
  counts = { tests: 0, failed: 0, passed: 0, cancelled: 0, skipped: 0, todo: 0, topLevel: 0, suites: 0 };
  diagnostics: { message: string; level: string }[] = [];
  started = now();
  success = true;
  entryFile: string | undefined; // the file whose tests are declared now
  attempts: Attempts | undefined;
  coverage: Coverage | undefined;
  topNumber = 0; // of the last result at the top
  #active = 0;
  #keepAlive: any;

  constructor(filter: Filter, options: any) {
    this.filter = filter;
    this.root = new TestNode(this, null, 'test', '<root>', options, undefined, undefined);
    this.root.live = true;
    this.root.startedBody = true;
  }
  // A test that runs holds the loop: what it waits for may hold nothing.
  enter(): void {
    this.#active++;
    this.#keepAlive ??= setInterval(() => {}, 2 ** 31 - 1);
  }
  leave(): void {
    if (--this.#active === 0) {
      clearInterval(this.#keepAlive);
      this.#keepAlive = undefined;
    }
  }
  send(type: string, data: any): void {
    this.stream.send(type, data);
  }
  /** Adds a diagnostic of the whole run. */
  warn(message: string, level = 'error'): void {
    this.diagnostics.push({ message, level });
  }
  /** Counts one test's or suite's result. */
  count(type: NodeType, result: { passed: boolean; skipped: boolean; todo: boolean; cancelled: boolean }): void {
    const { counts } = this;
    if (type === 'suite') {
      counts.suites++;
    } else {
      counts.tests++;
      if (result.skipped) counts.skipped++;
      else if (result.todo) counts.todo++;
      else if (result.cancelled) counts.cancelled++;
      else if (result.passed) counts.passed++;
      else counts.failed++;
    }
    if (!result.passed && !result.todo && !result.skipped) {
      this.success = false;
    }
  }
  /** Counts begin anew: watch mode. */
  restart(): void {
    for (const key of Object.keys(this.counts)) {
      (this.counts as any)[key] = 0;
    }
    this.diagnostics = [];
    this.topNumber = 0;
    this.success = true;
    this.started = now();
    this.coverage?.restart();
  }
  /** The last events; nothing follows them. */
  end(): void {
    this.summarize();
    this.coverage?.cleanup();
    this.stream.finish();
  }
  #report(covered: any): void {
    const { totals, thresholds } = covered;
    const wanted: [string, number, number][] = [
      ['line', totals.coveredLinePercent, thresholds.line], ['branch', totals.coveredBranchPercent, thresholds.branch],
      ['function', totals.coveredFunctionPercent, thresholds.function],
    ];
    for (const [name, percent, threshold] of wanted) {
      if (percent < threshold) {
        this.#fail();
        const message = `Error: ${percent.toFixed(2)}% ${name} coverage does not meet threshold of ${threshold}%.`;
        this.send('test:diagnostic', { __proto__: null, nesting: 0, message, level: 'error' });
      }
    }
    this.send('test:coverage', { __proto__: null, nesting: 0, summary: covered });
  }
  /** What of the program ran; undefined when nobody asks or it can't be told. */
  #covered(): any {
    try {
      return this.coverage?.summary();
    } catch (error) {
      this.#fail();
      this.warn(`Warning: Could not report code coverage. ${error}`, 'info');
      return undefined;
    }
  }
  #fail(): void {
    this.success = false;
    load('internal:process').process.exitCode = 1;
  }
  /** Plan, diagnostics, coverage and summary of what ran. */
  summarize(): void {
    const { counts } = this;
    const duration = milliseconds(now() - this.started);
    const covered = this.#covered();
    this.send('test:plan', { __proto__: null, nesting: 0, count: this.topNumber });
    for (const { message, level } of this.diagnostics) {
      this.send('test:diagnostic', { __proto__: null, nesting: 0, message, level });
    }
    const lines: [string, number][] = [
      ['tests', counts.tests], ['suites', counts.suites], ['pass', counts.passed], ['fail', counts.failed], ['cancelled', counts.cancelled],
      ['skipped', counts.skipped], ['todo', counts.todo], ['duration_ms', duration],
    ];
    for (const [name, value] of lines) {
      this.send('test:diagnostic', { __proto__: null, nesting: 0, message: `${name} ${value}`, level: 'info' });
    }
    if (covered !== undefined) {
      this.#report(covered);
    }
    counts.topLevel = this.topNumber;
    this.send('test:summary', { __proto__: null, success: this.success, counts: { __proto__: null, ...counts }, duration_ms: duration, file: undefined });
  }
}

export class TestNode {
  run: Run;
  name: string;
  parent: TestNode | null;
  nesting: number;
  type: NodeType;
  fn: Function | undefined;
  site: Site | undefined;
  entryFile: string | undefined;
  skip: string | boolean | undefined;
  todo: string | boolean | undefined;
  only: boolean;
  expectFailure: any;
  timeout: number;
  concurrency: number;
  signal: any; // of the options
  hooks: Record<HookKind, Hook[]> = { before: [], after: [], beforeEach: [], afterEach: [] };
  befores: Promise<void> | undefined; // the before hooks that began
  children: TestNode[] = [];
  waiting: TestNode[] = []; // children without room to run
  running = 0;
  open = 0; // children that haven't finished
  failedChildren = 0;
  controller: any;
  mock: MockTracker | undefined;
  diagnostics: { message: string; level: string }[] = [];
  planned = -1;
  planWait: boolean | number = false;
  asserted = 0;
  planMet: (() => void) | undefined;
  snapshots = new Map<string, number>();
  error: any; // ERR_TEST_FAILURE
  passed = true;
  cancelled = false;
  finished = false;
  filtered = false;
  runOnlySubtests = false;
  hasOnly = false; // it or something below it says only
  startedBody = false;
  began = 0;
  duration: number | undefined;
  attempt: number | undefined;
  live = false; // it is its parent's turn to report, and this one's
  reportedStart = false;
  reported = 0; // children whose report left
  activity: Activity;
  context: any;
  collected: any; // promise of a suite's body
  done: Promise<void>;
  settle!: () => void;
  events: ((run: Run) => void) | undefined; // sends what a file of another process reported
  conclude: (() => boolean) | undefined; // whether such a file is a result itself

  constructor(run: Run, parent: TestNode | null, type: NodeType, name: string, options: any, fn: Function | undefined, site: Site | undefined) {
    this.run = run;
    this.parent = parent;
    this.type = type;
    this.name = name;
    this.nesting = parent === null ? -1 : parent.nesting + 1;
    this.fn = fn;
    this.site = site;
    this.entryFile = parent?.parent ? parent.entryFile : run.entryFile;
    const { concurrency, skip, todo, timeout, signal, plan, only, expectFailure } = options;
    this.skip = skip === undefined || skip === false ? undefined : skip;
    this.todo = todo === undefined || todo === false ? undefined : todo;
    this.only = Boolean(only);
    this.expectFailure = expectFailure === undefined || expectFailure === false ? undefined : expectFailure;
    if (timeout !== undefined && timeout !== Infinity && timeout !== null) {
      validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    }
    this.timeout = timeout ?? (parent === null ? Infinity : parent.timeout);
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
    }
    this.signal = signal;
    if (concurrency === undefined || concurrency === null) {
      this.concurrency = parent?.concurrency ?? 1;
    } else if (typeof concurrency === 'boolean') {
      this.concurrency = concurrency ? Infinity : 1;
    } else if (typeof concurrency === 'number') {
      validateUint32(concurrency, 'options.concurrency', true);
      this.concurrency = concurrency;
    } else {
      throw new codes.ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], concurrency);
    }
    if (plan !== undefined) {
      validateUint32(plan, 'options.plan');
      this.planned = plan;
    }
    this.done = new Promise((resolve) => { this.settle = resolve; });
    this.activity = new Activity(this);
    this.context = newContext(this);
  }

  get fullName(): string {
    return this.parent === null || this.parent.parent === null ? this.name : `${this.parent.fullName} > ${this.name}`;
  }
  /** The name that --test-name-pattern is held against: ancestors and own, separated by spaces. */
  get patternName(): string {
    return this.parent === null || this.parent.parent === null ? this.name : `${this.parent.patternName} ${this.name}`;
  }
  get place(): any {
    return this.site === undefined ? {} : { line: this.site.line, column: this.site.column, file: this.site.file };
  }
  get abortController(): any {
    return this.controller ??= new AbortController();
  }

  /** Notes a failure; the first one counts. */
  fail(error: any, kind = 'testCodeFailure'): void {
    if (!this.passed) {
      return;
    }
    this.passed = false;
    this.error = error?.code === 'ERR_TEST_FAILURE' && error.failureType !== undefined ? error : failure(error, kind);
    const type = this.error.failureType;
    if (type === 'cancelledByParent' || type === 'testTimeoutFailure' || type === 'testAborted') {
      this.cancelled = true;
    }
  }
  /** Ends a test that hasn't ended. */
  cancel(error: any = failure('test did not finish before its parent and was cancelled', 'cancelledByParent')): void {
    if (this.finished) {
      return;
    }
    this.fail(error);
    this.cancelled = true;
    if (this.activity.interrupt !== undefined) {
      this.activity.interrupt(error);
    }
    this.controller?.abort(error);
    for (const child of this.children) {
      child.cancel();
    }
    if (!this.startedBody) {
      this.waitless();
    }
  }
  // Finishes without having run.
  waitless(): void {
    const { parent } = this;
    if (parent !== null) {
      const i = parent.waiting.indexOf(this);
      if (i >= 0) {
        parent.waiting.splice(i, 1);
        this.duration = 0;
        finish(this);
      }
    }
  }
  countAssertion(): void {
    if (this.finished && this.planned >= 0) {
      return;
    }
    this.asserted++;
    if (this.asserted === this.planned) {
      this.planMet?.();
    }
  }
}

// ---- which tests run ----

function matches(list: RegExp[], node: TestNode): boolean {
  for (const re of list) {
    re.lastIndex = 0;
    if (re.test(node.name)) return true;
    re.lastIndex = 0;
    if (re.test(node.patternName)) return true;
  }
  return false;
}

/** Whether the names and skips of a filter leave node out, without a look at its children. */
function leftOutByName(node: TestNode): boolean {
  const { names, skips } = node.run.filter;
  if (skips.length > 0 && matches(skips, node)) {
    return true;
  }
  if (names.length === 0) {
    return false;
  }
  for (let n: TestNode | null = node; n !== null && n.parent !== null; n = n.parent) {
    if (matches(names, n)) return false;
  }
  // What a test that runs declares belongs to it.
  return node.parent === null || node.parent.parent === null || node.parent.type === 'suite';
}

/** Decides whether a node and what is below it run. Called when a node's place in the tree is known. */
export function applyFilter(node: TestNode): void {
  const { filter } = node.run;
  const parent = node.parent as TestNode;
  if (parent.filtered && parent.parent !== null) {
    node.filtered = true;
    return;
  }
  if (node.type === 'suite') {
    const skipped = filter.skips.length > 0 && matches(filter.skips, node);
    for (const child of node.children) {
      if (skipped) markFiltered(child);
    }
    const some = node.children.some((child) => !child.filtered);
    if (skipped || (!some && (node.children.length > 0 || leftOutByName(node)) && (filter.names.length > 0 || filter.skips.length > 0))) {
      node.filtered = true;
      return;
    }
  } else if (leftOutByName(node)) {
    node.filtered = true;
    return;
  }
  if (parent.type === 'test' && parent.parent !== null && parent.runOnlySubtests && !node.only) {
    node.filtered = true;
  }
}
function markFiltered(node: TestNode): void {
  node.filtered = true;
  for (const child of node.children) {
    markFiltered(child);
  }
}

/** Applies only to everything that was declared, when something says it (--test-isolation=none). */
export function applyOnlyToAll(run: Run): void {
  if (run.root.children.some(hasOnly)) {
    run.filter.only = true;
    run.root.children.forEach(applyOnly);
  }
}

// With only: a suite that holds something marked runs that; a marked suite that holds nothing marked runs whole.
function applyOnly(node: TestNode): void {
  if (!node.run.filter.only || node.filtered || node.parent?.parent !== null) {
    return;
  }
  const visit = (n: TestNode, inherited: boolean): boolean => {
    const marked = n.children.some(hasOnly);
    let some = n.type === 'test' || n.children.length === 0 ? n.only || inherited : false;
    for (const child of n.children) {
      if (visit(child, marked ? child.only : n.only || inherited)) some = true;
    }
    if (!some) n.filtered = true;
    return some;
  };
  visit(node, false);
}
function hasOnly(node: TestNode): boolean {
  return node.only || node.children.some(hasOnly);
}

// ---- running ----

/** Calls a body until it settles: by a callback when it takes one more argument than self, else by its promise. */
function invoke(fn: Function, self: any, args: any[], activity: Activity, timeout: number, signal: any, what: string, until?: (resolve: () => void, reject: (e: any) => void) => void): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let timer: any;
    let over = false;
    const onAbort = () => bad(failure(signal.reason, 'testAborted'));
    const close = () => {
      over = true;
      if (timer !== undefined) {
        clearTimeout(timer);
      }
      signal?.removeEventListener('abort', onAbort);
      activity.interrupt = undefined;
    };
    const bad = (error: any) => {
      if (!over) {
        close();
        reject(error);
      }
    };
    const good = () => {
      if (over) {
        return;
      }
      if (until === undefined) {
        close();
        resolve();
        return;
      }
      until(() => {
        if (!over) {
          close();
          resolve();
        }
      }, bad);
    };
    activity.interrupt = bad;
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort);
    if (timeout !== Infinity) {
      timer = setTimeout(() => bad(failure(`${what} timed out after ${timeout}ms`, 'testTimeoutFailure')), timeout);
      timer.unref();
    }
    try {
      if (fn.length > args.length) {
        let called = false;
        const result = Reflect.apply(fn, self, [...args, (error: any) => {
          if (called) {
            bad(failure('callback invoked multiple times', 'multipleCallbackInvocations'));
            return;
          }
          called = true;
          if (error) {
            bad(error);
          } else {
            // A second call in the same turn is an error yet.
            Promise.resolve().then(good);
          }
        }]);
        if (typeof result?.then === 'function') {
          result.then(undefined, () => {});
          bad(failure('passed a callback but also returned a Promise', 'callbackAndPromisePresent'));
        }
        return;
      }
      const result = Reflect.apply(fn, self, args);
      if (typeof result?.then === 'function') {
        result.then(good, bad);
      } else {
        good();
      }
    } catch (error) {
      bad(error);
    }
  });
}

async function runHook(hook: Hook, node: TestNode): Promise<void> {
  const activity = new Activity(node, hook);
  hook.ran = true;
  try {
    await current.run(activity, () => invoke(hook.fn, node.context, [node.context], activity, hook.timeout, hook.signal, `${hook.kind} hook`));
  } finally {
    activity.done = true;
  }
}

async function runHooks(owner: TestNode, kind: HookKind, node: TestNode, once = false): Promise<void> {
  for (const hook of once ? owner.hooks[kind].splice(0) : owner.hooks[kind].slice()) {
    await runHook(hook, node);
  }
}

/** Adds a hook. One that comes before a test that has begun runs at once. */
export function addHook(node: TestNode, kind: HookKind, fn: any, options: any = {}): void {
  validateFunction(fn, 'fn');
  const { timeout, signal } = options ?? {};
  if (timeout !== undefined && timeout !== Infinity && timeout !== null) {
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
  }
  if (signal !== undefined) {
    validateAbortSignal(signal, 'options.signal');
  }
  const hook: Hook = { kind, fn, timeout: timeout ?? Infinity, signal, site: callSite(), ran: false };
  node.hooks[kind].push(hook);
  if (kind === 'before' && node.startedBody && node.type === 'test') {
    const earlier = node.befores;
    const ran = runHook(hook, node);
    node.befores = (async () => {
      await earlier;
      await ran;
    })();
    node.befores.catch(() => {});
  }
}

/** Puts a node under its parent, to run when it may. */
export function adopt(node: TestNode): void {
  const parent = node.parent as TestNode;
  parent.children.push(node);
  parent.open++;
}

/** A child whose parent has begun: it runs now, or when there is room. */
export function schedule(node: TestNode): void {
  const parent = node.parent as TestNode;
  if (node.filtered) {
    node.duration = 0;
    finish(node);
    return;
  }
  node.run.send('test:enqueue', { __proto__: null, nesting: node.nesting, name: node.name, type: node.type, ...node.place });
  if (parent.running < parent.concurrency) {
    begin(node);
  } else {
    parent.waiting.push(node);
  }
}

function begin(node: TestNode): void {
  const parent = node.parent as TestNode;
  parent.running++;
  node.run.send('test:dequeue', { __proto__: null, nesting: node.nesting, name: node.name, type: node.type, ...node.place });
  node.run.enter();
  runNode(node).then(() => {
    node.run.leave();
    parent.running--;
    while (parent.running < parent.concurrency && parent.waiting.length > 0) {
      begin(parent.waiting.shift() as TestNode);
    }
  });
}

async function runNode(node: TestNode): Promise<void> {
  const parent = node.parent as TestNode;
  node.began = now();
  node.startedBody = true;
  if (parent.parent === null) {
    await node.run.root.befores?.catch((error) => node.fail(error, 'hookFailed'));
  }
  if (parent.skip !== undefined) {
    node.skip ??= parent.skip;
  }
  if (parent.type === 'suite' && parent.todo !== undefined) {
    node.todo ??= parent.todo;
  }
  if (node.skip !== undefined || (!node.passed && node.type === 'test') || repeated(node)) {
    finish(node);
    return;
  }
  if (node.type === 'suite') {
    await runSuite(node);
  } else {
    await runTest(node);
  }
  node.activity.done = true;
  node.controller?.abort();
  node.mock?.reset();
  finish(node);
}

// Passed in an earlier attempt.
function repeated(node: TestNode): boolean {
  const { attempts } = node.run;
  if (attempts === undefined || node.site === undefined) {
    return false;
  }
  const base = `${load('node:path').default.relative(load('internal:process').process.cwd(), node.site.file)}:${node.site.line}:${node.site.column}`;
  const n = attempts.seen.get(base) ?? 0;
  attempts.seen.set(base, n + 1);
  node.attemptKey = n === 0 ? base : `${base}:(${n})`;
  const earlier = attempts.previous[node.attemptKey];
  if (earlier === undefined) {
    return false;
  }
  node.attempt = earlier.passed_on_attempt;
  return node.type === 'test';
}
export interface TestNode { attemptKey: string | undefined; }

async function runTest(node: TestNode): Promise<void> {
  const above: TestNode[] = [];
  for (let p = node.parent; p !== null; p = p.parent) {
    above.unshift(p);
  }
  let stage = 'hookFailed';
  const entered: TestNode[] = [];
  try {
    if (node.signal?.aborted) {
      throw failure(node.signal.reason, 'testAborted');
    }
    await (node.parent as TestNode).befores;
    for (const a of above) {
      entered.push(a);
      await runHooks(a, 'beforeEach', node);
    }
    stage = 'testCodeFailure';
    if (node.fn !== undefined && node.passed) {
      const fn = node.fn;
      await current.run(node.activity, () => invoke(fn, node.context, [node.context], node.activity, node.timeout, node.signal, 'test', (resolve, reject) => untilComplete(node, resolve, reject)));
    }
    checkPlan(node);
  } catch (error) {
    node.fail(error, stage);
    const type = node.error.failureType;
    for (const child of node.children) {
      if (!child.finished && (type === 'testTimeoutFailure' || type === 'testAborted' || type === 'cancelledByParent' || type === 'testCodeFailure' || type === 'uncaughtException')) {
        child.cancel();
      }
    }
    await Promise.all(node.children.map((child) => child.done));
  }
  node.activity.interrupt = undefined;
  for (const a of entered.reverse()) {
    try {
      await runHooks(a, 'afterEach', node);
    } catch (error) {
      node.fail(error, 'hookFailed');
    }
  }
  try {
    await runHooks(node, 'after', node);
  } catch (error) {
    node.fail(error, 'hookFailed');
  }
}

// The body is over: its subtests and its plan may not be.
function untilComplete(node: TestNode, resolve: () => void, reject: (error: any) => void): void {
  (async () => {
    await node.befores;
    for (let n = 0; n < node.children.length; n++) {
      await node.children[n].done;
    }
    if (node.planned < 0 || node.asserted >= node.planned || node.planWait === false) {
      return;
    }
    await new Promise<void>((met, fail) => {
      let timer: any;
      node.planMet = () => {
        clearTimeout(timer);
        met();
      };
      if (typeof node.planWait === 'number') {
        const wait = node.planWait;
        timer = setTimeout(() => {
          fail(failure(`plan timed out after ${wait}ms with ${node.asserted} assertions when expecting ${node.planned}`, 'testTimeoutFailure'));
        }, wait);
      }
    });
  })().then(resolve, reject);
}

function checkPlan(node: TestNode): void {
  if (node.planned >= 0 && node.planned !== node.asserted) {
    throw failure(`plan expected ${node.planned} assertions but received ${node.asserted}`, 'testCodeFailure');
  }
}

async function runSuite(node: TestNode): Promise<void> {
  let timer: any;
  const parts: Promise<any>[] = [];
  const stop = new Promise<void>((resolve, reject) => {
    node.activity.interrupt = reject;
    if (node.timeout !== Infinity) {
      timer = setTimeout(() => reject(failure(`suite timed out after ${node.timeout}ms`, 'testTimeoutFailure')), node.timeout);
      timer.unref();
    }
    node.signal?.addEventListener('abort', () => reject(failure(node.signal.reason, 'testAborted')));
  });
  parts.push(stop);
  let hooked = false;
  try {
    if (node.signal?.aborted) {
      throw failure(node.signal.reason, 'testAborted');
    }
    if (node.collected !== undefined) {
      await Promise.race([node.collected, stop]);
    }
    if (node.passed) {
      hooked = true;
      await Promise.race([node.befores = (async () => {
        await runHooks(node, 'before', node);
      })(), stop]).catch((error) => { throw failure(error, error?.failureType ?? 'hookFailed'); });
      for (const child of node.children) {
        schedule(child);
      }
      await Promise.race([(async () => {
        for (let n = 0; n < node.children.length; n++) {
          await node.children[n].done;
        }
      })(), stop]);
    }
  } catch (error) {
    node.fail(error);
  }
  stop.catch(() => {});
  node.befores?.catch(() => {});
  clearTimeout(timer);
  node.activity.interrupt = undefined;
  for (const child of node.children) {
    if (!child.finished) {
      if (!child.startedBody && !node.waiting.includes(child)) {
        child.duration = 0;
        child.fail(failure('test did not finish before its parent and was cancelled', 'cancelledByParent'));
        finish(child);
      } else {
        child.cancel();
      }
    }
  }
  await Promise.all(node.children.map((child) => child.done));
  if (hooked) {
    try {
      await runHooks(node, 'after', node);
    } catch (error) {
      node.fail(error, 'hookFailed');
    }
  }
}

/** A node has its result. */
export function finish(node: TestNode): void {
  if (node.finished) {
    return;
  }
  node.finished = true;
  node.activity.done = true;
  const parent = node.parent as TestNode;
  if (node.passed && node.failedChildren > 0) {
    const n = node.failedChildren;
    node.fail(failure(`${n} subtest${n === 1 ? '' : 's'} failed`, 'subtestsFailed'));
  }
  if (node.expectFailure !== undefined && node.skip === undefined && !node.filtered) {
    if (node.passed) {
      node.fail(failure('test was expected to fail but passed', 'expectedFailure'));
    } else if (!node.cancelled) {
      node.passed = true;
      node.error = undefined;
    }
  }
  node.duration ??= milliseconds(now() - node.began);
  const counts = !node.passed && node.todo === undefined && node.skip === undefined;
  if (counts) {
    parent.failedChildren++;
  }
  const { attempts } = node.run;
  if (attempts !== undefined && node.attemptKey !== undefined && node.passed && node.type === 'test' && node.skip === undefined) {
    attempts.passed[node.attemptKey] = { passed_on_attempt: node.attempt ?? attempts.attempt, name: node.name };
  }
  if (!node.filtered && node.conclude?.() === false) {
    node.run.send('test:complete', resultOf(node, 0, true));
  } else if (!node.filtered) {
    node.run.count(node.type, { passed: node.passed, skipped: node.skip !== undefined, todo: node.todo !== undefined, cancelled: node.cancelled });
    node.run.send('test:complete', resultOf(node, 0, true));
  }
  parent.open--;
  flush(parent);
  node.settle();
}

function resultOf(node: TestNode, number: number, complete: boolean): any {
  const details: any = { __proto__: null, duration_ms: node.duration, type: node.type };
  if (node.error !== undefined && !node.passed) {
    details.error = node.error;
  }
  if (node.attempt !== undefined) {
    details.passed_on_attempt = node.attempt;
  }
  if (complete) {
    details.passed = node.passed || node.skip !== undefined;
  }
  const data: any = { __proto__: null, name: node.name, nesting: node.nesting, testNumber: number || (node.parent as TestNode).children.filter((c) => !c.filtered).indexOf(node) + 1, details, ...node.place };
  if (node.skip !== undefined) {
    data.skip = node.skip;
  } else if (node.todo !== undefined) {
    data.todo = node.todo;
  } else if (node.expectFailure !== undefined) {
    data.expectFailure = node.expectFailure;
  }
  return data;
}

function reportStart(node: TestNode): void {
  if (node.reportedStart || node.parent === null) {
    return;
  }
  reportStart(node.parent);
  node.reportedStart = true;
  node.run.send('test:start', { __proto__: null, nesting: node.nesting, name: node.name, ...node.place });
}

/** Sends what node's children have to report, as far as it is their turn. */
export function flush(node: TestNode): void {
  if (!node.live) {
    return;
  }
  while (node.reported < node.children.length) {
    const child = node.children[node.reported];
    child.live = true;
    if (child.events !== undefined) {
      child.events(node.run);
    } else {
      flush(child);
    }
    if (!child.finished) {
      return;
    }
    node.reported++;
    if (!child.filtered && child.conclude?.() !== false) {
      report(child);
    }
    // The tree of what is done isn't needed any more.
    if (node.parent === null && node.reported > 64) {
      node.children.splice(0, node.reported);
      node.reported = 0;
    }
  }
}

function report(node: TestNode): void {
  reportStart(node);
  const { run } = node;
  const parent = node.parent as TestNode;
  const shown = node.children.filter((child) => !child.filtered).length;
  if (shown > 0 && node.skip === undefined) {
    run.send('test:plan', { __proto__: null, nesting: node.nesting + 1, count: shown, ...node.place });
  }
  const number = parent.parent === null ? ++run.topNumber : (parent.shown = (parent.shown ?? 0) + 1);
  run.send(node.passed || node.skip !== undefined ? 'test:pass' : 'test:fail', resultOf(node, number, false));
  for (const { message, level } of node.diagnostics) {
    run.send('test:diagnostic', { __proto__: null, nesting: node.nesting, message, level, ...node.place });
  }
}
export interface TestNode { shown: number | undefined; }

// ---- declaring ----

function readArguments(name: any, options: any, fn: any, extra: any): [string, any, Function | undefined] {
  if (typeof name === 'function') {
    fn = name;
    name = undefined;
    options = undefined;
  } else if (name !== null && typeof name === 'object') {
    fn = options;
    options = name;
    name = undefined;
  } else if (typeof options === 'function') {
    fn = options;
    options = undefined;
  }
  if (typeof fn !== 'function') {
    fn = undefined;
  }
  if (options === null || typeof options !== 'object') {
    options = undefined;
  }
  if (typeof name !== 'string' || name === '') {
    name = fn?.name || '<anonymous>';
  }
  return [name, { ...options, ...extra }, fn];
}

/** Declares a test or suite under parent. start says when the top of the tree may begin. */
export function declare(parent: TestNode, type: NodeType, name: any, options: any, fn: any, extra: any): Promise<void> {
  const [title, settings, body] = readArguments(name, options, fn, extra);
  if (parent.finished) {
    const node = new TestNode(parent.run, parent, type, title, settings, body, callSite());
    node.fail(failure('test could not be started because its parent finished', 'parentAlreadyFinished'));
    parent.run.warn(`Error: Test "${title}"${where(node.site)} could not be started because its parent finished`);
    parent.run.success = false;
    return Promise.resolve();
  }
  const node = new TestNode(parent.run, parent, type, title, settings, body, callSite());
  adopt(node);
  if (type === 'suite' && node.skip === undefined && body !== undefined) {
    // Suites find their tests at once.
    try {
      const result = current.run(node.activity, () => Reflect.apply(body, node.context, [node.context]));
      if (typeof result?.then === 'function') {
        node.collected = result;
        result.then(undefined, () => {});
      }
    } catch (error) {
      node.fail(error);
    }
  }
  if (node.passed || type !== 'suite') {
    applyFilter(node);
    applyOnly(node);
  }
  if (parent.type === 'suite') {
    // It runs when the suite does.
    if (parent.startedBody && parent.befores !== undefined) {
      schedule(node);
    }
    return Promise.resolve();
  }
  if (parent.parent === null) {
    return startAtRoot(node);
  }
  parent.befores?.catch(() => {});
  schedule(node);
  return node.done;
}

let startAtRoot: (node: TestNode) => Promise<void> = () => Promise.resolve();
/** The harness says when nodes at the top begin. */
export function setRootStarter(fn: (node: TestNode) => Promise<void>): void {
  startAtRoot = fn;
}

/** " at file:line:column" for messages. */
export function where(site: Site | undefined): string {
  if (site === undefined) {
    return '';
  }
  return ` at ${load('node:path').default.relative(load('internal:process').process.cwd(), site.file)}:${site.line}:${site.column}`;
}
export { runHooks };
