// The order of 'end', 'finish', 'error' and 'close', and what state says at each.
'use strict';
const assert = require('node:assert');
const { Duplex, PassThrough, Writable } = require('node:stream');

const events = [];
const through = new PassThrough();
for (const name of ['prefinish', 'finish', 'end', 'close']) through.on(name, () => events.push(name));
through.resume();
through.end('x', () => events.push('callback'));
through.on('close', () => {
  assert.deepStrictEqual(events, ['prefinish', 'end', 'callback', 'finish', 'close']);
  assert.ok(through.destroyed && through.closed && through.writableFinished && through.readableEnded);
});

const broken = new Writable({ write(chunk, encoding, callback) { callback(new Error('bad')); } });
const order = [];
broken.on('error', () => order.push('error'));
broken.on('close', () => {
  order.push('close');
  assert.deepStrictEqual(order, ['write:bad', 'second:bad', 'error', 'close']);
  assert.strictEqual(broken.errored.message, 'bad');
});
broken.write('1', (err) => order.push(`write:${err.message}`));
broken.write('2', (err) => order.push(`second:${err.message}`));

// Without half-open, the end of the readable side ends the writable one.
const half = new Duplex({ allowHalfOpen: false, read() {}, write(c, e, cb) { cb(); } });
half.push(null);
half.resume();
half.on('finish', () => assert.ok(half.readableEnded));
