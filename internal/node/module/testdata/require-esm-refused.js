// Flags: --no-experimental-require-module
const assert = require('assert');
assert.throws(() => require('./named.mjs'), { code: 'ERR_REQUIRE_ESM', message: /^require\(\) of ES Module .*named\.mjs from .*require-esm-refused\.js not supported\.\nInstead change the require of / });
