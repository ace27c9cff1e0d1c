// 'error' without a listener throws: errors as they are, other values wrapped.
'use strict';
const assert = require('node:assert');
const EventEmitter = require('node:events');

const emitter = new EventEmitter();
const err = new Error('mine');
assert.throws(() => emitter.emit('error', err), (thrown) => thrown === err);
assert.throws(() => emitter.emit('error', 7), { code: 'ERR_UNHANDLED_ERROR', context: 7, message: 'Unhandled error. (7)' });

let monitored;
emitter.on(EventEmitter.errorMonitor, (e) => { monitored = e; });
assert.throws(() => emitter.emit('error', err));
assert.strictEqual(monitored, err);
assert.strictEqual(emitter.emit('error2'), false);
