// socket.io at both ends: polling, WebSocket and the upgrade between them; acknowledgements, rooms, namespaces, middleware, binary, disconnects.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { bytes, digest, ends, listen, print, sleep } from './ends.mjs';

async function serve() {
  const http = createServer();
  const server = new Server(http, { maxHttpBufferSize: 5e6, cors: { origin: '*' } });
  server.on('connection', (socket) => {
    socket.on('echo', (value, answer) => answer(value));
    socket.on('join', async (room, answer) => {
      await socket.join(room);
      answer([...socket.rooms].filter((r) => r !== socket.id));
    });
    socket.on('leave', async (room, answer) => {
      await socket.leave(room);
      answer((await server.in(room).fetchSockets()).length);
    });
    socket.on('say', (room, text, answer) => {
      socket.to(room).emit('said', text);
      answer();
    });
    socket.on('shout', (text) => server.emit('shouted', text));
    socket.on('ask back', async (answer) => answer(await socket.timeout(2000).emitWithAck('question', 6)));
    socket.on('kick', () => socket.disconnect(true));
  });
  const guarded = server.of('/guarded');
  guarded.use((socket, next) => (socket.handshake.auth.token === 'good' ? next() : next(Object.assign(new Error('no entry'), { data: { why: 'token' } }))));
  guarded.on('connection', (socket) => socket.emit('welcome', socket.handshake.auth, socket.handshake.query.q));
  const port = await listen(http);
  return { port, close: () => server.close() };
}

async function client(port) {
  const url = `http://127.0.0.1:${port}`;
  const open = (options, path = '') => new Promise((resolve, reject) => {
    const socket = io(url + path, { forceNew: true, reconnection: false, ...options });
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const name = transports.join('+');
    const socket = await open({ transports });
    if (transports.length === 2) await new Promise((resolve) => (socket.io.engine.transport.name === 'websocket' ? resolve() : socket.io.engine.once('upgrade', resolve)));
    print(name, socket.io.engine.transport.name);
    print(name, 'echo', await socket.emitWithAck('echo', { text: 'é猫', list: [1, null, true] }));
    const blob = bytes(400_000);
    const answer = await socket.emitWithAck('echo', { name: 'binary', parts: [blob, Buffer.from([1, 2])] });
    print(name, 'binary', digest(answer.parts[0]), Buffer.compare(Buffer.from(answer.parts[0]), blob) === 0, [...Buffer.from(answer.parts[1])]);
    print(name, 'many', (await Promise.all(Array.from({ length: 200 }, (_, i) => socket.emitWithAck('echo', i)))).reduce((a, b) => a + b, 0));
    socket.on('question', (n, reply) => reply(n * 7));
    print(name, 'asked back', await socket.emitWithAck('ask back'));

    const other = await open({ transports });
    print(name, 'rooms', await socket.emitWithAck('join', 'room'), await other.emitWithAck('join', 'room'));
    const heard = new Promise((resolve) => other.once('said', resolve));
    let own = false;
    socket.once('said', () => (own = true));
    await socket.emitWithAck('say', 'room', 'hello room');
    print(name, 'said', await heard, own, await other.emitWithAck('leave', 'room'));
    const all = Promise.all([socket, other].map((s) => new Promise((resolve) => s.once('shouted', resolve))));
    other.emit('shout', 'everyone');
    print(name, 'shouted', await all);
    const kicked = new Promise((resolve) => other.once('disconnect', resolve));
    other.emit('kick');
    print(name, 'kicked', await kicked);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.disconnect();
    print(name, 'disconnected', await gone);
  }
  await open({}, '/guarded').catch((error) => print('refused', error.message, error.data));
  const guarded = io(`${url}/guarded`, { forceNew: true, auth: { token: 'good' }, query: { q: 'x y' } });
  print('welcome', await new Promise((resolve) => guarded.once('welcome', (...args) => resolve(args))));
  const closing = new Promise((resolve) => guarded.once('disconnect', resolve));
  guarded.disconnect();
  await closing;
  await open({ transports: ['polling'] }, '/nowhere').catch((error) => print('no namespace', error.message));
  await sleep(20);
  print('bye');
}

await ends({ serve, client });
process.exit();
