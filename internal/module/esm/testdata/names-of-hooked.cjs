// The names of a CommonJS module are those of the text that a hook gives, not of the file.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const { registerHooks } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'hooked-')));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const file = path.join(dir, 'a.cjs');
fs.writeFileSync(file, 'exports.old = 1;');
fs.writeFileSync(path.join(dir, 'b.cjs'), 'exports.b = 2;');
registerHooks({
  load(url, context, next) {
    return url === pathToFileURL(file).href ? { format: 'commonjs', source: 'exports.fresh = 3; __exportStar(require("./b.cjs"), exports);\nfunction __exportStar(m, e) { for (const p in m) e[p] = m[p]; }', shortCircuit: true } : next(url, context);
  },
});
import(pathToFileURL(file).href).then((namespace) => {
  assert.strictEqual(namespace.fresh, 3);
  assert.strictEqual(namespace.b, 2);
  assert.ok(!('old' in namespace));
});
