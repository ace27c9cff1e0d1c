// The error of a required ES module belongs to the caller: caught, it is no unhandled rejection.
const assert = require('node:assert');
process.on('unhandledRejection', (reason) => { throw reason; });
for (let i = 0; i < 2; i++) assert.throws(() => require('./fails.mjs'), { message: 'this module always throws' });
assert.rejects(import('./fails.mjs'), { message: 'this module always throws' });
