'use strict';
// A server may answer before it has the whole body, and close: the client reads the answer, though it can't write any more.
const assert = require('assert');
const http = require('http');
const net = require('net');

const answer = 'HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig';
const body = new Uint8Array(64 << 20);

async function ask(port, options) {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', ...options });
  assert.strictEqual(response.status, 413);
  assert.strictEqual(await response.text(), 'big');
}

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    socket.pause();
    socket.end(answer);
    setTimeout(() => socket.destroy(), 50);
  });
});
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (let i = 0; i < 3; i++) await ask(port, { body });
  server.close();

  const usual = http.createServer((req, res) => {
    res.writeHead(413, { 'Connection': 'close' });
    res.end('big');
  });
  usual.listen(0, '127.0.0.1', async () => {
    await ask(usual.address().port, { body });
    let pulled = 0;
    await ask(usual.address().port, { duplex: 'half', body: new ReadableStream({
      pull(controller) {
        if (++pulled > 500) controller.close();
        else controller.enqueue(new Uint8Array(64 << 10));
      },
    }) });
    usual.close();
  });
});
