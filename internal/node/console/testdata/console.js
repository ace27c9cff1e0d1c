// Groups, counts, tables and errors of a Console that writes to a stream of ours.
'use strict';
const { Console } = require('console');
let out = '';
const stream = { write(text) { out += text; }, on() {}, once() {}, removeListener() {}, listenerCount() { return 0; } };
const c = new Console({ stdout: stream, stderr: { ...stream, write(text) { out += `E ${text}`; } } });
c.log('%s=%d', 'a', 1, { b: 2 });
c.group('g');
c.warn('in\nside');
c.group();
c.log('deeper');
c.groupEnd();
c.groupEnd();
c.groupEnd();
c.count();
c.count();
c.countReset();
c.count();
c.assert(false, 'because %s', 'x');
c.assert(true);
c.dir({ a: { b: { c: {} } } }, { depth: 0 });
c.table([{ a: 1, b: 'x' }, { a: 2 }]);
c.table([1], ['a']);
c.table('no table');
const wanted = `a=1 { b: 2 }
g
E   in
  side
    deeper
default: 1
default: 2
default: 1
E Assertion failed: because x
{ a: [Object] }
┌─────────┬───┬─────┐
│ (index) │ a │ b   │
├─────────┼───┼─────┤
│ 0       │ 1 │ 'x' │
│ 1       │ 2 │     │
└─────────┴───┴─────┘
┌─────────┬───┐
│ (index) │ a │
├─────────┼───┤
│ 0       │   │
└─────────┴───┘
no table
`;
if (out !== wanted) {
  throw new Error(`got ${out}`);
}
try {
  new Console({});
} catch (error) {
  if (error.code !== 'ERR_CONSOLE_WRITABLE_STREAM') {
    throw error;
  }
}
