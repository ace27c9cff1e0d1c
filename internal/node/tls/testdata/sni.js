'use strict';
// Contexts by the name that a client asks for: addContext, SNICallback, its errors; ALPN by list and by callback.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const ca = read('ca.pem');
const own = { key: read('server-key.pem'), cert: read('server.pem') };
const other = { key: read('other-key.pem'), cert: read('other.pem') };

async function attempt(server, clientOptions) {
  const errors = [];
  server.on('tlsClientError', (err) => errors.push(err.code ?? err.message));
  if (!server.listening) {
    server.on('secureConnection', (socket) => socket.end('x'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', ca, ...clientOptions });
  const result = await new Promise((resolve) => {
    socket.on('secureConnect', () => resolve([socket.getPeerCertificate().subject.CN, socket.servername, socket.alpnProtocol]));
    socket.on('error', (err) => resolve(err.code));
  });
  socket.resume();
  socket.end();
  if (!socket.closed) await once(socket, 'close').catch(() => {});
  server.removeAllListeners('tlsClientError');
  return errors.length > 0 ? [errors[0], result] : result;
}

(async () => {
  const named = tls.createServer(own);
  named.addContext('*.example', other);
  assert.throws(() => named.addContext('', other), { code: 'ERR_TLS_REQUIRED_SERVER_NAME' });
  assert.deepStrictEqual(await attempt(named, { servername: 'localhost' }), ['server.test', 'localhost', false]);
  assert.deepStrictEqual(await attempt(named, { servername: 'other.example' }), ['other.test', 'other.example', false]);
  named.close();

  const asked = [];
  const called = tls.createServer({ ...own, SNICallback(name, callback) {
    asked.push(name);
    setImmediate(() => {
      if (name === 'bad.example') callback(new Error('no such name'));
      else if (name === 'none.example') callback(null, {});
      else callback(null, name === 'other.example' ? tls.createSecureContext(other) : undefined);
    });
  } });
  assert.deepStrictEqual(await attempt(called, { servername: 'other.example' }), ['other.test', 'other.example', false]);
  assert.deepStrictEqual(await attempt(called, { servername: 'localhost' }), ['server.test', 'localhost', false]);
  assert.deepStrictEqual(await attempt(called, { servername: 'bad.example' }), ['no such name', 'ECONNRESET']);
  assert.deepStrictEqual(await attempt(called, { servername: 'none.example' }), ['Invalid SNI context', 'ECONNRESET']);
  assert.deepStrictEqual(asked, ['other.example', 'localhost', 'bad.example', 'none.example']);
  called.close();

  const listed = tls.createServer({ ...own, ALPNProtocols: ['b', 'a'] });
  assert.deepStrictEqual(await attempt(listed, { servername: 'localhost', ALPNProtocols: ['a', 'b'] }), ['server.test', 'localhost', 'b']);
  assert.deepStrictEqual(await attempt(listed, { servername: 'localhost', ALPNProtocols: ['c'] }),
    ['ERR_SSL_NO_APPLICATION_PROTOCOL', 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL']);
  assert.deepStrictEqual(await attempt(listed, { servername: 'localhost' }), ['server.test', 'localhost', false]);
  listed.close();

  const picked = tls.createServer({ ...own, ALPNCallback: ({ servername, protocols }) => {
    assert.strictEqual(servername, 'localhost');
    return protocols[1];
  } });
  assert.deepStrictEqual(await attempt(picked, { servername: 'localhost', ALPNProtocols: ['a', 'b'] }), ['server.test', 'localhost', 'b']);
  assert.strictEqual((await attempt(picked, { servername: 'localhost', ALPNProtocols: ['a'] }))[1], 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
  picked.close();
})();
