// Errors of zlib have its names, numbers and texts.
'use strict';
const assert = require('assert');
const zlib = require('zlib');

const fails = (f, code, errno, message) => assert.throws(f, { name: 'Error', code, errno, message });
fails(() => zlib.gunzipSync(Buffer.from('hello')), 'Z_DATA_ERROR', -3, 'incorrect header check');
fails(() => zlib.inflateRawSync(Buffer.from([7])), 'Z_DATA_ERROR', -3, 'invalid block type');
fails(() => zlib.inflateSync(zlib.deflateSync('hello').subarray(0, 6)), 'Z_BUF_ERROR', -5, 'unexpected end of file');
const wrong = zlib.gzipSync('hello');
wrong[wrong.length - 6] ^= 1;
fails(() => zlib.gunzipSync(wrong), 'Z_DATA_ERROR', -3, 'incorrect data check');
fails(() => zlib.inflateSync(zlib.deflateSync('a', { dictionary: Buffer.from('b') })), 'Z_NEED_DICT', 2, 'Missing dictionary');
assert.throws(() => zlib.gunzipSync(zlib.gzipSync(Buffer.alloc(1000)), { maxOutputLength: 10 }), { code: 'ERR_BUFFER_TOO_LARGE', name: 'RangeError' });
const twice = Buffer.concat([zlib.gzipSync('abc'), zlib.gzipSync('def')]);
assert.strictEqual(zlib.gunzipSync(twice).toString(), 'abcdef');
assert.strictEqual(zlib.gunzipSync(Buffer.concat([twice, Buffer.alloc(10)])).toString(), 'abcdef');
zlib.gunzip(Buffer.from('hello'), (err) => assert.strictEqual(err.code, 'Z_DATA_ERROR'));
