'use strict';
// A program may take the bytes of a connection at any time: between requests, within one, or by writing them itself.
const assert = require('assert');
const http = require('http');
const net = require('net');

let raw = '';
const server = http.createServer((req, res) => {
  if (req.url === '/watch') {
    req.socket.on('data', (chunk) => { raw += chunk.toString('latin1'); });
    req.on('data', (chunk) => res.write(chunk));
    req.on('end', () => res.end('.'));
  } else if (req.url === '/write') {
    res.write('a');
    req.socket.write('1\r\nb\r\n');
    res.end('c');
  } else {
    res.end('plain');
  }
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  let text = '';
  client.setEncoding('latin1');
  client.on('data', (chunk) => {
    text += chunk;
    if (steps.length > 0 && steps[0][0].test(text)) client.write(steps.shift()[1]);
  });
  const steps = [
    [/plain$/, 'POST /watch HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhe'],
    [/2\r\nhe\r\n$/, 'll'],
    [/\.\r\n0\r\n\r\n$/, 'GET /write HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ];
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  client.on('close', () => {
    assert.match(text, /2\r\nhe\r\n2\r\nll\r\n1\r\n\.\r\n0\r\n\r\nHTTP\/1\.1 200 /);
    assert.match(text, /1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n$/);
    assert.strictEqual(raw, 'llGET /write HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    server.close();
  });
});
