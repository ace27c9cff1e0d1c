'use strict';
// A client that ends its side after the request still gets the answer that is made at once, and with httpAllowHalfOpen every answer.
const assert = require('assert');
const http = require('http');
const net = require('net');

function ask(server, url, then) {
  let text = '';
  const client = net.connect({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true });
  client.setEncoding('latin1');
  client.end(`GET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`);
  client.on('data', (data) => { text += data; });
  client.on('error', () => {});
  client.on('close', () => then(text));
}
const server = http.createServer((req, res) => {
  if (req.url === '/later') setTimeout(() => res.end('later'), 50);
  else res.end('now');
});
server.listen(0, '127.0.0.1', () => {
  ask(server, '/', (text) => {
    assert.match(text, /now$/);
    ask(server, '/later', (none) => {
      assert.strictEqual(none, '');
      server.httpAllowHalfOpen = true;
      ask(server, '/later', (all) => {
        assert.match(all, /later$/);
        server.close();
      });
    });
  });
});
