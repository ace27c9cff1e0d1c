// A worker that runs out of heap or stack ends alone.
'use strict';
const assert = require('assert');
const { Worker } = require('worker_threads');

const run = (code, resourceLimits) => new Promise((resolve) => {
  const worker = new Worker(code, { eval: true, resourceLimits });
  let error;
  worker.on('error', (err) => { error = err; });
  worker.on('exit', (exit) => resolve([error, exit]));
});

(async () => {
  const limits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };
  for (const code of ['const a = []; for (;;) a.push({ a })', "let s = 'x'; const a = []; setInterval(() => { for (let i = 0; i < 1e4; i++) a.push([s + i]) }, 0)"]) {
    const [error, exit] = await run(code, limits);
    assert.strictEqual(error.code, 'ERR_WORKER_OUT_OF_MEMORY');
    assert.match(error.message, /^Worker terminated due to reaching memory limit: JS heap out of memory/);
    assert.strictEqual(exit, 1);
  }
  const [error] = await run('const f = () => f(); f()');
  assert.ok(error instanceof RangeError);
  const depth = "let n = 0; const f = () => { n++; f() }; try { f() } catch {} require('worker_threads').parentPort.postMessage(n)";
  const depthOf = (stackSizeMb) => new Promise((resolve) => new Worker(depth, { eval: true, resourceLimits: { stackSizeMb } }).on('message', resolve));
  assert.ok(await depthOf(2) > 1.5 * await depthOf(1));
  const worker = new Worker("require('worker_threads').parentPort.postMessage(require('worker_threads').resourceLimits)", { eval: true, resourceLimits: limits });
  assert.strictEqual(worker.resourceLimits.maxOldGenerationSizeMb, 16);
  assert.strictEqual((await new Promise((resolve) => worker.on('message', resolve))).stackSizeMb, 1);
})();
