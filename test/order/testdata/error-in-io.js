process.on('uncaughtException', (error) => console.log('caught', error.message));
require('node:fs').stat(__filename, () => {
  setImmediate(() => console.log('immediate'));
  process.nextTick(() => console.log('tick'));
  throw new Error('in a callback');
});
