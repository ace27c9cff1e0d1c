'use strict';
// process.emitWarning: its forms; an empty code is none.
const assert = require('assert');
const seen = [];
process.removeAllListeners('warning');
process.on('warning', ({ name, message, code, detail }) => seen.push([name, message, code, detail]));
function maker() {}
process.emitWarning('a');
process.emitWarning('b', maker);
process.emitWarning('c', 'T', maker);
process.emitWarning('d', 'T', 'C', maker);
process.emitWarning('e', { type: 'X', code: 'Y', detail: 'z' });
for (const args of [[1], ['a', null], ['a', []], ['a', 'T', 5], ['a', { code: 1 }]]) {
  assert.throws(() => process.emitWarning(...args), { code: 'ERR_INVALID_ARG_TYPE' });
}
setImmediate(() => assert.deepStrictEqual(seen, [
  ['Warning', 'a', undefined, undefined], ['Warning', 'b', undefined, undefined], ['T', 'c', undefined, undefined],
  ['T', 'd', 'C', undefined], ['X', 'e', 'Y', 'z'],
]));
