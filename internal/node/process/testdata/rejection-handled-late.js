// A rejection that is handled after it was told is warned of, unless somebody listens for 'rejectionHandled'.
'use strict';
const assert = require('node:assert');

const warnings = [];
process.on('warning', (warning) => warnings.push(warning));
process.on('unhandledRejection', () => {});
const early = Promise.reject(new Error('early'));
setTimeout(() => {
  early.catch(() => {});
  setTimeout(() => {
    process.on('rejectionHandled', () => {});
    const late = Promise.reject(new Error('late'));
    setTimeout(() => late.catch(() => {}), 1);
  }, 1);
}, 1);
process.on('exit', () => {
  assert.deepStrictEqual(warnings.map(({ name, message }) => [name, message]),
    [['PromiseRejectionHandledWarning', 'Promise rejection was handled asynchronously (rejection id: 1)']]);
});
