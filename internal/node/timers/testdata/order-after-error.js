// The rest of a phase runs before ticks and promise jobs when an exception of it was handled.
const assert = require('node:assert');
const log = [];
process.on('uncaughtException', (err) => {
  log.push(err.message);
  process.nextTick(() => log.push('tick of handler'));
});
setTimeout(() => {
  process.nextTick(() => log.push('tick'));
  Promise.resolve().then(() => log.push('promise'));
  throw new Error('timer');
}, 1);
setTimeout(() => log.push('second timer'), 1);
const end = Date.now() + 10;
while (Date.now() < end);
process.on('exit', () => assert.deepStrictEqual(log, ['timer', 'second timer', 'tick', 'tick of handler', 'promise']));
