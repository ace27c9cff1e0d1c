// The payload of SETTINGS frames, and the constants.
const assert = require('assert');
const http2 = require('http2');
assert.strictEqual(http2.constants.HTTP2_HEADER_STATUS, ':status');
assert.strictEqual(http2.constants.HTTP2_HEADER_CONTENT_TYPE, 'content-type');
assert.strictEqual(http2.constants.HTTP2_METHOD_VERSION_CONTROL, 'VERSION-CONTROL');
assert.strictEqual(http2.constants.HTTP_STATUS_TEAPOT, 418);
const packed = http2.getPackedSettings({ headerTableSize: 1, enablePush: false, maxFrameSize: 20000 });
assert.strictEqual(packed.toString('hex'), '000100000001000200000000000500004e20');
assert.deepStrictEqual({ ...http2.getUnpackedSettings(packed) }, { headerTableSize: 1, enablePush: false, maxFrameSize: 20000 });
assert.throws(() => http2.getPackedSettings({ headerTableSize: -1 }), { name: 'RangeError', code: 'ERR_HTTP2_INVALID_SETTING_VALUE' });
assert.throws(() => http2.getPackedSettings({ enablePush: 1 }), { name: 'TypeError', code: 'ERR_HTTP2_INVALID_SETTING_VALUE' });
assert.throws(() => http2.getUnpackedSettings(Buffer.alloc(3)), { code: 'ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH' });
