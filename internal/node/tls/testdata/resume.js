'use strict';
// Sessions are resumed by tickets, while the server has the key and the time of the session lasts.
const assert = require('assert');
const { randomBytes } = require('crypto');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const ca = read('ca.pem');
const own = { key: read('server-key.pem'), cert: read('server.pem') };

// One connection: whether it was resumed, and the session it got.
async function visit(server, session) {
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ca, session });
  let fresh;
  socket.on('session', (data) => { fresh = data; });
  socket.resume();
  await once(socket, 'secureConnect');
  const reused = socket.isSessionReused();
  assert.strictEqual(socket.authorized, true);
  await once(socket, 'close');
  return { reused, session: fresh };
}

async function serve(options) {
  const server = tls.createServer({ ...own, ...options }, (socket) => socket.end('x'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

(async () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const ticketKeys = randomBytes(48);
    const server = await serve({ maxVersion, ticketKeys });
    assert.deepStrictEqual(server.getTicketKeys(), ticketKeys);
    const first = await visit(server);
    assert.strictEqual(first.reused, false);
    assert.ok(Buffer.isBuffer(first.session));
    assert.strictEqual((await visit(server, first.session)).reused, true);
    // Another server with the same keys takes it, one with others doesn't.
    const twin = await serve({ maxVersion, ticketKeys });
    assert.strictEqual((await visit(twin, first.session)).reused, true);
    twin.setTicketKeys(randomBytes(48));
    assert.strictEqual((await visit(twin, first.session)).reused, false);
    const stranger = await serve({ maxVersion, ticketKeys, sessionIdContext: 'other' });
    assert.strictEqual((await visit(stranger, first.session)).reused, false);
    // What isn't a session at all does no harm.
    for (const s of [server, twin, stranger]) s.close();
  }
})();
