// What is deeply equal: loosely, strictly, partially.
'use strict';
const assert = require('assert');
const circle = () => {
  const c = { list: [] };
  c.list.push(c);
  return c;
};
// [a, b, loosely, strictly, partially]
const cases = [
  [[1, '2'], ['1', 2], true, false, false],
  [NaN, NaN, true, true, true],
  [[0], [-0], true, false, false],
  [{ a: undefined }, {}, false, false, true],
  [[1, 2, 3], [1, 3], false, false, true],
  [[3, 1], [1, 3], false, false, false],
  [new Set([{ a: 1 }, { b: 1 }]), new Set([{ b: 1 }, { a: 1 }]), true, true, true],
  [new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]]), true, true, true],
  [new Set([1, '2']), new Set(['1', 2]), true, false, false],
  [circle(), circle(), true, true, true],
  [[, 1], [undefined, 1], false, false, false],
  [new Error('a'), new Error('b'), false, false, false],
  [new Date(0), new Date(0), true, true, true],
  [/a/g, /a/i, false, false, false],
  [Object.create(null), {}, true, false, true],
  [new Number(1), new Number(2), false, false, false],
  [new WeakMap(), new WeakMap(), false, false, false],
  [Buffer.from('a'), new Uint8Array([97]), true, false, true],
  [{ [Symbol.for('s')]: 1 }, {}, true, false, true],
];
for (const [a, b, ...wanted] of cases) {
  const got = ['deepEqual', 'deepStrictEqual', 'partialDeepStrictEqual'].map((name) => {
    try {
      assert[name](a, b);
      return true;
    } catch {
      return false;
    }
  });
  if (got.join() !== wanted.join()) {
    console.error(a, b, 'wanted', wanted, 'got', got);
    process.exitCode = 1;
  }
}
