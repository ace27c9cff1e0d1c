// pipeThrough and pipeTo: order, backpressure, errors both ways, abort.
'use strict';
const assert = require('node:assert');

(async () => {
  const out = [];
  await ReadableStream.from(['a', 'b'])
    .pipeThrough(new TransformStream({
      transform(chunk, controller) { controller.enqueue(chunk + chunk); },
      flush(controller) { controller.enqueue('end'); },
    }))
    .pipeTo(new WritableStream({ write(chunk) { out.push(chunk); } }));
  assert.deepStrictEqual(out, ['aa', 'bb', 'end']);

  let pulled = 0;
  let release;
  const slow = new WritableStream({ write() { return new Promise((resolve) => { release = resolve; }); } });
  const source = new ReadableStream({ pull(controller) { controller.enqueue(++pulled); } });
  const controller = new AbortController();
  const piping = source.pipeTo(slow, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(pulled <= 3, `${pulled} chunks were pulled`);
  controller.abort(new Error('enough'));
  release();
  await assert.rejects(piping, /enough/);

  let cancelled;
  const failing = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { cancelled = reason; } });
  const boom = new Error('boom');
  await assert.rejects(failing.pipeTo(new WritableStream({ write() { throw boom; } })), /boom/);
  assert.strictEqual(cancelled, boom);
})();
