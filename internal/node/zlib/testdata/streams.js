// Streams in pieces of any size; flush gives what was written; backpressure holds a bomb back.
'use strict';
const assert = require('assert');
const zlib = require('zlib');
const { pipeline } = require('stream');

const text = Buffer.from('some text that comes again. '.repeat(20000));
let done = 0;
for (const [make, unmake] of [['createGzip', 'createGunzip'], ['createDeflate', 'createUnzip'], ['createDeflateRaw', 'createInflateRaw'],
  ['createZstdCompress', 'createZstdDecompress']]) {
  const pack = zlib[make]();
  const parts = [];
  pipeline(pack, zlib[unmake]({ chunkSize: 100 }), async function(source) {
    for await (const part of source) parts.push(part);
  }, (err) => {
    assert.ifError(err);
    assert.deepStrictEqual(Buffer.concat(parts), text);
    done++;
  });
  for (let i = 0; i < text.length; i += 100_003) pack.write(text.subarray(i, i + 100_003));
  pack.end();
}

const gzip = zlib.createGzip();
const seen = [];
gzip.on('data', (part) => seen.push(part));
gzip.write('event: 1\n\n');
gzip.flush(zlib.constants.Z_SYNC_FLUSH, () => {
  const sofar = zlib.gunzipSync(Buffer.concat(seen), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  assert.strictEqual(sofar.toString(), 'event: 1\n\n');
  gzip.end();
  done++;
});

const bomb = zlib.createGunzip();
bomb.end(zlib.gzipSync(Buffer.alloc(50_000_000)));
setTimeout(() => {
  assert.ok(bomb.readableLength < 1_000_000, `${bomb.readableLength} bytes were kept`);
  bomb.destroy();
  done++;
}, 200);
process.on('exit', () => assert.strictEqual(done, 6));
