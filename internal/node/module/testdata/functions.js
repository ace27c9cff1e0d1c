// What node:module offers beside the Module class.
const assert = require('node:assert');
const module_ = require('node:module');
assert.strictEqual(module_.Module, module_);
assert.strictEqual(module_.isBuiltin('fs'), true);
assert.strictEqual(module_.isBuiltin('node:test'), true);
assert.strictEqual(module_.isBuiltin('test'), false);
assert.strictEqual(module_.isBuiltin('wss'), false);
assert.ok(module_.builtinModules.includes('path'));
assert.strictEqual(module_.createRequire(__filename)('node:path'), require('path'));
assert.strictEqual(module_.stripTypeScriptTypes('const a: number = 1;'), 'const a         = 1;');
assert.throws(() => module_.stripTypeScriptTypes('enum A { a }'), { code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' });
assert.throws(() => module_.stripTypeScriptTypes('const = 1'), { code: 'ERR_INVALID_TYPESCRIPT_SYNTAX' });
const map = new module_.SourceMap({ version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA;AACA,IAAI' });
assert.deepStrictEqual(map.findEntry(1, 5),
  { generatedLine: 1, generatedColumn: 4, originalSource: 'a.ts', originalLine: 1, originalColumn: 4, name: undefined });
assert.deepStrictEqual(map.findOrigin(2, 6), { name: undefined, fileName: 'a.ts', lineNumber: 2, columnNumber: 6 });
assert.strictEqual(typeof module_.constants.compileCacheStatus.ALREADY_ENABLED, 'number');
