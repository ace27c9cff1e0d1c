// url.resolve over protocols with and without slashes, and what url.parse takes for a host.
const assert = require('node:assert');
const url = require('node:url');
process.noDeprecation = true;

for (const [from, to, want] of [
  ['http://u@h:8/a/b/../c?q#h', '../../../x/.', 'http://u@h:8/x/'],
  ['http://u@h/a', 'http:b', 'http://u@h/b'],
  ['http://h/a', 'https:/x/y', 'https://x/y'],
  ['http://u@h/a', '//other/b', 'http://other/b'],
  ['/a/b/c', '../../../d', '/d'],
  ['a/b', '../../../d', '../../d'],
  ['mailto:user@host.com', 'mailto:other', 'mailto:other'],
  ['mailto:///a/b/c?a=?b#', 'mailto://xn--a..#x', 'mailto:///xn--a..#x'],
  ['mailto:u@h.com', '?x', 'mailto:u@h.com?x'],
  ['http://h/a?x#y', '#z', 'http://h/a?x#z'],
  ['http://h/a?x#y', '', 'http://h/a?x'],
  ['http://h', 'javascript:a b', 'javascript:a b'],
]) {
  assert.strictEqual(url.resolve(from, to), want, `${from} + ${to}`);
}

// An ASCII host is taken as it is, even where it is no valid punycode.
assert.strictEqual(url.parse('//xn--a/b', false, true).hostname, 'xn--a');
assert.strictEqual(url.parse('http://É.com/').hostname, 'xn--9ca.com');
assert.strictEqual(url.parse('http://h:/x').port, null);
assert.strictEqual(url.parse('http://h:/x').host, 'h');
assert.throws(() => url.parse('http://a\u2100b.com/'), { code: 'ERR_INVALID_URL' });
