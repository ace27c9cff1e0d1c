// run(): the stream's events and their order; concurrency; reporters from a program.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { run } = require('node:test');
const { tap, spec, dot } = require('node:test/reporters');
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'events-')), 'file.js');
process.on('exit', () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
fs.writeFileSync(file, `const { describe, it, test } = require('node:test');
describe('parallel', { concurrency: true }, () => {
  it('slow', () => new Promise((r) => setTimeout(r, 30)));
  it('quick', (t) => { t.diagnostic('said'); });
});
test('fails', () => { const e = new TypeError('wrong', { cause: 7 }); e.extra = 1; throw e; });
test('out', () => console.log('printed'));
`);
(async () => {
  const events = [];
  for await (const { type, data } of run({ files: [file] })) {
    events.push([type, data]);
  }
  const of = (type) => events.filter(([t]) => t === type).map(([, data]) => data);
  // Results in the order of the declarations; completions as they happen.
  assert.deepStrictEqual(of('test:pass').map((d) => d.name), ['slow', 'quick', 'parallel', 'out']);
  assert.deepStrictEqual(of('test:complete').map((d) => d.name).slice(0, 3), ['quick', 'slow', 'parallel']);
  assert.deepStrictEqual(of('test:start').map((d) => [d.name, d.nesting]), [['parallel', 0], ['slow', 1], ['quick', 1], ['fails', 0], ['out', 0]]);
  const [failed] = of('test:fail');
  const { error } = failed.details;
  assert.strictEqual(failed.testNumber, 2);
  assert.strictEqual(failed.file, file);
  assert.strictEqual(failed.line, 6);
  assert.strictEqual(error.code, 'ERR_TEST_FAILURE');
  assert.strictEqual(error.failureType, 'testCodeFailure');
  assert.ok(error.cause instanceof TypeError);
  assert.strictEqual(error.cause.message, 'wrong');
  assert.strictEqual(error.cause.cause, 7);
  assert.match(of('test:stdout').map((d) => d.message).join(''), /printed/);
  assert.ok(of('test:diagnostic').some((d) => d.message === 'said' && d.nesting === 1));
  assert.deepStrictEqual(of('test:plan').map((d) => [d.nesting, d.count]), [[1, 2], [0, 3]]);
  const summary = of('test:summary').at(-1);
  assert.strictEqual(summary.success, false);
  assert.deepStrictEqual([summary.counts.tests, summary.counts.suites, summary.counts.passed, summary.counts.failed], [4, 1, 3, 1]);

  const lines = await run({ files: [file] }).compose(tap).toArray();
  assert.strictEqual(lines[0], 'TAP version 13\n');
  assert.ok(lines.includes('not ok 2 - fails\n'));
  assert.match((await run({ files: [file] }).compose(spec()).toArray()).join(''), /▶ parallel\n {2}✔ slow/);
  assert.match((await run({ files: [file] }).compose(dot).toArray()).join(''), /^\.\.\.X\.\n/);
  assert.throws(() => run({ files: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => run({ shard: { index: 3, total: 2 } }), { code: 'ERR_OUT_OF_RANGE' });
})();
