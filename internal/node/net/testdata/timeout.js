'use strict';
// socket.setTimeout: fires after silence, not while bytes move.
const assert = require('assert');
const net = require('net');

let fired = 0;
const server = net.createServer((socket) => {
  let n = 0;
  const timer = setInterval(() => {
    socket.write('.');
    if (++n === 4) {
      assert.strictEqual(fired, 0);
      clearInterval(timer);
    }
  }, 40);
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.resume();
  client.setTimeout(150, () => {
    fired++;
    client.destroy();
    server.close();
  });
});
process.on('exit', () => assert.strictEqual(fired, 1));
