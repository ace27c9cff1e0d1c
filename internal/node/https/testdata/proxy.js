'use strict';
// An https agent with proxyEnv asks the proxy for a tunnel, and fails with ERR_PROXY_TUNNEL when it doesn't get one.
const assert = require('assert');
const http = require('http');
const https = require('https');

const seen = [];
const proxy = http.createServer();
proxy.on('connect', (req, socket) => {
  seen.push(`${req.method} ${req.url} ${req.headers.host}`);
  socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
});
proxy.listen(0, '127.0.0.1', () => {
  const { port } = proxy.address();
  const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: `http://127.0.0.1:${port}` } });
  https.get('https://secret.test/x', { agent }, () => assert.fail('a response')).on('error', (err) => {
    assert.strictEqual(err.code, 'ERR_PROXY_TUNNEL');
    assert.match(err.message, /^Failed to establish tunnel to secret\.test:443 via http:\/\/127\.0\.0\.1:\d+\/?: HTTP\/1\.1 403 Forbidden$/);
    assert.deepStrictEqual(seen, ['CONNECT secret.test:443 secret.test:443']);
    proxy.close();
  });
});
