'use strict';
// Connecting, a write that has to wait and shutting down are resources of async_hooks: their callbacks run as their execution, and they end.
const assert = require('assert');
const { createHook, executionAsyncId } = require('async_hooks');
const net = require('net');

const wanted = ['TCPCONNECTWRAP', 'WRITEWRAP', 'SHUTDOWNWRAP'];
const types = new Map();
const destroyed = [];
createHook({
  init(asyncId, type) { if (wanted.includes(type)) types.set(asyncId, type); },
  destroy(asyncId) { if (types.has(asyncId)) destroyed.push(types.get(asyncId)); },
}).enable();

const server = net.createServer((socket) => {
  socket.pause();
  setTimeout(() => socket.resume(), 50);
  socket.on('end', () => server.close());
}).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => {
    assert.strictEqual(types.get(executionAsyncId()), 'TCPCONNECTWRAP');
    client.write(Buffer.alloc(16 << 20), () => client.end());
  });
});
process.on('exit', () => {
  for (const type of wanted) assert.ok([...types.values()].includes(type), type);
  assert.ok(destroyed.includes('TCPCONNECTWRAP'));
  assert.ok(destroyed.includes('WRITEWRAP'));
});
