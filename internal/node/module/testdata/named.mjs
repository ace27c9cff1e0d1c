// The names of node:module for import.
import assert from 'node:assert';
import Module, { builtinModules, createRequire, isBuiltin, syncBuiltinESMExports } from 'node:module';
import path, { basename } from 'node:path';
assert.strictEqual(createRequire(import.meta.url)('module'), Module);
assert.ok(builtinModules.length > 20 && isBuiltin('path'));
const original = path.basename;
path.basename = () => 'changed';
assert.strictEqual(basename('/a/b'), 'b');
syncBuiltinESMExports();
assert.strictEqual(basename('/a/b'), 'changed');
path.basename = original;
