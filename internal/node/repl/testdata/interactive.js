// The REPL of the command line, and its history file.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const repl = require('repl');
const { PassThrough } = require('stream');
const run = (args, input) => spawnSync(process.execPath, args, { input, encoding: 'utf8', timeout: 20000, env: { ...process.env, NODE_REPL_HISTORY: '' } });
const { stdout, status } = run(['-i'], 'var a = 2\na ** 3\nglobalThis === global\nnope\nos.EOL\n.exit\n');
assert.strictEqual(status, 0);
const lines = stdout.split('\n');
assert.match(lines[0], /^Welcome to Node\.js v\d+/);
assert.deepStrictEqual(lines.slice(2, 7), ['> undefined', '> 8', '> true', '> Uncaught ReferenceError: nope is not defined', "> '\\n'"]);
assert.match(run(['-i', '-e', 'var given = 3'], 'given * 2\n').stdout, /^> 6$/m);
const late = run(['-i'], 'setTimeout(() => { throw new Error("late") }, 1); 0\nawait new Promise((r) => setTimeout(r, 50))\n7\n').stdout;
assert.match(late, /Uncaught Error: late/);
assert.match(late, /^(> )?7$/m);

const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'history-')), 'history');
process.on('exit', () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
fs.writeFileSync(file, 'second\nfirst');
const input = new PassThrough();
const server = repl.start({ input, output: new PassThrough(), terminal: true, prompt: '' });
server.setupHistory(file, (error) => {
  assert.ifError(error);
  assert.deepStrictEqual(server.history.slice(0, 2), ['second', 'first']);
  server.once('flushHistory', () => {
    assert.strictEqual(fs.readFileSync(file, 'utf8').split('\n')[0], '"third"');
    server.close();
  });
  input.write('"third"\n');
});
