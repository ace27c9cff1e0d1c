'use strict';
// Downloads that the client breaks off end their producers, and the connections go.
const assert = require('assert');
const http = require('http');
const { Readable } = require('stream');

let producing = 0;
let closed = 0;
const clients = 30;
const server = http.createServer((req, res) => {
  producing++;
  const endless = new Readable({
    read() { this.push(Buffer.alloc(16 << 10)); },
    destroy(err, callback) {
      producing--;
      callback(err);
    },
  });
  res.on('close', () => {
    closed++;
    assert.strictEqual(res.writableFinished, false);
    endless.destroy();
  });
  endless.pipe(res);
});
server.listen(0, '127.0.0.1', () => {
  for (let i = 0; i < clients; i++) {
    const req = http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (res) => {
      let n = 0;
      res.on('data', (data) => {
        n += data.length;
        if (n > i * 20000) req.destroy();
      });
      res.on('error', () => {});
    });
    req.on('error', () => {});
  }
  const check = () => server.getConnections((err, n) => {
    assert.ifError(err);
    if (n > 0 || closed < clients) {
      setTimeout(check, 20);
      return;
    }
    assert.strictEqual(producing, 0);
    server.close();
  });
  setTimeout(check, 100);
});
