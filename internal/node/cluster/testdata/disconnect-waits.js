'use strict';
// A worker that is to disconnect finishes its connections first; new ones go to the others.
const assert = require('assert');
const cluster = require('cluster');
const net = require('net');

if (cluster.isWorker) {
  const server = net.createServer((socket) => {
    socket.write(`${cluster.worker.id} `);
    socket.on('data', () => socket.end('end'));
  });
  server.listen(0, '127.0.0.1');
} else {
  const order = [];
  const worker = cluster.fork();
  worker.on('listening', ({ port }) => {
    let text = '';
    const client = net.connect(port, '127.0.0.1').setEncoding('utf8');
    client.on('data', (s) => {
      text += s;
      if (text !== '1 ') return;
      const other = cluster.fork();
      other.on('listening', () => {
        worker.disconnect();
        net.connect(port, '127.0.0.1').setEncoding('utf8').once('data', function(answer) {
          assert.strictEqual(answer, '2 ');
          order.push('second answered');
          this.destroy();
          client.write('go');
          other.disconnect();
        });
      });
    });
    client.on('end', () => order.push(text));
  });
  worker.on('disconnect', () => order.push('disconnect'));
  worker.on('exit', (code) => {
    assert.strictEqual(code, 0);
    assert.strictEqual(worker.exitedAfterDisconnect, true);
    assert.deepStrictEqual(order.slice().sort(), ['1 end', 'disconnect', 'second answered'].sort());
    assert.strictEqual(order[0], 'second answered');
  });
}
