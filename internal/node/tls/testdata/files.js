'use strict';
// Keys with a passphrase and PFX files serve as plain ones do; a wrong passphrase is told.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const ca = read('ca.pem');
const cert = read('server.pem');
const passphrase = 'sample';

(async () => {
  for (const options of [
    { key: read('server-encrypted.pem'), cert, passphrase },
    { key: [{ pem: read('server-traditional.pem'), passphrase }], cert },
    { pfx: read('server.pfx'), passphrase },
    { pfx: [{ buf: read('server-3des.pfx'), passphrase }] },
  ]) {
    const server = tls.createServer(options, (socket) => socket.end('x')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', ca });
    await once(socket, 'secureConnect');
    assert.strictEqual(socket.authorized, true);
    assert.strictEqual(socket.getPeerCertificate().subject.CN, 'server.test');
    assert.strictEqual(socket.getPeerCertificate(true).issuerCertificate.subject.CN, 'Test CA');
    socket.destroy();
    server.close();
  }
  assert.throws(() => tls.createSecureContext({ key: read('server-encrypted.pem'), cert, passphrase: 'wrong' }), /bad decrypt/);
  assert.throws(() => tls.createSecureContext({ pfx: read('server.pfx'), passphrase: 'wrong' }), { message: 'mac verify failure' });
  assert.throws(() => tls.createSecureContext({ pfx: Buffer.from('nothing') }), { message: 'not enough data' });
  assert.throws(() => tls.createSecureContext({ key: read('other-key.pem'), cert }), { code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' });
  assert.throws(() => tls.createSecureContext({ cert: 'nothing' }), { code: 'ERR_OSSL_PEM_NO_START_LINE' });
  assert.throws(() => tls.createSecureContext({ key: 'nothing' }), { code: 'ERR_OSSL_UNSUPPORTED' });
  assert.throws(() => tls.createSecureContext({ crl: 'nothing' }), { message: 'Failed to parse CRL' });
  assert.throws(() => tls.createSecureContext({ ecdhCurve: 'nothing' }), { message: 'Failed to set ECDH curve' });
})();
