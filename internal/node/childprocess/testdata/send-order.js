'use strict';
// Messages that are sent behind a handle come behind it, in both serializations, and none is lost when the channel is closed at once.
const assert = require('assert');
const { fork } = require('child_process');
const net = require('net');

if (process.argv[2] === 'child') {
  const got = [];
  process.on('message', (message, handle) => {
    got.push([message, handle instanceof net.Server]);
    if (handle) handle.close();
  });
  process.on('disconnect', () => {
    assert.deepStrictEqual(got, [['before', false], ['server', true], ['after', false], ['server again', true], ['last', false]]);
  });
  process.send('ready');
} else {
  for (const serialization of ['json', 'advanced']) {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const child = fork(__filename, ['child'], { serialization });
      child.on('message', () => {
        child.send('before');
        child.send('server', server);
        child.send('after');
        child.send('server again', server);
        child.send('last', () => {
          server.close();
          child.disconnect();
        });
      });
      child.on('exit', (code) => assert.strictEqual(code, 0));
    });
  }
}
