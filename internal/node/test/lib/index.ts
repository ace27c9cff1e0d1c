// The test runner of one program. https://nodejs.org/docs/latest-v24.x/api/test.html
//
// Tests are a tree under a root. Tests of one parent run one after another, in the order of their declaration; what test() declares in the
// body of a test runs at once, as its promise is usually awaited. The root ends when the loop has nothing left.
//
// Differs from Node: tests never run at the same time: concurrency is accepted and changes nothing. Files run in the process that loads
// them; there is no --test mode, watch mode, coverage or snapshot.
import { config } from 'native:runtime';
import { AsyncLocalStorage } from 'internal:asynchooks';
import { codes, unavailable } from 'internal:errors';
import { AbortController } from 'internal:events';
import { load } from 'internal:load';
import { now } from 'internal:perfhooks';
import { nextTick } from 'internal:process/task';
import { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'internal:timers';
import { MockTracker } from 'internal:test/mock';
import { SpecReporter, TapReporter, type Result } from 'internal:test/reporter';
import { validateAbortSignal, validateFunction, validateInteger, validateNumber, validateUint32 } from 'internal:validators';

type Hook = { fn: Function; options: any };
type HookKind = 'before' | 'after' | 'beforeEach' | 'afterEach';

const current = new AsyncLocalStorage({ name: 'test' });

/** An error of the runner itself; kind is Node's failureType. */
class Failure extends Error {
  code = 'ERR_TEST_FAILURE';
  kind: string;
  constructor(message: string, kind: string) {
    super(message);
    this.kind = kind;
  }
}

function milliseconds(n: number): number {
  return Math.round(n * 1e6) / 1e6;
}

// Where the program called: the first frame that isn't the runtime's.
function callSite(): string {
  for (const line of `${new Error().stack}`.split('\n').slice(1)) {
    const m = /(?:\(| at )(?:async )?((?:file:\/\/)?\/[^()]*:\d+:\d+)\)?$/.exec(line);
    if (m !== null) {
      return m[1].replace(/^file:\/\//, '');
    }
  }
  return '';
}

let output: { start(): string; result(r: Result, ancestors: any[]): string; end(tests: number, counts: any): string };
let synchronous = false; // the program is exiting: streams no longer flush
let muted = false; // whoever read the output has gone

function print(text: string): void {
  if (text === '' || muted) {
    return;
  }
  if (synchronous) {
    load('node:fs').default.writeSync(1, text);
  } else {
    load('internal:process').process.stdout.write(text);
  }
}

const counts = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

class Node {
  name: string;
  parent: Node | null;
  nesting: number;
  type: 'test' | 'suite';
  fn: Function | undefined;
  skip: string | boolean | undefined;
  todo: string | boolean | undefined;
  timeout: number;
  signal: any; // of the options
  location: string;
  number = 0;
  hooks: Record<HookKind, Hook[]> = { before: [], after: [], beforeEach: [], afterEach: [] };
  children: Node[] = [];
  failedChildren = 0;
  queue: Promise<void> = Promise.resolve();
  pending = 0;
  beforeRan: Promise<void> | null = null;
  controller: any = null;
  mock: MockTracker | null = null;
  diagnostics: string[] = [];
  planned = -1;
  asserted = 0;
  error: any = undefined;
  failed = false;
  kind = 'testCodeFailure';
  started = 0;
  finished = false;
  interrupt: ((error: any) => void) | null = null; // ends a body that runs
  done: Promise<void>;
  settle!: () => void;
  context: any;

  constructor(parent: Node | null, type: 'test' | 'suite', name: string, options: any, fn: Function | undefined, location: string) {
    this.parent = parent;
    this.type = type;
    this.name = name;
    this.nesting = parent === null ? -1 : parent.nesting + 1;
    this.fn = fn;
    this.location = location;
    const { concurrency, skip, todo, timeout, signal, plan } = options;
    this.skip = skip === undefined || skip === false ? undefined : skip;
    this.todo = todo === undefined || todo === false ? undefined : todo;
    if (timeout !== undefined && timeout !== Infinity && timeout !== null) {
      validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    }
    this.timeout = timeout ?? parent?.timeout ?? Infinity;
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
    }
    this.signal = signal;
    if (concurrency !== undefined && concurrency !== null && typeof concurrency !== 'boolean') {
      if (typeof concurrency !== 'number') {
        throw new codes.ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], concurrency);
      }
      validateUint32(concurrency, 'options.concurrency', true);
    }
    if (typeof plan === 'number') {
      this.planned = plan;
    }
    this.done = new Promise((resolve) => { this.settle = resolve; });
    this.context = type === 'suite' ? new SuiteContext(this) : new TestContext(this);
    if (parent !== null) {
      parent.children.push(this);
      this.number = parent.children.length;
    }
  }

  get fullName(): string {
    return this.parent === null || this.parent === root ? this.name : `${this.parent.fullName} > ${this.name}`;
  }
  fail(error: any, kind = 'testCodeFailure'): void {
    if (!this.failed) {
      this.failed = true;
      this.error = error;
      this.kind = error instanceof Failure ? error.kind : kind;
    }
  }
  abortController(): any {
    return this.controller ??= new AbortController();
  }
}

