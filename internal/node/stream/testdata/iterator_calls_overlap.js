// next() may be called again before the last call is answered: the answers come in order, return() after them.
const assert = require('assert');
const { Readable } = require('stream');

const readable = new Readable({ objectMode: true, read() {} });
const iterator = readable[Symbol.asyncIterator]();
const answers = Promise.all([iterator.next(), iterator.next(), iterator.return('bye'), iterator.next()]);
setImmediate(() => { readable.push(1); readable.push(2); });
let done = false;
answers.then((all) => {
  assert.deepStrictEqual(all, [
    { value: 1, done: false }, { value: 2, done: false }, { value: 'bye', done: true }, { value: undefined, done: true },
  ]);
  assert.strictEqual(readable.destroyed, true);
  done = true;
});
process.on('exit', () => assert.ok(done));
