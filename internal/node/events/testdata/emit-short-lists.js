// Whoever adds or removes listeners while a list is walked changes nothing of that walk, at each length of the list.
const assert = require('node:assert');
const EventEmitter = require('node:events');
for (let length = 2; length <= 36; length++) {
  for (const at of [0, 1, length >> 1, length - 1]) {
    const emitter = new EventEmitter().setMaxListeners(0);
    const heard = [];
    const late = () => heard.push('late');
    const listeners = Array.from({ length }, (_, i) => () => {
      heard.push(i);
      if (i !== at || heard.length > length) return;
      emitter.on('x', late);
      emitter.prependListener('x', late);
      for (const other of listeners) emitter.off('x', other);
    });
    for (const listener of listeners) emitter.on('x', listener);
    emitter.emit('x');
    assert.deepStrictEqual(heard, Array.from({ length }, (_, i) => i));
    assert.deepStrictEqual(emitter.listeners('x'), [late, late]);
    emitter.off('x', late);
    emitter.emit('x');
    assert.deepStrictEqual(heard.slice(length), ['late']);
  }
}
// A walk inside of a walk that throws leaves the outer one as it was.
const emitter = new EventEmitter().setMaxListeners(0);
const order = [];
for (let i = 0; i < 20; i++) {
  emitter.on('y', () => {
    order.push(i);
    if (i === 0 && order.length === 1) assert.throws(() => emitter.emit('y', 'again'), /stop/);
    if (i === 1 && order.length === 3) throw new Error('stop');
    if (i === 2) emitter.removeListener('y', emitter.listeners('y').at(-1));
  });
}
emitter.emit('y');
assert.deepStrictEqual(order, [0, 0, 1, ...Array.from({ length: 19 }, (_, i) => i + 1)]);
