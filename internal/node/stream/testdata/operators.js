// Operators keep the order under concurrency, stop the source early, and take an AbortSignal.
'use strict';
const assert = require('node:assert');
const { Readable } = require('node:stream');
const { once } = require('node:events');

(async () => {
  let running = 0;
  let most = 0;
  const mapped = Readable.from([5, 1, 3, 2, 4]).map(async (n) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, n * 3));
    running--;
    return n * 2;
  }, { concurrency: 3 });
  assert.deepStrictEqual(await mapped.toArray(), [10, 2, 6, 4, 8]);
  assert.strictEqual(most, 3);

  let closed = false;
  async function* numbers() {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      closed = true;
    }
  }
  const source = Readable.from(numbers());
  assert.deepStrictEqual(await source.filter((n) => n % 2).drop(1).take(2).toArray(), [3, 5]);
  if (!source.closed) await once(source, 'close');
  assert.ok(closed);
  assert.strictEqual(await Readable.from([1, 2, 3]).reduce((a, b) => a + b), 6);
  await assert.rejects(Readable.from([]).reduce((a) => a), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => Readable.from([1]).map(1), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(Readable.from([1, 2]).toArray({ signal: AbortSignal.abort() }), { name: 'AbortError' });
})();
