// What was written before process.exit, in a batch of connections that are all ready, reaches the other side.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const net = require('node:net');

if (process.argv[2] === 'serve') {
  let served = 0;
  const server = net.createServer((socket) => socket.on('data', () => {
    socket.write(`answer ${++served}`);
    if (served === 3) process.exit(7);
    if (served === 1) process.send('busy'); // the others say theirs while this one is late
    if (served === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
} else {
  const child = spawn(process.execPath, [__filename, 'serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const got = [];
  const sockets = [];
  child.on('message', (message) => {
    if (message === 'busy') {
      for (const socket of sockets.slice(1)) socket.write('?');
      return;
    }
    for (let i = 0; i < 3; i++) {
      const socket = net.connect(message, '127.0.0.1', () => {
        sockets.push(socket);
        if (sockets.length === 3) sockets[0].write('?');
      });
      socket.on('error', () => {}).on('data', (data) => got.push(`${data}`));
    }
  });
  child.on('close', (code) => setTimeout(() => {
    assert.strictEqual(code, 7);
    assert.deepStrictEqual(got.sort(), ['answer 1', 'answer 2', 'answer 3']);
  }, 50));
}
