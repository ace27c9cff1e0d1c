// Scripts: where they run, time limits, code cache, places in errors, functions.
const assert = require('node:assert');
const vm = require('node:vm');
globalThis.counter = 1;
const script = new vm.Script('counter += 1', { filename: 'counter.js' });
assert.strictEqual(script.runInThisContext(), 2);
assert.strictEqual(script.runInNewContext({ counter: 10 }), 11);
const cache = script.createCachedData();
assert.strictEqual(new vm.Script('counter += 1', { cachedData: cache }).cachedDataRejected, false);
assert.strictEqual(new vm.Script('another()', { cachedData: cache }).cachedDataRejected, true);
assert.throws(() => vm.runInThisContext('for (;;);', { timeout: 20 }), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT', message: 'Script execution timed out after 20ms' });
assert.strictEqual(vm.runInThisContext('1 + 1', { timeout: 10000 }), 2);
assert.throws(() => vm.runInNewContext('inner()', { inner: () => vm.runInThisContext('for (;;);', { timeout: 5 }) }, { timeout: 10000 }),
  { message: 'Script execution timed out after 5ms' });
try {
  vm.runInThisContext('throw new Error("x")', { filename: 'thrown.js', lineOffset: 10, columnOffset: 5 });
  assert.fail();
} catch (err) {
  assert.deepStrictEqual(err.stack.split('\n').slice(0, 3), ['thrown.js:11', 'throw new Error("x")', '^']);
}
try {
  new vm.Script('var 1', { filename: 'bad.js' });
  assert.fail();
} catch (err) {
  assert.deepStrictEqual(err.stack.split('\n').slice(0, 5), ['bad.js:1', 'var 1', '    ^', '', 'SyntaxError: Unexpected number']);
}
const fn = vm.compileFunction('return [a, b, extra]', ['a', 'b'], { contextExtensions: [{ extra: 3 }] });
assert.deepStrictEqual(fn(1, 2), [1, 2, 3]);
assert.strictEqual(vm.compileFunction('return g', [], { parsingContext: vm.createContext({ g: 9 }) })(), 9);
assert.rejects(vm.runInThisContext('import("node:fs")'), { code: 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING' });
vm.runInThisContext('import("node:path")', { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER })
  .then((path) => assert.strictEqual(typeof path.join, 'function'));
