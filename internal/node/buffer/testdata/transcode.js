// Texts of every length and kind through every encoding, against plain loops: the fast paths change with length, content and alignment.
'use strict';
const assert = require('node:assert');

let seed = 12345;
const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;

const alphabets = {
  ascii: () => random(128),
  latin1: () => (random(4) ? random(128) : 128 + random(128)),
  bmp: () => [random(128), 0x80 + random(0x780), 0x800 + random(0xd000 - 0x800), 0x10000 + random(0x1000)][random(4)],
  lone: () => (random(6) ? random(300) : 0xd800 + random(0x800)),
};

function utf8Of(text) {
  const out = [];
  for (const character of text) {
    let c = character.codePointAt(0);
    if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | c >> 6, 0x80 | c & 63);
    else if (c < 0x10000) out.push(0xe0 | c >> 12, 0x80 | c >> 6 & 63, 0x80 | c & 63);
    else out.push(0xf0 | c >> 18, 0x80 | c >> 12 & 63, 0x80 | c >> 6 & 63, 0x80 | c & 63);
  }
  return out;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function base64Of(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const w = bytes[i] << 16 | (bytes[i + 1] ?? 0) << 8 | (bytes[i + 2] ?? 0);
    out += digits[w >> 18] + digits[w >> 12 & 63] + (i + 1 < bytes.length ? digits[w >> 6 & 63] : '=') + (i + 2 < bytes.length ? digits[w & 63] : '=');
  }
  return out;
}

for (const [name, next] of Object.entries(alphabets)) {
  for (let length = 0; length < 300; length += length < 80 ? 1 : 17) {
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCodePoint(next());
    const bytes = utf8Of(text);
    const buffer = Buffer.from(text);
    assert.deepStrictEqual([...buffer], bytes, `${name} ${length} from`);
    assert.strictEqual(Buffer.byteLength(text), bytes.length);
    assert.deepStrictEqual([...new TextEncoder().encode(text)], bytes);
    assert.strictEqual(buffer.toString(), text.toWellFormed(), `${name} ${length} toString`);
    assert.strictEqual(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer), text.toWellFormed());

    // Into less room than it needs: whole characters only.
    const room = Buffer.alloc(bytes.length + 8, 0xaa);
    const most = random(bytes.length + 1);
    const written = room.write(text, 3, most);
    assert.ok(written <= most && most - written < 4);
    assert.deepStrictEqual([...room.subarray(3, 3 + written)], bytes.slice(0, written));
    assert.ok(room.subarray(3 + written).every((b) => b === 0xaa), 'nothing beyond');

    const odd = Buffer.concat([Buffer.from([0]), buffer]).subarray(1);
    assert.strictEqual(odd.toString('hex'), bytes.map((b) => b.toString(16).padStart(2, '0')).join(''));
    assert.strictEqual(odd.toString('base64'), base64Of(bytes));
    assert.strictEqual(odd.toString('base64url'), base64Of(bytes).replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_'));
    assert.deepStrictEqual([...Buffer.from(odd.toString('hex').toUpperCase(), 'hex')], bytes);
    assert.deepStrictEqual([...Buffer.from(odd.toString('base64'), 'base64')], bytes);
    assert.deepStrictEqual([...Buffer.from(odd.toString('base64url'), 'base64')], bytes);
    assert.deepStrictEqual([...Buffer.from(`\u0100${odd.toString('base64')}`, 'base64')], bytes, 'a wide string');
    assert.strictEqual(odd.toString('latin1'), bytes.map((b) => String.fromCharCode(b)).join(''));
    const wide = Buffer.from(text, 'utf16le');
    assert.strictEqual(Buffer.concat([Buffer.from([0]), wide]).subarray(1).toString('utf16le'), text);
  }
}

// Leniency of base64: whitespace, both alphabets in one text, a padding in the middle ends it, missing padding doesn't matter.
assert.strictEqual(Buffer.from('aGVs\n bG8=', 'base64').toString(), 'hello');
assert.deepStrictEqual([...Buffer.from('-_+/', 'base64')], [0xfb, 0xff, 0xbf]);
assert.strictEqual(Buffer.from('aGVsbG8=aGVsbG8=', 'base64').toString(), 'hello');
assert.strictEqual(Buffer.from('aGVsbG8', 'base64').toString(), 'hello');
assert.strictEqual(Buffer.from('aGVsb', 'base64').toString(), 'hel');
// Hex ends at what is no digit.
assert.deepStrictEqual([...Buffer.from('abcdxyab', 'hex')], [0xab, 0xcd]);
assert.deepStrictEqual([...Buffer.from('abc', 'hex')], [0xab]);
assert.deepStrictEqual([...Buffer.from('ab\u01ab', 'hex')], [0xab]);
// Malformed UTF-8, short and long.
for (const padding of [0, 5, 200]) {
  const bytes = Buffer.concat([Buffer.from('é'.repeat(padding)), Buffer.from([0xe2, 0x82, 0x41, 0xff])]);
  assert.strictEqual(bytes.toString(), `${'é'.repeat(padding)}\ufffdA\ufffd`);
  assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
}
// Optimised code calls other functions than the interpreter does.
function hot(buffer, text) {
  return buffer.write(text, 0, 12) + buffer.write(text, 1, 'latin1') + Buffer.byteLength(text) + buffer.indexOf(0x66) + buffer.copy(buffer, 1, 0, 5) + Buffer.compare(buffer, buffer);
}
const first = hot(Buffer.alloc(32), 'abcdefghijkl');
for (let i = 0; i < 20000; i++) assert.strictEqual(hot(Buffer.alloc(32), 'abcdefghijkl'), first);

// indexOf: needles behind many false starts, at the end, longer than the rest.
const hay = Buffer.from('n'.repeat(500) + 'needle' + 'ne'.repeat(40));
assert.strictEqual(hay.indexOf('needle'), 500);
assert.strictEqual(hay.indexOf('needle', 501), -1);
assert.strictEqual(hay.indexOf('nenene', 520), hay.toString().indexOf('nenene', 520));
assert.strictEqual(hay.lastIndexOf('ne'), hay.length - 2);
assert.strictEqual(hay.indexOf(Buffer.from('ne'), -2), hay.length - 2);
assert.strictEqual(hay.indexOf('neq', -2), -1);
