// Numbers of every width are written and read back; what doesn't fit is refused with the range.
const assert = require('assert');
const b = Buffer.alloc(8);
for (const [kind, values] of [['UInt32', [0, 1, 0xffffffff]], ['Int32', [-0x80000000, -1, 0x7fffffff]], ['Int16', [-0x8000, 0x7fff]], ['UInt16', [0xffff]]]) {
  for (const order of ['LE', 'BE']) {
    for (const value of values) {
      assert.strictEqual(b[`write${kind}${order}`](value, 1), 1 + parseInt(kind.replace(/\D/g, '')) / 8);
      assert.strictEqual(b[`read${kind}${order}`](1), value);
    }
  }
}
for (let size = 1; size <= 6; size++) {
  const most = 2 ** (8 * size - 1) - 1;
  for (const value of [most, -most - 1, 0, -1, 1]) {
    b.writeIntLE(value, 0, size);
    assert.strictEqual(b.readIntLE(0, size), value);
    b.writeIntBE(value, 2, size);
    assert.strictEqual(b.readIntBE(2, size), value);
  }
}
b.writeBigInt64BE(-(2n ** 63n));
assert.strictEqual(b.readBigInt64BE(), -(2n ** 63n));
b.writeDoubleBE(Math.PI);
assert.strictEqual(b.readDoubleBE(), Math.PI);
b.writeFloatLE(0.5, 4);
assert.strictEqual(b.readFloatLE(4), 0.5);
assert.throws(() => b.writeUInt8(256), { code: 'ERR_OUT_OF_RANGE', message: 'The value of "value" is out of range. It must be >= 0 and <= 255. Received 256' });
assert.throws(() => b.readUInt32LE(5), { code: 'ERR_OUT_OF_RANGE', message: 'The value of "offset" is out of range. It must be >= 0 and <= 4. Received 5' });
assert.throws(() => b.readInt8('0'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => Buffer.alloc(1).readInt16LE(), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
