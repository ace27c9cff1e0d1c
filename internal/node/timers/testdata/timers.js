// Clearing, primitives, refresh, ref and unref, intervals.
const assert = require('node:assert');
const { promisify } = require('node:util');
const promises = require('node:timers/promises');
const cleared = setTimeout(() => assert.fail(), 1);
clearTimeout(cleared);
assert.strictEqual(cleared._destroyed, true);
assert.strictEqual(cleared.refresh(), cleared);
const id = +setTimeout(() => assert.fail(), 1);
clearTimeout(`${id}`);
clearTimeout(null);
clearTimeout({});
assert.strictEqual(promisify(setTimeout), promises.setTimeout);
assert.strictEqual(promisify(setImmediate), promises.setImmediate);
const unrefed = setTimeout(() => assert.fail(), 100000).unref();
assert.strictEqual(unrefed.hasRef(), false);
let n = 0;
let refreshed = 0;
const interval = setInterval(function (a) {
  assert.strictEqual(this, interval);
  assert.strictEqual(a, 'argument');
  if (++n === 3) clearInterval(interval);
}, 1, 'argument');
const again = setTimeout(() => {
  if (++refreshed < 3) again.refresh();
}, 1);
const inImmediate = setImmediate(() => assert.fail());
clearImmediate(inImmediate);
assert.throws(() => setTimeout('text', 1), { code: 'ERR_INVALID_ARG_TYPE' });
process.on('exit', () => {
  assert.strictEqual(n, 3);
  assert.strictEqual(refreshed, 3);
});
