// --trace-uncaught: where an exception was thrown, also one that is no error and has no stack.
const assert = require('assert');
const { spawnSync } = require('child_process');
const run = (text, ...flags) => spawnSync(process.execPath, [...flags, '-e', text], { encoding: 'utf8' }).stderr;
const primitive = 'function thrower() { throw "text"; } thrower();';
assert.match(run(primitive, '--trace-uncaught'), /\ntext\nThrown at:\n    at thrower \(\[eval\]:1:\d+\)\n    at \[eval\]:1:\d+\n/);
assert.doesNotMatch(run(primitive, '--trace-uncaught'), /Use `node --trace-uncaught/);
assert.match(run(primitive), /\ntext\n\(Use `node --trace-uncaught \.\.\.` to show where the exception was thrown\)\n/);
assert.match(run('function maker() { return new Error("made"); } const e = maker(); setImmediate(() => { throw e; });', '--trace-uncaught'), /Thrown at:\n    at maker /);
assert.doesNotMatch(run('throw new Error("x")'), /Thrown at:/);
