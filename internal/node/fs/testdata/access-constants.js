// fs.F_OK and its kin are the constants of access(), hidden, and warn once each.
const assert = require('node:assert');
const fs = require('node:fs');

const warnings = [];
process.on('warning', (w) => warnings.push(w.code));
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) {
  assert.strictEqual(fs[name], fs.constants[name]);
  assert.strictEqual(Object.getOwnPropertyDescriptor(fs, name).enumerable, false);
}
assert.strictEqual(fs.R_OK, 4);
process.on('exit', () => assert.deepStrictEqual(new Set(warnings), new Set(['DEP0176'])));
