// Locks: exclusive ones exclude, shared ones share, a lock can be stolen, a request can be given up, and a thread that ends gives back.
const assert = require('assert');
const { Worker, locks } = require('worker_threads');
assert.strictEqual(navigator.locks, locks);
(async () => {
  const order = [];
  await Promise.all([
    locks.request('a', async () => { order.push(1); await null; order.push(2); }),
    locks.request('a', async () => order.push(3)),
  ]);
  assert.deepStrictEqual(order, [1, 2, 3]);
  assert.strictEqual(await locks.request('s', { mode: 'shared' }, () => locks.request('s', { mode: 'shared' }, (lock) => lock.mode)), 'shared');
  assert.strictEqual(await locks.request('i', () => locks.request('i', { ifAvailable: true }, (lock) => lock)), null);
  const victim = locks.request('v', () => new Promise(() => {}));
  assert.strictEqual(await locks.request('v', { steal: true }, () => 'thief'), 'thief');
  await assert.rejects(victim, { name: 'AbortError', message: 'The operation was aborted' });
  await locks.request('g', async () => {
    const controller = new AbortController();
    const waits = locks.request('g', { signal: controller.signal }, () => {});
    controller.abort(new Error('given up'));
    await assert.rejects(waits, { message: 'given up' });
  });
  const worker = new Worker('navigator.locks.request("w", () => { require("worker_threads").parentPort.postMessage(1); return new Promise(() => {}); }); setInterval(() => {}, 1000)', { eval: true });
  worker.once('message', async () => {
    const waits = locks.request('w', () => 'mine');
    assert.strictEqual(await locks.request('w', { ifAvailable: true }, (lock) => lock), null);
    worker.terminate();
    assert.strictEqual(await waits, 'mine');
  });
  await assert.rejects(locks.request('-x', () => {}), { name: 'NotSupportedError' });
  await assert.rejects(locks.request('x', { mode: 'y' }, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
})().catch((err) => { console.log(err); process.exitCode = 1; });
