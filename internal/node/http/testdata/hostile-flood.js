'use strict';
// Lines and headers without end are refused with Node's answers, whatever they come as; the server goes on.
const assert = require('assert');
const http = require('http');
const net = require('net');

const server = http.createServer((req, res) => {
  req.resume();
  req.on('error', () => {});
  req.on('end', () => res.end('ok'));
});
const head = 'GET / HTTP/1.1\r\nHost: a\r\n';
const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const floods = [
  [`GET /${'a'.repeat(1000)}`, 'a'.repeat(1000), /^HTTP\/1\.1 431 /],
  [`${head}X-`, 'a'.repeat(1000), /^HTTP\/1\.1 431 /],
  [`${head}X: `, 'a'.repeat(1000), /^HTTP\/1\.1 431 /],
  [head, 'X-A: b\r\n'.repeat(100), /^HTTP\/1\.1 431 /],
  [`${chunked}1;`, 'a'.repeat(1000), /^HTTP\/1\.1 413 /],
  [`${chunked}1\r\nx\r\n0\r\n`, 'X-A: b\r\n'.repeat(100), /^HTTP\/1\.1 431 /],
  [`${chunked}0`, '0'.repeat(1000), /^(HTTP\/1\.1 4\d\d |$)/],
  ['\r\n', '\r\n'.repeat(500), /^$/],
];
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (const [begin, more, expected] of floods) {
    const text = await new Promise((resolve) => {
      let answer = '';
      let left = 200;
      const client = net.connect(port, '127.0.0.1', () => {
        client.write(begin);
        (function next() {
          if (client.destroyed || answer !== '') return;
          if (left-- === 0) client.destroy();
          else client.write(more, () => setImmediate(next));
        })();
      });
      client.setEncoding('latin1');
      client.on('data', (data) => { answer += data; });
      client.on('error', () => {});
      client.on('close', () => resolve(answer));
    });
    assert.match(text, expected, begin.slice(0, 40));
  }
  http.get({ port, host: '127.0.0.1', agent: false }, (res) => {
    assert.strictEqual(res.statusCode, 200);
    res.resume();
    res.on('end', () => server.close());
  });
});
