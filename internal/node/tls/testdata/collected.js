// Flags: --expose-gc
'use strict';
// Sockets that are closed are collected, though their sessions had goroutines.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const own = { key: read('server-key.pem'), cert: read('server.pem') };
const refs = [];

async function visit(port) {
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, timeout: 60000 });
  refs.push(new WeakRef(socket));
  socket.resume();
  await once(socket, 'close');
}

(async () => {
  const server = tls.createServer(own, (socket) => {
    refs.push(new WeakRef(socket));
    socket.end('x');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (let i = 0; i < 10; i++) await visit(server.address().port);
  server.close();
  await once(server, 'close');
  let left = 0;
  for (let i = 0; i < 50; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    global.gc();
    left = refs.filter((ref) => ref.deref() !== undefined).length;
    if (left <= 2) break; // a stack slot may still hold the last pair
  }
  assert.ok(left <= 2, `${left} of ${refs.length} sockets are left`);
})();
