'use strict';
// CryptoKeys are deeply equal when their secrets are.
const assert = require('node:assert');
const { isDeepStrictEqual } = require('node:util');

const key = (byte) => crypto.subtle.importKey('raw', Buffer.alloc(1, byte), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
(async () => {
  assert.strictEqual(isDeepStrictEqual(await key(1), await key(1)), true);
  assert.strictEqual(isDeepStrictEqual(await key(1), await key(2)), false);
})();
