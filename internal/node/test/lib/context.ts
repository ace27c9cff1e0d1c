// What test and suite functions get as their argument.
// https://nodejs.org/docs/latest-v24.x/api/test.html#class-testcontext
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { clearTimeout, setTimeout } from 'internal:timers';
import { MockTracker } from 'internal:test/mock';
import { addHook, declare, failure } from 'internal:test/tree';
import { validateFunction, validateNumber, validateObject, validateUint32 } from 'internal:validators';

export class TestContext {
  #node: any;
  #assert: any;
  constructor(node: any) { this.#node = node; }
  get name(): string { return this.#node.name; }
  get fullName(): string { return this.#node.fullName; }
  get filePath(): string | undefined { return this.#node.entryFile; }
  get signal(): any { return this.#node.abortController.signal; }
  get error(): any { return this.#node.error?.cause ?? null; }
  get passed(): boolean { return this.#node.passed; }
  get attempt(): number { return this.#node.run.attempts?.attempt ?? 0; }
  get mock(): MockTracker { return this.#node.mock ??= new MockTracker(); }
  get assert(): any { return this.#assert ??= contextAssert(this.#node, this); }
  diagnostic(message: any): void { this.#node.diagnostics.push({ message: `${message}`, level: 'info' }); }
  plan(count: any, options: any = {}): void {
    validateUint32(count, 'count');
    validateObject(options, 'options');
    const { wait } = options;
    if (wait !== undefined && typeof wait !== 'boolean' && typeof wait !== 'number') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
    }
    if (typeof wait === 'number') {
      validateNumber(wait, 'options.wait', 0, 2 ** 31 - 1);
    }
    if (this.#node.planned >= 0) {
      throw failure('cannot set plan more than once', 'testCodeFailure');
    }
    this.#node.planned = count;
    this.#node.planWait = wait ?? false;
  }
  runOnly(value: any): void { this.#node.runOnlySubtests = Boolean(value); }
  skip(message?: any): void { this.#node.skip = message === undefined || message === '' ? true : `${message}`; }
  todo(message?: any): void { this.#node.todo = message === undefined || message === '' ? true : `${message}`; }
  test(name?: any, options?: any, fn?: any): Promise<void> {
    this.#node.countAssertion();
    return declare(this.#node, 'test', name, options, fn, {});
  }
  before(fn: any, options?: any): void { addHook(this.#node, 'before', fn, options); }
  after(fn: any, options?: any): void { addHook(this.#node, 'after', fn, options); }
  beforeEach(fn: any, options?: any): void { addHook(this.#node, 'beforeEach', fn, options); }
  afterEach(fn: any, options?: any): void { addHook(this.#node, 'afterEach', fn, options); }
  /** waitFor(condition, { interval = 50, timeout = 1000 }): calls condition until it doesn't throw. */
  waitFor(condition: any, options: any = {}): Promise<any> {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    return new Promise((resolve, reject) => {
      let cause: any;
      let failed = false;
      let next: any;
      let over = false;
      const limit = setTimeout(() => {
        over = true;
        clearTimeout(next);
        const error: any = new Error('waitFor() timed out');
        if (failed) {
          error.cause = cause;
        }
        reject(error);
      }, timeout);
      const poll = async () => {
        try {
          const result = await condition();
          if (!over) {
            clearTimeout(limit);
            resolve(result);
          }
        } catch (error) {
          failed = true;
          cause = error;
          if (!over) {
            next = setTimeout(poll, interval);
          }
        }
      };
      poll();
    });
  }
}

export class SuiteContext {
  #node: any;
  constructor(node: any) { this.#node = node; }
  get name(): string { return this.#node.name; }
  get fullName(): string { return this.#node.fullName; }
  get filePath(): string | undefined { return this.#node.entryFile; }
  get signal(): any { return this.#node.abortController.signal; }
  get passed(): boolean { return this.#node.passed; }
  get attempt(): number { return this.#node.run.attempts?.attempt ?? 0; }
  diagnostic(message: any): void { this.#node.diagnostics.push({ message: `${message}`, level: 'info' }); }
}

export function newContext(node: any): TestContext | SuiteContext {
  return node.type === 'suite' ? new SuiteContext(node) : new TestContext(node);
}

/** What assert.register() added. */
export const registered = new Map<string, Function>();

const notCopied = new Set(['AssertionError', 'CallTracker', 'strict', 'Assert', 'options']);

// Methods of node:assert that count toward the plan.
function contextAssert(node: any, context: TestContext): any {
  const assert = load('node:assert').default;
  const out: any = {};
  const count = (name: string, fn: Function, self: any) => {
    out[name] = (...args: any[]) => {
      node.countAssertion();
      return Reflect.apply(fn, self, args);
    };
  };
  for (const name of Object.keys(assert)) {
    if (!notCopied.has(name) && typeof assert[name] === 'function') {
      count(name, assert[name], assert);
    }
  }
  count('snapshot', (...args: any[]) => load('internal:test/snapshot').assertSnapshot(node, args), undefined);
  count('fileSnapshot', (...args: any[]) => load('internal:test/snapshot').assertFileSnapshot(node, args), undefined);
  for (const [name, fn] of registered) {
    count(name, fn, context);
  }
  return out;
}
