// A connection whose last response was complete before the program had read any of it serves the next request.
'use strict';
const assert = require('assert');
const http = require('http');

const half = Buffer.alloc(40_000);
const server = http.createServer((req, res) => {
  if (req.url === '/small') return res.end('small');
  res.writeHead(200, { 'content-length': 2 * half.length });
  res.write(half);
  setTimeout(() => res.end(half), 20);
}).listen(0, '127.0.0.1', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const get = (path) => new Promise((resolve, reject) => {
    http.get({ port: server.address().port, host: '127.0.0.1', path, agent }, resolve).on('error', reject);
  });
  for (let i = 0; i < 3; i++) {
    const big = await get('/big');
    while (!big.complete) await new Promise((resolve) => setTimeout(resolve, 5));
    let length = 0;
    for await (const chunk of big) length += chunk.length;
    assert.strictEqual(length, 2 * half.length);
    let text = '';
    for await (const chunk of await get('/small')) text += chunk;
    assert.strictEqual(text, 'small');
  }
  agent.destroy();
  server.close(() => done = true);
});
let done = false;
process.on('exit', () => assert(done));
