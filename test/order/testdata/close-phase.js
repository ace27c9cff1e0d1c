// A closed handle calls back in the close phase: after the immediates of the turn.
const net = require('node:net');
const server = net.createServer((socket) => {
  socket.on('close', () => server.close());
  socket.resume();
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => {
    client.on('close', () => {
      console.log('close');
      process.nextTick(() => console.log('tick of close'));
    });
    setImmediate(() => {
      console.log('immediate');
      client.destroy();
      setImmediate(() => console.log('immediate of the next turn'));
      process.nextTick(() => console.log('tick'));
    });
    setImmediate(() => console.log('second immediate'));
  });
});
