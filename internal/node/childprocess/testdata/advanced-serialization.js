// serialization: 'advanced': what structured clone carries goes over the channel, the wire has a length in front of each message.
const assert = require('node:assert');
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');

if (process.argv[2] === 'echo') {
  process.on('message', (message) => process.send(message));
} else {
  (async () => {
    const child = fork(__filename, ['echo'], { serialization: 'advanced' });
    const circular = { name: 'x' };
    circular.self = circular;
    for (const value of [
      new Map([[1, new Set(['a'])]]), new Date(5), { big: 7n }, circular, Buffer.from('bytes'), new Float64Array([1.5]),
      new DataView(new ArrayBuffer(3)), Buffer.alloc(300_000, 'x'), [undefined, null, NaN, -0], new TypeError('t'),
    ]) {
      child.send(value);
      const [got] = await once(child, 'message');
      assert.deepStrictEqual(got, value);
    }
    assert.throws(() => child.send({ f() {} }), /could not be cloned/);
    child.disconnect();
    await once(child, 'exit');

    const raw = spawn('/bin/cat', { stdio: ['ipc', 'pipe', 'inherit'], serialization: 'advanced' });
    raw.send({ a: 1 });
    const [chunk] = await once(raw.stdout, 'data');
    assert.strictEqual(chunk.subarray(4, 6).toString('hex'), 'ff0f');
    assert.strictEqual(chunk.readUInt32BE(0), chunk.length - 4);
    raw.kill();
    assert.throws(() => spawn('/bin/true', { serialization: 'other' }), { code: 'ERR_INVALID_ARG_VALUE' });
  })();
}
