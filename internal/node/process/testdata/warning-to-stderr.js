'use strict';
// A warning goes to process.stderr, whose write a program may have replaced.
const assert = require('node:assert');

const { write } = process.stderr;
let text = '';
process.stderr.write = (chunk) => {
  text += chunk;
  return true;
};
process.emitWarning('look out');
setImmediate(() => {
  process.stderr.write = write;
  assert.match(text, /^\(\S+:\d+\) Warning: look out\n/);
});
