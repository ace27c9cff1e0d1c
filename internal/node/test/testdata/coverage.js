'use strict';
// --experimental-test-coverage: what of a program its tests ran, by lines, branches and functions; comments take lines out of the count; counts of
// several processes are joined; thresholds set the exit code.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);
write('lib.js', `function half(x) {
  if (x) {
    return 1;
  }
  return 2;
}
function never() {
  return 3;
}
/* node:coverage ignore next 3 */
function ignored() {
  return 4;
}
/* node:coverage disable */
function disabled() {
  return 5;
}
/* node:coverage enable */
module.exports = { half };
`);
write('a.test.js', "const { test } = require('node:test'); const { half } = require('./lib.js'); test('a', () => { half(1); });\n");
write('b.test.js', "const { test } = require('node:test'); const { half } = require('./lib.js'); test('b', () => { half(0); });\n");
write('types.ts', `interface Shape { name: string }
export function area(shape: Shape, size: number): number {
  if (size < 0) {
    throw new Error(shape.name);
  }
  return size * size;
}
export function unused(shape: Shape): string {
  return shape.name;
}
`);
write('c.test.ts', "import { test } from 'node:test'; import { area } from './types.ts'; test('c', () => { area({ name: 'a' }, 2); });\n");
write('events.mjs', `export default async function* (source) {
  for await (const { type, data } of source) {
    if (type === 'test:coverage') yield JSON.stringify(data.summary);
  }
}
`);

function run(...args) {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return spawnSync(process.execPath, ['--no-warnings', '--experimental-test-coverage', ...args], { cwd: folder, env, encoding: 'utf8' });
}
function summary(...args) {
  const { stdout, status } = run('--test-reporter=./events.mjs', ...args);
  assert.strictEqual(status, 0, stdout);
  const { files, totals, workingDirectory } = JSON.parse(stdout);
  assert.strictEqual(workingDirectory, folder);
  return { files: files.map((file) => ({ ...file, path: path.relative(folder, file.path) })), totals };
}

{
  const { files: [lib, ...more] } = summary('--test', 'a.test.js');
  assert.deepStrictEqual(more, []); // test files are left out
  assert.strictEqual(lib.path, 'lib.js');
  assert.strictEqual(lib.totalLineCount, 19);
  assert.deepStrictEqual(lib.lines.filter(({ count }) => count === 0).map(({ line }) => line), [5, 7, 8, 9]);
  assert.deepStrictEqual(lib.lines.map(({ line }) => line), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 19]);
  assert.deepStrictEqual(lib.functions.map(({ name, count, line }) => [name, count, line]), [['half', 1, 1], ['never', 0, 7], ['ignored', 0, 11], ['disabled', 0, 15]]);
  assert.strictEqual(lib.coveredFunctionCount, 3); // what is ignored counts as run
  assert.strictEqual(lib.coveredLineCount, 15);
}
{
  // Either branch ran in one of the processes.
  const { files: [lib] } = summary('--test', 'a.test.js', 'b.test.js');
  assert.deepStrictEqual(lib.lines.filter(({ count }) => count === 0).map(({ line }) => line), [7, 8, 9]);
  assert.strictEqual(lib.functions[0].count, 2);
}
{
  const { files: [types] } = summary('--test', 'c.test.ts');
  assert.strictEqual(types.path, 'types.ts');
  assert.deepStrictEqual(types.functions.map(({ name, count, line }) => [name, count, line]), [['area', 1, 2], ['unused', 0, 8]]);
  assert.deepStrictEqual(types.lines.filter(({ count }) => count === 0).map(({ line }) => line), [4, 5, 9, 10]);
}
{
  // A test that is run as a program, and which files are told.
  const { files } = summary('--test-coverage-exclude=!**', 'a.test.js');
  assert.deepStrictEqual(files.map((file) => file.path), ['a.test.js', 'events.mjs', 'lib.js']);
  assert.deepStrictEqual(summary('--test-coverage-include=*.mjs', 'a.test.js').files.length, 1);
}
{
  const { status, stdout } = run('--test', '--test-reporter=tap', '--test-coverage-lines=99', 'a.test.js');
  assert.strictEqual(status, 1);
  assert.match(stdout, /# Error: 78\.95% line coverage does not meet threshold of 99%\.\n# start of coverage report\n/);
  assert.match(stdout, /# lib\.js +\|  78\.95 \| +\d+\.\d\d \| +75\.00 \| 5 7-9\n/);
  assert.strictEqual(run('--test', '--test-coverage-lines=78', 'a.test.js').status, 0);
  assert.match(run('--test', '--test-coverage-lines=101', 'a.test.js').stderr, /The value of "--test-coverage-lines" is out of range\. It must be >= 0 && <= 100\. Received 101/);
}
{
  const { stdout } = run('--test', '--test-reporter=lcov', 'a.test.js');
  assert.match(stdout, /^TN:\nSF:lib\.js\nFN:1,half\nFN:7,never\n/);
  assert.match(stdout, /FNDA:1,half\nFNDA:0,never\n.*FNF:4\nFNH:3\nBRDA:1,0,0,1\n/s);
  assert.match(stdout, /DA:9,0\nDA:10,1\nDA:14,1\nDA:19,1\nLH:15\nLF:19\nend_of_record\n$/);
}
