'use strict';
// server.emit('connection', duplex): a server over a stream that is no socket.
const assert = require('assert');
const http = require('http');
const { duplexPair } = require('stream');

const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => res.end(`${req.method} ${req.url} ${body}`));
});
const [client, side] = duplexPair();
server.emit('connection', side);
let text = '';
client.on('data', (chunk) => {
  text += chunk;
  if (text.endsWith('POST /a hi')) client.end();
});
client.on('end', () => assert.match(text, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nPOST \/a hi$/));
client.write('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi');
