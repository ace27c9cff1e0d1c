'use strict';
// stripTypeScriptTypes with mode 'transform' writes out what erasing can't; what the text does is compared, not its looks.
const assert = require('node:assert');
const vm = require('node:vm');
const { stripTypeScriptTypes } = require('node:module');

const transform = (code) => stripTypeScriptTypes(code, { mode: 'transform' });
const run = (code, context = {}) => vm.runInNewContext(transform(code), context);

assert.deepStrictEqual({ ...run('enum A { a, b = 1 << 3, c, d = "x" } A') }, { 0: 'a', 8: 'b', 9: 'c', a: 0, b: 8, c: 9, d: 'x' });
assert.strictEqual(run('const enum A { a = 7 } A.a'), 7);
assert.strictEqual(run('enum A { a = 1 } enum A { b = 2 } A.a + A.b'), 3);
assert.strictEqual(run('namespace A.B { export let x = 1; x++ } A.B.x'), 2);
assert.strictEqual(run('class P { z = 1; constructor(private x: number, readonly y = 5) {} } const p = new P(3); [Object.keys(p), p.x, p.y].join()'), 'x,y,z,3,5');
assert.strictEqual(run('import x = require("q"); x', { require: (name) => name + '!' }), 'q!');
const exports_ = {};
run('export import y = require("q");', { require: (name) => name, exports: exports_ });
assert.deepStrictEqual(exports_, { y: 'q' });
const module_ = {};
run('export = 5', { module: module_ });
assert.deepStrictEqual(module_, { exports: 5 });
assert.strictEqual(run('import a = N.b; a', { N: { b: 4 } }), 4);

// Imports stay unless they say type.
assert.match(transform('import a, { type B } from "x"; import type C from "y"; let b: B'), /^import a\b.*from "x";\s*let b;\s*$/);
// Decorators are passed on.
assert.match(transform('@d class A { @e f: number }'), /^@d\s+class A \{\s+@e\s+f;\s+\}\s*$/);
assert.strictEqual(transform('interface A {}; declare enum B { b }').replace(/[\s;]/g, ''), '');

assert.throws(() => transform('const = 1'), { name: 'SyntaxError', code: 'ERR_INVALID_TYPESCRIPT_SYNTAX' });
for (const mode of ['strip', 'transform']) {
  for (const code of ['module N { export const x = 1 }', 'declare module N {}']) {
    assert.throws(() => stripTypeScriptTypes(code, { mode }), (err) => {
      assert.strictEqual(err.code, 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX');
      assert.strictEqual(err.message, '`module` keyword is not supported. Use `namespace` instead.');
      assert.match(err.stack, /^:1\n.*module N.*\n *\^{8}\n\nSyntaxError \[ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX\]: `module`/);
      return true;
    });
  }
}
