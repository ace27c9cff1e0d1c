'use strict';
// TLS over streams in memory, with nothing else that keeps the program alive; over a socket that spoke plainly before; half open.
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { duplexPair } = require('stream');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name), 'utf8');
const ca = read('ca.pem');
const own = { key: read('server-key.pem'), cert: read('server.pem') };
const steps = [];
process.on('exit', () => assert.deepStrictEqual(steps, ['memory', 'starttls', 'half open']));

async function text(socket) {
  let all = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket) all += chunk;
  return all;
}

async function memory() {
  const [a, b] = duplexPair();
  const server = new tls.TLSSocket(b, { isServer: true, secureContext: tls.createSecureContext(own) });
  const client = tls.connect({ socket: a, ca, servername: 'localhost' });
  server.end('from the server');
  const big = 'x'.repeat(200000);
  client.end(big);
  const [heard, got] = await Promise.all([text(client), text(server)]);
  assert.strictEqual(heard, 'from the server');
  assert.strictEqual(got.length, big.length);
  steps.push('memory');
}

async function starttls() {
  const server = net.createServer((plain) => {
    plain.once('data', (line) => {
      assert.strictEqual(`${line}`, 'STARTTLS\n');
      plain.write('OK\n');
      const socket = new tls.TLSSocket(plain, { isServer: true, ...own });
      socket.on('secure', () => assert.strictEqual(socket.remoteAddress, '127.0.0.1'));
      socket.pipe(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const plain = net.connect(server.address().port, '127.0.0.1');
  plain.write('STARTTLS\n');
  assert.strictEqual(`${(await once(plain, 'data'))[0]}`, 'OK\n');
  const socket = tls.connect({ socket: plain, ca, servername: 'localhost' });
  socket.end('over tls');
  assert.strictEqual(await text(socket), 'over tls');
  server.close();
  steps.push('starttls');
}

async function halfOpen() {
  const server = tls.createServer({ ...own, allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on('end', () => setTimeout(() => socket.end('after the end'), 20));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', ca });
  socket.end('question');
  assert.strictEqual(await text(socket), 'after the end');
  server.close();
  steps.push('half open');
}

(async () => {
  await memory();
  await starttls();
  await halfOpen();
})();
