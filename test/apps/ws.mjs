// WebSocket with ws at both ends: text and binary, permessage-deflate, fragments, 1 MB frames, ping and pong, closing codes, refused handshakes, subprotocols, a duplex stream.
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { WebSocket, WebSocketServer, createWebSocketStream } from 'ws';
import { bytes, digest, ends, listen, print } from './ends.mjs';

async function serve() {
  const http = createServer((req, res) => res.end('plain http'));
  const plain = new WebSocketServer({ noServer: true, maxPayload: 4 << 20, handleProtocols: (offered) => (offered.has('v2') ? 'v2' : false) });
  const packed = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 100 } });
  http.on('upgrade', (req, socket, head) => {
    if (req.url === '/refused') return socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const wss = req.url === '/packed' ? packed : plain;
    wss.handleUpgrade(req, socket, head, (ws) => wss.emit('connection', ws, req));
  });
  for (const wss of [plain, packed]) {
    wss.on('connection', (ws, req) => {
      ws.on('error', () => {});
      if (req.url === '/pushes') {
        for (let i = 0; i < 1000; i++) ws.send(JSON.stringify({ i }));
        return ws.close(4000, 'all pushed');
      }
      if (req.url === '/cut') return ws.terminate();
      ws.on('message', (data, binary) => {
        if (String(data) === 'close me') return ws.close(1000, 'as asked é');
        if (String(data) === 'everyone') return wss.clients.forEach((c) => c.send('to all'));
        ws.send(data, { binary });
      });
    });
  }
  const port = await listen(http);
  return { port, close: () => { plain.close(); packed.close(); http.close(); } };
}

const open = (url, ...rest) => new Promise((resolve, reject) => {
  const ws = new WebSocket(url, ...rest);
  ws.once('open', () => resolve(ws));
  ws.once('error', reject);
});
const next = (ws) => new Promise((resolve) => ws.once('message', (data, binary) => resolve({ data, binary })));
const closed = (ws) => new Promise((resolve) => ws.once('close', (code, reason) => resolve([code, String(reason)])));
const echo = async (ws, ...args) => {
  const answer = next(ws);
  ws.send(...args);
  return await answer;
};

async function client(port) {
  const url = `ws://127.0.0.1:${port}`;
  for (const path of ['/', '/packed']) {
    const ws = await open(url + path);
    print(path, ws.extensions, ws.protocol, ws.readyState);
    const text = await echo(ws, 'é猫 '.repeat(100));
    print(path, 'text', text.binary, text.data.toString() === 'é猫 '.repeat(100));
    for (const size of [0, 1, 125, 126, 65535, 65536, 1 << 20]) {
      const sent = bytes(size, size);
      const { data, binary } = await echo(ws, sent);
      print(path, size, binary, data.equals(sent), digest(data));
    }
    const zeros = await echo(ws, Buffer.alloc(1 << 20));
    print(path, 'zeros', zeros.data.length);
    const pong = new Promise((resolve) => ws.once('pong', resolve));
    ws.ping('are you there');
    print(path, 'pong', String(await pong));
    const fragments = next(ws);
    ws.send('one ', { fin: false });
    ws.send('two ', { fin: false });
    ws.send('three', { fin: true });
    print(path, 'fragments', String((await fragments).data));
    let n = 0;
    const all = new Promise((resolve) => ws.on('message', () => ++n === 500 && resolve()));
    for (let i = 0; i < 500; i++) ws.send(`message ${i} ${'x'.repeat(i)}`);
    await all;
    print(path, 'burst', n);
    ws.removeAllListeners('message');
    const end = closed(ws);
    ws.send('close me');
    print(path, 'closed', await end);
  }
  const protocols = await open(url, ['v1', 'v2']);
  print('protocol', protocols.protocol);
  const many = await Promise.all(Array.from({ length: 20 }, () => open(url)));
  const heard = Promise.all(many.map(next));
  many[0].send('everyone');
  print('broadcast', (await heard).map((m) => String(m.data)).join().length);
  const end = Promise.all([...many, protocols].map(closed));
  for (const ws of [...many, protocols]) ws.close(1000);
  print('all closed', (await end).every(([code]) => code === 1000));

  const pushed = new WebSocket(`${url}/pushes`);
  let sum = 0;
  pushed.on('message', (data) => (sum += JSON.parse(data).i));
  print('pushes', await closed(pushed), sum);
  print('cut', await closed(await open(`${url}/cut`).then((ws) => ws)));
  const tooBig = await open(url);
  tooBig.on('error', () => {});
  tooBig.send(Buffer.alloc(5 << 20));
  print('too big', await closed(tooBig));
  await open(`${url}/refused`).catch((error) => print('refused', error.message));
  await open('ws://127.0.0.1:1').catch((error) => print('nobody there', error.code));
  const stream = createWebSocketStream(await open(url));
  const sink = new PassThrough();
  const blob = bytes(700_000, 5);
  let got = 0;
  sink.on('data', (chunk) => {
    got += chunk.length;
    if (got === blob.length) stream.end();
  });
  const flow = pipeline(stream, sink);
  for (let i = 0; i < blob.length; i += 7000) stream.write(blob.subarray(i, i + 7000));
  await flow;
  print('stream', got);
  const global = new globalThis.WebSocket(url);
  global.binaryType = 'arraybuffer';
  await new Promise((resolve) => global.addEventListener('open', resolve, { once: true }));
  const answer = new Promise((resolve) => global.addEventListener('message', resolve, { once: true }));
  global.send(new Uint8Array([1, 2, 3]));
  print('the global WebSocket', [...new Uint8Array((await answer).data)]);
  global.close();
  await new Promise((resolve) => global.addEventListener('close', resolve, { once: true }));
  print('plain', await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text());
}

await ends({ serve, client });
