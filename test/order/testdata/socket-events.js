// Each side's own order; the two sides are printed one after the other.
const net = require('node:net');
const seen = { server: [], client: [] };
const watch = (socket, log) => {
  for (const name of ['lookup', 'connect', 'ready', 'end', 'finish', 'close']) {
    socket.on(name, (...args) => log.push(name === 'close' ? `close ${args[0]}` : name));
  }
  socket.on('data', (data) => log.push(`data ${data}`));
};
const server = net.createServer((socket) => {
  watch(socket, seen.server);
  socket.once('data', () => socket.end('pong', () => seen.server.push('end callback')));
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => seen.client.push('connect callback'));
  watch(client, seen.client);
  client.write('ping', () => seen.client.push('write callback'));
  client.on('close', () => server.close());
});
server.on('close', () => console.log(seen));
