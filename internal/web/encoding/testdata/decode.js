// TextDecoder: fatal, byte order marks, streaming, legacy encodings.
const assert = require('assert');
assert.strictEqual(new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff)), 'a\ufffd');
assert.strictEqual(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.of(0xef, 0xbb, 0xbf)), '\ufeff');
assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xe2, 0x82)), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
const stream = new TextDecoder();
let text = '';
for (const byte of Buffer.from('\ufeffé✓\u{1f600}')) text += stream.decode(Uint8Array.of(byte), { stream: true });
assert.strictEqual(text + stream.decode(), 'é✓\u{1f600}');
assert.strictEqual(new TextDecoder('utf-16be').decode(Uint8Array.of(0, 0x61, 0xd8, 0)), 'a\ufffd');
assert.strictEqual(new TextDecoder('shift_jis').decode(Uint8Array.of(0x82, 0xa0)), 'あ');
assert.strictEqual(new TextDecoder('windows-1252').decode(Uint8Array.of(0x80, 0xe9)), '€é');
assert.throws(() => new TextDecoder('nope'), { name: 'RangeError', code: 'ERR_ENCODING_NOT_SUPPORTED' });
assert.deepStrictEqual([...new TextEncoder().encode('\ud800')], [0xef, 0xbf, 0xbd]);
assert.deepStrictEqual(new TextEncoder().encodeInto('é✓', new Uint8Array(4)), { read: 1, written: 2 });
