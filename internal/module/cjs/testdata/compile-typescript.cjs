// A replaced module._compile gets the file's text as it is, TypeScript too, and the format; what it hands on with them is compiled.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  fs.writeFileSync(path.join(dir, name), text);
};
write('typed/package.json', '{ "type": "commonjs" }');
write('open/package.json', '{}');
const script = 'const a: number = 1;\nexports.a = a;\n';

function load(name, text, change) {
  write(name, text);
  const extension = path.extname(name);
  const before = Module._extensions[extension];
  const handler = before ?? Module._extensions['.js'];
  let seen;
  Module._extensions[extension] = (module, filename) => {
    const compile = module._compile;
    module._compile = function (...args) {
      seen = args;
      return compile.apply(this, change(...args));
    };
    return handler(module, filename);
  };
  try {
    return { exports: require(path.join(dir, name)), seen };
  } finally {
    if (before === undefined) delete Module._extensions[extension];
    else Module._extensions[extension] = before;
  }
}
const same = (...args) => args;

for (const [name, text, format] of [
  ['typed/a.ts', script, 'commonjs-typescript'], ['typed/a.cts', script, 'commonjs-typescript'], ['open/a.ts', script, 'typescript'],
  ['typed/a.js', 'exports.a = 1;\n', 'commonjs'], ['open/a.js', 'exports.a = 1;\n', undefined],
]) {
  const { exports, seen } = load(name, text, same);
  assert.deepStrictEqual(seen, [text, path.join(dir, name), format]);
  assert.deepStrictEqual(exports, { a: 1 });
}
// Changed, and still TypeScript.
assert.deepStrictEqual(load('open/b.ts', script, (text, ...rest) => [text.replace('1', '2'), ...rest]).exports, { a: 2 });
// Compiled by the hook, which as a rule hands on no format.
assert.deepStrictEqual(load('open/c.ts', script, (text, filename) => [text.replace(': number', ''), filename]).exports, { a: 1 });
