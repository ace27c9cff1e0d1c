// A graph whose text would be endless: the budget ends the descent, quickly.
'use strict';
const { inspect } = require('util');
const all = {};
let last = all;
for (let i = 0; i < 1000; i++) {
  last.next = { all, last, obj: { a: 1 } };
  last = last.next;
  all[i] = last;
}
if (inspect(all, { depth: Infinity }).length < 2 ** 26) {
  throw new Error('cut too early');
}
