'use strict';
// A pipe beyond the first three ends with the child, so that its 'close' comes.
const assert = require('node:assert');
const { spawn } = require('node:child_process');

const child = spawn(process.execPath, ['-e', 'require("fs").writeSync(3, "hello")'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] });
let text = '';
const seen = [];
child.stdio[3].on('data', (data) => { text += data; });
child.stdio[3].on('close', () => seen.push('pipe'));
child.on('exit', () => seen.push('exit'));
child.on('close', (code) => {
  assert.strictEqual(code, 0);
  assert.strictEqual(text, 'hello');
  console.log('closed');
});
// The child hears of its last pipe's end before listeners that came later do.
process.on('exit', () => assert.deepStrictEqual(seen.sort(), ['exit', 'pipe']));
