'use strict';
// NODE_V8_COVERAGE: the program, its workers and the programs that it starts write what of them ran, also one that a signal of its own ends.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);
write('main.js', `
const { Worker } = require('node:worker_threads');
const { spawnSync } = require('node:child_process');
new Worker('./worker.js').on('exit', () => {
  spawnSync(process.execPath, ['child.js'], { env: { PATH: process.env.PATH } }); // another environment changes nothing
  process.kill(process.pid, 'SIGINT');
});
`);
write('worker.js', 'function inWorker() {}\ninWorker();\n');
write('child.js', 'function inChild() {}\n');

const coverage = path.join(folder, 'out', 'deep');
const { signal } = spawnSync(process.execPath, ['main.js'], { cwd: folder, env: { ...process.env, NODE_V8_COVERAGE: coverage } });
assert.strictEqual(signal, 'SIGINT');
const seen = {};
for (const name of fs.readdirSync(coverage)) {
  assert.match(name, /^coverage-\d+-\d{13}-\d+(-\d+)?\.json$/);
  for (const { url, functions } of JSON.parse(fs.readFileSync(path.join(coverage, name), 'utf8')).result) {
    if (url.startsWith('file:') && url.includes(path.basename(folder))) seen[path.basename(url)] = functions;
  }
}
assert.deepStrictEqual(Object.keys(seen).sort(), ['child.js', 'main.js', 'worker.js']);
assert.deepStrictEqual(seen['worker.js'][1].ranges, [{ startOffset: 0, endOffset: 22, count: 1 }]);
assert.deepStrictEqual(seen['child.js'][1].ranges, [{ startOffset: 0, endOffset: 21, count: 0 }]);