// ---- contexts: what the functions get ----

class TestContext {
  #node: Node;
  #assert: any;
  constructor(node: Node) { this.#node = node; }
  get name(): string { return this.#node.name; }
  get fullName(): string { return this.#node.fullName; }
  get filePath(): string | undefined { return this.#node.location.replace(/:\d+:\d+$/, '') || undefined; }
  get signal(): any { return this.#node.abortController().signal; }
  get error(): any { return this.#node.error; }
  get passed(): boolean { return !this.#node.failed; }
  get mock(): MockTracker { return this.#node.mock ??= new MockTracker(); }
  get assert(): any { return this.#assert ??= contextAssert(this.#node); }
  diagnostic(message: any): void { this.#node.diagnostics.push(`${message}`); }
  plan(count: any, _options?: any): void {
    validateInteger(count, 'count', 0);
    if (this.#node.planned >= 0) {
      throw new Failure('cannot set plan more than once', 'testCodeFailure');
    }
    this.#node.planned = count;
  }
  runOnly(_value: any): void { /* only is heeded under --test-only alone */ }
  skip(message?: any): void { this.#node.skip = message === undefined || message === '' ? true : `${message}`; }
  todo(message?: any): void { this.#node.todo = message === undefined || message === '' ? true : `${message}`; }
  test(name?: any, options?: any, fn?: any): Promise<void> {
    const node = this.#node;
    node.asserted++;
    return declare(node, 'test', name, options, fn, {}) as Promise<void>;
  }
  before(fn: any, options?: any): void { addHook(this.#node, 'before', fn, options); }
  after(fn: any, options?: any): void { addHook(this.#node, 'after', fn, options); }
  beforeEach(fn: any, options?: any): void { addHook(this.#node, 'beforeEach', fn, options); }
  afterEach(fn: any, options?: any): void { addHook(this.#node, 'afterEach', fn, options); }
  /** waitFor(condition, { interval = 50, timeout = 1000 }): calls condition until it doesn't throw. */
  async waitFor(condition: any, options: any = {}): Promise<any> {
    validateFunction(condition, 'condition');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    const until = now() + timeout;
    for (;;) {
      let cause: any;
      try {
        return await condition();
      } catch (error) {
        cause = error;
      }
      if (now() + interval > until) {
        throw Object.assign(new Error('waitFor() timed out'), { cause });
      }
      await new Promise<void>((resolve) => setTimeout(() => resolve(), interval));
    }
  }
}

class SuiteContext {
  #node: Node;
  constructor(node: Node) { this.#node = node; }
  get name(): string { return this.#node.name; }
  get fullName(): string { return this.#node.fullName; }
  get filePath(): string | undefined { return this.#node.location.replace(/:\d+:\d+$/, '') || undefined; }
  get signal(): any { return this.#node.abortController().signal; }
  diagnostic(message: any): void { this.#node.diagnostics.push(`${message}`); }
}

const registered = new Map<string, Function>();

// Methods of node:assert that count toward the plan.
function contextAssert(node: Node): any {
  const assert = load('node:assert').default;
  const out: any = {};
  const count = (name: string, fn: Function, self: any) => {
    out[name] = (...args: any[]) => {
      node.asserted++;
      return Reflect.apply(fn, self, args);
    };
  };
  for (const name of [
    'deepEqual', 'deepStrictEqual', 'doesNotMatch', 'doesNotReject', 'doesNotThrow', 'equal', 'fail', 'ifError', 'match', 'notDeepEqual',
    'notDeepStrictEqual', 'notEqual', 'notStrictEqual', 'partialDeepStrictEqual', 'rejects', 'strictEqual', 'throws',
  ]) {
    count(name, assert[name], assert);
  }
  // ok shows the source of its caller.
  out.ok = function ok(...args: any[]) {
    node.asserted++;
    if (args.length === 0 || !args[0]) {
      if (args[1] instanceof Error) {
        throw args[1];
      }
      throw new assert.AssertionError({
        message: args[1] ?? (args.length === 0 ? 'No value argument passed to `assert.ok()`' : 'The expression evaluated to a falsy value'),
        actual: args[0], expected: true, operator: '==', stackStartFn: ok,
      });
    }
  };
  out.snapshot = () => unavailable('t.assert.snapshot()');
  out.fileSnapshot = () => unavailable('t.assert.fileSnapshot()');
  for (const [name, fn] of registered) {
    count(name, fn, node.context);
  }
  return out;
}

// ---- hooks ----

function addHook(node: Node, kind: HookKind, fn: any, options: any = {}): void {
  validateFunction(fn, 'fn');
  node.hooks[kind].push({ fn, options: options ?? {} });
}

/** Calls a body: with a callback when it takes one more argument than before, else until its promise settles. */
function invoke(fn: Function, self: any, args: any[], owner: Node, timeout: number, what: string): Promise<any> {
  return new Promise((resolve, reject) => {
    let timer: any;
    const end = (settle: Function) => (value?: any) => {
      if (timer !== undefined) {
        clearTimeout(timer);
      }
      settle(value);
    };
    const good = end(resolve);
    const bad = end(reject);
    owner.interrupt = bad;
    if (timeout !== Infinity && timeout !== null) {
      timer = setTimeout(() => bad(new Failure(`${what} timed out after ${timeout}ms`, 'testTimeoutFailure')), timeout);
      timer.unref();
    }
    try {
      if (fn.length > args.length) {
        let called = false;
        const result = Reflect.apply(fn, self, [...args, (error: any) => {
          if (called) {
            bad(new Failure('callback invoked multiple times', 'multipleCallbackInvocations'));
            return;
          }
          called = true;
          if (error) {
            bad(error);
          } else {
            good();
          }
        }]);
        if (typeof result?.then === 'function') {
          bad(new Failure('passed a callback but also returned a Promise', 'callbackAndPromisePresent'));
        }
        return;
      }
      const result = Reflect.apply(fn, self, args);
      if (typeof result?.then === 'function') {
        result.then(good, bad);
      } else {
        good(result);
      }
    } catch (error) {
      bad(error);
    }
  });
}

async function runHooks(node: Node, kind: HookKind, owner: Node): Promise<void> {
  // Those of the end run once, whenever that is.
  for (const { fn, options } of kind === 'after' ? node.hooks.after.splice(0) : node.hooks[kind]) {
    await invoke(fn, owner.context, [owner.context], owner, options.timeout ?? Infinity, `${kind} hook`);
  }
}

function ancestorsOf(node: Node): Node[] {
  const list: Node[] = [];
  for (let p = node.parent; p !== null; p = p.parent) {
    list.unshift(p);
  }
  return list;
}

// ---- running ----

const active: Node[] = []; // tests whose body runs, innermost last
let keepAlive: any; // a timer that holds the loop while a test runs: what it waits for may hold nothing

function activate(node: Node): void {
  active.push(node);
  keepAlive ??= setInterval(() => {}, 2 ** 31 - 1);
}
function deactivate(node: Node): void {
  active.splice(active.indexOf(node), 1);
  if (active.length === 0) {
    clearInterval(keepAlive);
    keepAlive = undefined;
  }
}

async function runNode(node: Node): Promise<void> {
  const parent = node.parent as Node;
  node.started = now();
  if (node.skip !== undefined || (parent.skip !== undefined && parent.type === 'suite')) {
    node.skip ??= parent.skip;
    finish(node);
    return;
  }
  try {
    parent.beforeRan ??= runHooks(parent, 'before', parent);
    await parent.beforeRan;
  } catch (error) {
    node.fail(error, 'hookFailed');
    finish(node);
    return;
  }
  activate(node);
  const signal = node.signal;
  const onAbort = () => node.interrupt?.(signal.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    if (signal?.aborted) {
      throw new Failure('The test was aborted', 'testAborted');
    }
    await current.run(node, () => (node.type === 'suite' ? runSuite(node) : runTest(node)));
  } catch (error) {
    node.fail(error);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    node.interrupt = null;
    deactivate(node);
  }
  node.controller?.abort();
  node.mock?.reset();
  finish(node);
}

async function runTest(node: Node): Promise<void> {
  const above = ancestorsOf(node);
  try {
    for (const a of above) {
      await runHooks(a, 'beforeEach', node);
    }
    if (node.fn !== undefined) {
      await invoke(node.fn, node.context, [node.context], node, node.timeout, 'test');
    }
    while (node.pending > 0) {
      await node.queue;
    }
    if (node.planned >= 0 && node.planned !== node.asserted) {
      throw new Failure(`plan expected ${node.planned} assertions but received ${node.asserted}`, 'testCodeFailure');
    }
  } catch (error) {
    node.fail(error);
    while (node.pending > 0) {
      await node.queue;
    }
  }
  for (const a of above.toReversed()) {
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

async function runSuite(node: Node): Promise<void> {
  await node.collected;
  for (const child of node.children) {
    await runNode(child);
  }
  if (node.beforeRan === null && node.children.length === 0) {
    return;
  }
  try {
    await runHooks(node, 'after', node);
  } catch (error) {
    node.fail(error, 'hookFailed');
  }
}
interface Node { collected: any; }

function finish(node: Node): void {
  if (node.finished) {
    return;
  }
  node.finished = true;
  if (!node.failed && node.failedChildren > 0) {
    const n = node.failedChildren;
    node.fail(new Failure(`${n} subtest${n === 1 ? '' : 's'} failed`, 'subtestsFailed'));
  }
  const parent = node.parent as Node;
  const counted = node.failed && node.todo === undefined && node.skip === undefined;
  if (counted) {
    parent.failedChildren++;
  }
  if (node.type === 'suite') {
    counts.suites++;
  } else {
    counts.tests++;
    if (node.skip !== undefined) counts.skipped++;
    else if (node.todo !== undefined) counts.todo++;
    else if (!node.failed) counts.passed++;
    else if (node.kind === 'testTimeoutFailure' || node.kind === 'cancelledByParent' || node.kind === 'testAborted') counts.cancelled++;
    else counts.failed++;
  }
  const passed = node.skip !== undefined || !node.failed;
  print(output.result({
    name: node.name, nesting: node.nesting, number: node.number, type: node.type, passed, duration: milliseconds(now() - node.started),
    skip: node.skip, todo: node.todo, error: node.error, kind: node.kind, location: node.location,
    children: node.skip !== undefined ? 0 : node.children.length, parent, diagnostics: node.diagnostics,
  }, ancestorsOf(node).slice(1).map((a) => ({ key: a, name: a.name }))));
  node.settle();
}

// ---- the root ----

let root: Node = undefined as never;
let ended = false;
let rootStarted = 0;

function setUp(): void {
  if (root !== undefined) {
    return;
  }
  const { process } = load('internal:process');
  root = new Node(null, 'test', '<root>', {}, undefined, '');
  rootStarted = now();
  const reporter = config().options?.['test-reporter'];
  output = reporter === 'tap' ? new TapReporter() : new SpecReporter(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
  process.stdout.on('error', (error: any) => {
    if (error?.code !== 'EPIPE') {
      throw error;
    }
    muted = true;
  });
  print(output.start());
  const uncaught = (error: any) => {
    const store = current.getStore();
    const node: Node | undefined = store !== undefined && !store.finished ? store : active[active.length - 1];
    if (node === undefined) {
      root.failedChildren++;
      counts.failed++;
      load('node:fs').default.writeSync(2, `${load('internal:util/inspect').inspect(error)}\n`);
      return;
    }
    node.fail(error, 'uncaughtException');
    node.interrupt?.(error);
  };
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
  process.on('beforeExit', drained);
  process.on('exit', () => {
    if (!ended) {
      synchronous = true;
      for (const node of active.toReversed()) {
        cancel(node);
      }
      summary();
    }
  });
}

function cancel(node: Node): void {
  const error = new Failure('Promise resolution is still pending but the event loop has already resolved', 'cancelledByParent');
  node.fail(error);
  node.interrupt?.(error);
  if (synchronous) {
    finish(node);
  }
}

// The loop has nothing left: all tests are done.
function drained(): void {
  if (ended || active.length > 0) {
    return;
  }
  ended = true;
  settleRoot().then(summary);
  setImmediate(() => {});
}

// No test waits: the root's after hooks run, each once. They close what would keep the loop alive; tests may still be declared later.
async function settleRoot(): Promise<void> {
  if (root.pending > 0) {
    return;
  }
  try {
    await current.exit(() => runHooks(root, 'after', root));
  } catch (error) {
    root.failedChildren++;
    load('node:fs').default.writeSync(2, `${load('internal:util/inspect').inspect(error)}\n`);
  }
}

function summary(): void {
  ended = true;
  print(output.end(root.children.length, [
    ['tests', counts.tests], ['suites', counts.suites], ['pass', counts.passed], ['fail', counts.failed], ['cancelled', counts.cancelled],
    ['skipped', counts.skipped], ['todo', counts.todo], ['duration_ms', milliseconds(now() - rootStarted)],
  ]));
  if (root.failedChildren > 0 || counts.failed + counts.cancelled > 0) {
    const { process } = load('internal:process');
    process.exitCode = process.exitCode || 1;
  }
}

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
  if (fn !== undefined && typeof fn !== 'function') {
    fn = undefined;
  }
  if (options !== undefined && (options === null || typeof options !== 'object')) {
    options = undefined;
  }
  if (typeof name !== 'string' || name === '') {
    name = fn?.name || '<anonymous>';
  }
  return [name, { ...options, ...extra }, fn];
}

let collecting: Node | null = null; // the suite whose body runs now

function declare(parent: Node | null, type: 'test' | 'suite', name: any, options: any, fn: any, extra: any): Promise<void> | undefined {
  setUp();
  const [title, settings, body] = readArguments(name, options, fn, extra);
  const store: Node | undefined = current.getStore();
  parent ??= collecting ?? (store !== undefined && !store.finished ? store : root);
  const node = new Node(parent, type, title, settings, body, callSite());
  if (type === 'suite' && node.skip === undefined && body !== undefined) {
    // Suites find their tests at once.
    const before = collecting;
    collecting = node;
    try {
      const result = current.exit(() => Reflect.apply(body, node.context, [node.context]));
      if (typeof result?.then === 'function') {
        node.collected = result;
        result.then(undefined, () => {});
      }
    } catch (error) {
      node.fail(error);
    } finally {
      collecting = before;
    }
  }
  if (parent.type === 'suite') {
    return Promise.resolve(); // it runs when the suite does
  }
  parent.pending++;
  const before = parent.queue;
  parent.queue = (async () => {
    await before;
    if (parent === root) {
      // The file's own top level comes first.
      await new Promise<void>((resolve) => nextTick(resolve));
    }
    await runNode(node);
    parent.pending--;
    if (parent === root && root.pending === 0) {
      setImmediate(settleRoot);
    }
  })();
  return node.done;
}

function declarer(type: 'test' | 'suite', name: string): any {
  const make: any = { [name](title?: any, options?: any, fn?: any) { return declare(null, type, title, options, fn, {}); } }[name];
  for (const variant of ['skip', 'todo', 'only']) {
    make[variant] = { [variant](title?: any, options?: any, fn?: any) { return declare(null, type, title, options, fn, { [variant]: true }); } }[variant];
  }
  return make;
}

export const test: any = declarer('test', 'test');
export const it: any = test;
export const suite: any = declarer('suite', 'suite');
export const describe: any = suite;

function hook(kind: HookKind): any {
  return { [kind](fn: any, options?: any) {
    setUp();
    const store: Node | undefined = current.getStore();
    addHook(collecting ?? (store !== undefined && !store.finished ? store : root), kind, fn, options);
  } }[kind];
}
export const before = hook('before');
export const after = hook('after');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

/** The context of the test that runs. */
export function getTestContext(): any {
  return current.getStore()?.context;
}

export const mock = new MockTracker();

export const assert = {
  /** Adds an assertion to t.assert. */
  register(name: any, fn: any): void {
    if (typeof name !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('name', 'string', name);
    }
    validateFunction(fn, 'fn');
    registered.set(name, fn);
  },
};
export const snapshot = {
  setDefaultSnapshotSerializers(_serializers: any): never { return unavailable('snapshot.setDefaultSnapshotSerializers()'); },
  setResolveSnapshotPath(_fn: any): never { return unavailable('snapshot.setResolveSnapshotPath()'); },
};
export function run(_options?: any): never {
  return unavailable('test.run()');
}
