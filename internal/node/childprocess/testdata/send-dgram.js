'use strict';
// A UDP socket is shared: the child's object has the same address and receives.
const assert = require('assert');
const { fork } = require('child_process');
const dgram = require('dgram');

if (process.argv[2] === 'child') {
  process.on('message', (_message, socket) => {
    assert.ok(socket instanceof dgram.Socket);
    assert.strictEqual(socket.type, 'udp4');
    socket.on('message', (text) => {
      process.send([`${text}`, socket.address().port], () => process.disconnect());
      socket.close();
    });
    process.send('bound');
  });
} else {
  const child = fork(__filename, ['child']);
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1', () => {
    const { port } = socket.address();
    child.send('socket', socket);
    child.on('message', (message) => {
      if (message === 'bound') {
        socket.close();
        const sender = dgram.createSocket('udp4');
        sender.send('datagram', port, '127.0.0.1', () => sender.close());
      } else {
        assert.deepStrictEqual(message, ['datagram', port]);
      }
    });
  });
}
