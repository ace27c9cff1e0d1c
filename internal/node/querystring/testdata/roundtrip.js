// What stringify writes, parse reads.
const assert = require('assert');
const qs = require('querystring');
const object = { a: 'x y', b: ['1', '2'], '': 'e', 'ü&': '=%' };
assert.deepStrictEqual({ ...qs.parse(qs.stringify(object)) }, object);
assert.deepStrictEqual({ ...qs.parse('a=%zz&b=%ff') }, { a: '%zz', b: '\ufffd' });
assert.strictEqual(Object.keys(qs.parse('a&b&c', null, null, { maxKeys: 2 })).length, 2);
assert.throws(() => qs.escape('\ud800'), { code: 'ERR_INVALID_URI' });
