'use strict';
// When descriptors run out, accept() fails for a while; the server goes on as soon as some are free.
const assert = require('assert');
const { spawn } = require('child_process');
const http = require('http');
const net = require('net');

if (process.argv[2] === 'server') {
  const server = http.createServer((req, res) => res.end('ok'));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else {
  const quote = (text) => `'${text}'`;
  const child = spawn('/bin/sh', ['-c', `ulimit -n 64; exec ${quote(process.execPath)} ${quote(__filename)} server`], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  child.stdout.once('data', (line) => {
    const port = Number(line);
    const clients = [];
    for (let i = 0; i < 120; i++) {
      const client = net.connect(port, '127.0.0.1');
      client.on('error', () => {});
      clients.push(client);
    }
    setTimeout(() => {
      assert.strictEqual(child.exitCode, null);
      for (const client of clients) client.destroy();
      (function attempt(left) {
        const req = http.get({ port, host: '127.0.0.1', agent: false }, (res) => {
          assert.strictEqual(res.statusCode, 200);
          res.resume();
          res.on('end', () => child.kill());
        });
        req.on('error', (err) => {
          assert.ok(left > 0, err);
          setTimeout(attempt, 50, left - 1);
        });
      })(40);
    }, 300);
  });
  child.on('exit', (code, signal) => assert.strictEqual(signal, 'SIGTERM'));
}
