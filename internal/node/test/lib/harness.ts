// The run of this process: what test() at the top of a file belongs to. It watches for the end of the program, for exceptions that no one
// catches, and joins the run's stream with reporters, or with the runner that started this process.
import { createHook } from 'internal:asynchooks/hooks';
import { executionAsyncId } from 'internal:asynchooks/state';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { flag, listOption, option, pattern } from 'internal:test/options';
import { current, failure, Run, runHooks, schedule, setRootStarter, type Activity, type TestNode, where } from 'internal:test/tree';

/** What reporters to use: those of the command line, none (run() is the reader), or the runner's channel. */
export type Output = 'reporters' | 'none';

// Who made the timers, sockets and so on: an exception of their callbacks is theirs. The async context is gone when it is reported.
const owners = new Map<number, Activity>();
const ownersHook = createHook({
  init(asyncId: number, type: string) {
    if (type !== 'PROMISE' && type !== 'TickObject') {
      const activity = current.getStore();
      if (activity !== undefined) owners.set(asyncId, activity);
    }
  },
  destroy(asyncId: number) {
    owners.delete(asyncId);
  },
});

class Harness {
  run: Run;
  pending = 0; // tests at the top that haven't finished
  held = true; // no test begins yet
  heldNodes: TestNode[] = [];
  ended = false;
  filesLoading = false; // --test-isolation=none: files are imported yet
  reporters: Promise<void> | undefined;
  output: Output;
  globalTeardown: (() => any) | undefined;
  #listeners: [string, (...args: any[]) => void][] = [];
  #settled = true; // the root's after hooks ran since the last test
  #failed = false;

  constructor(output: Output, settings?: any) {
    const names = settings?.names ?? listOption('test-name-pattern').map(pattern);
    const skips = settings?.skips ?? listOption('test-skip-pattern').map(pattern);
    const timeout = settings?.timeout ?? (option('test-timeout') === undefined ? undefined : Number(option('test-timeout')));
    this.output = output;
    this.run = new Run({ only: settings?.only ?? flag('test-only'), names, skips }, { timeout, concurrency: settings?.concurrency });
    const { process } = load('internal:process');
    this.run.entryFile = process.argv[1];
    if (flag('experimental-test-coverage') && !isChild()) {
      this.run.coverage = load('internal:test/coverage').takeEarly();
    }
    ownersHook.enable();
    this.#on('uncaughtException', (error) => this.#uncaught(error));
    this.#on('unhandledRejection', (error) => this.#uncaught(error));
    this.#on('beforeExit', () => this.#drained());
    this.#on('exit', () => this.#exit());
    if (isChild()) {
      this.#speakToRunner();
    } else if (output === 'reporters') {
      this.reporters = load('internal:test/reporting').attachReporters(this.run.stream);
      this.reporters?.catch((error) => { throw error; });
    }
    const rerun = option('test-rerun-failures');
    if (rerun !== undefined && output === 'reporters' && settings?.attempts === undefined) {
      load('internal:test/rerun').prepare(this.run, rerun, !isChild());
    }
  }
  #on(event: string, listener: (...args: any[]) => void): void {
    load('internal:process').process.on(event, listener);
    this.#listeners.push([event, listener]);
  }
  #silence(): void {
    const { process } = load('internal:process');
    for (const [event, listener] of this.#listeners) {
      process.removeListener(event, listener);
    }
    this.#listeners = [];
    ownersHook.disable();
    owners.clear();
  }
  #speakToRunner(): void {
    const { process } = load('internal:process');
    const { encode } = load('internal:test/channel');
    const write = process.stdout.write;
    const { stream } = this.run;
    stream.on('data', ({ type, data }: any) => Reflect.apply(write, process.stdout, [encode(type, data)]));
  }

  /** Lets the tests at the top begin. */
  release(): void {
    this.held = false;
    for (const node of this.heldNodes.splice(0)) {
      schedule(node);
    }
  }
  /** The tests at the top that wait for release, when only marked ones shall run, or all. */
  start(node: TestNode): Promise<void> {
    this.pending++;
    this.#settled = false;
    node.done.then(() => {
      this.pending--;
      this.#settleSoon();
    });
    if (this.held) {
      this.heldNodes.push(node);
    } else {
      schedule(node);
    }
    return node.done;
  }
  // No test waits: the root's after hooks run. They close what would keep the loop alive; tests may still be declared later.
  #settleSoon(): void {
    if (this.pending > 0 || this.filesLoading) {
      return;
    }
    setImmediate(() => {
      if (this.pending === 0 && !this.filesLoading) {
        this.settle().then(() => {
          if (flag('test-force-exit') && this.output === 'reporters') {
            this.forceExit();
          }
        });
      }
    });
  }
  /** Runs the root's after hooks, each once. */
  async settle(): Promise<void> {
    this.#settled = true;
    const { root } = this.run;
    try {
      await runHooks(root, 'after', root, true);
    } catch (error: any) {
      this.#failed = true;
      this.run.success = false;
      this.run.warn(`${load('internal:util/inspect').inspect(error)}`);
    }
  }
  async forceExit(): Promise<void> {
    await this.finish();
    const { process } = load('internal:process');
    process.exit();
  }
  #drained(): void {
    if (this.ended || this.pending > 0 || this.held && this.heldNodes.length > 0 || this.filesLoading) {
      return;
    }
    if (!this.#settled) {
      this.settle();
      setImmediate(() => {});
      return;
    }
    this.finish();
  }
  /** The run is over: teardown, the last events, the exit code. */
  async finish(): Promise<void> {
    if (this.ended) {
      return;
    }
    this.ended = true;
    if (this.globalTeardown !== undefined) {
      await this.globalTeardown();
    }
    this.#exitCode();
    this.run.attempts?.save?.();
    this.run.end();
    this.#exitCode();
    await this.reporters;
    this.#silence();
  }
  #exitCode(): void {
    const { process } = load('internal:process');
    if (!this.run.success || this.#failed) {
      process.exitCode = process.exitCode || 1;
    }
  }
  // process.exit() before the end, or a loop that has nothing left while a test waits.
  #exit(): void {
    if (this.ended) {
      return;
    }
    this.ended = true;
    const error = failure('Promise resolution is still pending but the event loop has already resolved', 'cancelledByParent');
    for (const node of this.run.root.children.slice()) {
      if (!node.finished) {
        endNow(node, error);
      }
    }
    this.#exitCode();
    this.run.end();
    this.run.stream.drain();
  }
  /** Ends all tests that run: an interrupt. */
  abort(): void {
    for (const node of this.run.root.children.slice()) {
      node.cancel();
    }
  }

  #uncaught(error: any): void {
    const activity: Activity | undefined = current.getStore() ?? owners.get(executionAsyncId());
    if (activity === undefined || activity.node.parent === null && activity.hook === undefined) {
      // Nobody's. The listener that throws ends the program with exit code 7.
      throw error;
    }
    if (!activity.done) {
      const { interrupt } = activity;
      const wrapped = failure(error, 'uncaughtException');
      activity.node.fail(wrapped);
      interrupt?.(wrapped);
      return;
    }
    const { hook, node } = activity;
    const what = hook === undefined ? `Test "${node.fullName}"${where(node.site)}` : `Test hook "${hook.kind}"${where(hook.site)}`;
    this.#failed = true;
    this.run.warn(`Error: ${what} generated asynchronous activity after the test ended. This activity created the error "${text(error)}" and would ` +
      'have caused the test to fail, but instead triggered an uncaughtException event.');
    const { process } = load('internal:process');
    process.exitCode = 1;
  }
}

