// What WebAssembly compiles on other threads keeps the program alive, though nothing else does.
const assert = require('node:assert');
// (module (func (export "f") (result i32) i32.const 42))
const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]);
let answer;
(async () => {
  const module = await WebAssembly.compile(bytes);
  const instance = await WebAssembly.instantiate(module);
  answer = instance.exports.f();
})();
process.on('exit', () => assert.strictEqual(answer, 42));
