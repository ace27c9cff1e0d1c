// What one side encrypts the other decrypts, in any pieces; a changed tag or text is refused.
'use strict';
const assert = require('assert');
const crypto = require('crypto');

const text = Buffer.from('pieces of text, '.repeat(40));
for (const name of ['aes-128-cbc', 'aes-256-ctr', 'aes-192-ecb', 'aes-128-cfb8', 'aes-128-ofb', 'des-ede3-cbc', 'aes-256-gcm', 'chacha20-poly1305', 'aes-128-ocb']) {
  const { keyLength, ivLength } = crypto.getCipherInfo(name);
  const key = Buffer.alloc(keyLength, 1);
  const iv = ivLength ? Buffer.alloc(ivLength, 2) : null;
  const tagged = /gcm|poly|ocb/.test(name);
  const options = tagged ? { authTagLength: 16 } : undefined;
  const c = crypto.createCipheriv(name, key, iv, options);
  if (tagged) c.setAAD(Buffer.from('aad'));
  const parts = [];
  for (let i = 0; i < text.length; i += 37) parts.push(c.update(text.subarray(i, i + 37)));
  parts.push(c.final());
  const sealed = Buffer.concat(parts);
  const open = (data, tag) => {
    const d = crypto.createDecipheriv(name, key, iv, options);
    if (tagged) d.setAAD(Buffer.from('aad')).setAuthTag(tag);
    return Buffer.concat([d.update(data), d.final()]);
  };
  const tag = tagged ? c.getAuthTag() : undefined;
  assert.deepStrictEqual(open(sealed, tag), text, name);
  if (tagged) {
    const other = Buffer.from(sealed);
    other[3] ^= 1;
    assert.throws(() => open(other, tag), /Unsupported state or unable to authenticate data/);
  }
}
assert.strictEqual(crypto.createCipheriv('aes-256-cbc', Buffer.alloc(32), Buffer.alloc(16)).update('0123456789abcdef', 'utf8', 'hex').length, 32);
