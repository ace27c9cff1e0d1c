// 1 GB of a file through pipeline(), a transform and a slow writer: what is in memory doesn't grow with it.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Transform, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');

const file = path.join(process.argv[2], 'gigabyte');
const SIZE = 2 ** 30;
fs.writeFileSync(file, '');
fs.truncateSync(file, SIZE);

(async () => {
  let bytes = 0;
  let before = 0;
  let most = 0;
  await pipeline(
    fs.createReadStream(file),
    new Transform({ transform(chunk, encoding, done) { done(null, chunk); } }),
    new Writable({
      write(chunk, encoding, done) {
        bytes += chunk.length;
        const { rss } = process.memoryUsage();
        if (bytes > SIZE / 16) {
          before ||= rss;
          most = Math.max(most, rss);
        }
        if (bytes % 8 === 0) setImmediate(done);
        else done();
      },
    }),
  );
  assert.strictEqual(bytes, SIZE);
  assert.ok(most - before < 48 * 2 ** 20, `grew by ${((most - before) / 2 ** 20).toFixed(0)} MB`);
})();
