'use strict';
// What is made when it is asked for behaves as if it had always been there, prototypes in between included.
const assert = require('assert');
const http = require('http');
const { Readable } = require('stream');

const server = http.createServer((req, res) => {
  const between = Object.create(http.IncomingMessage.prototype, { extra: { get() { return this.url.length; } } });
  Object.setPrototypeOf(req, between);
  assert.strictEqual(req.extra, 1);
  assert.ok(req instanceof Readable);
  assert.strictEqual(req.readable, true);
  assert.strictEqual(req.socket, res.socket);
  assert.strictEqual(req.connection, req.socket);
  assert.strictEqual(req.socket.remoteAddress, '127.0.0.1');
  assert.strictEqual(req.socket.localPort, server.address().port);
  assert.strictEqual(req.headers, req.headers);
  assert.strictEqual(req.headers.host, `127.0.0.1:${server.address().port}`);
  let ended = false;
  req.on('end', () => { ended = true; });
  res.on('finish', () => {
    assert.strictEqual(res.writableFinished, true);
    setImmediate(() => {
      assert.strictEqual(ended, true);
      assert.strictEqual(req.readableEnded, true);
    });
  });
  res.end('x');
  assert.strictEqual(res.headersSent, true);
  assert.match(res._header, /^HTTP\/1\.1 200 OK\r\n/);
});
server.listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (res) => {
    res.resume();
    res.on('end', () => server.close());
  });
});
