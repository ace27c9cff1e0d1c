// The program ends while sessions and streams are open.
const http2 = require('http2');
const server = http2.createServer();
server.on('stream', (stream) => {
  stream.respond();
  stream.write(Buffer.alloc(1 << 20));
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  client.request().once('data', () => process.exit(0));
  client.request({ ':method': 'POST' }).write('never ends');
  client.ping(() => {});
});
