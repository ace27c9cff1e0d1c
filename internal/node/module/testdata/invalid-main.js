// A "main" that doesn't exist is told as DEP0128 when index.js takes its place.
const assert = require('assert');
const Module = require('module');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'main-'));
fs.mkdirSync(path.join(dir, 'node_modules', 'p'), { recursive: true });
fs.writeFileSync(path.join(dir, 'node_modules', 'p', 'package.json'), '{"main":"none.js"}');
fs.writeFileSync(path.join(dir, 'node_modules', 'p', 'index.js'), 'module.exports = 1');
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const seen = [];
process.on('warning', (w) => seen.push(w.code));
assert.strictEqual(Module.createRequire(`${dir}/`)('p'), 1);
setImmediate(() => assert.deepStrictEqual(seen, ['DEP0128']));
