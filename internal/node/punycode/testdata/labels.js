// Labels and domains, both ways.
const punycode = require('punycode');
const assert = require('assert');
for (const [text, code] of [['mañana', 'maana-pta'], ['☃-⌘', '--dqo34k'], ['', ''], ['abc', 'abc-']]) {
  assert.strictEqual(punycode.encode(text), code);
  assert.strictEqual(punycode.decode(code), text);
}
assert.strictEqual(punycode.toASCII('a@mañana.com'), 'a@xn--maana-pta.com');
assert.strictEqual(punycode.toUnicode('xn--maana-pta.com'), 'mañana.com');
assert.throws(() => punycode.decode('\x80'), RangeError);
