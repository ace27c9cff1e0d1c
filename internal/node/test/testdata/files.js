// --test: which files it finds, one process a file or all in one, filters, shards, exit codes.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  fs.writeFileSync(path.join(dir, name), text);
};
write('a.test.js', `const { test, before, after } = require('node:test'); before(() => console.log('before a'));
test('one', { only: true }, () => {}); test('two', () => { throw new Error('bad two'); }); after(() => console.log('after a'));`);
write('test/deep/b.mjs', "import { describe, it } from 'node:test'; describe('suite', () => { it('three', () => {}); it.skip('four', () => {}); it.todo('five'); });");
write('test/plain.cjs', "console.log('no tests here');");
write('src/latest.js', "throw new Error('is no test');");
write('node_modules/x/x.test.js', "throw new Error('is no test');");
write('fails.js', "throw new Error('does not load');");
const env = { ...process.env };
delete env.NODE_TEST_CONTEXT;
delete env.FORCE_COLOR;
const run = (...args) => spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...args], { cwd: dir, encoding: 'utf8', env, timeout: 30000 });
const count = (text, name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1]);

for (const isolation of ['process', 'none']) {
  const all = run(`--test-isolation=${isolation}`, 'a.test.js', 'test/**/*.mjs', 'test/plain.cjs');
  assert.strictEqual(all.stderr, '');
  assert.strictEqual(all.status, isolation === 'process' ? 1 : 0, all.stdout); // only counts where the files share a process
  if (isolation === 'process') {
    assert.match(all.stdout, /^ok 1 - one$/m);
    assert.match(all.stdout, /^not ok 2 - two$/m);
    assert.match(all.stdout, /error: 'bad two'/);
    assert.match(all.stdout, /^# before a$/m);
    assert.deepStrictEqual(['tests', 'suites', 'pass', 'fail', 'skipped', 'todo'].map((n) => count(all.stdout, n)), [6, 1, 3, 1, 1, 1]);
    assert.match(all.stdout, /^ {4}ok 2 - four # SKIP$/m);
    assert.match(all.stdout, /^ {4}ok 3 - five # TODO$/m);
  } else {
    assert.deepStrictEqual(['tests', 'pass', 'fail'].map((n) => count(all.stdout, n)), [1, 1, 0]);
  }
}
// What is found without arguments.
const found = run();
assert.match(found.stdout, /no tests here/);
assert.doesNotMatch(found.stdout, /is no test|does not load/);
assert.strictEqual(count(found.stdout, 'tests'), 6);
// A file that doesn't load is a failing test.
const broken = run('fails.js');
assert.strictEqual(broken.status, 1);
assert.match(broken.stdout, /^not ok 1 - .*fails\.js$/m);
const missing = run('nothing-here.js');
assert.strictEqual(missing.status, 1);
assert.match(missing.stderr, /^Could not find/);
assert.strictEqual(missing.stdout, '');
// Filters: what is left out isn't reported.
assert.deepStrictEqual(['tests', 'pass', 'fail'].map((n) => count(run('--test-name-pattern=thr', 'a.test.js', 'test/deep/b.mjs').stdout, n)), [2, 2, 0]); // a file without a test is one
assert.deepStrictEqual(['tests', 'pass', 'fail'].map((n) => count(run('--test-name-pattern=suite three', 'test/deep/b.mjs').stdout, n)), [1, 1, 0]);
assert.deepStrictEqual(['tests', 'pass'].map((n) => count(run('--test-skip-pattern=/^two$/', 'a.test.js').stdout, n)), [1, 1]);
assert.deepStrictEqual(['tests', 'pass'].map((n) => count(run('--test-only', 'a.test.js').stdout, n)), [1, 1]);
assert.strictEqual(count(run('--test-shard=2/2', 'a.test.js', 'test/deep/b.mjs').stdout, 'suites'), 1);
assert.match(run('--test-shard=x', 'a.test.js').stderr, /must be in the form of <index>\/<total>/);
