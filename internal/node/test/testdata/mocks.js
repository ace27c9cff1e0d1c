// Mocked time, properties and modules.
const assert = require('assert');
const { spawnSync } = require('child_process');
const { mock, test } = require('node:test');
test('time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1000 });
  const seen = [];
  setTimeout(() => seen.push(['timeout', Date.now()]), 50);
  const every = setInterval(() => seen.push(['interval', Date.now()]), 20);
  t.mock.timers.tick(45);
  assert.deepStrictEqual(seen, [['interval', 1045], ['interval', 1045]]);
  clearInterval(every);
  t.mock.timers.runAll();
  assert.deepStrictEqual(seen.at(-1), ['timeout', 1050]);
  const slept = require('timers/promises').setTimeout(100, 'value');
  t.mock.timers.tick(100);
  assert.strictEqual(await slept, 'value');
  assert.throws(() => t.mock.timers.enable(), { code: 'ERR_INVALID_STATE' });
  t.mock.timers.reset();
  assert.ok(Date.now() > 1e12);
  assert.throws(() => t.mock.timers.tick(1), { code: 'ERR_INVALID_STATE' });
});
test('property', () => {
  const object = { a: 1 };
  const { mock: m } = mock.property(object, 'a', 2);
  assert.strictEqual(object.a, 2);
  object.a = 3;
  assert.strictEqual(object.a, 3);
  assert.deepStrictEqual(m.accesses.map((x) => x.type), ['get', 'set', 'get']);
  m.restore();
  assert.strictEqual(object.a, 1);
});
test('module', () => {
  const { status, stdout } = spawnSync(process.execPath, ['--experimental-test-module-mocks', '--no-warnings', '-e', `
    const { mock } = require('node:test');
    const assert = require('assert');
    (async () => {
      const m = mock.module('node:readline', { namedExports: { fn: () => 42 }, cache: true });
      assert.strictEqual(require('readline').fn(), 42);
      assert.strictEqual((await import('readline')).fn(), 42);
      assert.strictEqual(require('readline'), require('node:readline'));
      m.restore();
      assert.strictEqual(typeof require('readline').createInterface, 'function');
      console.log('done');
    })();`], { encoding: 'utf8', timeout: 20000 });
  assert.strictEqual(stdout.includes('done'), true);
  assert.strictEqual(status, 0);
});
test('snapshot of what is late', () => {
  const { status, stdout } = spawnSync(process.execPath, ['-e', `
    const { test } = require('node:test');
    test('early', () => { setImmediate(() => { throw new Error('late'); }); });
    test('waits', () => new Promise((r) => setTimeout(r, 20)));`], { encoding: 'utf8', timeout: 20000, env: { ...process.env, NODE_TEST_CONTEXT: '' } });
  assert.match(stdout, /"early".*generated asynchronous activity after the test ended/);
  assert.strictEqual(status, 1);
});
test('a planned value of a property', () => {
  const object = { a: 1 };
  const { mock: m } = mock.property(object, 'a', 5);
  m.mockImplementationOnce(9);
  object.a = 7; // the plan is used up by the assignment, and wins
  assert.strictEqual(object.a, 9);
  assert.deepStrictEqual(m.accesses.map(({ type, value }) => [type, value]), [['set', 9], ['get', 9]]);
  assert.throws(() => mock.property(object, 'q', 1), { code: 'ERR_INVALID_ARG_VALUE', message: /Received 'q'/ });
});
