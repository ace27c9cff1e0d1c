'use strict';
// TypeScript in -e: found when it is no JavaScript, or said by --input-type.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

const run = (...args) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { stdout: stdout.trim(), stderr, status };
};
assert.strictEqual(run('-e', 'const a: number = 1; console.log(a)').stdout, '1');
assert.strictEqual(run('-e', 'import os from "node:os"; const a: string = typeof os; console.log(a)').stdout, 'object');
assert.strictEqual(run('-p', '(1 as any) + 1').stdout, '2');
assert.strictEqual(run('--input-type=commonjs-typescript', '-e', 'console.log(typeof require, f<number>(1)); function f<T>(x: T) { return x }').stdout, 'function 1');
assert.strictEqual(run('--input-type=module-typescript', '-e', 'console.log(typeof require, await (1 as any))').stdout, 'undefined 1');
assert.strictEqual(run('--experimental-transform-types', '--input-type=module-typescript', '-e', 'enum A { a = 4 } console.log(A.a)').stdout, '4');
// What JavaScript can read is JavaScript.
assert.strictEqual(run('-p', 'function f() {}; f<Number>(1)').stdout, 'false');
// --input-type without TypeScript asks for JavaScript.
assert.match(run('--input-type=commonjs', '-e', 'const a: number = 1').stderr, /SyntaxError: Missing initializer/);
// The error of text that is neither is V8's.
assert.match(run('-e', 'const = 1').stderr, /SyntaxError: Unexpected token '='/);
const { stderr, status } = run('--input-type=module-typescript', '-e', 'const = 1');
assert.match(stderr, /SyntaxError \[ERR_INVALID_TYPESCRIPT_SYNTAX\]/);
assert.strictEqual(status, 1);
