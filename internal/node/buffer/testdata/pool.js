// Small buffers share memory, large and slow ones don't; none overlaps another.
const assert = require('assert');
const a = Buffer.from('first');
const c = Buffer.allocUnsafe(10).fill(7);
const d = Buffer.from([1, 2, 3]);
assert.strictEqual(a.toString(), 'first');
assert.deepStrictEqual([...d], [1, 2, 3]);
assert.strictEqual(a.byteOffset % 8, 0);
assert.strictEqual(Buffer.allocUnsafeSlow(100).buffer.byteLength, 100);
assert.strictEqual(Buffer.allocUnsafe(Buffer.poolSize).buffer.byteLength, Buffer.poolSize);
const all = [];
for (let i = 0; i < 5000; i++) all.push(Buffer.from(String(i)));
for (let i = 0; i < 5000; i++) assert.strictEqual(all[i].toString(), String(i));
assert.ok(c.every((byte) => byte === 7));
