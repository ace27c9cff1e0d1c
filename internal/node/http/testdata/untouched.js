// What is asked of the stream of a request that nobody reads: readable until it is read, not destroyed; and a listener that comes later still hears of its end.
const assert = require('assert');
const http = require('http');

const server = http.createServer((req, res) => {
  assert.strictEqual(req.readable, true);
  assert.strictEqual(req.readableEnded, false);
  assert.strictEqual(req.destroyed, false);
  if (req.url === '/read') {
    req.on('end', () => {
      assert.strictEqual(req.readableEnded, true);
      assert.strictEqual(req.readable, false);
      res.end('read');
    });
    req.resume();
    return;
  }
  if (req.url === '/set') {
    req.readable = false;
    assert.strictEqual(req.readable, false);
  }
  res.end('left');
});
assert.strictEqual(http.IncomingMessage.prototype.readable, false);
assert.strictEqual(new http.IncomingMessage(null).readable, true);
server.listen(0, '127.0.0.1', async () => {
  for (const [path, want] of [['/', 'left'], ['/read', 'read'], ['/set', 'left'], ['/', 'left']]) {
    const got = await (await fetch(`http://127.0.0.1:${server.address().port}${path}`)).text();
    assert.strictEqual(got, want);
  }
  server.close();
});
