// AbortSignal.any(): follows the first of its sources, through composites too, and all have one reason.
'use strict';
const assert = require('node:assert');

const a = new AbortController();
const b = new AbortController();
const inner = AbortSignal.any([a.signal]);
const outer = AbortSignal.any([inner, b.signal]);
const order = [];
a.signal.addEventListener('abort', () => { order.push('a', inner.aborted, outer.aborted); });
outer.addEventListener('abort', (event) => {
  order.push('outer');
  assert.strictEqual(event.isTrusted, true);
});
const reason = { why: 'test' };
a.abort(reason);
assert.deepStrictEqual(order, ['a', true, true, 'outer']);
assert.strictEqual(outer.reason, reason);
b.abort();
assert.strictEqual(outer.reason, reason);
assert.strictEqual(AbortSignal.any([]).aborted, false);
assert.throws(() => new AbortSignal(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
assert.throws(() => AbortSignal.any([1]), { code: 'ERR_INVALID_ARG_TYPE' });
