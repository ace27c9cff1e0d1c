'use strict';
// An upload into a consumer that doesn't read stays with the client; what is read then arrives whole, and memory stays flat.
const assert = require('assert');
const http = require('http');

const size = 256 << 20;
const chunk = Buffer.alloc(64 << 10, 'u');
const mb = () => process.memoryUsage().rss >> 20;

const server = http.createServer((req, res) => {
  const before = mb();
  let received = 0;
  let high = 0;
  setTimeout(() => {
    assert.ok(sent < 40 << 20, `${sent} bytes are on their way`);
    req.on('data', (data) => {
      received += data.length;
      high = Math.max(high, mb());
      if (received % 97 === 0) {
        req.pause();
        setImmediate(() => req.resume());
      }
    });
    req.on('end', () => {
      assert.strictEqual(received, size);
      assert.ok(high - before < 150, `${before} MB became ${high}`);
      res.end('ok');
    });
  }, 300);
});
let sent = 0;
server.listen(0, '127.0.0.1', () => {
  const req = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', agent: false, headers: { 'Content-Length': size } });
  const more = () => {
    while (sent < size) {
      sent += chunk.length;
      if (!req.write(chunk)) {
        req.once('drain', more);
        return;
      }
    }
    req.end();
  };
  more();
  req.on('response', (res) => {
    assert.strictEqual(res.statusCode, 200);
    res.resume();
    res.on('end', () => server.close());
  });
});
