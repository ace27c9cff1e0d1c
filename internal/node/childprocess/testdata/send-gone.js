'use strict';
// A connection that goes to a child that has just ended: no error event, and the callback hears of EPIPE in no case.
const assert = require('assert');
const { fork } = require('child_process');
const net = require('net');

if (process.argv[2] === 'child') {
  process.on('message', () => {});
  process.send('ready');
  return;
}
const answers = [];
const child = fork(__filename, ['child']);
child.on('error', (error) => assert.fail(error));
child.on('message', () => {
  const server = net.createServer((socket) => socket.resume());
  server.listen(0, '127.0.0.1', () => {
    for (let n = 0; n < 2; n++) net.connect(server.address().port, '127.0.0.1', connected);
  });
  const sockets = [];
  function connected() {
    if (sockets.push(this) < 2) return;
    process.kill(child.pid, 'SIGKILL');
    const stat = `/proc/${child.pid}/stat`; // it is a zombie until this process turns its loop
    while (!/\) Z /.test(require('fs').readFileSync(stat, 'latin1'))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    child.send('with a callback', sockets[0], (error) => answers.push(error?.code ?? null));
    child.send('without', sockets[1]);
  }
});
child.on('exit', () => {
  setImmediate(() => {
    assert.ok(answers.length === 1 && [null, 'ERR_IPC_CHANNEL_CLOSED'].includes(answers[0]), String(answers));
    process.exit();
  });
});
