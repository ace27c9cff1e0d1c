// A byte stream fills the reader's own memory, keeps what is left, and min waits for enough.
'use strict';
const assert = require('node:assert');

(async () => {
  let controller;
  const stream = new ReadableStream({ type: 'bytes', start(c) { controller = c; } });
  const reader = stream.getReader({ mode: 'byob' });
  const view = new Uint8Array(4);
  const first = reader.read(view);
  assert.strictEqual(view.buffer.detached, true);
  controller.enqueue(new Uint8Array([1, 2, 3, 4, 5, 6]));
  assert.deepStrictEqual((await first).value, new Uint8Array([1, 2, 3, 4]));
  assert.deepStrictEqual((await reader.read(new Uint8Array(4))).value, new Uint8Array([5, 6]));
  const atLeast = reader.read(new Uint16Array(3), { min: 2 });
  controller.byobRequest.view[0] = 7;
  controller.byobRequest.respond(1);
  controller.enqueue(new Uint8Array([0, 8, 0]));
  assert.deepStrictEqual([...(await atLeast).value], [7, 8]);
  controller.close();
  assert.strictEqual((await reader.read(new Uint8Array(1))).done, true);
  await assert.rejects(reader.read(new Uint8Array(0)), { code: 'ERR_INVALID_STATE' });
})();
