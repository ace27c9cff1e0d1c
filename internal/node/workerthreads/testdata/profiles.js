// worker.startCpuProfile and startHeapProfile, of a worker that never leaves its loop too; a worker that ends answers what is open.
const assert = require('assert');
const { once } = require('events');
const { Worker } = require('worker_threads');
(async () => {
  for (const text of ['setInterval(() => {}, 100);', 'function busy() { for (;;) { [].concat([1]); } } busy();']) {
    const worker = new Worker(text, { eval: true });
    await once(worker, 'online');
    const cpu = await worker.startCpuProfile();
    const other = await worker.startCpuProfile();
    const heap = await worker.startHeapProfile();
    await assert.rejects(worker.startHeapProfile(), { code: 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED', message: 'heap profiler have been started' });
    // The one that is busy is looked at when it has had a processor for long enough.
    const used = async () => { const { user, system } = await worker.cpuUsage(); return user + system; };
    for (const before = await used(); text.includes('busy') && await used() < before + 50_000;) await new Promise((resolve) => setTimeout(resolve, 10));
    const profile = JSON.parse(await cpu.stop());
    assert.deepStrictEqual(Object.keys(profile).sort(), ['endTime', 'nodes', 'samples', 'startTime', 'timeDeltas']);
    if (text.includes('busy')) assert.ok(profile.nodes.some(({ callFrame }) => callFrame.functionName === 'busy'));
    assert.strictEqual(JSON.stringify(JSON.parse(await cpu.stop())), JSON.stringify(profile));
    assert.deepStrictEqual(Object.keys(JSON.parse(await heap.stop())).sort(), ['head', 'samples']);
    JSON.parse(await other.stop());
    await worker.startCpuProfile(); // ends with the worker
    await worker.terminate();
    await assert.rejects(worker.startCpuProfile(), { code: 'ERR_WORKER_NOT_RUNNING' });
  }
})();
