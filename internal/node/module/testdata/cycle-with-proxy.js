// Exports that are a proxy are handed through a cycle without a trap being called.
const assert = require('assert');
const Module = require('module');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cycle-'));
try {
  fs.writeFileSync(path.join(dir, 'a.js'), 'module.exports = new Proxy({}, { getPrototypeOf() { throw new Error("asked"); } }); require("./b");');
  fs.writeFileSync(path.join(dir, 'b.js'), 'require("./a");');
  Module.createRequire(`${dir}/`)('./a');
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
assert.strictEqual(Module._stat(`${dir}-none`) < 0, true);
assert.deepStrictEqual([Module._stat('/'), Module._stat(__filename)], [1, 0]);
