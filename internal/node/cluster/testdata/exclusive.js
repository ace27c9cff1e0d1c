'use strict';
// A server with `exclusive` isn't shared: each worker has a port of its own.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  const server = net.createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
    process.send(server.address().port);
    server.close();
  });
} else {
  const ports = [];
  cluster.on('listening', () => assert.fail('the primary does not know of it'));
  for (let i = 0; i < 2; i++) {
    cluster.fork().on('message', (port) => {
      if (ports.push(port) === 2) cluster.disconnect();
    });
  }
  process.on('exit', () => assert.strictEqual(ports.length, 2));
}
