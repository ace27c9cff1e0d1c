// A report tells of the workers of its thread, of those that run JavaScript without a break too.
const assert = require('assert');
const { Worker } = require('worker_threads');
const { once } = require('events');
process.report.excludeNetwork = true;
async function reported(text, name) {
  const worker = new Worker(text, { eval: true, name });
  await once(worker, 'online');
  for (let i = 0; i < 20; i++) {
    const { workers } = process.report.getReport();
    assert.ok(workers.length <= 1);
    if (workers.length === 1) {
      assert.strictEqual(workers[0].header.event, `Worker thread subreport [${name}]`);
      assert.strictEqual(workers[0].header.threadId, worker.threadId);
      assert.strictEqual(workers[0].header.trigger, 'GetReport');
      assert.deepStrictEqual(workers[0].workers, []);
    } else {
      assert.strictEqual(i, 0); // it may not have begun
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await worker.terminate();
  assert.deepStrictEqual(process.report.getReport().workers, []);
}
(async () => {
  await reported("require('worker_threads').parentPort.on('message', () => {});", 'idle');
  await reported('for (;;) {}', 'busy');
  await reported("setInterval(() => JSON.parse('[1]'), 1);", 'ticking');
})();
