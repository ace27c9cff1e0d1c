// searchParams and the URL follow each other.
const assert = require('assert');
const url = new URL('http://a/?x=1&y=%20+z');
const params = url.searchParams;
assert.strictEqual(params.get('y'), '  z');
params.append('k', 'ü&=');
assert.strictEqual(url.search, '?x=1&y=++z&k=%C3%BC%26%3D');
url.search = '?n=2';
assert.deepStrictEqual([...params], [['n', '2']]);
params.delete('n');
assert.strictEqual(url.href, 'http://a/');
url.href = 'http://b/?m=3';
assert.strictEqual(params.get('m'), '3');
assert.strictEqual(new URLSearchParams({ b: 1, a: 2 }).toString(), 'b=1&a=2');
assert.strictEqual(new URLSearchParams('a=%ff&b=%zz').get('a'), '\ufffd');
