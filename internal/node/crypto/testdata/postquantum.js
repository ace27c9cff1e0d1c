// ML-DSA, ML-KEM and SLH-DSA keys: made, written, read, used.
const assert = require('assert');
const crypto = require('crypto');

for (const type of ['ml-dsa-44', 'ml-dsa-87', 'slh-dsa-sha2-128f']) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type);
  assert.strictEqual(privateKey.asymmetricKeyType, type);
  const again = crypto.createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  assert(again.equals(privateKey));
  const signature = crypto.sign(null, Buffer.from('message'), { key: again, context: Buffer.from('c') });
  assert(crypto.verify(null, Buffer.from('message'), { key: publicKey, context: Buffer.from('c') }, signature));
  assert(!crypto.verify(null, Buffer.from('message'), publicKey, signature));
}

for (const type of ['ml-kem-512', 'ml-kem-1024']) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type);
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  assert(crypto.decapsulate(privateKey, ciphertext).equals(sharedKey));
  assert.throws(() => crypto.decapsulate(privateKey, ciphertext.subarray(1)), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
}

const { privateKey } = crypto.generateKeyPairSync('ml-dsa-65');
const jwk = privateKey.export({ format: 'jwk' });
assert.deepStrictEqual([jwk.kty, jwk.alg], ['AKP', 'ML-DSA-65']);
assert(crypto.createPrivateKey({ key: jwk, format: 'jwk' }).equals(privateKey));
