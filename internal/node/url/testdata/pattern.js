// URLPattern: names, wildcards, groups, base URLs.
const assert = require('assert');
const { URLPattern } = require('url');
const pattern = new URLPattern('https://*.example.com/books/:id(\\d+){/:page}?');
assert.ok(pattern.test('https://www.example.com/books/12'));
assert.ok(!pattern.test('https://www.example.com/books/x'));
assert.strictEqual(pattern.exec('https://www.example.com/books/12/p').pathname.groups.page, 'p');
assert.strictEqual(new URLPattern('/a/*', 'http://h').exec('http://h/a/b/c').pathname.groups[0], 'b/c');
assert.throws(() => new URLPattern('('), TypeError);
