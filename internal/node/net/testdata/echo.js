'use strict';
// A server and a client over TCP and over a path: data, half-close, counts, addresses, errors.
const assert = require('assert');
const net = require('net');
const os = require('os');
const path = require('path');

function round(address, done) {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('data', (chunk) => { text += chunk; });
    socket.on('end', () => socket.end(`got ${text}`));
  });
  server.listen(address, () => {
    const to = typeof address === 'string' ? address : server.address();
    const client = typeof to === 'string' ? net.connect(to) : net.connect(to.port, to.address);
    client.end('hello');
    let text = '';
    client.on('data', (chunk) => { text += chunk; });
    client.on('close', (hadError) => {
      assert.strictEqual(hadError, false);
      assert.strictEqual(text, 'got hello');
      assert.strictEqual(client.bytesWritten, 5);
      assert.strictEqual(client.bytesRead, 9);
      server.close(done);
    });
  });
}

round({ port: 0, host: '127.0.0.1' }, () => {
  round(path.join(os.tmpdir(), `echo-${process.pid}.sock`), () => {
    const closed = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = closed.address();
      const twice = net.createServer().listen(port, '127.0.0.1');
      twice.on('error', (err) => {
        assert.strictEqual(err.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
        assert.strictEqual(err.code, 'EADDRINUSE');
        closed.close(() => {
          net.connect(port, '127.0.0.1').on('error', (refused) => {
            assert.strictEqual(refused.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
            assert.strictEqual(refused.port, port);
          });
        });
      });
    });
  });
});
