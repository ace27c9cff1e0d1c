'use strict';
// A response that the client doesn't read: write() says false, 'drain' comes once it reads, and every byte arrives.
const assert = require('assert');
const http = require('http');

const piece = Buffer.alloc(256 * 1024, 'x');
let falses = 0;
const server = http.createServer((req, res) => {
  let left = 64;
  (function more() {
    while (left > 0) {
      left--;
      if (!res.write(piece)) {
        falses++;
        res.once('drain', more);
        return;
      }
    }
    res.end();
  })();
});
server.listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (res) => {
    let length = 0;
    setTimeout(() => {
      res.on('data', (chunk) => { length += chunk.length; });
      res.on('end', () => {
        assert.strictEqual(length, 64 * piece.length);
        assert.ok(falses > 0);
        server.close();
      });
    }, 50);
  });
});
