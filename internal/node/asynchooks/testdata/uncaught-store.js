// The handlers of an uncaught exception run in the async context of what threw; what runs later doesn't.
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const seen = {};
process.on('uncaughtException', (err) => { seen[err.message] = storage.getStore(); });
const fail = (name) => () => { throw new Error(name); };
const start = (name, begin) => storage.run(`store of ${name}`, () => begin(fail(name)));
start('timer', (f) => setTimeout(f, 1));
start('immediate', (f) => setImmediate(f));
start('tick', (f) => process.nextTick(f));
start('microtask', (f) => queueMicrotask(f));
start('promise', (f) => { Promise.resolve().then(f); });
start('request', (f) => fs.stat('.', f));
start('socket', (f) => {
  const server = net.createServer((socket) => socket.on('data', () => { server.close(); socket.destroy(); f(); }));
  server.listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1').on('error', () => {}).end('x'));
});
setTimeout(() => assert.strictEqual(storage.getStore(), undefined), 50);
process.on('exit', () => {
  for (const name of ['timer', 'immediate', 'tick', 'microtask', 'promise', 'request', 'socket']) assert.strictEqual(seen[name], `store of ${name}`);
});
