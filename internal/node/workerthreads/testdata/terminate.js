// terminate() ends a worker whatever it does, at every moment of its life.
'use strict';
const assert = require('assert');
const { Worker } = require('worker_threads');

const programs = ['for(;;);', 'while (true) JSON.stringify({})', '(function f() { Promise.resolve().then(f) })()', '(function f() { process.nextTick(f) })()',
  '(function f() { setImmediate(f) })()', 'setInterval(() => {}, 1)', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  "/(a+)+$/.test('a'.repeat(40) + 'b')", 'for (;;) { try { (function g() { g() })() } catch {} }', "require('vm').runInNewContext('for(;;);')",
  "try { require('vm').runInNewContext('for(;;);', {}, { timeout: 100000 }) } catch {} for (;;);", "require('net').createServer(() => {}).listen(0)",
  "require('http').createServer(() => {}).listen(0)", "require('fs').watch('/tmp')", "require('child_process').spawn('sleep', ['1'])",
  "require('fs').readFile('/etc/passwd', () => {})", "new (require('worker_threads').Worker)('for(;;);', { eval: true })",
  "require('zlib').createGzip().write(Buffer.alloc(1e6)); setInterval(() => {}, 100)",
  "process.on('uncaughtException', () => { for (;;); }); throw 1", "process.on('exit', () => { for (;;); }); process.exit()"];

(async () => {
  for (const code of programs) {
    for (const delay of code.includes("nextTick") ? [0, 2, 40, 200, 200] : [0, 2, 40]) { // 200: optimised by then
      const worker = new Worker(code, { eval: true, stdout: true, stderr: true });
      worker.on('error', (err) => assert.fail(`${code}: ${err}`));
      await new Promise((resolve) => setTimeout(resolve, delay));
      const exit = await worker.terminate();
      assert.ok(exit === 1 || exit === 0 || exit === undefined, `${code}: ${exit}`); // 0: before it began, or after it ended
    }
  }
  // Twice, and from its own events.
  const worker = new Worker('setInterval(() => {}, 1)', { eval: true });
  await new Promise((resolve) => worker.once('online', resolve));
  const [a, b] = await Promise.all([worker.terminate(), worker.terminate()]);
  assert.deepStrictEqual([a, b], [1, 1]);
  {
    const disposed = new Worker("for (;;);", { eval: true });
    await disposed[Symbol.asyncDispose]();
    assert.strictEqual(disposed.threadId, -1);
  }
})();
