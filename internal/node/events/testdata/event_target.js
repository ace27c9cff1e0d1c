// EventTarget: order, once, removal during dispatch, stopImmediatePropagation, handleEvent, signal.
'use strict';
const assert = require('node:assert');

const target = new EventTarget();
const calls = [];
const removed = () => calls.push('removed');
target.addEventListener('x', () => {
  calls.push(1);
  target.removeEventListener('x', removed);
});
target.addEventListener('x', removed);
target.addEventListener('x', { handleEvent(event) { calls.push(event.type, this !== target); } }, { once: true });
assert.strictEqual(target.dispatchEvent(new Event('x')), true);
assert.deepStrictEqual(calls, [1, 'x', true]);

calls.length = 0;
const second = new EventTarget();
second.addEventListener('y', (event) => {
  event.stopImmediatePropagation();
  event.preventDefault();
});
second.addEventListener('y', () => calls.push('never'));
assert.strictEqual(second.dispatchEvent(new Event('y', { cancelable: true })), false);
assert.deepStrictEqual(calls, []);

const controller = new AbortController();
const third = new EventTarget();
third.addEventListener('z', () => calls.push('z'), { signal: controller.signal });
third.dispatchEvent(new Event('z'));
controller.abort();
third.dispatchEvent(new Event('z'));
assert.deepStrictEqual(calls, ['z']);
