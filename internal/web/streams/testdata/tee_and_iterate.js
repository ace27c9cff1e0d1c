// tee() gives both branches everything; leaving a loop cancels the source.
'use strict';
const assert = require('node:assert');

(async () => {
  const [a, b] = ReadableStream.from([1, 2, 3]).tee();
  const first = [];
  for await (const n of a) first.push(n);
  const second = [];
  for await (const n of b) second.push(n);
  assert.deepStrictEqual([first, second], [[1, 2, 3], [1, 2, 3]]);

  let reason = 'not cancelled';
  const stream = new ReadableStream({ pull(c) { c.enqueue('x'); }, cancel(r) { reason = r; } });
  for await (const chunk of stream) {
    assert.strictEqual(chunk, 'x');
    break;
  }
  assert.strictEqual(reason, undefined);
  assert.strictEqual(stream.locked, false);

  const kept = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } });
  for await (const n of kept.values({ preventCancel: true })) {
    assert.strictEqual(n, 1);
    break;
  }
  assert.deepStrictEqual(await kept.getReader().read(), { value: 2, done: false });
})();
