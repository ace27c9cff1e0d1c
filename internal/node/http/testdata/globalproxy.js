'use strict';
// http.setGlobalProxyFromEnv sends what the shared agent and fetch request to a proxy, until the function that it gives takes it back.
const assert = require('assert');
const http = require('http');

const server = http.createServer((req, res) => res.end('direct'));
const proxy = http.createServer((req, res) => res.end(`proxy ${req.url}`));
proxy.on('connect', (req, socket, head) => {
  assert.strictEqual(head.length, 0);
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\ntunnel'));
});
const get = (url) => new Promise((resolve, reject) => {
  http.get(url, (res) => {
    let text = '';
    res.on('data', (chunk) => { text += chunk; });
    res.on('end', () => resolve(text));
  }).on('error', reject);
});
server.listen(0, '127.0.0.1', () => proxy.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const before = http.globalAgent;
  assert.throws(() => http.setGlobalProxyFromEnv(null), { code: 'ERR_INVALID_ARG_TYPE' });
  const restore = http.setGlobalProxyFromEnv({ HTTP_PROXY: `http://127.0.0.1:${proxy.address().port}` });
  assert.notStrictEqual(http.globalAgent, before);
  assert.strictEqual(await get(url), `proxy ${url}`);
  assert.strictEqual(await (await fetch('http://some.test/')).text(), 'tunnel');
  http.globalAgent.destroy();
  restore();
  assert.strictEqual(http.globalAgent, before);
  assert.strictEqual(await get(url), 'direct');
  assert.strictEqual(await (await fetch(url)).text(), 'direct');
  server.close();
  proxy.close();
  server.closeAllConnections();
  proxy.closeAllConnections();
}));
