'use strict';
// With keepOpen both processes have the connection.
const assert = require('assert');
const { fork } = require('child_process');
const net = require('net');

if (process.argv[2] === 'child') {
  process.on('message', (_message, socket) => {
    socket.on('error', () => {});
    socket.write('child ', () => process.send('written'));
  });
  process.send('ready');
} else {
  const child = fork(__filename, ['child']);
  child.once('message', () => {
    const server = net.createServer((socket) => {
      child.once('message', () => {
        socket.end('parent');
        child.kill();
      });
      child.send('socket', socket, { keepOpen: true });
      server.close();
    });
    server.listen(0, '127.0.0.1', () => {
      let text = '';
      net.connect(server.address().port, '127.0.0.1').setEncoding('utf8').on('data', (s) => { text += s; })
        .on('end', () => assert.strictEqual(text, 'child parent'));
    });
  });
}
