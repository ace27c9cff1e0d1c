const net = require('node:net');
const server = net.createServer((socket) => socket.resume().on('error', () => {}));
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.on('error', (error) => console.log('error', error.message));
  client.on('close', (failed) => {
    console.log('close', failed);
    server.close(() => console.log('server closed'));
  });
  client.on('connect', () => {
    process.nextTick(() => console.log('tick before'));
    client.destroy(new Error('on purpose'));
    console.log('destroyed', client.destroyed);
    process.nextTick(() => console.log('tick after'));
    Promise.resolve().then(() => console.log('promise'));
    setImmediate(() => console.log('immediate'));
  });
});
