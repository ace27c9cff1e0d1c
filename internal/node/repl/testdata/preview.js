'use strict';
// While a line is typed, its result stands below it and what Tab would add behind it; nothing happens by it.
const assert = require('node:assert');
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

process.env.TERM = 'xterm';
const later = (ms = 100) => new Promise((resolve) => setTimeout(resolve, ms));

function open(options) {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (data) => { text += data; });
  const server = repl.start({ prompt: '> ', input, output, terminal: true, useColors: false, ...options });
  return {
    server,
    async type(keys, ms) {
      text = '';
      input.write(keys);
      await later(ms);
      return text;
    },
  };
}

(async () => {
  for (const useGlobal of [true, false]) {
    const { server, type } = open({ useGlobal });
    server.context.changed = 0;
    server.context.someName = { inner: [1, { deep: { er: 1 } }] };
    assert.match(await type('1 + 1'), /\n\/\/ 2\x1b/);
    // The next key takes it away.
    assert.match(await type('0'), /^\x1b\[1B\x1b\[2K\x1b\[1A0\n\/\/ 11\x1b/);
    // What would change something has none.
    assert.doesNotMatch(await type('\x15changed++'), /\/\//);
    assert.doesNotMatch(await type('\x15console.log("seen")'), /seen\n/);
    assert.strictEqual(server.context.changed, 0);
    assert.doesNotMatch(await type('\x15notThere'), /\/\//);
    assert.doesNotMatch(await type('\x15 ]'), /\/\//);
    assert.doesNotMatch(await type('\x15null'), /\/\//); // it would say no more than the line
    assert.match(await type('\x15throw new TypeError("a\\nb")'), /\n\/\/ TypeError: a\x1b/);
    assert.match(await type('\x15{ a: 1, b: 2 }'), /\n\/\/ \{ a: 1, b: 2 \}\x1b|\{ a: 1, b: 2 \}$/);
    assert.match(await type('\x15for (;;) {}', 1000), /for \(;;\) \{\}$/);
    // The completion, and the result with it.
    assert.match(await type('\x15someNa'), /someNa \/\/ me\x1b\[9G\n\/\/ \{ inner: \[ 1, \[Object\] \] \}\x1b/);
    // Escape takes it away; so it is for good.
    assert.match(await type('\x1b', 700), /\x1b\[0K$/);
    assert.match(await type('m'), /^m \/\/ e/);
    // The right arrow takes it over.
    assert.match(await type('\x1b[C'), /\x1b\[0Ke\n\/\/ /);
    assert.strictEqual(server.line, 'someName');
    // So does the end of the line, where the name alone is none.
    await type('\x15someNam');
    assert.match(await type('\r'), /\x1b\[0Ke\r\n\{ inner/);
    server.close();
  }

  const without = open({ preview: false });
  assert.doesNotMatch(await without.type('1 + 1'), /\/\//);
  without.server.close();
  const own = open({ eval: (code, context, file, callback) => callback(null, code) });
  assert.doesNotMatch(await own.type('1 + 1'), /\/\//);
  own.server.close();

  const strict = open({ replMode: repl.REPL_MODE_STRICT });
  assert.match(await strict.type('nobody '), /\n\/\/ ReferenceError: nobody is not defined/);
  strict.server.close();
})();
