// Tracers see requests of fetch on the channels that undici has, and add headers to them.
'use strict';
const assert = require('node:assert');
const { subscribe } = require('node:diagnostics_channel');
const { createServer } = require('node:http');

const seen = [];
let socket;
let responseHeaders;
for (const name of ['request:create', 'request:bodyChunkSent', 'request:bodySent', 'request:headers', 'request:bodyChunkReceived', 'request:trailers', 'request:error', 'client:sendHeaders']) {
  subscribe(`undici:${name}`, (message) => {
    const { request } = message;
    seen.push(`${name} ${request.method} ${request.path} ${request.completed}`);
    if (name === 'request:create') {
      assert.match(request.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.ok(request.headers.includes('accept') && !request.headers.includes('connection'));
      request.addHeader('traceparent', '00-1');
      assert.throws(() => request.addHeader('a\n', 'b'), { code: 'UND_ERR_INVALID_ARG', message: 'invalid header key' });
      assert.throws(() => request.addHeader('a', 'b\r\nc: d'), { code: 'UND_ERR_INVALID_ARG', message: 'invalid a header' });
    }
    if (name === 'client:sendHeaders') {
      ({ socket } = message);
      assert.match(message.headers, /\r\ntraceparent: 00-1\r\n/);
    }
    if (name === 'request:headers') {
      assert.strictEqual(message.response.statusText, message.response.statusCode === 200 ? 'OK' : 'Found');
      responseHeaders = message.response.headers.map(String);
    }
    if (name === 'request:error') {
      assert.strictEqual(message.error.code, 'UND_ERR_SOCKET');
    }
  });
}

const server = createServer((request, response) => {
  assert.strictEqual(request.headers.traceparent, '00-1');
  request.resume().on('end', () => {
    if (request.url === '/die') request.socket.destroy();
    else if (request.url === '/moved') response.writeHead(302, { location: '/end' }).end();
    else response.setHeader('x-answer', 'yes').end('body');
  });
}).listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}`;
  const steps = async (path, options, read = true) => {
    seen.length = 0;
    const answer = await fetch(url + path, options).catch((err) => err);
    if (read) await answer.text?.();
    for (let i = 0; i < 200 && !/trailers|error/.test(seen.at(-1)); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    // When the head goes out, seen from the body's, is not the same everywhere.
    return seen.map((text) => text.split(' ')).sort(([a], [b]) => order(a) - order(b)).map((words) => words.join(' '));
  };
  const order = (name) => (name === 'client:sendHeaders' ? 0 : seen.findIndex((text) => text.startsWith(name)) + 1);

  assert.deepStrictEqual(await steps('/a?b=1'), ['client:sendHeaders GET /a?b=1 false', 'request:create GET /a?b=1 false', 'request:bodySent GET /a?b=1 false',
    'request:headers GET /a?b=1 false', 'request:bodyChunkReceived GET /a?b=1 false', 'request:trailers GET /a?b=1 true']);
  assert.strictEqual(socket.remoteAddress, '127.0.0.1');
  assert.strictEqual(socket.remotePort, port);
  assert.strictEqual(responseHeaders[responseHeaders.indexOf('x-answer') + 1], 'yes');

  // A body that nobody reads ends, too.
  assert.deepStrictEqual(await steps('/p', { method: 'POST', body: 'hello' }, false), ['client:sendHeaders POST /p false', 'request:create POST /p false',
    'request:bodyChunkSent POST /p false', 'request:bodySent POST /p false', 'request:headers POST /p false', 'request:bodyChunkReceived POST /p false',
    'request:trailers POST /p true']);
  assert.strictEqual((await steps('/moved')).filter((text) => text.startsWith('request:create')).length, 2);
  assert.strictEqual((await steps('/die')).at(-1), 'request:error GET /die false');
  server.close();
  server.closeAllConnections();
});
