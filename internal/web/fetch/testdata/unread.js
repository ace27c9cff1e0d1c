// A response that is never read keeps nobody from ending, and connections are used again.
const assert = require('assert');
const http = require('http');
let connections = 0;
const server = http.createServer((req, res) => res.end('x'.repeat(+req.url.slice(1)))).on('connection', () => connections++);
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}/`;
  for (let i = 0; i < 20; i++) await (await fetch(base + 100)).text();
  assert.ok(connections <= 2, `${connections} connections for 20 requests in a row`);
  await Promise.all(Array.from({ length: 50 }, async (_, i) => assert.strictEqual((await (await fetch(base + i)).text()).length, i)));
  await fetch(base + 100);
  server.close();
  server.closeAllConnections();
});
