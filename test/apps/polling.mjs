// socket.io over long polling in an application of several instances, which must get all requests of a client at one of them: `serve` is an instance,
// `client <port> <n>` n clients, each with an address of its own and a connection for each request. It prints how each fared.
import { Agent, createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { limit, print } from './ends.mjs';

function serve() {
  const http = createServer();
  new Server(http).on('connection', (socket) => socket.on('who', (n, answer) => answer(process.env.NODE_APP_INSTANCE, n)));
  http.listen(process.env.PORT, '127.0.0.1', () => console.log('listens'));
}

/** One client's life: the instances that have answered it, or what went wrong. */
async function live(port, k) {
  const agent = new Agent({ keepAlive: false, localAddress: `127.0.1.${k + 1}` });
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['polling'], forceNew: true, reconnection: false, agent });
  const lost = new Promise((_, reject) => {
    socket.once('connect_error', reject);
    socket.once('disconnect', (reason) => reject(new Error(reason)));
  });
  lost.catch(() => {});
  const seen = new Set();
  try {
    await Promise.race([lost, new Promise((resolve) => socket.once('connect', resolve))]);
    for (let n = 0; n < 10; n++) {
      const [instance] = await Promise.race([lost, new Promise((resolve) => socket.emit('who', n, (...answer) => resolve(answer)))]);
      seen.add(instance);
    }
    return seen.size === 1 ? `served by ${[...seen]}` : `served by several: ${[...seen]}`;
  } catch (error) {
    return `lost: ${error.message}`;
  } finally {
    socket.disconnect();
  }
}

const [what, port, n] = process.argv.slice(2);
if (what === 'client') {
  limit();
  for (let k = 0; k < +n; k++) print(`client ${k}`, await live(port, k));
  process.exit();
} else serve();
