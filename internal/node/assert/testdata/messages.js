// The texts of AssertionError.
'use strict';
const assert = require('assert');
const cases = [
  [() => assert.strictEqual(1, 2), 'Expected values to be strictly equal:\n\n1 !== 2\n'],
  [() => assert.strictEqual('a long string one', 'a long string two'),
    "Expected values to be strictly equal:\n+ actual - expected\n\n+ 'a long string one'\n- 'a long string two'\n                 ^\n"],
  [() => assert.deepStrictEqual({ a: 1, b: 2 }, { a: 1, b: 3 }),
    'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  {\n    a: 1,\n+   b: 2\n-   b: 3\n  }\n'],
  [() => assert.notStrictEqual(1, 1), 'Expected "actual" to be strictly unequal to: 1'],
  [() => assert.equal(1, 2), '1 == 2'],
  [() => assert.ok(0 === 1), 'The expression evaluated to a falsy value:\n\n  assert.ok(0 === 1)\n'],
  [() => assert.fail(), 'Failed'],
  [() => assert.throws(() => {}), 'Missing expected exception.'],
  [() => assert.match('a', /b/), "The input did not match the regular expression /b/. Input:\n\n'a'\n"],
  [() => assert.ifError(new Error('e')), 'ifError got unwanted exception: e'],
  [() => assert.strictEqual(1, 2, 'mine'), 'mine\n\n1 !== 2\n'],
];
for (const [run, wanted] of cases) {
  let error;
  try {
    run();
  } catch (e) {
    error = e;
  }
  if (error?.message !== wanted || error.code !== 'ERR_ASSERTION' || !error.stack.startsWith('AssertionError [ERR_ASSERTION]: ')) {
    throw new Error(`wanted ${JSON.stringify(wanted)}\ngot ${error?.stack}`);
  }
}
