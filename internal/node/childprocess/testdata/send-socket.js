'use strict';
// A connection that was sent is the child's: the parent's object is silent, and its server waits for the child to close it.
const assert = require('assert');
const { fork } = require('child_process');
const net = require('net');

if (process.argv[2] === 'child') {
  process.on('message', (message, socket) => {
    assert.strictEqual(message, 'socket');
    socket.setEncoding('utf8');
    socket.on('data', (text) => socket.end(`child got ${text}`));
    socket.on('close', () => process.disconnect());
  });
  process.send('ready');
} else {
  const order = [];
  const child = fork(__filename, ['child']);
  child.on('message', () => {
    const server = net.createServer({ pauseOnConnect: true }, (socket) => {
      socket.on('data', () => assert.fail('the parent reads'));
      socket.on('close', () => assert.fail('the parent hears of the end'));
      assert.strictEqual(child.send('socket', socket), true);
      assert.strictEqual(socket.destroyed, false);
      server.getConnections((err, n) => assert.deepStrictEqual([err, n], [null, 1]));
      server.close(() => order.push('server closed'));
    });
    server.listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1');
      client.setEncoding('utf8');
      client.write('hello');
      client.on('data', (text) => order.push(text));
    });
  });
  process.on('exit', () => assert.deepStrictEqual(order.sort(), ['child got hello', 'server closed']));
}
