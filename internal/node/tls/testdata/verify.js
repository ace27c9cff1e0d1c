'use strict';
// What becomes of certificates on both sides, with OpenSSL's codes.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const ca = read('ca.pem');
const own = { key: read('server-key.pem'), cert: read('server.pem') };
const client = { key: read('client-key.pem'), cert: read('client.pem') };

// The outcome of one connection: [what the server says, what the client says].
async function attempt(serverOptions, clientOptions) {
  const server = tls.createServer({ ...own, ...serverOptions });
  const said = new Promise((resolve) => {
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {});
      socket.end('x');
      resolve(socket.authorized || socket.authorizationError || 'unasked');
    });
    server.on('tlsClientError', (err) => resolve(err.code));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ...clientOptions });
  const heard = await new Promise((resolve) => {
    socket.on('data', () => resolve(socket.authorized || socket.authorizationError));
    socket.on('error', (err) => resolve(err.code));
    socket.on('close', () => resolve('closed'));
  });
  const result = [await said, heard];
  socket.destroy();
  server.close();
  return result;
}

(async () => {
  assert.deepStrictEqual(await attempt({}, { ca }), ['unasked', true]);
  assert.deepStrictEqual(await attempt({}, {}), ['ECONNRESET', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  assert.deepStrictEqual(await attempt({}, { rejectUnauthorized: false }), ['unasked', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  assert.deepStrictEqual(await attempt({ cert: own.cert + ca }, { rejectUnauthorized: false }), ['unasked', 'SELF_SIGNED_CERT_IN_CHAIN']);
  // A key for certificates alone is none for a server.
  assert.deepStrictEqual(await attempt({ key: read('ca-key.pem'), cert: ca }, { rejectUnauthorized: false }), ['unasked', 'INVALID_PURPOSE']);
  assert.deepStrictEqual(await attempt({}, { ca, servername: 'example.org' }), ['ECONNRESET', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  assert.deepStrictEqual(await attempt({}, { ca, servername: 'a.test.example' }), ['unasked', true]);
  // A certificate for clients is none for servers.
  assert.deepStrictEqual(await attempt(client, { ca, rejectUnauthorized: false }), ['unasked', 'INVALID_PURPOSE']);
  // Clients' certificates.
  const asks = { requestCert: true, ca };
  assert.deepStrictEqual(await attempt(asks, { ca, ...client }), [true, true]);
  assert.deepStrictEqual(await attempt({ ...asks, maxVersion: 'TLSv1.2' }, { ca, ...client }), [true, true]);
  assert.deepStrictEqual(await attempt({ ...asks, maxVersion: 'TLSv1.2' }, { ca }),
    ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE']);
  assert.deepStrictEqual(await attempt(asks, { ca }),
    ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED']);
  assert.deepStrictEqual(await attempt({ ...asks, rejectUnauthorized: false }, { ca }), ['UNABLE_TO_GET_ISSUER_CERT', true]);
  assert.deepStrictEqual(await attempt({ requestCert: true, rejectUnauthorized: false }, { ca, ...client }), ['SELF_SIGNED_CERT_IN_CHAIN', true]);
  assert.strictEqual((await attempt({ requestCert: true }, { ca, ...client }))[0], 'ECONNRESET');
})();
