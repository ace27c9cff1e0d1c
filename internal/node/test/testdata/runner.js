// A tree of tests: order, hooks, skips, callbacks, mocks. Failures are counted by a second program.
const { after, afterEach, before, beforeEach, describe, it, mock, test } = require('node:test');
const assert = require('assert');
const { spawnSync } = require('child_process');
const seen = [];
before(() => seen.push('root before'));
test('passes', async (t) => {
  assert.strictEqual(t.name, 'passes');
  await t.test('inner', (u) => {
    assert.strictEqual(u.fullName, 'passes > inner');
    seen.push('inner');
  });
  seen.push('passes');
});
test('callback', (t, done) => setTimeout(done, 1));
test('skipped', { skip: true }, () => assert.fail());
test.skip('skipped too', () => assert.fail());
test('todo may fail', { todo: true }, () => assert.fail());
test('plan', (t) => {
  t.plan(2);
  t.assert.ok(1);
  t.assert.strictEqual(1, 1);
});
describe('suite', () => {
  before(() => seen.push('before'));
  beforeEach((t) => seen.push(`each ${t.name}`));
  afterEach(() => seen.push('after each'));
  after(() => seen.push('after'));
  it('one', () => seen.push('one'));
  describe('deep', () => it('two', () => seen.push('two')));
});
test('mocks', (t) => {
  const object = { add(a, b) { return a + b; }, get size() { return 1; } };
  const add = t.mock.method(object, 'add', () => 7);
  assert.strictEqual(object.add(1, 2), 7);
  assert.strictEqual(add.mock.callCount(), 1);
  assert.deepStrictEqual(add.mock.calls[0].arguments, [1, 2]);
  assert.strictEqual(add.mock.calls[0].this, object);
  add.mock.restore();
  assert.strictEqual(object.add(1, 2), 3);
  t.mock.getter(object, 'size', () => 9);
  assert.strictEqual(object.size, 9);
  t.mock.reset();
  assert.strictEqual(object.size, 1);
  const fn = mock.fn(() => 1, () => 2, { times: 1 });
  assert.deepStrictEqual([fn(), fn()], [2, 1]);
  fn.mock.mockImplementationOnce(() => 5);
  assert.strictEqual(fn(), 5);
  const bad = mock.fn(() => { throw new Error('bad'); });
  assert.throws(bad, /bad/);
  assert.strictEqual(bad.mock.calls[0].error.message, 'bad');
  class A { constructor(x) { this.x = x; } }
  const B = mock.fn(A);
  assert.strictEqual(new B(3).x, 3);
  assert.throws(() => mock.fn(1), { code: 'ERR_INVALID_ARG_TYPE' });
});
const run = (source) => spawnSync(process.execPath, ['-e', `const { test, describe, it } = require('node:test');${source}`], { encoding: 'utf8', timeout: 20000 });
test('exit codes', () => {
  assert.strictEqual(run('test("a", () => {})').status, 0);
  const failing = run('test("a", () => { throw new Error("x") }); test("b", () => {})');
  assert.strictEqual(failing.status, 1);
  assert.match(failing.stdout, /pass 1\n/);
  assert.match(failing.stdout, /fail 1\n/);
  assert.strictEqual(run('test("a", async () => { setTimeout(() => { throw new Error("late") }, 1); await new Promise((r) => setTimeout(r, 50)) })').status, 1);
  assert.strictEqual(run('test("a", { timeout: 5 }, () => new Promise((r) => setTimeout(r, 50)))').status, 1);
  assert.strictEqual(run('describe("s", () => { it("a", async () => { throw 1 }) })').status, 1);
});
process.on('exit', () => assert.deepStrictEqual(seen, [
  'root before', 'inner', 'passes', 'before', 'each one', 'one', 'after each', 'each two', 'two', 'after each', 'after',
]));
