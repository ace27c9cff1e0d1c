'use strict';
// Many short connections, in every way of ending: none is left over.
const assert = require('assert');
const http = require('http');
const net = require('net');

let served = 0;
const server = http.createServer((req, res) => {
  served++;
  res.end('ok');
});
const total = 600;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  let started = 0;
  let over = 0;
  const next = () => {
    if (started === total) return;
    const kind = started++ % 4;
    const client = net.connect(port, '127.0.0.1', () => {
      if (kind === 0) client.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      else if (kind === 1) client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      else if (kind === 2) client.destroy();
      else client.resetAndDestroy();
    });
    client.resume();
    client.on('error', () => {});
    client.on('close', () => {
      over++;
      next();
      if (over === total) finish();
    });
  };
  for (let i = 0; i < 40; i++) next();
  const finish = () => server.getConnections((err, n) => {
    assert.ifError(err);
    if (n > 0) {
      setTimeout(finish, 20);
      return;
    }
    assert.strictEqual(served, total / 2);
    server.close();
  });
});
