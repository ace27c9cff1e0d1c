// Who replaces process.emit, as source-map-support does, is asked about an exception that has no listener, and may take it.
'use strict';
const assert = require('node:assert');

const { emit } = process;
const seen = [];
process.emit = function (name, ...args) {
  if (name.startsWith('uncaughtException')) {
    seen.push([name, args[0].message, args[1]]);
  }
  return name === 'uncaughtException' ? true : emit.call(this, name, ...args);
};
setTimeout(() => {
  throw new Error('taken');
}, 1);
process.on('exit', (code) => {
  assert.deepStrictEqual(seen, [['uncaughtExceptionMonitor', 'taken', 'uncaughtException'], ['uncaughtException', 'taken', 'uncaughtException']]);
  assert.strictEqual(code, 0);
});
