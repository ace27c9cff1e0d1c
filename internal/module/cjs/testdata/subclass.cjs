// jest copies what Module has to a subclass of it: everything that is enumerable can be assigned there.
const assert = require('node:assert');
const { Module } = require('node:module');
class Copy extends Module {}
for (const [name, value] of Object.entries(Module)) Copy[name] = value;
assert.strictEqual(Copy.builtinModules, Module.builtinModules);
assert.ok(Module.builtinModules.includes('fs') && Module.builtinModules.includes('node:sqlite'));
assert.deepStrictEqual(Object.keys(Module).filter((name) => /^(wrap|wrapper|_mainModule)$/.test(name)), []);
assert.throws(() => { 'use strict'; process.stdout = 1; }, TypeError);
assert.throws(() => { 'use strict'; process.platform = 'x'; }, TypeError);
