// import() in a context of node:vm gives a promise of that context.
const assert = require('node:assert');
const vm = require('node:vm');
const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const [inside, promise] = vm.runInNewContext("const p = import('node:fs'); [p instanceof Promise, p]", {}, { importModuleDynamically });
assert.ok(inside);
assert.ok(!(promise instanceof Promise));
let got;
promise.then((namespace) => { got = namespace; });
process.on('exit', () => assert.strictEqual(got.default, require('node:fs')));
