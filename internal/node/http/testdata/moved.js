'use strict';
// A program may listen to the bytes of a connection from within a request: it sees those that come from then on, and requests go on.
const assert = require('assert');
const http = require('http');
const net = require('net');

let raw = '';
const server = http.createServer((req, res) => {
  if (req.url === '/watch') {
    req.socket.on('data', (chunk) => { raw += chunk.toString('latin1'); });
    req.on('data', (chunk) => res.write(chunk));
    req.on('end', () => res.end('.'));
  } else {
    res.end(req.url);
  }
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  const steps = [
    [/\/first$/, 'POST /watch HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhe'],
    [/he\r\n$/, 'll'],
    [/0\r\n\r\n$/, 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ];
  let text = '';
  client.setEncoding('latin1');
  client.on('data', (chunk) => {
    text += chunk;
    if (steps.length > 0 && steps[0][0].test(text)) client.write(steps.shift()[1]);
  });
  client.write('GET /first HTTP/1.1\r\nHost: a\r\n\r\n');
  client.on('close', () => {
    assert.match(text, /2\r\nhe\r\n/);
    assert.match(text, /ll.*\/last$/s);
    assert.strictEqual(raw, 'llGET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    server.close();
  });
});
