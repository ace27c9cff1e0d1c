'use strict';
// Clients that send their headers byte by byte get 408 when headersTimeout is over, and others are served meanwhile.
const assert = require('assert');
const http = require('http');
const net = require('net');

const server = http.createServer({ headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 }, (req, res) => res.end('ok'));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  let open = 0;
  let served = 0;
  const request = () => http.get({ port, host: '127.0.0.1', agent: false }, (res) => {
    res.resume();
    res.on('end', () => { served++; });
  }).on('error', () => {}); // the last one may still be on its way when the server closes
  for (let i = 0; i < 40; i++) {
    open++;
    const client = net.connect(port, '127.0.0.1');
    client.write(i % 2 ? 'GET / HTTP/1.1\r\nHost: a\r\nX-' : 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx');
    const drip = setInterval(() => client.write('a'), 40);
    let text = '';
    client.setEncoding('latin1');
    client.on('data', (chunk) => { text += chunk; });
    client.on('error', () => {});
    client.on('close', () => {
      clearInterval(drip);
      if (i % 2) assert.match(text, /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n\r\n$/);
      else assert.match(text, /^HTTP\/1\.1 (408|200)/); // the second kind was answered before its body had come
      if (--open === 0) {
        clearInterval(others);
        assert.ok(served >= 3, `${served}`);
        server.close();
        server.closeAllConnections();
      }
    });
  }
  const others = setInterval(request, 60);
});
