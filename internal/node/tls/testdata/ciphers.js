'use strict';
// Cipher strings, curves and versions choose what is spoken.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const ca = read('ca.pem');
const own = { key: read('server-key.pem'), cert: read('server.pem') };

async function spoken(serverOptions, clientOptions) {
  const server = tls.createServer({ ...own, ...serverOptions }, (socket) => socket.end('x')).listen(0, '127.0.0.1');
  let told;
  server.on('tlsClientError', (err) => { told ??= err.code; });
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', ca, ...clientOptions });
  const result = await new Promise((resolve) => {
    socket.on('secureConnect', () => resolve([socket.getProtocol(), socket.getCipher().name, socket.getEphemeralKeyInfo().name]));
    socket.on('error', (err) => resolve([told, err.code]));
  });
  socket.destroy();
  server.close();
  return result;
}

(async () => {
  const old = { maxVersion: 'TLSv1.2', ecdhCurve: 'P-256' };
  assert.deepStrictEqual(await spoken(old, {}), ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'prime256v1']);
  assert.deepStrictEqual(await spoken({ ...old, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256' }, {}),
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'prime256v1']);
  assert.deepStrictEqual(await spoken({ ...old, ciphers: 'ECDHE+AES256+AESGCM' }, {}), ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'prime256v1']);
  assert.deepStrictEqual(await spoken({ ...old, ciphers: 'HIGH:!AESGCM:!AESCCM:!CHACHA20:!ARIA:!CAMELLIA:!SHA256:!SHA384:!AES128' }, {}), ['TLSv1.2', 'ECDHE-ECDSA-AES256-SHA', 'prime256v1']);
  assert.deepStrictEqual(await spoken({ ...old, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
    ['ERR_SSL_NO_SHARED_CIPHER', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE']);
  assert.deepStrictEqual(await spoken({ ecdhCurve: 'X25519' }, {}), ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'X25519']);
  assert.deepStrictEqual(await spoken({ ecdhCurve: 'secp384r1', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, {}),
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 'secp384r1']);
  assert.deepStrictEqual(await spoken({ ecdhCurve: 'X25519', ciphers: 'TLS_AES_128_GCM_SHA256' }, {}), ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'X25519']);
  assert.deepStrictEqual(await spoken({ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }),
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION']);
  assert.throws(() => tls.createSecureContext({ ciphers: 'nothing' }), { code: 'ERR_SSL_NO_CIPHER_MATCH' });
  assert.throws(() => tls.createSecureContext({ ciphers: 'aes128-sha' }), { code: 'ERR_SSL_NO_CIPHER_MATCH' });
  assert.throws(() => tls.createSecureContext({ minVersion: 'TLSv9' }), { code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' });
})();
