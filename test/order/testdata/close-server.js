// A server that has no connections emits close in a tick.
const server = require('node:net').createServer();
server.on('close', () => console.log('close event'));
server.listen(0, '127.0.0.1', () => {
  console.log('listening');
  setImmediate(() => console.log('immediate before'));
  server.close(() => {
    console.log('close callback');
    process.nextTick(() => console.log('tick of close'));
  });
  setImmediate(() => console.log('immediate after'));
  process.nextTick(() => console.log('tick'));
});
console.log('main', server.listening);
