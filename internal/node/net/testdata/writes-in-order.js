// What a handler writes arrives in the order of its writes, however they are made, and counts in bytesWritten at once: also when many
// connections have something to read at the same time.
'use strict';
const assert = require('assert');
const net = require('net');

const CLIENTS = 30;
const ROUNDS = 20;

const ways = [
  (socket, text) => socket.write(Buffer.from(text)),
  (socket, text) => socket.write(text),
  (socket, text) => socket.write(new Uint8Array(Buffer.from(text))),
  (socket, text) => socket.write(text, 'latin1'),
  (socket, text) => {
    socket.cork();
    socket.write(Buffer.from(text.slice(0, 2)));
    socket.write(Buffer.from(text.slice(2)));
    socket.uncork();
  },
  (socket, text) => {
    socket.cork();
    for (const c of text) socket.write(c);
    socket.uncork();
  },
  (socket, text) => process.nextTick(() => socket.write(Buffer.from(text))),
  (socket, text) => Promise.resolve().then(() => socket.write(Buffer.from(text))),
];
const LONG = 'x'.repeat(20000);

// The answer to the n-th request of a client: three writes in an order that both sides know.
const answer = (n) => {
  const parts = [];
  for (let i = 0; i < 3; i++) parts.push((n + i) % 7 === 0 ? LONG : `<${n}.${i}>`);
  return parts;
};

const server = net.createServer((socket) => {
  let n = 0;
  let written = 0;
  socket.on('data', (request) => {
    assert.strictEqual(request.toString(), '?');
    const parts = answer(n);
    const sizes = parts.reduce((sum, part) => sum + part.length, 0);
    parts.forEach((part, i) => {
      const way = ways[(n * 3 + i) % 6];
      way(socket, part);
    });
    written += sizes;
    assert.strictEqual(socket.bytesWritten, written);
    const late = `(${n})`;
    ways[6 + n % 2](socket, late);
    written += late.length;
    if (++n === ROUNDS) setImmediate(() => socket.end('end'));
  });
});
server.listen(0, '127.0.0.1', () => {
  let open = CLIENTS;
  for (let i = 0; i < CLIENTS; i++) {
    const client = net.connect(server.address().port, '127.0.0.1');
    let got = '';
    let want = '';
    let n = 0;
    const ask = () => {
      want += `${answer(n).join('')}(${n})`;
      n++;
      client.write('?');
    };
    client.on('connect', ask);
    client.setEncoding('latin1');
    client.on('data', (text) => {
      got += text;
      if (got === want && n < ROUNDS) ask();
    });
    client.on('end', () => {
      assert.strictEqual(got, `${want}end`);
      if (--open === 0) server.close();
    });
  }
});
