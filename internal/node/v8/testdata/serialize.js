// Values survive serialize and deserialize; the bytes are those of V8's format.
const assert = require('assert');
const v8 = require('v8');
const round = (value) => v8.deserialize(v8.serialize(value));
for (const value of [
  undefined, null, true, false, 0, -0, 1, -1, 2 ** 31, 1.5, NaN, 10n, -(2n ** 70n), '', 'ab', 'é', 'aé✓', new Date(5), /x/gi, [1, , 3], [], { a: { b: [1] } },
  new Map([['a', { x: 1 }]]), new Set([1, 'x']), Buffer.from('hi'), new Uint16Array([1, 2]), new Float64Array([1.5]), new ArrayBuffer(3),
  Object(1), Object('s'), Object(true), { 1: 2, b: undefined },
]) {
  assert.deepStrictEqual(round(value), value);
}
assert.ok(Buffer.isBuffer(round(Buffer.from('x'))));
const ring = { a: 1 };
ring.ring = ring;
const back = round(ring);
assert.strictEqual(back.ring, back);
const error = round(new RangeError('far', { cause: 1 }));
assert.ok(error instanceof RangeError);
assert.strictEqual(error.message, 'far');
assert.strictEqual(error.cause, 1);
assert.strictEqual(v8.serialize({ a: 1, b: ['x', 'é', '✓'] }).toString('hex'), 'ff0f6f220161490222016241032201782201e900630213272400037b02');
assert.throws(() => v8.serialize(() => {}), { message: '()=>{} could not be cloned.'.replace('()=>{}', '() => {}') });
assert.throws(() => v8.deserialize(Buffer.from('zz')), /invalid or unsupported version/);
// No input breaks the reader.
const whole = v8.serialize([{ a: [1, 'x', new Map([[1, 2]])] }, new Uint8Array(4), new Error('e'), 5n, /a/]);
for (let i = 0; i < whole.length; i++) {
  for (const b of [0, 0x41, 0x5e, 0x7f, 0xff]) {
    const broken = Buffer.from(whole);
    broken[i] = b;
    try {
      v8.deserialize(broken.subarray(0, b === 0 ? i : undefined));
    } catch (e) {
      assert.ok(e instanceof Error);
    }
  }
}

class Points extends v8.Serializer {
  _writeHostObject() { throw new Error('no'); }
}
const s = new Points();
s.writeHeader();
s.writeUint32(300);
s.writeUint64(1, 2);
s.writeDouble(1.5);
s.writeRawBytes(Buffer.from('raw'));
const d = new v8.Deserializer(s.releaseBuffer());
assert.strictEqual(d.readHeader(), true);
assert.strictEqual(d.getWireFormatVersion(), 15);
assert.strictEqual(d.readUint32(), 300);
assert.deepStrictEqual(d.readUint64(), [1, 2]);
assert.strictEqual(d.readDouble(), 1.5);
assert.strictEqual(d.readRawBytes(3).toString(), 'raw');
assert.throws(() => d.readDouble(), { message: 'ReadDouble() failed' });
