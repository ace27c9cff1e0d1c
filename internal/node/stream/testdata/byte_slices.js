// read(n) across chunk borders, unshift, setEncoding in the middle of a character.
'use strict';
const assert = require('node:assert');
const { Readable } = require('node:stream');

const r = new Readable({ read() {} });
for (const part of ['abc', 'de', 'fghij']) r.push(part);
assert.strictEqual(String(r.read(1)), 'a');
assert.strictEqual(String(r.read(4)), 'bcde');
r.unshift('XY');
assert.strictEqual(r.readableLength, 7);
assert.strictEqual(String(r.read(3)), 'XYf');
assert.strictEqual(r.read(10), null);
r.push(null);
assert.strictEqual(String(r.read(10)), 'ghij');

const text = new Readable({ read() {} });
const euro = Buffer.from('€uro');
text.setEncoding('utf8');
text.push(euro.subarray(0, 1));
text.push(euro.subarray(1, 2));
text.push(euro.subarray(2));
text.push(null);
let all = '';
text.on('data', (chunk) => { all += chunk; });
text.on('end', () => assert.strictEqual(all, '€uro'));
