// node:test as programs see it: declarations, hooks, mocks, and the run of this process.
// https://nodejs.org/docs/latest-v24.x/api/test.html
import { load } from 'internal:load';
import { registered } from 'internal:test/context';
import { harness, rootReady, setUp } from 'internal:test/harness';
import { MockTracker } from 'internal:test/mock';
import { addHook, current, declare, type HookKind, type NodeType, type TestNode } from 'internal:test/tree';
import { validateFunction, validateString } from 'internal:validators';

// The parent of what is declared now.
function scope(): TestNode {
  return current.getStore()?.node ?? harness().run.root;
}

function declarer(type: NodeType, name: string): any {
  const make: any = { [name](title?: any, options?: any, fn?: any) { return declare(scope(), type, title, options, fn, {}); } }[name];
  for (const variant of ['expectFailure', 'skip', 'todo', 'only']) {
    make[variant] = { [variant](title?: any, options?: any, fn?: any) { return declare(scope(), type, title, options, fn, { [variant]: true }); } }[variant];
  }
  return make;
}

export const test: any = declarer('test', 'test');
export const it: any = test;
export const suite: any = declarer('suite', 'suite');
export const describe: any = suite;

function hook(kind: HookKind): any {
  return { [kind](fn: any, options?: any) { addHook(scope(), kind, fn, options); } }[kind];
}
export const before = hook('before');
export const after = hook('after');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

/** The context of the test that runs. */
export function getTestContext(): any {
  return current.getStore()?.node.context;
}

export const mock = new MockTracker();

export const assert = {
  /** Adds an assertion to t.assert. */
  register(name: any, fn: any): void {
    validateString(name, 'name');
    validateFunction(fn, 'fn');
    registered.set(name, fn);
  },
};
export const snapshot = {
  setDefaultSnapshotSerializers(serializers: any): void { load('internal:test/snapshot').setDefaultSnapshotSerializers(serializers); },
  setResolveSnapshotPath(fn: any): void { load('internal:test/snapshot').setResolveSnapshotPath(fn); },
};
/** run(options): runs test files. @returns a TestsStream */
export function run(options?: any): any {
  return load('internal:test/runner').run(options);
}
export { rootReady, setUp };
