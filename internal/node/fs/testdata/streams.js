// File streams: ranges, backpressure, a copy through a pipe, positions of a write stream.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pipeline } = require('stream/promises');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-streams-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const a = path.join(dir, 'a');
const b = path.join(dir, 'b');
(async () => {
  const data = Buffer.alloc(1 << 20);
  for (let i = 0; i < data.length; i += 4) {
    data.writeUInt32LE(i, i);
  }
  fs.writeFileSync(a, data);
  await pipeline(fs.createReadStream(a), fs.createWriteStream(b));
  assert.ok(fs.readFileSync(b).equals(data));
  const chunks = [];
  for await (const chunk of fs.createReadStream(a, { start: 100, end: 200000, highWaterMark: 1000 })) {
    assert.ok(chunk.length <= 1000);
    chunks.push(chunk);
  }
  assert.ok(Buffer.concat(chunks).equals(data.subarray(100, 200001)));
  const out = fs.createWriteStream(b, { flags: 'r+', start: 10 });
  out.write('héllo');
  out.end('!');
  await require('events').once(out, 'close');
  assert.strictEqual(out.bytesWritten, 7);
  assert.strictEqual(fs.readFileSync(b).subarray(10, 17).toString(), 'héllo!');
  // A reader that waits stops the file from being read.
  const slow = fs.createReadStream(a, { highWaterMark: 1024 });
  await require('events').once(slow, 'readable');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(slow.bytesRead <= 4096, String(slow.bytesRead));
  slow.destroy();
})();
