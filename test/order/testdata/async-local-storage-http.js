// The request's own events don't run in the store that its handler entered; what the handler starts does.
const http = require('node:http');
const { AsyncLocalStorage } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
const server = http.createServer((request, response) => {
  storage.run(request.url, async () => {
    const ended = new Promise((resolve) => {
      request.resume().on('end', () => resolve(storage.getStore()));
    });
    const seen = [await ended, storage.getStore()];
    setTimeout(() => response.end(`${[...seen, storage.getStore()]}`), request.url === '/1' ? 30 : 1);
  });
});
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const texts = await Promise.all(['/1', '/2', '/3'].map((path) => fetch(base + path, { method: 'POST', body: 'x' }).then((r) => r.text())));
  console.log(texts, storage.getStore());
  server.close();
  server.closeAllConnections();
});
