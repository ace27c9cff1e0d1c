'use strict';
// The program ends in the midst of handshakes, of a question that nobody answers, and with connections open.
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const own = { key: read('server-key.pem'), cert: read('server.pem') };
const silent = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
  tls.connect({ port: silent.address().port, host: '127.0.0.1' });
});
const server = tls.createServer({ ...own, SNICallback(name, callback) {
  if (name === 'localhost') callback(null);
  else setImmediate(() => process.exit(0)); // it gets no answer
} }, (socket) => socket.write('open')).listen(0, '127.0.0.1', () => {
  const options = { port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false };
  tls.connect({ ...options, servername: 'localhost' }).once('data', () => {
    tls.connect({ ...options, servername: 'never.example' }).on('error', assert.ifError);
  });
});
