'use strict';
// 'upgrade' hands over the socket and what was read beyond the head; both directions work afterwards.
const assert = require('assert');
const http = require('http');

const server = http.createServer(() => assert.fail('not a request'));
server.on('upgrade', (req, socket, head) => {
  assert.strictEqual(req.headers.upgrade, 'echo');
  assert.ok(Buffer.isBuffer(head));
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
  socket.on('data', (chunk) => socket.write(`<${chunk}>`));
  socket.on('end', () => {
    socket.end();
    server.close();
  });
});
server.listen(0, '127.0.0.1', () => {
  const req = http.request({ port: server.address().port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
  req.end();
  req.on('upgrade', (res, socket) => {
    assert.strictEqual(res.statusCode, 101);
    socket.write('hi');
    socket.on('data', (chunk) => {
      assert.strictEqual(`${chunk}`, '<hi>');
      socket.end();
    });
  });
});
