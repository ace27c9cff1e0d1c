// What a program's Error.prepareStackTrace sees of Node's errors: the name as it is, but for an AssertionError, whose name has the code then.
'use strict';
const assert = require('node:assert');
const path = require('node:path');

Error.prepareStackTrace = (error) => Error.prototype.toString.call(error);
const stackOf = (f) => {
  try {
    f();
  } catch (error) {
    return [error.stack, error.name];
  }
};
const argument = stackOf(() => path.resolve(1));
const failure = stackOf(() => assert.fail('m'));
Error.prepareStackTrace = undefined;
assert.deepStrictEqual(argument, ['TypeError: The "paths[0]" argument must be of type string. Received type number (1)', 'TypeError']);
assert.deepStrictEqual(failure, ['AssertionError [ERR_ASSERTION]: m', 'AssertionError']);
assert.match(stackOf(() => path.resolve(1))[0], /^TypeError \[ERR_INVALID_ARG_TYPE\]: /);
assert.match(stackOf(() => assert.fail('m'))[0], /^AssertionError \[ERR_ASSERTION\]: m\n/);
