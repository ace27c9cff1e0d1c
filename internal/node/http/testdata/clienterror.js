'use strict';
// A malformed request: the default answer, and 'clientError' with the error's fields and a socket to answer on.
const assert = require('assert');
const http = require('http');
const net = require('net');

const server = http.createServer(() => assert.fail('not a request'));
function send(text) {
  return new Promise((resolve) => {
    const client = net.connect(server.address().port, '127.0.0.1', () => client.write(text));
    let answer = '';
    client.on('data', (chunk) => { answer += chunk; });
    client.on('close', () => resolve(answer));
  });
}
server.listen(0, '127.0.0.1', async () => {
  assert.strictEqual(await send('GET / HTTP/1.1\r\nHost : a\r\n\r\n'), 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  assert.strictEqual(await send(`GET / HTTP/1.1\r\nHost: ${'a'.repeat(20000)}\r\n\r\n`),
    'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n');
  server.once('clientError', (err, socket) => {
    assert.strictEqual(err.code, 'HPE_INVALID_TRANSFER_ENCODING');
    assert.strictEqual(err.message, "Parse Error: Transfer-Encoding can't be present with Content-Length");
    assert.ok(Buffer.isBuffer(err.rawPacket));
    socket.end('HTTP/1.1 400 Mine\r\n\r\n');
  });
  assert.strictEqual(await send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    'HTTP/1.1 400 Mine\r\n\r\n');
  server.close();
});
