'use strict';
// 200,000 connections, in every way of ending, to one HTTP server: each request is answered, no connection is left over, and the server is no
// larger after them than after the first ones.
const assert = require('node:assert');
const { fork } = require('node:child_process');
const http = require('node:http');
const net = require('node:net');

if (process.argv[2] === 'server') {
  let served = 0;
  const server = http.createServer((req, res) => {
    served++;
    res.end('ok');
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', () => server.getConnections((err, open) => process.send({ open, served, rss: process.memoryUsage.rss() })));
  process.on('disconnect', () => process.exit());
  return;
}

const total = 200_000;
const warm = 40_000;
const parallel = 64;
const growth = 24 << 20;

const child = fork(__filename, ['server']);
const answers = [];
child.on('message', (m) => answers.shift()(m));
child.on('exit', () => answers.length > 0 && assert.fail('the server is gone'));
const answer = () => new Promise((resolve) => answers.push(resolve));
const look = () => {
  child.send('look');
  return answer();
};

const endings = [
  (c) => c.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  (c) => c.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
  (c) => c.destroy(),
  (c) => c.resetAndDestroy(),
];

function connection(port, k) {
  return new Promise((resolve, reject) => {
    let got = '';
    // Closed connections keep their pair of ports for a minute, so that one address would run out of them.
    const c = net.connect({ port, host: '127.0.0.1', localAddress: `127.0.${k % 50}.1` }, () => endings[k % endings.length](c));
    c.setEncoding('latin1').on('data', (text) => got += text);
    c.on('error', reject);
    c.on('close', () => {
      if (k % endings.length < 2 && !got.endsWith('ok')) reject(new Error(`connection ${k} got ${JSON.stringify(got)}`));
      else resolve();
    });
  });
}

async function connections(port, from, to) {
  let next = from;
  const one = async () => {
    while (next < to) await connection(port, next++);
  };
  await Promise.all(Array.from({ length: parallel }, one));
}

async function settled() {
  for (;;) {
    const seen = await look();
    if (seen.open === 0) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

(async () => {
  const { port } = await answer();
  await connections(port, 0, warm);
  const before = await settled();
  await connections(port, warm, total);
  const after = await settled();
  assert.strictEqual(after.served, total / 2);
  assert.ok(after.rss - before.rss < growth, `${before.rss} bytes after ${warm} connections, ${after.rss} after ${total}`);
  child.disconnect();
})();
