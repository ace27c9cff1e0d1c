'use strict';
// A TLSSocket that was made for a stream ends with it and without an error; a callback that is never called keeps no process alive.
const assert = require('assert');
const { duplexPair } = require('stream');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');

const seen = [];
function end(name, options, begins, peerEnds) {
  const server = net.createServer((below) => {
    const socket = new tls.TLSSocket(below, options);
    if (begins) socket._start();
    socket.on('error', assert.ifError);
    socket.on('close', (hadError) => seen.push([name, hadError]));
    server.close();
    if (!peerEnds) setImmediate(() => below.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const peer = net.connect(server.address().port, '127.0.0.1', () => { if (peerEnds) peer.end(); });
    peer.on('error', () => {});
    peer.resume();
  });
}
end('waiting client', {}, false, false);
end('client', {}, true, false);
end('server', { isServer: true }, false, false);
end('server, ended by its peer', { isServer: true }, false, true);

let asked = 0;
const [a, b] = duplexPair();
new tls.TLSSocket(b, { isServer: true, key: read('server-key.pem'), cert: read('server.pem'), SNICallback: () => { asked++; } });
tls.connect({ socket: a, servername: 'localhost' }).on('error', () => {});

process.on('exit', () => {
  assert.strictEqual(asked, 1);
  assert.deepStrictEqual(seen.map(([name]) => name).sort(), ['client', 'server', 'server, ended by its peer', 'waiting client']);
  assert.ok(seen.every(([, hadError]) => !hadError));
});
