// The program ends while keys are being made.
'use strict';
const crypto = require('crypto');
crypto.generateKeyPair('rsa', { modulusLength: 4096 }, () => process.exit(1));
crypto.scrypt('a', 'b', 64, { N: 2 ** 15, maxmem: 2 ** 30 }, () => process.exit(1));
setImmediate(() => process.exit(0));
