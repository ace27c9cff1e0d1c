// createHook sees resources, promises among them, with ids that fit together.
const assert = require('node:assert');
const { AsyncResource, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId } = require('node:async_hooks');
const types = new Map();
const events = [];
const hook = createHook({
  init(id, type, trigger, resource) {
    types.set(id, type);
    assert.strictEqual(typeof trigger, 'number');
    assert.ok(resource);
  },
  before(id) { events.push(`before ${types.get(id)}`); },
  after(id) { events.push(`after ${types.get(id)}`); },
  promiseResolve(id) { events.push(`resolve ${types.get(id)}`); },
}).enable();
const main = executionAsyncId();
assert.strictEqual(main, 1);
const resource = new AsyncResource('THING');
assert.strictEqual(resource.triggerAsyncId(), main);
resource.runInAsyncScope(() => {
  assert.strictEqual(executionAsyncId(), resource.asyncId());
  assert.strictEqual(triggerAsyncId(), main);
  assert.strictEqual(executionAsyncResource(), resource);
});
assert.deepStrictEqual(events.splice(0), ['before THING', 'after THING']);
Promise.resolve(1).then(() => {
  assert.strictEqual(types.get(executionAsyncId()), 'PROMISE');
  assert.ok(executionAsyncResource() instanceof Promise);
});
setTimeout(function () {
  assert.strictEqual(types.get(executionAsyncId()), 'Timeout');
  assert.strictEqual(executionAsyncResource(), this);
  hook.disable();
  assert.ok(events.includes('before PROMISE') && events.includes('after PROMISE') && events.includes('resolve PROMISE'));
}, 1);
assert.throws(() => createHook({ init: 1 }), { code: 'ERR_ASYNC_CALLBACK' });
assert.throws(() => new AsyncResource(), { code: 'ERR_INVALID_ARG_TYPE' });
