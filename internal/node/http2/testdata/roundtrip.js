// A request with a body and trailers over plain text, and its answer, by the core API.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer();
server.on('stream', (stream, headers, flags, raw) => {
  assert.strictEqual(headers[':path'], '/a?b');
  assert.strictEqual(headers.cookie, 'a=1; b=2');
  assert.deepStrictEqual(headers['set-cookie'], ['x', 'y']);
  assert.deepStrictEqual(raw.filter((_, i) => i % 2 === 0).slice(0, 2), [':method', ':path']);
  const chunks = [];
  stream.on('data', (d) => chunks.push(d));
  stream.on('trailers', (t) => assert.strictEqual(t['x-sum'], '200000'));
  stream.on('end', () => {
    assert.strictEqual(Buffer.concat(chunks).length, 200000);
    stream.respond({ 'x-a': ['1', '2'] }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ done: 'yes' }));
    stream.end(Buffer.alloc(300000, 'z'));
  });
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const req = client.request({ ':method': 'POST', ':path': '/a?b', 'cookie': ['a=1', 'b=2'], 'set-cookie': ['x', 'y'] }, { waitForTrailers: true });
  req.on('wantTrailers', () => req.sendTrailers({ 'x-sum': '200000' }));
  let length = 0;
  let trailers;
  req.on('response', (h) => {
    assert.strictEqual(h[':status'], 200);
    assert.strictEqual(h['x-a'], '1, 2');
  });
  req.on('data', (d) => { length += d.length; });
  req.on('trailers', (t) => { trailers = t; });
  req.on('close', () => {
    assert.strictEqual(length, 300000);
    assert.strictEqual(trailers.done, 'yes');
    assert.strictEqual(req.rstCode, 0);
    client.close();
    server.close();
  });
  for (let i = 0; i < 10; i++) req.write(Buffer.alloc(20000));
  req.end();
});
