// What the handler of a request starts runs in the store that it entered.
const http = require('node:http');
const { AsyncLocalStorage } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
const server = http.createServer((request, response) => {
  storage.run(request.url, async () => {
    const ended = new Promise((resolve) => {
      request.resume().on('end', resolve);
    });
    await ended;
    const seen = [storage.getStore()];
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
