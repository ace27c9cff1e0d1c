// The loaders do without array iterators and without setters that Object.prototype may have got.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'prototypes-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const file = (name, text) => fs.writeFileSync(path.join(dir, name), text);
file('a.mjs', 'import { b } from "./b.mjs"; import c from "./c.cjs"; export const a = b + c.c;');
file('b.mjs', 'export const b = 1;');
file('c.cjs', 'exports.c = 2;');
for (const name of ['exports', 'main', 'type', 'imports']) {
  Object.defineProperty(Object.prototype, name, { __proto__: null, set() { throw new Error(`set ${name}`); }, get() { throw new Error(`got ${name}`); }, configurable: true });
}
const iterator = Array.prototype[Symbol.iterator];
delete Array.prototype[Symbol.iterator];
const loaded = require(path.join(dir, 'a.mjs'));
import(path.join(dir, 'a.mjs')).then((ns) => {
  Array.prototype[Symbol.iterator] = iterator;
  for (const name of ['exports', 'main', 'type', 'imports']) delete Object.prototype[name];
  assert.strictEqual(ns, loaded);
  assert.strictEqual(ns.a, 3);
}).catch((err) => { process.exitCode = 1; process._rawDebug(err); });
