'use strict';
// Peers that don't speak TLS, or go away before it is spoken.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const own = { key: read('server-key.pem'), cert: read('server.pem') };

async function toServer(bytes, options) {
  const server = tls.createServer({ ...own, ...options }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.on('error', () => {});
  if (bytes === null) socket.end();
  else socket.write(bytes);
  const [err] = await once(server, 'tlsClientError');
  socket.destroy();
  server.close();
  return [err.code, err.reason];
}

async function toClient(serve) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1' });
  const [err] = await once(socket, 'error');
  server.close();
  return err;
}

(async () => {
  assert.deepStrictEqual(await toServer('GET / HTTP/1.1\r\n\r\n'), ['ERR_SSL_HTTP_REQUEST', 'http request']);
  assert.deepStrictEqual(await toServer('hello, I have come to talk\r\n\r\n'), ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number']);
  assert.deepStrictEqual(await toServer(null), ['ECONNRESET', undefined]);
  assert.deepStrictEqual(await toServer('', { handshakeTimeout: 100 }), ['ERR_TLS_HANDSHAKE_TIMEOUT', undefined]);
  assert.strictEqual((await toClient((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))).code, 'ERR_SSL_WRONG_VERSION_NUMBER');
  const gone = await toClient((socket) => socket.once('data', () => socket.end()));
  assert.strictEqual(gone.code, 'ECONNRESET');
  assert.strictEqual(gone.message, 'Client network socket disconnected before secure TLS connection was established');
  assert.strictEqual(gone.host, '127.0.0.1');
})();
