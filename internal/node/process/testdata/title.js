// process.title shows in ps, and process.argv is not hurt by it.
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const before = [...process.argv];
process.title = 'roosting';
assert.strictEqual(process.title, 'roosting');
assert.deepStrictEqual(process.argv, before);
if (process.platform === 'linux') {
  assert.ok(require('node:fs').readFileSync('/proc/self/cmdline', 'utf8').startsWith('roosting\0'));
}
assert.ok(process instanceof process.constructor);
assert.ok(Object.isFrozen(process.config));
