// What there is of process.versions stays, but a name can be added: Yarn's PnP adds its own. process.features can be changed.
'use strict';
const assert = require('node:assert');

assert.throws(() => { process.versions.node = '1'; }, TypeError);
process.versions.pnp = '3';
assert.strictEqual(process.versions.pnp, '3');
process.features.inspector = 'changed';
assert.strictEqual(process.features.inspector, 'changed');
assert.throws(() => { process.features.typescript = false; }, TypeError);
