'use strict';
// A client that never reads: write() says stop, nothing piles up, and what waits is dropped with the connection.
const assert = require('assert');
const http = require('http');
const net = require('net');

const chunk = Buffer.alloc(64 << 10, 'x');
const server = http.createServer((req, res) => {
  let written = 0;
  const fill = () => {
    while (res.write(chunk)) {
      written += chunk.length;
      assert.ok(written < 64 << 20);
    }
  };
  res.on('drain', fill);
  fill();
  setTimeout(() => {
    assert.strictEqual(res.writableNeedDrain, true);
    assert.ok(res.writableLength < 8 << 20, `${res.writableLength}`);
    client.destroy();
  }, 200);
  res.on('close', () => {
    assert.strictEqual(res.writableFinished, false);
    server.close();
  });
});
let client;
server.listen(0, '127.0.0.1', () => {
  client = net.connect(server.address().port, '127.0.0.1');
  client.pause();
  client.on('error', () => {});
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
});
