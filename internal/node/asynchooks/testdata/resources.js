// Requests and handles of the system are async resources: they begin, run as an execution of their own, and end.
const assert = require('node:assert');
const asyncHooks = require('node:async_hooks');
const crypto = require('node:crypto');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');

const types = new Map();
const events = { before: [], after: [], destroy: [] };
const hook = asyncHooks.createHook({
  init(id, type) { types.set(id, type); },
  before(id) { events.before.push(types.get(id)); },
  after(id) { events.after.push(types.get(id)); },
  destroy(id) { events.destroy.push(types.get(id)); },
}).enable();
const running = () => types.get(asyncHooks.executionAsyncId());

fs.stat(__filename, () => {
  assert.strictEqual(running(), 'FSREQCALLBACK');
  assert.strictEqual(asyncHooks.triggerAsyncId(), 1);
  crypto.randomBytes(4, () => {
    assert.strictEqual(running(), 'RANDOMBYTESREQUEST');
    dns.lookup('localhost', () => {
      assert.strictEqual(running(), 'GETADDRINFOREQWRAP');
      const server = net.createServer((socket) => {
        assert.strictEqual(running(), 'TCPSERVERWRAP');
        socket.on('data', () => {
          assert.strictEqual(running(), 'TCPWRAP');
          assert.ok(process.getActiveResourcesInfo().includes('TCPSocketWrap'));
          socket.end();
        });
      }).listen(0, '127.0.0.1', () => {
        const socket = net.connect(server.address().port, '127.0.0.1').on('connect', () => socket.write('x')).on('close', () => server.close()).resume();
      });
    });
  });
});
setTimeout(() => {}, 10);
setImmediate(() => {}).unref();
assert.deepStrictEqual(process.getActiveResourcesInfo(), ['FSReqCallback', 'Timeout']);

process.on('exit', () => {
  hook.disable();
  for (const type of ['FSREQCALLBACK', 'RANDOMBYTESREQUEST', 'GETADDRINFOREQWRAP', 'TCPSERVERWRAP', 'TCPWRAP']) {
    const count = (list) => list.filter((one) => one === type).length;
    assert.ok(count(events.before) > 0, type);
    assert.strictEqual(count(events.before), count(events.after), type);
    assert.strictEqual(count(events.destroy), [...types.values()].filter((one) => one === type).length, type);
  }
});
