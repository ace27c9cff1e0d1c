// A server that answers without reading the request's body ends the stream without an error.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer();
server.on('stream', (stream) => {
  stream.respond({ ':status': 413 });
  stream.end('too much');
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const req = client.request({ ':method': 'POST' });
  req.on('response', (h) => assert.strictEqual(h[':status'], 413));
  let text = '';
  req.setEncoding('utf8').on('data', (d) => { text += d; });
  req.write('x'.repeat(1000));
  req.on('close', () => {
    assert.strictEqual(text, 'too much');
    assert.strictEqual(req.rstCode, 0);
    client.close();
    server.close();
  });
});
