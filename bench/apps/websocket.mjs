// Echo through the ws package.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(`${process.env.PACKAGES}/`)('ws');
const server = createServer((request, response) => response.end('up'));
new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
server.listen(Number(process.env.PORT), '127.0.0.1');
