process.on('uncaughtException', (error, origin) => {
  console.log('caught', error.message, origin);
  process.nextTick(() => console.log('tick of the handler'));
});
process.nextTick(() => { throw new Error('tick 1'); });
process.nextTick(() => console.log('tick 2'));
Promise.resolve().then(() => console.log('promise'));
setImmediate(() => console.log('immediate'));
