// A pushed stream, and one that the client doesn't want.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer();
server.on('stream', (stream) => {
  stream.pushStream({ ':path': '/p' }, (err, pushed, headers) => {
    assert.ifError(err);
    assert.strictEqual(headers[':path'], '/p');
    assert.throws(() => pushed.pushStream({}, () => {}), { code: 'ERR_HTTP2_NESTED_PUSH' });
    pushed.respond();
    pushed.end('pushed');
  });
  stream.respond();
  stream.end('answer');
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  let left = 2;
  const done = () => { if (--left === 0) { client.close(); server.close(); } };
  client.on('stream', (pushed, headers) => {
    assert.strictEqual(headers[':path'], '/p');
    let text = '';
    pushed.on('push', (h) => assert.strictEqual(h[':status'], 200));
    pushed.setEncoding('utf8').on('data', (d) => { text += d; }).on('close', () => { assert.strictEqual(text, 'pushed'); done(); });
  });
  client.request().resume().on('close', done);
});
