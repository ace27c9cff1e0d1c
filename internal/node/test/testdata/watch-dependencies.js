'use strict';
// Watch mode runs the files again that have loaded what changed, and files that are new; with isolation 'none' all of them, in one process.
const assert = require('node:assert');
const { mkdtempSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { run } = require('node:test');

const cwd = mkdtempSync(join(tmpdir(), 'watch-'));
process.on('exit', () => rmSync(cwd, { recursive: true, force: true }));
mkdirSync(join(cwd, 'lib'));
for (const name of ['a', 'b']) {
  writeFileSync(join(cwd, `lib/${name}.js`), `module.exports = '${name}';`);
  writeFileSync(join(cwd, `${name}.test.js`), `require('node:test')('${name} ' + require('./lib/${name}.js'), (t) => t.diagnostic('in ' + process.pid));`);
}
writeFileSync(join(cwd, 'lib/other.js'), '');

const deadline = setTimeout(() => assert.fail('too slow'), 60_000);

async function watching(isolation, steps) {
  const controller = new AbortController();
  let passed = [];
  let drained = () => {};
  const stream = run({ cwd, watch: true, isolation, signal: controller.signal });
  stream.on('test:pass', ({ name }) => passed.push(name));
  stream.on('test:fail', ({ name, details }) => assert.fail(`${name}: ${details.error.message}`));
  stream.on('test:watch:drained', () => drained());
  stream.resume();
  for (const [change, expected] of steps) {
    const done = new Promise((resolve) => { drained = resolve; });
    passed = [];
    change();
    await done;
    assert.deepStrictEqual(passed.sort(), expected);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  controller.abort();
}

(async () => {
  await watching('process', [
    [() => {}, ['a a', 'b b']],
    [() => writeFileSync(join(cwd, 'lib/a.js'), "module.exports = 'a2';"), ['a a2']],
    [() => writeFileSync(join(cwd, 'lib/b.js'), "module.exports = 'b2';"), ['b b2']],
    [() => writeFileSync(join(cwd, 'a.test.js'), "require('node:test')('a new');"), ['a new']],
    [() => writeFileSync(join(cwd, 'c.test.js'), "require('node:test')('c');"), ['c']],
  ]);
  await watching('none', [
    [() => {}, ['a new', 'b b2', 'c']],
    [() => writeFileSync(join(cwd, 'lib/b.js'), "module.exports = 'b3';"), ['a new', 'b b3', 'c']],
  ]);
  clearTimeout(deadline);
  console.log('done');
  process.exit();
})();
