'use strict';
// Error.prepareStackTrace is there from the beginning, and can be replaced, put back and taken away.
const assert = require('assert');
const { prepareStackTrace } = Error;
assert.strictEqual(typeof prepareStackTrace, 'function');
assert.deepStrictEqual(Object.keys(Error), ['stackTraceLimit']);
assert.strictEqual(prepareStackTrace(new TypeError('x'), ['a', 'b']), 'TypeError: x\n    at a\n    at b');
const frame = /^Error: y\n {4}at .*stack-prepare\.js:\d+:\d+/;
assert.match(new Error('y').stack, frame);
Error.prepareStackTrace = (error, sites) => [error.message, typeof sites[0].getFileName()];
assert.deepStrictEqual(new Error('z').stack, ['z', 'string']);
Error.prepareStackTrace = prepareStackTrace;
assert.match(new Error('y').stack, frame);
delete Error.prepareStackTrace;
assert.match(new Error('y').stack, frame);
