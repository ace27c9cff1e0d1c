// Line breaking, columns, circles, classes and holes of util.inspect.
'use strict';
const { inspect } = require('util');
const cases = [
  [{ a: 1, b: 'x', c: [1, 2, { d: {} }] }, "{ a: 1, b: 'x', c: [ 1, 2, { d: {} } ] }"],
  [{ a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: [Object] } } }'],
  [[1, 2, 3, 4, 5, 6, 7], '[\n  1, 2, 3, 4,\n  5, 6, 7\n]'],
  [[1, , 3, , , ], '[ 1, <1 empty item>, 3, <2 empty items> ]'],
  [new Map([['a', new Set([1])]]), "Map(1) { 'a' => Set(1) { 1 } }"],
  [class A extends Array {}, '[class A extends Array]'],
  [new (class Foo extends Map {})(), 'Foo(0) [Map] {}'],
  [Object.create(null), '[Object: null prototype] {}'],
  [{ [Symbol('k')]: -0, get g() { return 1; }, set s(v) {} }, '{ g: [Getter], s: [Setter], Symbol(k): -0 }'],
  [new Uint8Array(2), 'Uint8Array(2) [ 0, 0 ]'],
  [Promise.resolve(4), 'Promise { 4 }'],
  ["it's", '"it\'s"'],
  [new Proxy({ a: 1 }, { get() { throw new Error('trap'); } }), '{ a: 1 }'],
  [Object.assign(function f() {}, { x: 1 }), '[Function: f] { x: 1 }'],
  [[1.5, 10n, null, undefined, true, Symbol('q')], '[ 1.5, 10n, null, undefined, true, Symbol(q) ]'],
];
const ring = { name: 'ring' };
ring.self = ring;
cases.push([ring, "<ref *1> { name: 'ring', self: [Circular *1] }"]);
for (const [value, wanted] of cases) {
  const got = inspect(value);
  if (got !== wanted) {
    throw new Error(`wanted ${wanted}\ngot ${got}`);
  }
}
