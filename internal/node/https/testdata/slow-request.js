'use strict';
// A request whose head or body doesn't come in time is answered with 408.
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const options = { key: read('server-key.pem'), cert: read('server.pem'), connectionsCheckingInterval: 20 };

function send(server, text) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false });
      let heard = '';
      socket.on('data', (chunk) => { heard += chunk; });
      socket.on('error', () => {});
      socket.on('close', () => {
        server.close();
        resolve(heard.split('\r\n')[0]);
      });
      socket.write(text);
    });
  });
}

(async () => {
  const heads = https.createServer({ ...options, headersTimeout: 100, requestTimeout: 0 }, assert.fail);
  assert.strictEqual(await send(heads, 'GET / HTTP/1.1\r\nHost: a\r\n'), 'HTTP/1.1 408 Request Timeout');
  const bodies = https.createServer({ ...options, headersTimeout: 100, requestTimeout: 100 }, (req) => req.resume().on('error', () => {}));
  assert.strictEqual(await send(bodies, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'), 'HTTP/1.1 408 Request Timeout');
})();
