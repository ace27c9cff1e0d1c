'use strict';
// How connections end: after an error that the program leaves them open for, and with more requests than maxRequestsPerSocket.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const own = { key: read('server-key.pem'), cert: read('server.pem') };

async function connect(server, send) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  let got = '';
  socket.on('data', (chunk) => { got += chunk; });
  send(socket);
  await once(socket, 'close');
  server.close();
  return got.match(/HTTP\/1\.1 \d+/g);
}

(async () => {
  const errors = [];
  const refusing = https.createServer(own, assert.fail);
  refusing.on('clientError', (err) => errors.push(err.code));
  assert.strictEqual(await connect(refusing, (socket) => socket.end('GET / HTTP/1.1\r\nHost: a\r\nBad: \b\r\n\r\n')), null);
  assert.deepStrictEqual(errors, ['HPE_INVALID_HEADER_TOKEN']);

  let dropped = 0;
  const limited = https.createServer(own, (req, res) => res.end('x'));
  limited.maxRequestsPerSocket = 1;
  limited.on('dropRequest', () => dropped++);
  assert.deepStrictEqual(await connect(limited, (socket) => {
    for (let i = 0; i < 2; i++) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  }), ['HTTP/1.1 200', 'HTTP/1.1 503']);
  assert.strictEqual(dropped, 1);
})();
