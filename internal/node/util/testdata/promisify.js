// util.promisify and util.callbackify.
'use strict';
const { callbackify, promisify } = require('util');
const double = (n, callback) => n < 0 ? callback(new RangeError('negative')) : callback(null, n * 2);
(async () => {
  check(await promisify(double)(4) === 8, 'value');
  await promisify(double)(-1).then(() => check(false, 'rejects'), (error) => check(error instanceof RangeError, 'error'));
  const custom = () => {};
  custom[promisify.custom] = async () => 'custom';
  check(await promisify(custom)() === 'custom', 'custom');
  check(promisify(custom) === custom[promisify.custom], 'custom is used as it is');
  callbackify(async (n) => n + 1)(1, (error, value) => check(error === null && value === 2, 'callbackify'));
  callbackify(async () => { throw null; })((error) => check(error.code === 'ERR_FALSY_VALUE_REJECTION' && error.reason === null, 'falsy'));
})();

function check(ok, what) {
  if (!ok) {
    process.exitCode = 1;
    throw new Error(what);
  }
}
