// What a parent can ask a worker, also one that is busy.
'use strict';
const assert = require('assert');
const { Worker } = require('worker_threads');
const { once } = require('events');

(async () => {
  for (const code of ['setInterval(() => {}, 1000)', 'for (;;);']) {
    const worker = new Worker(code, { eval: true });
    await once(worker, 'online');
    const heap = await worker.getHeapStatistics();
    assert.ok(heap.used_heap_size > 0 && heap.heap_size_limit > heap.used_heap_size);
    const { user, system } = await worker.cpuUsage();
    assert.ok(user + system > 0);
    const { idle, active } = worker.performance.eventLoopUtilization();
    assert.ok(idle >= 0 && active >= 0);
    await worker.terminate();
    await assert.rejects(worker.getHeapStatistics(), { code: 'ERR_WORKER_NOT_RUNNING' });
    await assert.rejects(worker.cpuUsage(), { code: 'ERR_WORKER_NOT_RUNNING' });
    assert.deepStrictEqual(worker.performance.eventLoopUtilization(), { idle: 0, active: 0, utilization: 0 });
    assert.deepStrictEqual(worker.resourceLimits, {});
  }
  const worker = new Worker('globalThis.kept = { name: "a heap" }; setInterval(() => {}, 1000)', { eval: true });
  await once(worker, 'online');
  let text = '';
  for await (const chunk of await worker.getHeapSnapshot()) text += chunk;
  assert.ok(JSON.parse(text).snapshot.node_count > 100);
  await worker.terminate();
})();
