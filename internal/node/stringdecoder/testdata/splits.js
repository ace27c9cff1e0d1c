// However bytes are split, the text is the same.
const assert = require('assert');
const { StringDecoder } = require('string_decoder');
const bytes = Buffer.from('aé✓\u{1f600}z');
for (let i = 0; i <= bytes.length; i++) {
  for (let j = i; j <= bytes.length; j++) {
    for (const encoding of ['utf8', 'base64', 'hex', 'latin1']) {
      const decoder = new StringDecoder(encoding);
      const text = decoder.write(bytes.subarray(0, i)) + decoder.write(bytes.subarray(i, j)) + decoder.end(bytes.subarray(j));
      assert.strictEqual(text, bytes.toString(encoding), `${encoding} ${i} ${j}`);
    }
  }
}
const wide = new StringDecoder('utf16le');
assert.strictEqual(wide.write(Buffer.from([0x3d])) + wide.write(Buffer.from([0xd8, 0x4d])) + wide.end(Buffer.from([0xdc])), '\ud83d\udc4d');
