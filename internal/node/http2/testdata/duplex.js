// Both sides over a pair of streams: bytes come and go by way of JavaScript.
const assert = require('assert');
const http2 = require('http2');
const { duplexPair } = require('stream');
const [a, b] = duplexPair();
const session = http2.performServerHandshake(b);
session.on('stream', (stream) => {
  stream.respond();
  stream.pipe(stream);
});
const client = http2.connect('http://example.org', { createConnection: () => a });
const req = client.request({ ':method': 'POST' });
const body = Buffer.alloc(500000, 'abc');
const got = [];
req.on('data', (d) => got.push(d));
req.on('end', () => {
  assert.ok(Buffer.concat(got).equals(body));
  client.destroy();
});
req.end(body);
