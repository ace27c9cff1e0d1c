'use strict';
// A client that goes away: 'aborted' and 'close' of the request, 'close' of the response, no 'finish'.
const assert = require('assert');
const http = require('http');

const events = [];
const server = http.createServer((req, res) => {
  req.on('aborted', () => events.push('req aborted'));
  req.on('close', () => {
    events.push('req close');
    assert.deepStrictEqual(events, ['req aborted', 'res close', 'req close']);
    assert.strictEqual(req.destroyed, true);
    server.close();
  });
  res.on('finish', () => events.push('res finish'));
  res.on('close', () => events.push('res close'));
  client.destroy();
});
let client;
server.listen(0, '127.0.0.1', () => {
  client = http.get({ port: server.address().port, host: '127.0.0.1' });
  client.on('error', (err) => assert.strictEqual(err.code, 'ECONNRESET'));
});
