'use strict';
// Workers share a UDP socket too, unless it is exclusive.
const assert = require('assert');
const cluster = require('cluster');
const dgram = require('dgram');

if (cluster.isWorker) {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (text, { port }) => socket.send(`${text} ${cluster.worker.id}`, port, '127.0.0.1'));
  socket.bind(0, '127.0.0.1', () => {
    const own = dgram.createSocket('udp4').bind({ port: 0, address: '127.0.0.1', exclusive: true }, () => {
      process.send([socket.address().port, own.address().port]);
      process.on('message', () => own.close());
    });
  });
} else {
  const got = [];
  for (let i = 0; i < 2; i++) {
    cluster.fork().on('message', (ports) => {
      if (got.push(ports) < 2) return;
      assert.strictEqual(got[0][0], got[1][0]);
      assert.notStrictEqual(got[0][1], got[1][1]);
      const client = dgram.createSocket('udp4');
      client.on('message', (text) => {
        assert.match(`${text}`, /^hello [12]$/);
        client.close();
        for (const worker of Object.values(cluster.workers)) worker.send('end');
        cluster.disconnect();
      });
      client.send('hello', got[0][0], '127.0.0.1');
    });
  }
}
