'use strict';
// Limits and ends of an HTTPS server's connections: idle ones end in time and orderly, requests that don't come get 408, close() ends what is idle,
// setTimeout is told.
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const keys = { key: read('server-key.pem'), cert: read('server.pem') };
const connect = (server) => tls.connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false });
const listen = (server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
function all(client) {
  let text = '';
  client.setEncoding('latin1');
  client.on('data', (chunk) => { text += chunk; });
  return new Promise((resolve) => { client.on('close', (bad) => resolve([text, bad])); });
}

(async () => {
  const idle = https.createServer({ ...keys, keepAliveTimeout: 50, keepAliveTimeoutBuffer: 0 }, (req, res) => res.end('idle'));
  await listen(idle);
  let client = connect(idle);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  let [text, bad] = await all(client);
  assert.match(text, /Keep-Alive[^]*idle$/);
  assert.strictEqual(bad, false);
  idle.close();

  const late = https.createServer({ ...keys, headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 }, (req, res) => res.end('late'));
  await listen(late);
  client = connect(late);
  client.write('GET / HTTP/1.1\r\nHo');
  [text] = await all(client);
  assert.match(text, /^HTTP\/1.1 408 /);
  late.close();

  const told = https.createServer(keys, () => {});
  const timeout = new Promise((resolve) => {
    told.setTimeout(50, (socket) => {
      assert.strictEqual(socket.encrypted, true);
      socket.destroy();
      resolve();
    });
  });
  await listen(told);
  client = connect(told);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  client.on('error', () => {});
  await timeout;
  told.close();

  const closing = https.createServer(keys, (req, res) => res.end('once'));
  await listen(closing);
  client = connect(closing);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const end = all(client);
  client.once('data', () => {
    // The answer is over on the server's side, too, a moment later.
    setTimeout(() => closing.close(), 20);
  });
  await new Promise((resolve) => { closing.on('close', resolve); });
  [text] = await end;
  assert.match(text, /once$/);
})();
