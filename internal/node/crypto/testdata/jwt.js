// Tokens as jsonwebtoken makes them: HS256, RS256, PS256, ES256 and EdDSA, signed and verified.
'use strict';
const assert = require('assert');
const crypto = require('crypto');

const data = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0';
assert.strictEqual(crypto.createHmac('sha256', 'secret').update(data).digest('base64url'), 'M11_c_Mkz5wKz70TPIkcPwzBTd5M-3ZW69WFmxuEnHk');

const rsa = crypto.generateKeyPairSync('rsa', {
  modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const rs = crypto.createSign('RSA-SHA256').update(data).sign(rsa.privateKey, 'base64');
assert.ok(crypto.createVerify('RSA-SHA256').update(data).verify(rsa.publicKey, rs, 'base64'));
assert.ok(!crypto.createVerify('RSA-SHA256').update(data + 'x').verify(rsa.publicKey, rs, 'base64'));

const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = crypto.constants;
const ps = crypto.createSign('RSA-SHA256').update(data).sign({ key: rsa.privateKey, padding, saltLength });
assert.ok(crypto.createVerify('RSA-SHA256').update(data).verify({ key: rsa.publicKey, padding, saltLength }, ps));
assert.ok(!crypto.createVerify('RSA-SHA256').update(data).verify({ key: rsa.publicKey, padding, saltLength: 20 }, ps));

const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const es = crypto.sign('sha256', Buffer.from(data), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
assert.strictEqual(es.length, 64);
assert.ok(crypto.verify('sha256', Buffer.from(data), { key: ec.publicKey, dsaEncoding: 'ieee-p1363' }, es));

const ed = crypto.generateKeyPairSync('ed25519');
const jwk = crypto.createPublicKey({ key: ed.publicKey.export({ format: 'jwk' }), format: 'jwk' });
assert.ok(crypto.verify(null, Buffer.from(data), jwk, crypto.sign(null, Buffer.from(data), ed.privateKey)));
