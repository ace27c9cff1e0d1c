// A REPL on streams: values, several lines, await, errors, commands, _, completion, a custom eval and writer.
const assert = require('assert');
const repl = require('repl');
const { PassThrough } = require('stream');
const { once } = require('events');

async function session(lines, options = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk) => { text += chunk; });
  const server = repl.start({ prompt: '> ', input, output, terminal: false, ...options });
  options.prepare?.(server);
  for (const line of lines) {
    input.write(`${line}\n`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  input.end();
  await once(server, 'exit');
  return text.replace(/^(> )+/gm, '').split('\n');
}
const cases = [
  [['1 + 1', '{ a: 1 }', "'text'"], ['2', '{ a: 1 }', "'text'"]],
  [['function f() {', 'return 7;', '}', 'f()'], ['| | undefined', '7']],
  [['let x = 5', 'x * 2', '_ + 1'], ['undefined', '10', '11']],
  [['const y = await Promise.resolve(4)', 'y', 'await 9'], ['undefined', '4', '9']],
  [['const { p, q: [r] } = await Promise.resolve({ p: 1, q: [2] }); p + r', 'r'], ['3', '2']],
  [['for (const i of [1, 2]) { await i; } 3', 'await Promise.reject(new Error("no"))'], ['3', 'Uncaught Error: no']],
  [['throw new Error("top")', '(() => { throw new TypeError("in") })()'], ['Uncaught Error: top', 'Uncaught TypeError: in', /^ {4}at REPL\d+:1:\d+$/]],
  [['let a b'], ['let a b', '      ^', '', /^Uncaught SyntaxError: Unexpected identifier/]],
  [['throw { foo: 1 }', 'throw null'], ['Uncaught { foo: 1 }', 'Uncaught null']],
  [['.nothing', '`a', '.break', '1'], ['Invalid REPL keyword', '| > 1']],
  [['typeof module.require, typeof fs.readFile', 'path.sep'], ["'function'", "'/'"]],
  [['setTimeout(() => { throw new RangeError("later") }, 1); 0', '1'], ['0', /^Uncaught RangeError: later/]],
];
(async () => {
  for (const [lines, expected] of cases) {
    const out = await session(lines);
    expected.forEach((line, i) => (line instanceof RegExp ? assert.match(out[i], line) : assert.strictEqual(out[i], line, out.join('\n'))));
  }
  const upper = await session(['abc'], { eval: (code, context, file, callback) => callback(null, code.trim().toUpperCase()), writer: (v) => `<${v}>` });
  assert.strictEqual(upper[0], '<ABC>');
  const more = await session(['one', 'two;'], { eval: (code, c, f, callback) => (code.includes(';') ? callback(null, code.length) : callback(new repl.Recoverable(new SyntaxError()))) });
  assert.strictEqual(more[0], '| 9');
  const context = await session(['answer', 'say there'.replace('say', '.say'), 'undefined'], {
    ignoreUndefined: true,
    prepare: (server) => {
      server.context.answer = 42;
      server.defineCommand('say', { help: 'says', action(name) { this.output.write(`hello ${name}\n`); this.displayPrompt(); } });
    },
  });
  assert.deepStrictEqual(context.slice(0, 2), ['42', 'hello there']);

  const server = repl.start({ input: new PassThrough(), output: new PassThrough(), terminal: false });
  server.context.thing = { alpha: 1, alps: 2, get trap() { throw new Error('a getter was called'); } };
  const complete = (text) => new Promise((resolve, reject) => server.complete(text, (error, value) => (error ? reject(error) : resolve(value))));
  assert.deepStrictEqual(await complete('thing.al'), [['thing.alpha', 'thing.alps'], 'thing.al']);
  assert.deepStrictEqual((await complete('thing.trap.'))[0], []);
  assert.deepStrictEqual(await complete('.br'), [['break'], 'br']);
  assert.ok((await complete("require('node:f"))[0].includes('node:fs'));
  let reset = 0;
  server.on('reset', () => reset++);
  server.resetContext();
  assert.strictEqual(reset, 1);
  assert.strictEqual(server.context.thing, undefined);
  server.close();
  assert.throws(() => repl.start({ breakEvalOnSigint: true, eval() {} }), { code: 'ERR_INVALID_REPL_EVAL_CONFIG' });
})();
