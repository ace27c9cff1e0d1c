// graceful-fs asks constants.hasOwnProperty('O_SYMLINK'): the deprecated module is an ordinary object, unlike fs.constants.
const assert = require('node:assert');
const constants = require('constants');
assert.strictEqual(Object.getPrototypeOf(constants), Object.prototype);
assert.ok(Object.isFrozen(constants));
assert.strictEqual(constants.hasOwnProperty('O_RDONLY'), true);
assert.strictEqual(constants.SIGINT, 2);
