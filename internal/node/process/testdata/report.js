// process.report: as an object, as a file, at a signal and at an exception that ends the program.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const report = process.report.getReport();
assert.strictEqual(report.header.reportVersion, 5);
assert.strictEqual(report.header.processId, process.pid);
assert.strictEqual(report.header.cwd, process.cwd());
assert.ok(report.javascriptStack.stack.some((line) => line.includes('report.js')));
assert.ok(report.javascriptHeap.usedMemory > 0);
assert.ok(report.javascriptHeap.heapSpaces.old_space.used > 0);
assert.strictEqual(report.environmentVariables.PATH, process.env.PATH);
assert.ok(report.userLimits.open_files.soft > 0);
assert.ok(Number(report.resourceUsage.rss) > 0);
assert.strictEqual(process.report.getReport(new TypeError('mine')).javascriptStack.message, 'TypeError: mine');
assert.throws(() => process.report.getReport(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => { process.report.compact = 1; }, { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => { process.report.signal = 'SIGNONE'; }, { code: 'ERR_UNKNOWN_SIGNAL' });
process.report.excludeNetwork = process.report.excludeEnv = true;
assert.strictEqual(process.report.getReport().header.networkInterfaces, undefined);
assert.strictEqual(process.report.getReport().environmentVariables, undefined);

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
const run = (...args) => spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
const read = (name) => JSON.parse(fs.readFileSync(path.join(directory, name), 'utf8'));
try {
  process.report.directory = directory;
  process.report.compact = true;
  const name = process.report.writeReport();
  assert.match(name, /^report\.\d{8}\.\d{6}\.\d+\.0\.\d{3}\.json$/);
  assert.strictEqual(fs.readFileSync(path.join(directory, name), 'utf8').trim().split('\n').length, 1);
  assert.strictEqual(process.report.writeReport('mine.json', new Error('written')), 'mine.json');
  assert.strictEqual(read('mine.json').javascriptStack.message, 'Error: written');

  const thrown = run('--report-uncaught-exception', '--report-filename=thrown.json', '-e', 'throw new RangeError("gone")');
  assert.strictEqual(thrown.status, 1);
  assert.match(JSON.stringify(read('thrown.json').javascriptStack), /RangeError: gone/); // Node puts the source line before it
  assert.strictEqual(read('thrown.json').header.event, 'Exception');

  const signalled = run('--report-on-signal', '--report-filename=signalled.json', '-e',
    'process.kill(process.pid, "SIGUSR2"); const t = setInterval(() => { if (require("fs").existsSync("signalled.json")) clearInterval(t); }, 10)');
  assert.strictEqual(signalled.status, 0);
  assert.deepStrictEqual([read('signalled.json').header.event, read('signalled.json').header.trigger], ['SIGUSR2', 'Signal']);
} finally {
  fs.rmSync(directory, { recursive: true });
}
