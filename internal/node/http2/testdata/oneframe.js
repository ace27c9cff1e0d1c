// A body that ends in one call is one DATA frame, which carries the end of the stream.
const assert = require('assert');
const http2 = require('http2');
const net = require('net');
const server = http2.createServer();
server.on('stream', (stream) => {
  stream.respond();
  stream.end('hello');
});
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  let all = Buffer.alloc(0);
  socket.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  socket.write(Buffer.from('000000040000000000' + '000006010500000001' + '828684410161', 'hex'));
  socket.on('data', (d) => {
    all = Buffer.concat([all, d]);
    const frames = [];
    for (let at = 0; at + 9 <= all.length; at += 9 + all.readUIntBE(at, 3)) frames.push([all[at + 3], all[at + 4], all.readUInt32BE(at + 5)].join());
    if (!frames.some((f) => f.startsWith('0,1,1'))) return;
    assert.deepStrictEqual(frames.filter((f) => f.endsWith(',1')), ['1,4,1', '0,1,1']);
    socket.destroy();
    server.close();
  });
});
