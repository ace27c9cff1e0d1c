import { createServer } from 'node:http';

const server = createServer((request, response) => response.end('Hello World!'));
server.keepAliveTimeout = 600_000;
server.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
