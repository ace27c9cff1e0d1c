'use strict';
// Ctrl+R searches the history back, Ctrl+S forth; other keys take what was found.
const assert = require('node:assert');
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

process.env.TERM = 'xterm';
const input = new PassThrough();
const output = new PassThrough();
let text = '';
output.on('data', (data) => { text += data; });
const server = repl.start({ prompt: '> ', input, output, terminal: true, useColors: true, preview: false });
const type = async (keys, ms = 60) => {
  text = '';
  input.write(keys);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return text;
};

(async () => {
  for (const line of ['first = "aaa"', 'second = "b"', 'third = 3']) await type(`${line}\r`);
  await type('mine');
  assert.match(await type('\x12'), /\nbck-i-search: _/);
  assert.match(await type('a'), /first = "aa\x1b\[4ma\x1b\[24m"\nbck-i-search: a_/);
  assert.match(await type('\x12'), /first = "a\x1b\[4ma\x1b\[24ma"\nbck-i-search: a_/);
  assert.match(await type('\x13'), /first = "aa\x1b\[4ma\x1b\[24m"\nfwd-i-search: a_/);
  assert.match(await type('x'), /mine\nfailed-fwd-i-search: ax_/);
  assert.match(await type('\x7f\x12'), /bck-i-search: a_/);
  // Escape and Ctrl+C give back what was there.
  await type('\x1b', 700);
  assert.strictEqual(server.line, 'mine');
  await type('\x12d');
  await type('\x03');
  assert.strictEqual(server.line, 'mine');
  // An arrow takes what was found, the cursor where it is; the history goes on from there.
  await type('\x15\x12sec');
  await type('\x1b[C');
  assert.deepStrictEqual([server.line, server.cursor], ['second = "b"', 1]);
  await type('\x15\x12sec');
  await type('\x1b[A');
  assert.strictEqual(server.line, 'first = "aaa"');
  // Enter runs it.
  await type('\x15\x12thi');
  assert.match(await type('\r'), /\r\n.*3/);
  server.close();
})();
