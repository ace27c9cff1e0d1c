// AsyncLocalStorage follows every kind of asynchronous work.
const assert = require('node:assert');
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const storage = new AsyncLocalStorage({ name: 'requests', defaultValue: 'none' });
const other = new AsyncLocalStorage();
let seen = 0;
const expect = (value) => () => {
  seen++;
  assert.strictEqual(storage.getStore(), value);
};
assert.strictEqual(storage.name, 'requests');
assert.strictEqual(storage.getStore(), 'none');
storage.run('a', () => {
  setTimeout(expect('a'), 1);
  setImmediate(expect('a'));
  process.nextTick(expect('a'));
  queueMicrotask(expect('a'));
  Promise.resolve().then(expect('a'));
  (async () => {
    await null;
    expect('a')();
    storage.enterWith('b');
    await null;
    expect('b')();
  })();
  storage.exit(expect(undefined));
  other.enterWith('stays');
});
assert.strictEqual(storage.getStore(), 'none');
assert.strictEqual(other.getStore(), 'stays');
const bound = storage.run('c', () => AsyncLocalStorage.bind(expect('c')));
bound();
const snapshot = storage.run('d', () => AsyncLocalStorage.snapshot());
storage.run('e', () => snapshot(expect('d')));
const resource = storage.run('f', () => new AsyncResource('THING'));
resource.runInAsyncScope(expect('f'));
assert.throws(() => storage.run('g', () => { throw new Error('x'); }), { message: 'x' });
assert.strictEqual(storage.getStore(), 'none');
process.on('exit', () => assert.strictEqual(seen, 11));
