// 10,000 timers, a third of them cleared by others, all on time and in order; 1,000,000 ticks in one chain and 100,000 immediates.
'use strict';
const assert = require('node:assert');

const fired = [];
const timers = [];
for (let i = 0; i < 10_000; i++) timers.push(setTimeout(() => fired.push(i), 1 + (i % 50)));
for (let i = 0; i < 10_000; i += 3) clearTimeout(timers[i]);

let ticks = 0;
function tick() {
  if (++ticks < 1_000_000) process.nextTick(tick);
}
process.nextTick(tick);

let immediates = 0;
function immediate() {
  if (++immediates < 100_000) setImmediate(immediate);
}
setImmediate(immediate);

process.on('exit', () => {
  assert.strictEqual(ticks, 1_000_000);
  assert.strictEqual(immediates, 100_000);
  assert.strictEqual(fired.length, 6666);
  const last = new Map();
  for (const i of fired) {
    assert.notStrictEqual(i % 3, 0);
    assert.ok((last.get(i % 50) ?? -1) < i, 'timers of one duration fire in the order of their start');
    last.set(i % 50, i);
  }
});
