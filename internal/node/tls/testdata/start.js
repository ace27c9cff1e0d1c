'use strict';
// A TLSSocket over a socket, without tls.connect, begins with _start() or what is written; database clients do it so.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const server = tls.createServer({ key: read('server-key.pem'), cert: read('server.pem') }, (socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const started = new tls.TLSSocket(await plain(), { ca: read('ca.pem') });
  started._start();
  await once(started, 'secure');
  assert.strictEqual(started.ssl.verifyError(), null);
  started.destroy();
  const written = new tls.TLSSocket(await plain(), {});
  written.write('echo');
  assert.strictEqual(`${(await once(written, 'data'))[0]}`, 'echo');
  assert.strictEqual(written.ssl.verifyError().code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  written.destroy();
  server.close();
});

async function plain() {
  const socket = net.connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
