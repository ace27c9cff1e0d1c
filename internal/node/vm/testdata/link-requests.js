'use strict';
// Modules are instantiated once their requests are linked.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

if (process.argv[2] !== 'child') {
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', '--experimental-vm-modules', __filename, 'child'], { encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return;
}
const { SourceTextModule } = require('node:vm');
const inner = new SourceTextModule('export default 5');
const outer = new SourceTextModule('import five from "inner"; export default five + 1');
assert.throws(() => inner.instantiate(), { code: 'ERR_VM_MODULE_LINK_FAILURE' });
inner.linkRequests([]);
outer.linkRequests([inner]);
assert.deepStrictEqual([inner.status, outer.status], ['unlinked', 'unlinked']);
outer.instantiate();
assert.deepStrictEqual([inner.status, outer.status], ['linked', 'linked']);
assert.throws(() => outer.instantiate(), { code: 'ERR_VM_MODULE_STATUS' });
outer.evaluate().then(() => assert.strictEqual(outer.namespace.default, 6));
