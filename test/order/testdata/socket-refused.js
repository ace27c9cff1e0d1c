const net = require('node:net');
const server = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  server.close(() => {
    const client = net.connect(port, '127.0.0.1');
    for (const name of ['connect', 'ready', 'end', 'timeout']) client.on(name, () => console.log(name));
    client.on('error', (error) => {
      console.log('error', error.code, error.syscall);
      process.nextTick(() => console.log('tick of error'));
    });
    client.on('close', (failed) => console.log('close', failed));
    console.log('connecting', client.connecting);
  });
});
