const { EventEmitter, once, on } = require('node:events');
const emitter = new EventEmitter();
emitter.on('newListener', (name) => console.log('newListener', String(name)));
emitter.on('x', () => {
  console.log('a');
  emitter.on('x', () => console.log('added meanwhile'));
});
emitter.prependListener('x', () => console.log('first'));
emitter.once('x', () => console.log('once'));
emitter.emit('x');
console.log('again');
emitter.emit('x');
(async () => {
  process.nextTick(() => emitter.emit('y', 1, 2));
  console.log(await once(emitter, 'y'));
  setImmediate(() => { emitter.emit('z', 1); emitter.emit('z', 2); emitter.emit('end'); });
  for await (const value of on(emitter, 'z', { close: ['end'] })) console.log('z', value);
  console.log('end');
})();
