'use strict';
// An agent with proxyEnv sends its requests to the proxy with the whole URL, but for the hosts of NO_PROXY; the proxy's name and
// password go along.
const assert = require('assert');
const http = require('http');

const server = http.createServer((req, res) => res.end(`direct ${req.url}`));
const proxy = http.createServer((req, res) => {
  assert.strictEqual(req.headers['proxy-authorization'], `Basic ${Buffer.from('me:p w').toString('base64')}`);
  assert.strictEqual(req.headers['proxy-connection'], 'keep-alive');
  res.end(`proxy ${req.url} ${req.headers.host}`);
});
const get = (agent, url) => new Promise((resolve, reject) => {
  http.get(url, { agent }, (res) => {
    let text = '';
    res.setEncoding('utf8');
    res.on('data', (chunk) => { text += chunk; });
    res.on('end', () => resolve(text));
  }).on('error', reject);
});
server.listen(0, '127.0.0.1', () => proxy.listen(0, '127.0.0.1', async () => {
  const proxyUrl = `http://me:p%20w@127.0.0.1:${proxy.address().port}`;
  const agent = new http.Agent({ keepAlive: true, proxyEnv: { HTTP_PROXY: 'http://unused.invalid', http_proxy: proxyUrl, NO_PROXY: '.direct.test,127.0.0.1' } });
  assert.strictEqual(await get(agent, 'http://some.test/a?b'), 'proxy http://some.test/a?b some.test');
  assert.strictEqual(await get(agent, 'http://some.test:8080/'), 'proxy http://some.test:8080/ some.test:8080');
  assert.strictEqual(await get(agent, `http://127.0.0.1:${server.address().port}/x`), 'direct /x');
  assert.throws(() => new http.Agent({ proxyEnv: { HTTP_PROXY: 'http://:80' } }), { code: 'ERR_PROXY_INVALID_CONFIG', message: 'Invalid proxy URL: http://:80' });
  agent.destroy();
  server.close();
  proxy.close();
}));
