'use strict';
// What both sides know of a worker, and its way through its states.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  assert.strictEqual(cluster.isPrimary, false);
  assert.strictEqual(cluster.isMaster, false);
  assert.strictEqual(cluster.workers, undefined);
  assert.strictEqual(cluster.worker.process, process);
  assert.strictEqual(cluster.worker.id, 1);
  assert.strictEqual(process.env.NODE_UNIQUE_ID, undefined);
  assert.strictEqual(process.env.EXTRA, 'yes');
  assert.deepStrictEqual(process.argv.slice(2), ['an argument']);
  cluster.worker.on('message', (text) => {
    process.send(`${text} back`);
    net.createServer().listen(0, '127.0.0.1');
  });
} else {
  assert.strictEqual(cluster.isPrimary, true);
  assert.strictEqual(cluster.worker, undefined);
  const events = [];
  cluster.setupPrimary({ args: ['an argument'] });
  for (const name of ['setup', 'fork', 'online', 'message', 'listening', 'disconnect', 'exit']) cluster.on(name, () => events.push(name));
  const worker = cluster.fork({ EXTRA: 'yes' });
  assert.strictEqual(cluster.workers[1], worker);
  assert.strictEqual(worker.state, 'none');
  worker.on('online', () => {
    assert.strictEqual(worker.state, 'online');
    worker.send('there and');
  });
  worker.on('message', (text) => assert.strictEqual(text, 'there and back'));
  worker.on('listening', () => {
    assert.strictEqual(worker.state, 'listening');
    worker.kill();
  });
  worker.on('exit', (code, signal) => {
    assert.deepStrictEqual([code, signal], [null, 'SIGTERM']);
    assert.strictEqual(worker.exitedAfterDisconnect, false);
    assert.strictEqual(worker.isDead(), true);
    assert.strictEqual(worker.isConnected(), false);
    setImmediate(() => {
      // fork() sets up again.
      assert.deepStrictEqual(events.slice(0, 6), ['setup', 'setup', 'fork', 'online', 'message', 'listening']);
      assert.deepStrictEqual(events.slice(6).sort(), ['disconnect', 'exit']);
      assert.deepStrictEqual(cluster.workers, {});
    });
  });
}
