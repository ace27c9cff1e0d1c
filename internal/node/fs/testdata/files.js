// Whole files: sizes around the limits of one crossing, encodings, positions, descriptors.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-files-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const file = path.join(dir, 'f');
(async () => {
  for (const size of [0, 1, 65535, 65536, 65537, 512 * 1024, 512 * 1024 + 1, 5 << 20]) {
    const data = Buffer.alloc(size, 'aé');
    fs.writeFileSync(file, data);
    assert.ok(fs.readFileSync(file).equals(data));
    assert.ok((await fs.promises.readFile(file)).equals(data));
    assert.strictEqual(fs.readFileSync(file, 'latin1'), data.latin1Slice());
    assert.strictEqual(await fs.promises.readFile(file, 'utf8'), data.toString());
  }
  await fs.promises.writeFile(file, 'é'.repeat(10), 'latin1');
  assert.strictEqual(fs.statSync(file).size, 10);
  fs.appendFileSync(file, 'z');
  const fd = fs.openSync(file, 'r+');
  assert.strictEqual(fs.writeSync(fd, 'ab', 1), 2);
  assert.strictEqual(fs.writevSync(fd, Array.from({ length: 20 }, (_, i) => Buffer.from(String(i % 10))), 3), 20);
  const parts = [Buffer.alloc(3), Buffer.alloc(2), Buffer.alloc(100)];
  assert.strictEqual(fs.readvSync(fd, parts, 0), 23);
  assert.strictEqual(parts[1].toString(), '01');
  assert.strictEqual(fs.readFileSync(fd, 'latin1').slice(1, 5), 'ab01');
  fs.closeSync(fd);
  assert.strictEqual(fs.readFileSync('/proc/self/stat', 'utf8').split(' ')[0], String(process.pid));
  await assert.rejects(fs.promises.readFile(file, { signal: AbortSignal.abort() }), { name: 'AbortError' });
})();
