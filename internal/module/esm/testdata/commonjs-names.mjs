// A name of CommonJS in an ES module: the error says what the file is, why, and what to write.
import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'names-'));
let count = 0;
async function failure(text, extension = '.mjs') {
  const path = join(folder, `m${count++}${extension}`);
  writeFileSync(path, text);
  return import(path).then(() => assert.fail('it ran'), (err) => err);
}

try {
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  for (const name of ['module', 'exports', '__filename', '__dirname']) {
    const err = await failure(`${name};`);
    assert.strictEqual(err.name, 'ReferenceError');
    assert.strictEqual(err.message, `${name} is not defined in ES module scope`);
    assert.match(err.stack, /^ReferenceError: \w+ is not defined in ES module scope\n/);
    assert.strictEqual(err.code, undefined);
  }
  assert.strictEqual((await failure('require("x");')).message, 'require is not defined in ES module scope, you can use import instead');
  assert.strictEqual((await failure('other;')).message, 'other is not defined');

  // Why a .js file is one.
  const js = await failure('module;', '.js');
  assert.match(js.message, /^module is not defined in ES module scope\nThis file is being treated as an ES module because it has a '\.js' file extension/);
  assert.ok(js.message.includes(`'${join(folder, 'package.json')}' contains "type": "module"`));

  // A module that waits could be neither.
  const waits = await failure('await 1; require("x");');
  assert.match(waits.message, /^Cannot determine intended module format because both .*require.+ and top-level await are present\..+replace require\(\) with import\.$/s);
  assert.strictEqual(waits.code, 'ERR_AMBIGUOUS_MODULE_SYNTAX');

  // What an imported module throws is told of the one that was asked for.
  writeFileSync(join(folder, 'below.mjs'), 'await 1; require("x");');
  assert.match((await failure('import "./below.mjs";')).message, /^require is not defined in ES module scope/);
} finally {
  rmSync(folder, { recursive: true });
}
