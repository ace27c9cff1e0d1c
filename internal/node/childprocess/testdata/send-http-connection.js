'use strict';
// A connection of an http server can be sent before it has sent anything; a server in the child answers it.
const assert = require('assert');
const { fork } = require('child_process');
const http = require('http');
const net = require('net');

if (process.argv[2] === 'child') {
  const server = http.createServer((req, res) => res.end(`child ${req.url}`));
  process.on('message', (_message, socket) => {
    server.emit('connection', socket);
    socket.on('close', () => process.disconnect());
    process.send('have it');
  });
  process.send('ready');
} else {
  const child = fork(__filename, ['child']);
  child.once('message', () => {
    const server = http.createServer(() => assert.fail('the parent answers'));
    server.on('connection', (socket) => {
      child.send('socket', socket);
      server.close();
    });
    server.listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1');
      child.once('message', () => client.write('GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'));
      let text = '';
      client.setEncoding('utf8').on('data', (s) => { text += s; }).on('end', () => assert.match(text, /child \/x$/));
    });
  });
}
