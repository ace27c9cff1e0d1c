// events.on() keeps the order, ends on `close`, and fails after what came before the error.
'use strict';
const assert = require('node:assert');
const { EventEmitter, on } = require('node:events');

(async () => {
  const emitter = new EventEmitter();
  const iterator = on(emitter, 'n', { close: ['done'] });
  emitter.emit('n', 1, 'a');
  emitter.emit('n', 2);
  emitter.emit('done');
  assert.deepStrictEqual(await iterator.next(), { value: [1, 'a'], done: false });
  assert.deepStrictEqual(await iterator.next(), { value: [2], done: false });
  assert.deepStrictEqual(await iterator.next(), { value: undefined, done: true });
  assert.strictEqual(emitter.listenerCount('n'), 0);

  const failing = on(emitter, 'n');
  emitter.emit('n', 3);
  emitter.emit('error', new Error('boom'));
  assert.deepStrictEqual(await failing.next(), { value: [3], done: false });
  await assert.rejects(failing.next(), /boom/);
  assert.strictEqual((await failing.next()).done, true);
})();
