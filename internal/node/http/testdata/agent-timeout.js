// A request hears the timeout of its agent's sockets, and an aborted one the error that its connection ended with.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const waiting = http.get({ agent: new http.Agent({ timeout: 50 }), lookup: () => {} });
waiting.on('socket', (socket) => {
  assert.strictEqual(socket.timeout, 50);
  assert.strictEqual(socket.listeners('timeout').length, 2);
  waiting.emit('seen');
});
waiting.once('seen', () => waiting.on('error', () => {}).destroy());

let failure;
const aborted = http.get({
  createConnection() {
    const socket = new net.Socket();
    process.nextTick(() => socket.destroy(new Error('broken')));
    return socket;
  },
});
aborted.on('error', (err) => { failure = err; });
aborted.abort();

let warning;
process.on('warning', (w) => { warning = w; });
new net.Socket().setTimeout(2 ** 40).destroy();

process.on('exit', () => {
  assert.strictEqual(failure.message, 'broken');
  assert.strictEqual(warning.name, 'TimeoutOverflowWarning');
});
