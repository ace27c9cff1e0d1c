// KeyObject and CryptoKey are cloned, and go to workers.
const assert = require('assert');
const { generateKeyPairSync, createSecretKey, sign, verify } = require('crypto');
const { Worker } = require('worker_threads');

const secret = createSecretKey(Buffer.from('secret'));
const copy = structuredClone(secret);
assert(copy.equals(secret) && copy !== secret && copy.type === 'secret');

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const worker = new Worker(`
  const { parentPort } = require('worker_threads');
  const { sign } = require('crypto');
  parentPort.once('message', async ({ key, cryptoKey }) => {
    const mac = await crypto.subtle.sign('HMAC', cryptoKey, Buffer.from('x'));
    parentPort.postMessage({ signature: sign('sha256', Buffer.from('x'), key), mac, usages: cryptoKey.usages });
  });`, { eval: true });

(async () => {
  const cryptoKey = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  worker.postMessage({ key: privateKey, cryptoKey });
  const { signature, mac, usages } = await new Promise((resolve) => worker.once('message', resolve));
  assert(verify('sha256', Buffer.from('x'), publicKey, signature));
  assert.deepStrictEqual(mac, await crypto.subtle.sign('HMAC', cryptoKey, Buffer.from('x')));
  assert.deepStrictEqual(usages, ['sign']);
})();
