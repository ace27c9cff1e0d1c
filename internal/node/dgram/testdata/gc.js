// Sockets that nobody holds keep receiving until they are closed, and closed ones are collected.
const assert = require('node:assert');
const dgram = require('node:dgram');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');
let collected = 0;
const registry = new FinalizationRegistry(() => { collected++; });

function listen(done) {
  let socket = dgram.createSocket('udp4');
  registry.register(socket, 1);
  socket.on('message', function() { this.close(); });
  socket.on('close', done);
  socket.bind(0, '127.0.0.1', function() { send(this.address().port); });
  socket = null;
}
function send(port) {
  gc();
  const client = dgram.createSocket('udp4');
  client.send('x', port, '127.0.0.1', () => client.close());
}
let left = 8;
for (let i = 0; i < 8; i++) listen(() => { if (--left === 0) setTimeout(check, 10, 0); });

function check(round) {
  gc();
  if (collected >= 7) return;
  assert.ok(round < 50, `only ${collected} of 8 were collected`);
  setTimeout(check, 10, round + 1);
}
