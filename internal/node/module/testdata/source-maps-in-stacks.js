// Stacks follow source maps while they are on: those of files, of text that module._compile gets, and of what a loader's hook gives.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { Module, findSourceMap, getSourceMapsSupport, registerHooks, setSourceMapsSupport } = require('node:module');
const os = require('node:os');
const path = require('node:path');

// A function on line 1 that comes from line 5 of another file.
const comment = (source, name = 'original.ts') => {
  const map = { version: 3, sources: [name], names: [], mappings: 'AAIA' };
  return `${source}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
};
const place = (f) => {
  try {
    f();
  } catch (err) {
    return /\(?(\S+:\d+:\d+)\)?$/.exec(err.stack.split('\n')[1])[1];
  }
};
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maps-'));
const original = path.join(folder, 'original.ts');
const cjs = 'module.exports = function fails() { throw new Error("it fails"); };';
const write = (name, text) => {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};

(async () => {
  const file = write('file.js', comment(cjs));
  const fails = require(file);
  assert.strictEqual(process.sourceMapsEnabled, false);
  assert.ok(place(fails).startsWith(`${file}:1:`));
  assert.strictEqual(findSourceMap(file), undefined);

  process.setSourceMapsEnabled(true);
  assert.deepStrictEqual({ ...getSourceMapsSupport() }, { enabled: true, nodeModules: true, generatedCode: true });
  const again = write('again.js', comment(cjs));
  assert.strictEqual(place(require(again)), `${original}:5:1`);
  assert.strictEqual(findSourceMap(again).payload.sources.length, 1);

  // Text that isn't the file's.
  const given = path.join(folder, 'given.js');
  const module_ = new Module(given);
  module_._compile(comment(cjs), given);
  assert.strictEqual(place(module_.exports), `${original}:5:1`);

  const virtual = `file://${folder}/virtual.mjs`;
  registerHooks({
    resolve: (specifier, context, next) => (specifier === 'virtual' ? { url: virtual, shortCircuit: true } : next(specifier, context)),
    load: (url, context, next) => (url === virtual ?
      { format: 'module', source: comment('export default function fails() { throw new Error("it fails"); }'), shortCircuit: true } : next(url, context)),
  });
  assert.strictEqual(place((await import('virtual')).default), `${original}:5:1`);

  // Packages only when asked for.
  setSourceMapsSupport(true);
  assert.deepStrictEqual({ ...getSourceMapsSupport() }, { enabled: true, nodeModules: false, generatedCode: false });
  const inPackage = write('node_modules/p/index.js', comment(cjs));
  assert.ok(place(require(inPackage)).startsWith(`${inPackage}:1:`));
  process.setSourceMapsEnabled(false);
  assert.strictEqual(process.sourceMapsEnabled, false);
  assert.ok(place(fails).startsWith(`${file}:1:`));

  // A map in a file of its own, by the option; what nobody catches shows its place.
  fs.writeFileSync(original, '\n\n\n\nthrow new Error("it fails");\n');
  write('main.js.map', JSON.stringify({ version: 3, sources: ['original.ts'], names: [], mappings: 'AAIA' }));
  const main = write('main.js', 'throw new Error("it fails");\n//# sourceMappingURL=main.js.map\n');
  const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', main], { encoding: 'utf8' });
  assert.match(stderr, /original\.ts:5\n/);
  assert.match(stderr, /at .*original\.ts:5:1/);
  assert.doesNotMatch(stderr, /main\.js/);
})().finally(() => fs.rmSync(folder, { recursive: true }));
