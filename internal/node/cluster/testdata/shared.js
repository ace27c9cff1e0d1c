'use strict';
// With SCHED_NONE the workers accept themselves, from one socket, which the primary holds open for those to come.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  const server = net.createServer((socket) => socket.end(`${cluster.worker.id}`));
  server.listen(0, '127.0.0.1', () => assert.strictEqual(typeof server._handle.fd, 'number'));
} else {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const first = cluster.fork();
  first.on('listening', ({ port }) => {
    const second = cluster.fork();
    second.on('listening', (address) => {
      assert.strictEqual(address.port, port);
      first.process.kill('SIGKILL');
      first.on('exit', () => {
        net.connect(port, '127.0.0.1').setEncoding('utf8').on('data', (id) => assert.strictEqual(id, '2')).on('end', () => second.disconnect());
      });
    });
  });
}
