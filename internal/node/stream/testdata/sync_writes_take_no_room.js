// A write that completes inside of _write() takes no room: write() answers true and there is no 'drain'.
const assert = require('assert');
const { Writable } = require('stream');

const drains = [];
const sink = (name, write) => new Writable({ highWaterMark: 10, write }).on('drain', () => drains.push(name));

const atOnce = sink('at once', (chunk, encoding, callback) => callback());
assert.strictEqual(atOnce.write(Buffer.alloc(20)), true);
assert.strictEqual(atOnce.writableNeedDrain, false);

const later = sink('later', (chunk, encoding, callback) => setImmediate(callback));
assert.strictEqual(later.write(Buffer.alloc(20)), false);
assert.strictEqual(later.writableNeedDrain, true);

process.on('exit', () => assert.deepStrictEqual(drains, ['later']));
