// A context is for signatures that have one.
const assert = require('assert');
const crypto = require('crypto');
const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
assert.throws(() => crypto.sign('sha256', Buffer.from('x'), { key: privateKey, context: Buffer.from('c') }),
  { code: 'ERR_CRYPTO_OPERATION_FAILED', message: 'Context parameter is unsupported' });
const ml = crypto.generateKeyPairSync('ml-dsa-44');
assert.throws(() => crypto.sign(null, Buffer.from('x'), { key: ml.privateKey, context: Buffer.alloc(256) }), { code: 'ERR_OUT_OF_RANGE' });
