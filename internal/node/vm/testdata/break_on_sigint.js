'use strict';
// SIGINT ends a run with breakOnSigint; the process's listeners hear of it no more than the default action comes.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const vm = require('node:vm');

if (process.argv[2] !== 'child') {
  const child = spawn(process.execPath, [__filename, 'child'], { stdio: [null, null, 'inherit', 'ipc'] });
  child.on('message', () => child.kill('SIGINT'));
  child.on('close', (code, signal) => {
    assert.deepStrictEqual([code, signal], [0, null]);
    console.log('done');
  });
  return;
}

const interrupted = { code: 'ERR_SCRIPT_EXECUTION_INTERRUPTED', message: 'Script execution was interrupted by `SIGINT`' };
const loop = 'ready(); for (;;) {}';
globalThis.ready = () => process.send('ready');
const context = vm.createContext({ ready, vm, setOuter() { outer = true; } });
let outer = false;
let heard = 0;
process.on('SIGINT', () => heard++);

assert.throws(() => vm.runInThisContext(loop, { breakOnSigint: true }), interrupted);
assert.throws(() => vm.runInContext(loop, context, { breakOnSigint: true }), interrupted);
// The innermost run ends; what runs around it goes on.
vm.runInContext(`
  try { vm.runInThisContext(${JSON.stringify(loop)}, { breakOnSigint: true }); } catch (err) { if (err.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') setOuter(); }
`, context, { breakOnSigint: true });
assert.strictEqual(outer, true);
// A run within that can't be broken ends with the one around it.
assert.throws(() => vm.runInContext(`vm.runInThisContext(${JSON.stringify(loop)})`, context, { breakOnSigint: true }), interrupted);
// A limit of time counts beside it.
assert.throws(() => vm.runInThisContext('for (;;) {}', { breakOnSigint: true, timeout: 10 }), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
assert.strictEqual(heard, 0);

// Afterwards the listeners are what they were.
process.once('SIGINT', () => {
  assert.strictEqual(heard, 1);
  process.disconnect();
  process.removeAllListeners('SIGINT');
});
process.send('ready');
