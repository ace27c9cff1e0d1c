// A client's response has its socket as a property of its own, for which the package request asks, and keeps it to the end.
'use strict';
const assert = require('node:assert');
const http = require('node:http');

const server = http.createServer((request, response) => response.end('x')).listen(0, () => {
  const request = http.get({ port: server.address().port }, (response) => {
    assert.ok(Object.hasOwn(response, 'socket'));
    assert.ok(Object.keys(response).includes('socket'));
    assert.strictEqual(response.socket, request.socket);
    assert.strictEqual(response.connection, response.socket);
    response.resume().on('end', () => server.close());
  });
});
