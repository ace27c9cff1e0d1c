// Text in every encoding goes to bytes and back; malformed text is cut where Node cuts it.
const assert = require('assert');
const text = 'héllo ✓ \u{1f600}';
for (const encoding of ['utf8', 'UTF-8', 'ucs2', 'utf16le', 'base64', 'base64url', 'hex']) {
  const bytes = Buffer.from(text);
  const written = bytes.toString(encoding);
  if (/utf-?8/i.test(encoding)) assert.strictEqual(written, text);
  else if (encoding === 'base64' || encoding === 'base64url' || encoding === 'hex') {
    assert.ok(Buffer.from(written, encoding).equals(bytes), encoding);
  }
}
assert.strictEqual(Buffer.from(text, 'utf16le').toString('ucs2'), text);
assert.strictEqual(Buffer.from('\xff\x80a', 'latin1').toString('hex'), 'ff8061');
assert.strictEqual(Buffer.from('abxx', 'hex').length, 1);
assert.strictEqual(Buffer.from('abc', 'hex').length, 1);
assert.strictEqual(Buffer.from('a-_=b', 'base64').toString('hex'), Buffer.from('a+/=', 'base64').toString('hex'));
assert.strictEqual(Buffer.from('\ud800').toString('hex'), 'efbfbd');
assert.throws(() => Buffer.from('a', 'nope'), { code: 'ERR_UNKNOWN_ENCODING' });
