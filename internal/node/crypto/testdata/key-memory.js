'use strict';
// A key doesn't share memory with what it was made from, however small that is.
const assert = require('assert');
const crypto = require('crypto');
const { subtle } = crypto.webcrypto;

const raw = (der) => [...der.subarray(-32)].map((b) => b ^ 0x55);
const kinds = ['ed25519', 'x25519'];
const made = kinds.flatMap((kind) => Array.from({ length: 20 }, () => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(kind);
  return { kind, spki: publicKey.export({ type: 'spki', format: 'der' }), pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }) };
}));
const keys = made.map(({ spki, pkcs8 }) => {
  // On its own memory, which is overwritten at once.
  const given = [new Uint8Array(spki), new Uint8Array(pkcs8)];
  const pair = [
    crypto.createPublicKey({ key: given[0], type: 'spki', format: 'der' }),
    crypto.createPrivateKey({ key: given[1], type: 'pkcs8', format: 'der' }),
  ];
  for (const bytes of given) bytes.fill(7);
  return pair;
});
const noise = made.map(({ spki }) => crypto.createHash('sha256').update(new Uint8Array(raw(spki))).digest());
assert.strictEqual(noise.length, made.length);
keys.forEach(([publicKey, privateKey], k) => {
  assert.deepStrictEqual(publicKey.export({ type: 'spki', format: 'der' }), made[k].spki);
  assert.deepStrictEqual(privateKey.export({ type: 'pkcs8', format: 'der' }), made[k].pkcs8);
});

(async () => {
  const list = made.filter(({ kind }) => kind === 'ed25519');
  await Promise.all(list.concat(list, list).map(async ({ spki }) => {
    const key = await subtle.importKey('spki', new Uint8Array(spki), { name: 'Ed25519' }, true, ['verify']);
    const point = await subtle.importKey('raw', new Uint8Array(spki.subarray(-32)), { name: 'Ed25519' }, true, ['verify']);
    for (const k of [key, point]) assert.deepStrictEqual(Buffer.from(await subtle.exportKey('spki', k)), spki);
  }));
})();
