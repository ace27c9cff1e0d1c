// Long chunks, short ones and chunks that don't fit blocks give the same as one chunk.
const assert = require('assert');
const crypto = require('crypto');

const key = Buffer.alloc(32, 1);
const data = Buffer.alloc(200_003, 7);
for (const [name, iv, options] of [['aes-256-gcm', 12], ['aes-256-gcm', 16], ['aes-256-cbc', 16], ['aes-256-ctr', 16], ['aes-256-ecb', 0],
  ['chacha20-poly1305', 12, { authTagLength: 16 }], ['aes-256-ocb', 12, { authTagLength: 16 }]]) {
  const run = (make, chunks, tag) => {
    const c = crypto[make](name, key, iv === 0 ? null : Buffer.alloc(iv, 2), options);
    if (tag) c.setAuthTag(tag);
    const parts = chunks.map((chunk) => c.update(chunk));
    const out = Buffer.concat([...parts, c.final()]);
    return [out, make === 'createCipheriv' && c.getAuthTag && options || /gcm/.test(name) && make === 'createCipheriv' ? c.getAuthTag() : undefined];
  };
  const [whole, tag] = run('createCipheriv', [data]);
  for (const sizes of [[100_000], [511], [512], [513], [65536, 16, 5], [16, 70_000]]) {
    const chunks = [];
    for (let at = 0, k = 0; at < data.length; k++) {
      const n = sizes[k % sizes.length];
      chunks.push(data.subarray(at, at + n));
      at += n;
    }
    const [out, sum] = run('createCipheriv', chunks);
    assert(out.equals(whole), `${name} ${sizes}`);
    assert.deepStrictEqual(sum, tag);
    const back = [];
    for (let at = 0, k = 0; at < whole.length; k++) {
      const n = sizes[k % sizes.length];
      back.push(whole.subarray(at, at + n));
      at += n;
    }
    assert(run('createDecipheriv', back, tag)[0].equals(data), `${name} ${sizes} back`);
  }
}
// What update() gives has memory of its own.
const c = crypto.createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
const first = c.update(Buffer.alloc(1024));
assert.strictEqual(first.buffer.byteLength, 1024);
