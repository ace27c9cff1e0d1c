// Web Crypto: keys are made, wrapped, exported, imported and used.
'use strict';
const assert = require('assert');
const { subtle, getRandomValues } = globalThis.crypto;

(async () => {
  const data = new TextEncoder().encode('message');
  const aes = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, data);
  assert.strictEqual(sealed.byteLength, data.length + 16);
  assert.deepStrictEqual(new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv }, aes, sealed)), data);
  new Uint8Array(sealed)[0] ^= 1;
  await assert.rejects(subtle.decrypt({ name: 'AES-GCM', iv }, aes, sealed), { name: 'OperationError' });

  for (const algorithm of [{ name: 'ECDSA', namedCurve: 'P-384' }, { name: 'Ed25519' },
    { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }]) {
    const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const use = { name: algorithm.name, hash: 'SHA-512', saltLength: 32 };
    const wrapped = await subtle.wrapKey('pkcs8', pair.privateKey, aes, { name: 'AES-GCM', iv });
    const again = await subtle.unwrapKey('pkcs8', wrapped, aes, { name: 'AES-GCM', iv }, algorithm, false, ['sign']);
    const jwk = await subtle.exportKey('jwk', pair.publicKey);
    const pub = await subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
    const signature = await subtle.sign(use, again, data);
    assert.strictEqual(await subtle.verify(use, pub, signature, data), true);
    assert.strictEqual(await subtle.verify(use, pub, signature, data.subarray(1)), false);
    await assert.rejects(subtle.exportKey('pkcs8', again), { name: 'InvalidAccessError' });
  }

  const [a, b] = [await subtle.generateKey('X25519', true, ['deriveBits']), await subtle.generateKey('X25519', true, ['deriveBits'])];
  assert.deepStrictEqual(await subtle.deriveBits({ name: 'X25519', public: b.publicKey }, a.privateKey, 256),
    await subtle.deriveBits({ name: 'X25519', public: a.publicKey }, b.privateKey, 256));
  assert.strictEqual(Buffer.from(await subtle.digest('SHA-256', data)).toString('hex'),
    require('crypto').createHash('sha256').update('message').digest('hex'));
  assert.strictEqual(getRandomValues instanceof Function, true);
})();
