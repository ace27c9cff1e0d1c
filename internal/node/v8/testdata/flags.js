// V8's flags can be changed at run time, and gc() is seen only by a context made while --expose-gc is on.
const assert = require('node:assert');
const v8 = require('node:v8');
const vm = require('node:vm');

assert.strictEqual(typeof globalThis.gc, 'undefined');
assert.strictEqual(vm.runInNewContext('typeof gc'), 'undefined');
v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');
v8.setFlagsFromString('--no-expose-gc');
assert.strictEqual(vm.runInNewContext('typeof gc'), 'undefined');

let dead;
(() => { dead = new WeakRef({}); })();
setImmediate(() => {
  gc();
  assert.strictEqual(dead.deref(), undefined);
  // Buffers of many megabytes make the engine collect by itself, which must not bring gc() back.
  for (let i = 0; i < 64; i++) Buffer.alloc(1 << 20);
  setImmediate(() => assert.strictEqual(vm.runInNewContext('typeof gc'), 'undefined'));
});
assert.throws(() => v8.setFlagsFromString(1), { code: 'ERR_INVALID_ARG_TYPE' });
