// The names of a CommonJS module are those that its text shows, also when it has run already.
const assert = require('node:assert');
const { writeFileSync, mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { tmpdir } = require('node:os');

const folder = mkdtempSync(join(tmpdir(), 'names-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const file = join(folder, 'late.cjs');
writeFileSync(file, "exports.shown = 1; const name = 'hid' + 'den'; exports[name] = 2;");
assert.strictEqual(require(file).hidden, 2);
let names;
import(file).then((namespace) => { names = Object.keys(namespace).filter((name) => name !== 'module.exports'); });
process.on('exit', () => assert.deepStrictEqual(names, ['default', 'shown']));
