// A listener that process.listenerCount and process.listeners don't tell of, as those of tsx, hears of its signal all the same.
'use strict';
const assert = require('node:assert');

const { listenerCount, listeners } = process;
const hidden = () => {
  assert.strictEqual(process.listenerCount('SIGTERM'), 0);
  clearTimeout(keep);
};
process.prependListener('SIGTERM', hidden);
process.listenerCount = function (name) {
  return Reflect.apply(listenerCount, this, arguments) - (name === 'SIGTERM' ? 1 : 0);
};
process.listeners = function (name) {
  return Reflect.apply(listeners, this, arguments).filter((one) => one !== hidden);
};
const keep = setTimeout(() => assert.fail('no signal came'), 10000);
process.kill(process.pid, 'SIGTERM');
