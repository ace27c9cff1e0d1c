// A body that nobody reads fills no memory: the server is held back. Then all of it comes, unchanged.
const assert = require('assert');
const http = require('http');
const TOTAL = 64 << 20;
let written = 0;
const server = http.createServer((req, res) => {
  const chunk = Buffer.alloc(1 << 20);
  const more = () => {
    while (written < TOTAL) {
      chunk.fill(written >> 20);
      written += chunk.length;
      if (!res.write(Buffer.from(chunk))) return res.once('drain', more);
    }
    res.end();
  };
  more();
});
server.listen(0, '127.0.0.1', async () => {
  const response = await fetch(`http://127.0.0.1:${server.address().port}`);
  const reader = response.body.getReader();
  let { value } = await reader.read();
  await new Promise((r) => setTimeout(r, 300));
  assert.ok(written < TOTAL / 2, `${written} bytes were written while nobody read`);
  let total = 0;
  for (;;) {
    for (let i = 0; i < value.length; i += 4096) assert.strictEqual(value[i], (total + i) >> 20);
    total += value.length;
    const next = await reader.read();
    if (next.done) break;
    value = next.value;
  }
  assert.strictEqual(total, TOTAL);
  server.close();
  server.closeAllConnections();
});
