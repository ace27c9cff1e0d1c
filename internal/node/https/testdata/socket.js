'use strict';
// What a request's socket tells of its session and counts: the client's certificate, the protocol, bytes; what ends a connection from outside.
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const ca = read('ca.pem');
const body = 'b'.repeat(300000);
const seen = [];
const server = https.createServer({ key: read('server-key.pem'), cert: read('server.pem'), ca, requestCert: true, rejectUnauthorized: false }, (req, res) => {
  const { socket } = req;
  seen.push(socket);
  const before = socket.bytesWritten;
  if (req.url === '/destroy') {
    socket.destroy();
    return;
  }
  let size = 0;
  req.on('data', (chunk) => { size += chunk.length; });
  req.on('end', () => {
    assert.ok(socket.bytesRead >= size);
    res.on('finish', () => assert.ok(socket.bytesWritten - before >= 2000));
    res.end(JSON.stringify({ authorized: socket.authorized, name: socket.getPeerCertificate().subject?.CN ?? null, size, protocol: socket.getProtocol(),
      cipher: typeof socket.getCipher().name, port: socket.remotePort, filler: 'f'.repeat(2000) }));
  });
});
const connections = [];
server.on('connection', (raw) => connections.push(raw));
server.on('close', () => {
  assert.ok(seen.every((socket) => socket.destroyed));
});

const options = { ca, servername: 'localhost', host: '127.0.0.1', key: read('client-key.pem'), cert: read('client.pem') };
function ask(agent, more) {
  return new Promise((resolve, reject) => {
    const req = https.request({ ...options, agent, port: server.address().port, method: 'POST', ...more }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => { text += chunk; });
      res.on('end', () => resolve({ ...JSON.parse(text), local: req.socket.localPort }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

server.listen(0, '127.0.0.1', async () => {
  const agent = new https.Agent({ keepAlive: true });
  const first = await ask(agent);
  assert.strictEqual(first.authorized, true);
  assert.strictEqual(typeof first.name, 'string');
  assert.strictEqual(first.size, body.length);
  assert.strictEqual(first.protocol, 'TLSv1.3');
  assert.strictEqual(first.cipher, 'string');
  assert.strictEqual(first.port, first.local);
  const second = await ask(agent);
  assert.strictEqual(second.local, first.local);
  assert.strictEqual(seen[0], seen[1]);
  await assert.rejects(ask(agent, { path: '/destroy' }), { code: /ECONNRESET|EPIPE/ });
  const anonymous = await ask(agent, { key: undefined, cert: undefined });
  assert.strictEqual(anonymous.authorized, false);
  assert.strictEqual(anonymous.name, null);
  assert.strictEqual(connections.length, 3 - 1);
  // The socket below belongs to the program as well.
  const gone = new Promise((resolve) => { seen[seen.length - 1].on('close', resolve); });
  connections[connections.length - 1].destroy();
  await gone;
  agent.destroy();
  server.close();
});
