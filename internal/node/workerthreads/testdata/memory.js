// Flags: --expose-gc
// Memory that crosses between threads outlives the isolate that made it.
'use strict';
const assert = require('assert');
const { Worker, MessageChannel } = require('worker_threads');

(async () => {
  const kept = [];
  for (let i = 0; i < 6; i++) {
    const worker = new Worker(`const { parentPort } = require('worker_threads');
      const big = new Uint8Array(300000).fill(7), small = new Uint8Array(100).fill(5).buffer, shared = new SharedArrayBuffer(200000);
      new Uint8Array(shared).fill(9);
      parentPort.postMessage({ big, small, shared, blob: new Blob(['text']) }, [big.buffer, small]);
      parentPort.postMessage([big.length, small.byteLength]);`, { eval: true });
    const messages = [];
    worker.on('message', (message) => messages.push(message));
    await new Promise((resolve) => worker.on('exit', resolve));
    assert.deepStrictEqual(messages[1], [0, 0]);
    kept.push(messages[0]);
  }
  for (let i = 0; i < 3; i++) gc();
  for (const { big, small, shared, blob } of kept) {
    assert.ok(big.every((x) => x === 7) && new Uint8Array(small).every((x) => x === 5) && new Uint8Array(shared).every((x) => x === 9));
    assert.strictEqual(await blob.text(), 'text');
  }
  kept.length = 0;
  for (let i = 0; i < 3; i++) gc();
  // Messages and ports that nobody takes are freed, also when they carry ports.
  for (let i = 0; i < 500; i++) {
    const { port1, port2 } = new MessageChannel();
    const inner = new MessageChannel();
    port1.postMessage({ port: inner.port1, buffer: new ArrayBuffer(1000) }, [inner.port1]);
    if (i % 2) port2.close();
  }
  gc();
  // Atomics between threads.
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker("const a = require('worker_threads').workerData; Atomics.store(a, 1, 42); Atomics.store(a, 0, 1); Atomics.notify(a, 0); setTimeout(() => {}, 10)",
    { eval: true, workerData: shared });
  Atomics.wait(shared, 0, 0);
  assert.strictEqual(shared[1], 42);
  await new Promise((resolve) => worker.on('exit', resolve));
})();