function text(error: any): string {
  try {
    return `${error}`;
  } catch {
    return 'unknown error';
  }
}

// Ends what can't end any more: no promise job runs now.
function endNow(node: TestNode, error: any): void {
  node.fail(error);
  for (const child of node.children) {
    if (!child.finished) {
      endNow(child, error);
    }
  }
  load('internal:test/tree').finish(node);
}

let one: Harness | undefined;

/** Whether a runner with process isolation started this program. */
export function isChild(): boolean {
  return load('internal:process').process.env.NODE_TEST_CONTEXT === 'child-v8';
}

/** The harness of this process; it is made by the first test. */
export function harness(): Harness {
  return one ?? setUp('reporters');
}
/** Makes the harness before the first test does. */
export function setUp(output: Output, settings?: any): Harness {
  if (one !== undefined) {
    return one;
  }
  // In a process that runs files, hooks of -r and --import belong to the files' tests, or to nothing.
  const runner = flag('test') && !isChild();
  const here = option('test-isolation') === 'none' || option('experimental-test-isolation') === 'none';
  if (runner && !here) {
    output = 'none';
  }
  one = new Harness(output, settings);
  setRootStarter((node) => (one as Harness).start(node));
  if (settings?.held !== true && !(runner && here)) {
    const mine = one;
    // The file's own top level comes first.
    nextTick(async () => {
      const setup = option('test-global-setup');
      if (setup !== undefined && !isChild() && output === 'reporters') {
        mine.filesLoading = true;
        mine.globalTeardown = await load('internal:test/globalsetup').globalSetup(setup);
        mine.filesLoading = false;
      }
      mine.release();
    });
  }
  return one;
}
/** The harness, when there is one. */
export function existing(): Harness | undefined {
  return one;
}
export function rootReady(): void {
  one?.release();
}
export type { Harness };
