// WebSocket against a server of a few lines: messages both ways, fragments, pings, subprotocols, closing, faults of the server.
const assert = require('assert');
const http = require('http');
const crypto = require('crypto');
const server = http.createServer((req, res) => { res.statusCode = 400; res.end(); });
const frame = (head, payload) => Buffer.concat([Buffer.from(payload.length < 126 ? [head, payload.length] : [head, 126, payload.length >> 8, payload.length & 255]), payload]);
server.on('upgrade', (req, socket) => {
  socket.on('error', () => {});
  const accept = crypto.createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${req.url === '/accept' ? 'no' : accept}\r\n` +
    `${req.url === '/protocol' ? 'Sec-WebSocket-Protocol: two\r\n' : ''}${req.url === '/uninvited' ? 'Sec-WebSocket-Protocol: other\r\n' : ''}\r\n`);
  if (req.url === '/drop') return void socket.destroy();
  if (req.url === '/masked') return void socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 97]));
  if (req.url === '/utf8') return void socket.write(Buffer.from([0x81, 1, 255]));
  if (req.url === '/fragments') socket.write(Buffer.concat([Buffer.from([0x01, 1, 97]), frame(0x89, Buffer.from('ping')), Buffer.from([0x80, 1, 98])]));
  if (req.url === '/bye') socket.write(frame(0x88, Buffer.from([0x0f, 0xa1, 104, 105])));
  let data = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    data = Buffer.concat([data, chunk]);
    while (data.length >= 6) {
      let n = data[1] & 127;
      let at = 2;
      if (n === 126) { n = data.readUInt16BE(2); at = 4; }
      if (data.length < at + 4 + n) return;
      assert.ok(data[1] & 128, 'a client masks');
      const mask = data.subarray(at, at + 4);
      const payload = Buffer.from(data.subarray(at + 4, at + 4 + n)).map((b, i) => b ^ mask[i & 3]);
      const opcode = data[0] & 15;
      data = data.subarray(at + 4 + n);
      if (opcode === 8) return void socket.end(frame(0x88, payload.subarray(0, 2)));
      socket.write(frame(0x80 | (opcode === 10 ? 1 : opcode), payload));
    }
  });
});
const once = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
server.listen(0, '127.0.0.1', async () => {
  const base = `ws://127.0.0.1:${server.address().port}`;
  const ws = new WebSocket(`${base}/echo`);
  ws.binaryType = 'arraybuffer';
  assert.strictEqual(ws.readyState, WebSocket.CONNECTING);
  assert.throws(() => ws.send('x'), { name: 'InvalidStateError' });
  await once(ws, 'open');
  const long = 'é€'.repeat(2000);
  const got = [];
  ws.onmessage = (e) => got.push(typeof e.data === 'string' ? e.data : [...new Uint8Array(e.data)].join());
  ws.send('text');
  ws.send(new Uint8Array([1, 2, 3]).subarray(1));
  ws.send(new Blob(['blob']));
  ws.send(long);
  ws.send(new Uint8Array([9]).buffer);
  while (got.length < 5) await once(ws, 'message');
  assert.deepStrictEqual(got, ['text', '2,3', '98,108,111,98', long, '9']);
  await new Promise((r) => setTimeout(r, 20));
  assert.strictEqual(ws.bufferedAmount, 0);
  assert.throws(() => ws.close(1001), { name: 'InvalidAccessError' });
  ws.close(3001, 'done');
  assert.strictEqual(ws.readyState, WebSocket.CLOSING);
  const close = await once(ws, 'close');
  assert.deepStrictEqual([close.code, close.wasClean, ws.readyState], [3001, true, WebSocket.CLOSED]);

  const fragments = new WebSocket(`${base}/fragments`);
  assert.strictEqual((await once(fragments, 'message')).data, 'ab');
  assert.strictEqual((await once(fragments, 'message')).data, 'ping'); // the pong, sent back as text
  fragments.close();
  await once(fragments, 'close');

  const protocol = new WebSocket(`${base}/protocol`, ['one', 'two']);
  await once(protocol, 'open');
  assert.strictEqual(protocol.protocol, 'two');
  protocol.close();
  await once(protocol, 'close');
  const bye = await once(new WebSocket(`${base}/bye`), 'close');
  assert.deepStrictEqual([bye.code, bye.reason, bye.wasClean], [4001, 'hi', true]);
  for (const path of ['/accept', '/uninvited', '/drop', '/masked', '/utf8']) {
    const bad = new WebSocket(base + path);
    const failed = once(bad, 'error');
    const end = await once(bad, 'close');
    assert.deepStrictEqual([end.code, end.wasClean, (await failed).constructor.name], [1006, false, 'ErrorEvent'], path);
  }
  for (const [url, protocols] of [['no url'], ['ftp://x'], ['ws://x/#a'], ['ws://x', ['a', 'a']], ['ws://x', 'a b']]) {
    assert.throws(() => new WebSocket(url, protocols), { name: 'SyntaxError' });
  }
  server.close();
  server.closeAllConnections();
});
