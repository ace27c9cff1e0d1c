'use strict';
// What Tab completes: chains of names with computed keys, literals, global names. Nothing happens by it.
const assert = require('node:assert');
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

process.env.TERM = 'xterm';
const input = new PassThrough();
const server = repl.start({ input, output: new PassThrough().resume(), terminal: true });
input.write('var calls = 0; var key = "two"; var obj = { one: { inner: 1 }, two: "text", get three() { calls++; return {}; } }; function effect() { calls++; return "one" }\n');

function complete(line) {
  let result;
  server.complete(line, (err, value) => { result = value; });
  return result;
}

setTimeout(() => {
  for (const [line, expected] of [
    ['obj.one.', 'obj.one.inner'], ['obj["one"].in', 'obj["one"].inner'], ['obj[key].toUpperC', 'obj[key].toUpperCase'],
    ["obj['o' + 'ne'].in", "obj['o' + 'ne'].inner"], ['obj[(1 < 2) ? "one" : key].in', 'obj[(1 < 2) ? "one" : key].inner'], ['obj?.one?.in', 'obj?.one?.inner'],
    ['1 + obj.one.in', 'obj.one.inner'], ['"".trimSt', '"".trimStart'], ['[].findLastI', '[].findLastIndex'], ['("a" + 1).toUpperC', '("a" + 1).toUpperCase'],
    ['tru', 'true'], ['parseF', 'parseFloat'],
  ]) {
    assert.ok(complete(line)[0].includes(expected), `${line}: ${complete(line)[0]}`);
  }
  for (const line of ['obj.three.', 'obj[effect()].', 'let ob', 'nobody.', 'obj.nothing.']) {
    assert.deepStrictEqual(complete(line)[0], [], line);
  }
  assert.ok(!complete('obj.')[0].includes('obj.__defineGetter__'));
  assert.strictEqual(server.context.calls, 0);
  server.close();
}, 100);
