// The milestones of a program's start and end come in their order.
const assert = require('node:assert');
const { nodeTiming } = require('node:perf_hooks').performance;

assert.strictEqual(nodeTiming.loopStart, -1);
assert.strictEqual(nodeTiming.loopExit, -1);
assert.ok(nodeTiming.nodeStart >= 0);
assert.ok(nodeTiming.v8Start > 0 && nodeTiming.v8Start <= nodeTiming.environment);
assert.ok(nodeTiming.environment <= nodeTiming.bootstrapComplete);
assert.ok(nodeTiming.bootstrapComplete <= performance.now());
setTimeout(() => {
  assert.ok(nodeTiming.loopStart >= nodeTiming.bootstrapComplete);
  assert.strictEqual(nodeTiming.loopExit, -1);
}, 2);
process.on('exit', () => assert.ok(nodeTiming.loopExit > nodeTiming.loopStart));
