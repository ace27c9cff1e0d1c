'use strict';
// Pipelined requests are answered in their order, whatever order the application finishes in.
const assert = require('assert');
const http = require('http');
const net = require('net');

const server = http.createServer((req, res) => {
  setTimeout(() => res.end(req.url), req.url === '/1' ? 20 : 0);
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let text = '';
  client.setEncoding('latin1');
  client.on('data', (chunk) => { text += chunk; });
  client.on('close', () => {
    assert.deepStrictEqual(text.match(/\/\d$|\/\d(?=HTTP)/gm), ['/1', '/2', '/3']);
    server.close();
  });
});
