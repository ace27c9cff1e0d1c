// Lines end in \n, \r\n, \r and at U+2028, across any split of the input; keys come out of escape sequences.
'use strict';
const assert = require('assert');
const readline = require('readline');
const { PassThrough } = require('stream');
async function lines(chunks) {
  const input = new PassThrough();
  const rl = readline.createInterface({ input, crlfDelay: Infinity });
  const out = [];
  rl.on('line', (line) => out.push(line));
  const closed = new Promise((resolve) => rl.on('close', resolve));
  for (const chunk of chunks) {
    input.write(chunk);
  }
  input.end();
  await closed;
  return out;
}
(async () => {
  const text = Buffer.from('a\r\nbé\n\nc\rd\u2028e😀\r\nlast');
  const want = ['a', 'bé', '', 'c', 'd', 'e😀', 'last'];
  assert.deepStrictEqual(await lines([text]), want);
  for (let i = 1; i < text.length; i++) {
    assert.deepStrictEqual(await lines([text.subarray(0, i), text.subarray(i)]), want, `split at ${i}`);
  }
  assert.deepStrictEqual(await lines([...text].map((byte) => Buffer.from([byte]))), want);

  const input = new PassThrough();
  const rl = require('readline/promises').createInterface({ input });
  setImmediate(() => input.write('Ann\n'));
  assert.strictEqual(await rl.question('? '), 'Ann');
  await assert.rejects(rl.question('? ', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const seen = [];
  setImmediate(() => input.end('x\ny\n'));
  for await (const line of rl) {
    seen.push(line);
  }
  assert.deepStrictEqual(seen, ['x', 'y']);

  const keys = new PassThrough();
  readline.emitKeypressEvents(keys);
  const names = [];
  keys.on('keypress', (_char, key) => names.push(`${key.ctrl ? 'C-' : ''}${key.meta ? 'M-' : ''}${key.shift ? 'S-' : ''}${key.name}`));
  keys.write('aB\x03\x1b[A\x1b[1;5C\x1bOP\x1bf\x1b[3~\r\t\x7f');
  await new Promise(setImmediate);
  assert.deepStrictEqual(names, ['a', 'S-b', 'C-c', 'up', 'C-right', 'f1', 'M-f', 'delete', 'return', 'tab', 'backspace']);
})();
