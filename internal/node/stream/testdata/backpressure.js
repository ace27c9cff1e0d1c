// write() says false at the mark; 'drain' comes once, when all is written; pipe() waits for it.
'use strict';
const assert = require('node:assert');
const { Readable, Writable } = require('node:stream');

const pending = [];
let drains = 0;
const slow = new Writable({ highWaterMark: 4, write(chunk, encoding, callback) { pending.push(callback); } });
slow.on('drain', () => drains++);
assert.strictEqual(slow.write('ab'), true);
assert.strictEqual(slow.write('cd'), false);
assert.strictEqual(slow.writableNeedDrain, true);
assert.strictEqual(pending.length, 1);
pending.shift()();
assert.strictEqual(drains, 0);
pending.shift()();
assert.strictEqual(drains, 1);
assert.strictEqual(slow.writableLength, 0);

let reads = 0;
const source = new Readable({ highWaterMark: 2, objectMode: true, read() { this.push(++reads <= 50 ? { reads } : null); } });
let got = 0;
const sink = new Writable({
  highWaterMark: 2,
  objectMode: true,
  write(chunk, encoding, callback) {
    got++;
    assert.ok(reads - got <= 6, 'the source runs ahead');
    setImmediate(callback);
  },
});
source.pipe(sink).on('finish', () => assert.strictEqual(got, 50));
