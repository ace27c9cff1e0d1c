'use strict';
// The request of a connection, and each answer of a client, is a resource; the listeners run as its execution, and it ends.
const assert = require('assert');
const { createHook, executionAsyncId } = require('async_hooks');
const http = require('http');

const types = new Map();
const destroyed = new Set();
const hook = createHook({
  init(asyncId, type) {
    if (type === 'HTTPINCOMINGMESSAGE' || type === 'HTTPCLIENTREQUEST') types.set(asyncId, type);
  },
  destroy(asyncId) {
    if (types.has(asyncId)) destroyed.add(asyncId);
  },
}).enable();

const ids = new Set();
const server = http.createServer((req, res) => {
  assert.strictEqual(types.get(executionAsyncId()), 'HTTPINCOMINGMESSAGE');
  ids.add(executionAsyncId());
  res.end('ok');
});
server.listen(0, '127.0.0.1', () => {
  const ask = (n) => {
    http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (res) => {
      assert.strictEqual(types.get(executionAsyncId()), 'HTTPCLIENTREQUEST');
      res.resume().on('end', () => setImmediate(() => {
        if (n > 1) return ask(n - 1);
        server.close();
      }));
    });
  };
  ask(2);
});
server.on('close', () => setImmediate(() => setImmediate(() => {
  hook.disable();
  assert.strictEqual(ids.size, 2);
  assert.strictEqual(types.size, 4);
  assert.deepStrictEqual(destroyed, new Set(types.keys()));
})));
