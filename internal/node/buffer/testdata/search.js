// indexOf, lastIndexOf and includes: negative offsets, empty needles, two-byte text, long buffers.
const assert = require('assert');
const b = Buffer.from('abcabc');
assert.strictEqual(b.indexOf('c'), 2);
assert.strictEqual(b.indexOf('c', -1), 5);
assert.strictEqual(b.lastIndexOf('a'), 3);
assert.strictEqual(b.lastIndexOf('abc', 2), 0);
assert.strictEqual(b.indexOf(''), 0);
assert.strictEqual(b.indexOf('', 10), 6);
assert.strictEqual(b.lastIndexOf(98, -3), 1);
assert.ok(!b.includes('abd'));
const wide = Buffer.from('\u0161\u0162\u6161', 'ucs2');
assert.strictEqual(wide.indexOf('\u6161', 0, 'ucs2'), 4);
const long = Buffer.alloc(5000, 'n');
long.write('needle', 4990);
assert.strictEqual(long.indexOf('needle'), 4990);
assert.strictEqual(long.indexOf('needlf'), -1);
assert.strictEqual(long.fill('abc').toString('latin1', 4996), 'bcab');
