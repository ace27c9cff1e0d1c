'use strict';
// A server with maxConnections leaves connections to the other workers; with dropMaxConnection it closes them.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  const server = net.createServer((socket) => socket.end(`${cluster.worker.id}`));
  server.maxConnections = cluster.worker.id === 1 ? 0 : 100;
  process.on('message', () => {
    server.dropMaxConnection = true;
    server.on('drop', () => process.send('dropped'));
    process.send('ready');
  });
  server.listen(0, '127.0.0.1');
} else {
  const workers = [cluster.fork(), cluster.fork()];
  let left = 2;
  cluster.on('listening', (_worker, { port }) => {
    if (--left > 0) return;
    ask(port, 6, () => {
      workers[0].send('drop');
      workers[0].on('message', (text) => {
        if (text === 'dropped') cluster.disconnect();
        else for (let i = 0; i < 4; i++) net.connect(port, '127.0.0.1').on('error', () => {}).resume();
      });
    });
  });
  function ask(port, n, then) {
    if (n === 0) return then();
    net.connect(port, '127.0.0.1').setEncoding('utf8').on('data', (id) => assert.strictEqual(id, '2')).on('close', () => ask(port, n - 1, then));
  }
}
