'use strict';
// A reset in any state of a connection ends that connection alone, and nothing of it stays.
const assert = require('assert');
const http = require('http');
const net = require('net');

const body = Buffer.alloc(1 << 20, 'x');
const server = http.createServer((req, res) => {
  req.on('error', () => {});
  res.on('error', () => {});
  if (req.url === '/never') return;
  if (req.url === '/read') req.resume();
  if (req.url === '/socket') req.socket.on('error', () => {});
  if (req.url === '/raw') req.socket.on('data', () => {});
  if (req.url === '/big') for (let i = 0; i < 8; i++) res.write(body);
  else if (req.url === '/later') setTimeout(() => res.end('late'), 20);
  else if (req.url !== '/read') res.end('ok');
});

const states = [
  '', 'GET', 'GET / HTTP/1.1\r\nHos', 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc',
  'POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'GET /big HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /later HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /socket HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /raw HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /never HTTP/1.1\r\nHost: a\r\n\r\nGET /', 'nonsense\r\n\r\n',
];
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (let round = 0; round < 3; round++) {
    await Promise.all(states.map((text) => new Promise((resolve) => {
      const client = net.connect(port, '127.0.0.1', () => {
        client.write(text);
        setTimeout(() => client.resetAndDestroy(), round * 15);
      });
      client.on('error', () => {});
      client.on('close', resolve);
    })));
  }
  http.get({ port, host: '127.0.0.1', agent: false }, (res) => {
    assert.strictEqual(res.statusCode, 200);
    res.resume();
    res.on('end', () => {
      const check = () => server.getConnections((err, n) => {
        assert.ifError(err);
        if (n > 0) setTimeout(check, 20);
        else server.close();
      });
      check();
    });
  });
});
