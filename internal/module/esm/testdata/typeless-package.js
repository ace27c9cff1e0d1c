// A file that is found to be an ES module by its syntax is warned of, once for each package.json that should have said so.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'typeless-')));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
for (const [name, text] of Object.entries({
  'a/package.json': '{ "name": "a" }',
  'a/one.js': 'export const one = 1; import "./two.js";',
  'a/two.js': 'export const two = 2;',
  'a/typed.ts': 'export const typed: number = 3;',
  'a/script.js': 'exports.four = 4;',
  'a/bare': 'export const five = 5;',
  'b/package.json': '{ "type": "module" }',
  'b/one.js': 'export const one = 1;',
  'none/one.js': 'export const one = 1;',
  'node_modules/p/package.json': '{ "name": "p" }',
  'node_modules/p/index.js': 'export const six = 6;',
  'require.cjs': 'require("./a/two.js")',
  'import.cjs': 'process.on("warning", ({ name, code }) => console.log(name, code)); import("./a/two.js?x").then(() => import("./a/one.js"))',
  'rest.mjs': 'import "./a/script.js"; import "./a/bare"; import "./b/one.js"; import "./none/one.js"; import "p/index.js";',
})) {
  fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  fs.writeFileSync(path.join(dir, name), text);
}

function run(...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return { stdout, stderr: stderr.replace(/^\(node:\d+\) /, '') };
}
const warning = (name, query = '') => '[MODULE_TYPELESS_PACKAGE_JSON] Warning: ' +
  `Module type of ${pathToFileURL(path.join(dir, name))}${query} is not specified and it doesn't parse as CommonJS.\n` +
  'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
  `To eliminate this warning, add "type": "module" to ${path.join(dir, 'a/package.json')}.\n` +
  '(Use `node --trace-warnings ...` to show where the warning was created)\n';
const shown = (text) => text.replace(/Use `\w+ /, 'Use `node ');

assert.strictEqual(shown(run('a/one.js').stderr), warning('a/one.js'));
assert.strictEqual(shown(run('a/typed.ts').stderr), warning('a/typed.ts'));
assert.strictEqual(run('require.cjs').stderr, '');
assert.strictEqual(run('rest.mjs').stderr, '');
assert.strictEqual(run('--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', 'a/one.js').stderr, '');
const { stdout, stderr } = run('import.cjs');
assert.strictEqual(shown(stderr), warning('a/two.js', '?x'));
assert.strictEqual(stdout, 'Warning MODULE_TYPELESS_PACKAGE_JSON\n');
