// An error of a builtin has its code in the stack and in toString(), not in its name.
'use strict';
let error;
try {
  Buffer.from(5);
} catch (e) {
  error = e;
}
const wanted = 'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received type number (5)';
check(error instanceof TypeError && error.constructor === TypeError, 'class');
check(error.name === 'TypeError', 'name');
check(error.code === 'ERR_INVALID_ARG_TYPE', 'code');
check(Object.keys(error).join() === 'code', 'own enumerable properties');
check(error.message === wanted, `message: ${error.message}`);
check(String(error) === `TypeError [ERR_INVALID_ARG_TYPE]: ${wanted}`, 'toString');
check(error.stack.startsWith(`TypeError [ERR_INVALID_ARG_TYPE]: ${wanted}\n    at `), `stack: ${error.stack}`);
// The second error too: the first one is what finds out how stacks are made.
try {
  new URL('no url');
} catch (e) {
  check(e.stack.startsWith('TypeError [ERR_INVALID_URL]: Invalid URL\n') || e.stack.startsWith('TypeError: Invalid URL\n'), `stack: ${e.stack}`);
}

function check(ok, what) {
  if (!ok) {
    throw new Error(what);
  }
}
