// A process that wasn't forked is the primary, without workers.
const assert = require('assert');
const cluster = require('cluster');
assert.strictEqual(cluster.isPrimary, true);
assert.strictEqual(cluster.isMaster, true);
assert.strictEqual(cluster.isWorker, false);
assert.strictEqual(cluster.worker, undefined);
assert.deepStrictEqual(cluster.workers, {});
assert.deepStrictEqual(cluster.settings, {});
let calls = 0;
cluster.on('setup', (settings) => {
  calls++;
  assert.strictEqual(settings.exec, 'other.js');
});
cluster.setupPrimary({ exec: 'other.js' });
cluster.disconnect(() => calls++);
process.on('exit', () => assert.strictEqual(calls, 2));
