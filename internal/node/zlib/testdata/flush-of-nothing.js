// An empty write between two flushes gives an empty block (WebSocket's empty messages are made of it); a flush after a flush of the same kind gives nothing.
'use strict';
const assert = require('assert');
const zlib = require('zlib');
const { Z_SYNC_FLUSH, Z_FULL_FLUSH } = zlib.constants;

const deflate = zlib.createDeflateRaw();
let out = [];
deflate.on('data', (chunk) => out.push(chunk));
const flush = (kind) => new Promise((resolve) => deflate.flush(kind, () => {
  const text = Buffer.concat(out).toString('hex');
  out = [];
  resolve(text);
}));

(async () => {
  deflate.write('hello hello');
  assert.match(await flush(Z_SYNC_FLUSH), /0000ffff$/);
  for (let i = 0; i < 3; i++) {
    deflate.write(Buffer.alloc(0));
    assert.strictEqual(await flush(Z_SYNC_FLUSH), '000000ffff');
  }
  assert.strictEqual(await flush(Z_SYNC_FLUSH), '');
  assert.strictEqual(await flush(Z_FULL_FLUSH), '000000ffff');
  assert.strictEqual(await flush(Z_FULL_FLUSH), '');
  deflate.write('hello');
  assert.match(await flush(Z_SYNC_FLUSH), /0000ffff$/);
  deflate.close();
})();
