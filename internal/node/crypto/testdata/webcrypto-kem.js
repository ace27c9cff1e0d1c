// Encapsulated keys, KMAC, Argon2 and SHA-3 in Web Crypto.
const assert = require('assert');
const { subtle } = globalThis.crypto;

(async () => {
  const { publicKey, privateKey } = await subtle.generateKey('ML-KEM-768', false, ['encapsulateKey', 'decapsulateKey']);
  const { sharedKey, ciphertext } = await subtle.encapsulateKey('ML-KEM-768', publicKey, 'AES-GCM', false, ['encrypt']);
  const other = await subtle.decapsulateKey('ML-KEM-768', privateKey, ciphertext, 'AES-GCM', false, ['decrypt']);
  const params = { name: 'AES-GCM', iv: new Uint8Array(12) };
  const sealed = await subtle.encrypt(params, sharedKey, Buffer.alloc(100_000, 1));
  assert(Buffer.from(await subtle.decrypt(params, other, sealed)).equals(Buffer.alloc(100_000, 1)));
  await assert.rejects(subtle.encapsulateKey('ML-KEM-768', publicKey, 'Ed25519', false, ['verify']), { name: 'NotSupportedError' });

  const password = await subtle.importKey('raw-secret', Buffer.from('password'), 'Argon2id', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'Argon2id', nonce: Buffer.alloc(16), parallelism: 1, memory: 64, passes: 1 }, password, 256);
  assert.strictEqual(bits.byteLength, 32);

  assert.strictEqual((await subtle.digest('SHA3-256', Buffer.alloc(200_000))).byteLength, 32);

  // A key's slots don't change with what a program does to its properties.
  publicKey.algorithm.name = 'X';
  publicKey.usages.push('Y');
  await subtle.encapsulateKey('ML-KEM-768', publicKey, 'HKDF', false, ['deriveBits']);
})();
