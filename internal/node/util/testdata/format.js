// The directives of util.format.
'use strict';
const { format } = require('util');
const cases = [
  [['%s %d %i %f %j %%', 'a', '42', '42.9', '1.5', { a: 1 }], 'a 42 42 1.5 {"a":1} %'],
  [['%s', { a: { b: { c: 1 } } }], '{ a: [Object] }'],
  [['%s', -0], '-0'],
  [['%s', 5n], '5n'],
  [['%s', class A {}], 'class A {}'],
  [['%s', { toString() { return 'mine'; } }], 'mine'],
  [['%c%s', 'color: red', 'x'], 'x'],
  [['%s'], '%s'],
  [['a', 'b', { c: 1 }], 'a b { c: 1 }'],
  [[1, 2, '3'], '1 2 3'],
  [['%O', { a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'],
  [['%d', Symbol('s')], 'NaN'],
];
const ring = {};
ring.ring = ring;
cases.push([['%j', ring], '[Circular]']);
for (const [args, wanted] of cases) {
  const got = format(...args);
  if (got !== wanted) {
    throw new Error(`wanted ${wanted}\ngot ${got}`);
  }
}
