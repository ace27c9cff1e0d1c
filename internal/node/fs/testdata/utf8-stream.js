// fs.Utf8Stream: small writes go out together, by length, flush and end; buffers, limits, reopening, and what a closed one says.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { once } = require('events');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'utf8-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
let n = 0;
const file = () => path.join(dir, `${n++}.log`);
const read = (name) => fs.readFileSync(name, 'utf8');
assert.throws(() => new fs.Utf8Stream({ dest: file(), minLength: 16384 }), Error);
(async () => {
  for (const sync of [false, true]) {
    const dest = file();
    const stream = new fs.Utf8Stream({ dest, sync, minLength: 10 });
    await once(stream, 'ready');
    assert.deepStrictEqual([stream.file, stream.minLength, stream.maxLength, stream.append, stream.sync, stream.contentMode, stream.periodicFlush],
      [dest, 10, 0, true, sync, 'utf8', 0]);
    assert.strictEqual(stream.write('1234\n'), true);
    assert.strictEqual(read(dest), '');
    stream.write('\u{1f600}6789\n');
    await once(stream, 'drain');
    assert.strictEqual(read(dest), '1234\n\u{1f600}6789\n');
    stream.write('a');
    await new Promise((resolve, reject) => stream.flush((err) => (err ? reject(err) : resolve())));
    assert.strictEqual(read(dest), '1234\n\u{1f600}6789\na');
    stream.write('b');
    stream.flushSync();
    assert.strictEqual(read(dest).at(-1), 'b');
    const next = file();
    stream.reopen(next);
    await once(stream, 'ready');
    assert.strictEqual(stream.file, next);
    stream.write('z');
    stream.end();
    await once(stream, 'close');
    assert.strictEqual(read(next), 'z');
    assert.throws(() => stream.write('x'), Error);
  }
  const dropped = [];
  const limited = new fs.Utf8Stream({ dest: file(), contentMode: 'buffer', maxLength: 4, minLength: 100, sync: true });
  limited.on('drop', (data) => dropped.push(`${data}`));
  assert.throws(() => limited.write('text'), { code: 'ERR_INVALID_ARG_TYPE' });
  limited.write(Buffer.from('123'));
  limited.write(Buffer.from('45'));
  assert.deepStrictEqual(dropped, ['45']);
  limited.end();
  await once(limited, 'finish');
  assert.strictEqual(read(limited.file), '123');
  const big = file();
  const stream = new fs.Utf8Stream({ dest: big });
  let text = '';
  for (let i = 0; i < 2000; i++) {
    const line = `line ${i} \u20ac\n`;
    text += line;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  assert.strictEqual(read(big), text);
})();
