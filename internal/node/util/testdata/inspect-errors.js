// Errors: own properties, causes, brackets where there is no stack, the class's name.
'use strict';
const { inspect } = require('util');
const error = new RangeError('m', { cause: 'c' });
error.stack = 'RangeError: m\n    at f (file.js:1:2)';
error.code = 'X';
equal(inspect(error), "RangeError: m\n    at f (file.js:1:2) {\n  code: 'X',\n  [cause]: 'c'\n}");
equal(inspect({ error }), "{\n  error: RangeError: m\n      at f (file.js:1:2) {\n    code: 'X',\n    [cause]: 'c'\n  }\n}");
const bare = new Error('gone');
bare.stack = undefined;
equal(inspect(bare), '[Error: gone]');
class MyError extends TypeError {}
equal(inspect(new MyError('m')).split('\n')[0], 'MyError [TypeError]: m');
const many = new AggregateError([1], 'm');
many.stack = 'AggregateError: m\n    at f (file.js:1:2)';
equal(inspect(many), 'AggregateError: m\n    at f (file.js:1:2) {\n  [errors]: [ 1 ]\n}');

function equal(got, wanted) {
  if (got !== wanted) {
    throw new Error(`wanted ${wanted}\ngot ${got}`);
  }
}
