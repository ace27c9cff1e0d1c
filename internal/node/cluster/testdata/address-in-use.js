'use strict';
// A place that is taken is an error in the worker, also its own second server on one port.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  const port = +process.env.PORT;
  net.createServer().listen(port, '127.0.0.1').on('error', (err) => {
    assert.strictEqual(err.code, 'EADDRINUSE');
    assert.strictEqual(err.message, `bind EADDRINUSE 127.0.0.1:${port}`);
    const first = net.createServer().listen(0, '127.0.0.1', () => {
      net.createServer().listen(first.address().port, '127.0.0.1').on('error', ({ code }) => {
        assert.strictEqual(code, 'EADDRINUSE');
        process.exit(42);
      });
    });
  });
} else {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    cluster.fork({ PORT: server.address().port }).on('exit', (code) => {
      assert.strictEqual(code, 42);
      server.close();
    });
  });
}
