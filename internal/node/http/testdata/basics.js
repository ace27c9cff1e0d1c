'use strict';
// A server and a client: headers, bodies both ways, status texts, repeated headers, HEAD, 204, trailers.
const assert = require('assert');
const http = require('http');

const server = http.createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (req.url === '/echo') {
      assert.strictEqual(req.headers['x-one'], '1');
      assert.deepStrictEqual(req.rawHeaders.slice(0, 2), ['X-One', '1']);
      res.setHeader('Set-Cookie', ['a=1', 'b=2']);
      res.statusMessage = 'Fine';
      res.end(body.toUpperCase());
      assert.throws(() => res.setHeader('x', 'y'), { code: 'ERR_HTTP_HEADERS_SENT' });
    } else if (req.url === '/trailers') {
      res.writeHead(200, { Trailer: 'X-Sum' });
      res.write('part');
      res.addTrailers({ 'X-Sum': '4' });
      res.end();
    } else if (req.url === '/empty') {
      res.writeHead(204);
      res.end();
    } else {
      res.end('hello');
    }
  });
});

function ask(options, body) {
  return new Promise((resolve, reject) => {
    const req = http.request({ port: server.address().port, host: '127.0.0.1', ...options }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => { text += chunk; });
      res.on('end', () => resolve({ res, text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

server.listen(0, '127.0.0.1', async () => {
  let { res, text } = await ask({ path: '/echo', method: 'POST', headers: { 'X-One': '1' } }, 'grüße');
  assert.strictEqual(text, 'GRÜSSE');
  assert.strictEqual(res.statusMessage, 'Fine');
  assert.deepStrictEqual(res.headers['set-cookie'], ['a=1', 'b=2']);
  assert.strictEqual(res.headers['content-length'], '7');
  ({ res, text } = await ask({ path: '/trailers' }));
  assert.strictEqual(text, 'part');
  assert.strictEqual(res.trailers['x-sum'], '4');
  assert.strictEqual(res.headers['transfer-encoding'], 'chunked');
  ({ res, text } = await ask({ path: '/empty' }));
  assert.strictEqual(res.statusCode, 204);
  assert.strictEqual('content-length' in res.headers, false);
  ({ res, text } = await ask({ path: '/', method: 'HEAD' }));
  assert.strictEqual(text, '');
  http.globalAgent.destroy();
  server.close();
});
