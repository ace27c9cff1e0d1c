// --report-on-fatalerror: a program that runs out of heap writes a report before it ends; the setting may come from the program too.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
if (process.argv[2] === 'grow') {
  if (process.argv[3]) process.report.reportOnFatalError = true;
  const list = [];
  for (;;) list.push({ some: 'object' });
}
for (const [flags, args] of [[['--report-on-fatalerror'], []], [[], ['set']], [[], []]]) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
  const { status, signal, stderr } = spawnSync(process.execPath, ['--max-old-space-size=20', '--report-directory', dir, '--report-exclude-network', ...flags, __filename, 'grow', ...args], { encoding: 'utf8' });
  assert.ok(status === 134 || signal === 'SIGABRT', stderr);
  assert.match(stderr, /FATAL ERROR: .*JavaScript heap out of memory/);
  const names = fs.readdirSync(dir);
  if (flags.length + args.length === 0) {
    assert.deepStrictEqual(names, []);
  } else {
    assert.strictEqual(names.length, 1);
    const { header, javascriptHeap } = JSON.parse(fs.readFileSync(path.join(dir, names[0]), 'utf8'));
    assert.strictEqual(header.trigger, 'OOMError');
    assert.match(header.event, /^Allocation failed - JavaScript heap out of memory$/);
    assert.ok(javascriptHeap.usedMemory > 10e6);
  }
  fs.rmSync(dir, { recursive: true });
}
