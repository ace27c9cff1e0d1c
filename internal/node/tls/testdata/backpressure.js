// A reader that pauses holds the writer back; nothing is lost or changes its order, whatever the pieces.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const tls = require('tls');

const keys = path.join(__dirname, 'keys');
const options = { key: fs.readFileSync(`${keys}/server-key.pem`), cert: fs.readFileSync(`${keys}/server.pem`) };
const total = 24 << 20;
const sent = crypto.createHash('sha256');
const got = crypto.createHash('sha256');

const server = tls.createServer(options, (socket) => {
  let size = 0;
  let rounds = 0;
  socket.on('data', (chunk) => {
    size += chunk.length;
    got.update(chunk);
    if (++rounds % 40 === 0) {
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    }
  });
  socket.on('end', () => {
    assert.strictEqual(size, total);
    assert.strictEqual(socket.bytesRead, total);
    socket.end('done');
    server.close();
  });
}).listen(0, '127.0.0.1', () => {
  const client = tls.connect({ port: server.address().port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
    let left = total;
    let held = 0;
    const more = () => {
      while (left > 0) {
        const piece = Buffer.alloc(Math.min(left, 1 + left % 70_001), left);
        left -= piece.length;
        sent.update(piece);
        if (!client.write(piece)) {
          held++;
          client.once('drain', more);
          return;
        }
      }
      assert(held > 0);
      client.end();
    };
    more();
  });
  let answer = '';
  client.setEncoding('utf8').on('data', (text) => { answer += text; });
  client.on('close', () => {
    assert.strictEqual(answer, 'done');
    assert.strictEqual(sent.digest('hex'), got.digest('hex'));
  });
});
