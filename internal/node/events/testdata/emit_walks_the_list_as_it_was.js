// What is added or removed while an event is emitted shows at the next emit only.
'use strict';
const assert = require('node:assert');
const EventEmitter = require('node:events');

const seen = [];
const emitter = new EventEmitter();
function first() {
  seen.push('first');
  emitter.removeListener('x', second);
  emitter.on('x', third);
}
function second() { seen.push('second'); }
function third() { seen.push('third'); }
emitter.on('x', first);
emitter.on('x', second);
emitter.emit('x');
assert.deepStrictEqual(seen, ['first', 'second']);
emitter.removeListener('x', first);
seen.length = 0;
emitter.emit('x');
assert.deepStrictEqual(seen, ['third']);

// An exception in the middle of a walk leaves the lists usable.
emitter.removeAllListeners();
emitter.on('y', () => { throw new Error('stop'); });
emitter.on('y', second);
assert.throws(() => emitter.emit('y'), /stop/);
assert.strictEqual(emitter.listenerCount('y'), 2);
