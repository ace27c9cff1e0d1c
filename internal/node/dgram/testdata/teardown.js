// A program that ends while sockets are open, bound, connected or on the way to it ends cleanly; an unreferenced one doesn't keep it alive.
const dgram = require('node:dgram');

dgram.createSocket('udp4');
dgram.createSocket('udp4').bind(0, '127.0.0.1').unref();
const bound = dgram.createSocket('udp4');
bound.bind(0, '127.0.0.1', () => {
  const peer = dgram.createSocket('udp4');
  peer.connect(bound.address().port, '127.0.0.1', () => {
    for (let i = 0; i < 100; i++) peer.send('x');
  });
  bound.once('message', () => process.exit(0));
});
process.on('exit', (code) => {
  if (code !== 0) throw new Error(`exit code ${code}`);
});
