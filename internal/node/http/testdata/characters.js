// A body goes out in UTF-8, whatever V8 keeps the string in and however long it is.
const assert = require('assert');
const http = require('http');
const net = require('net');

const bodies = ['plain', 'caf\u00e9', '\u00e9'.repeat(40), '\u65e5\u672c', 'x'.repeat(70000) + '\u00ff', 'ascii'.repeat(20000)];
const server = http.createServer((req, res) => {
  const body = bodies[req.url.slice(1)];
  if (req.method === 'POST') {
    res.write(body);
    res.end(body);
  } else {
    res.end(body);
  }
});
server.listen(0, '127.0.0.1', async () => {
  for (const method of ['GET', 'POST']) {
    for (const k of bodies.keys()) {
      const chunks = [];
      await new Promise((resolve, reject) => {
        const socket = net.connect(server.address().port, '127.0.0.1', () => socket.write(`${method} /${k} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`));
        socket.on('data', (chunk) => chunks.push(chunk)).on('end', resolve).on('error', reject);
      });
      const all = Buffer.concat(chunks);
      const at = all.indexOf('\r\n\r\n');
      const head = all.toString('latin1', 0, at);
      let body = all.subarray(at + 4);
      if (method === 'GET') {
        assert.match(head, new RegExp(`\r\nContent-Length: ${Buffer.byteLength(bodies[k])}(\r\n|$)`));
        assert.strictEqual(body.toString(), bodies[k]);
        continue;
      }
      let text = '';
      for (;;) { // chunks
        const end = body.indexOf('\r\n');
        const size = parseInt(body.toString('latin1', 0, end), 16);
        if (size === 0) break;
        text += body.toString('utf8', end + 2, end + 2 + size);
        body = body.subarray(end + 2 + size + 2);
      }
      assert.strictEqual(text, bodies[k] + bodies[k]);
    }
  }
  server.close();
});
