'use strict';
// run() gives each file's process a port for its debugger: the one of inspectPort, or the next one after the process's own.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { run } = require('node:test');

if (process.argv[2] === 'child') {
  const [, , , file, wanted] = process.argv;
  const inspectPort = { number: 0, function: () => 0, bad: 'x', far: 70_000 }[wanted];
  const stream = run({ files: [file, file], inspectPort, concurrency: 1 });
  stream.on('test:pass', ({ name }) => console.log(name));
  stream.on('test:fail', ({ details }) => console.log(details.error.cause.code));
  return;
}

const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'a.test.js');
writeFileSync(file, `require('node:test')('port ' + process.debugPort + ' ' + process.execArgv.includes('--inspect-port=0'));`);

const outcome = (wanted) => spawnSync(process.execPath, ['--inspect=127.0.0.1:0', __filename, 'child', file, wanted], {
  encoding: 'utf8',
}).stdout.trim().split('\n');
for (const wanted of ['number', 'function']) {
  const lines = outcome(wanted);
  assert.strictEqual(lines.length, 2);
  for (const line of lines) assert.match(line, /^port \d+ true$/);
}
assert.deepStrictEqual(outcome('bad'), ['ERR_SOCKET_BAD_PORT', 'ERR_SOCKET_BAD_PORT']);
assert.deepStrictEqual(outcome('far'), ['ERR_SOCKET_BAD_PORT', 'ERR_SOCKET_BAD_PORT']);
