// Key derivation, at once and with a callback, agrees; callbacks come later and errors as errors.
'use strict';
const assert = require('assert');
const crypto = require('crypto');

assert.strictEqual(crypto.pbkdf2Sync('password', 'salt', 1, 20, 'sha1').toString('hex'), '0c60c80f961f0e71f3a9b524af6012062fe037a6');
assert.strictEqual(crypto.scryptSync('', '', 16, { N: 16, r: 1, p: 1 }).toString('hex'), '77d6576238657b203b19ca42c18a0497');
let calls = 0;
crypto.pbkdf2('password', 'salt', 1, 20, 'sha1', (err, key) => {
  assert.strictEqual(err, null);
  assert.strictEqual(key.toString('hex'), '0c60c80f961f0e71f3a9b524af6012062fe037a6');
  calls++;
});
crypto.scrypt('a', 'b', 32, (err, key) => {
  assert.deepStrictEqual(key, crypto.scryptSync('a', 'b', 32));
  calls++;
});
crypto.hkdf('sha256', 'key', 'salt', 'info', 42, (err, key) => {
  assert.ok(key instanceof ArrayBuffer);
  assert.deepStrictEqual(Buffer.from(key), Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 42)));
  calls++;
});
crypto.randomBytes(8, (err, bytes) => {
  assert.strictEqual(bytes.length, 8);
  calls++;
});
assert.strictEqual(calls, 0);
process.on('exit', () => assert.strictEqual(calls, 4));
