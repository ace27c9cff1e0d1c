// Where an error goes: thrown, to the callback, or to 'error'; and a socket can be bound again after a failed bind.
const assert = require('node:assert');
const dgram = require('node:dgram');

const a = dgram.createSocket('udp4');
a.bind(0, '127.0.0.1', () => {
  const { port } = a.address();
  const b = dgram.createSocket('udp4');
  b.once('error', (err) => {
    assert.strictEqual(err.message, `bind EADDRINUSE 127.0.0.1:${port}`);
    assert.strictEqual(err.port, port);
    b.bind(0, '127.0.0.1', () => {
      assert.throws(() => b.bind(), { code: 'ERR_SOCKET_ALREADY_BOUND' });
      b.send(Buffer.alloc(70000), port, '127.0.0.1', (err) => {
        assert.strictEqual(err.message, `send EMSGSIZE 127.0.0.1:${port}`);
        assert.strictEqual(err.syscall, 'send');
        b.send('x', port, '::1', (err) => {
          assert.strictEqual(err.code, 'EINVAL');
          b.close();
          a.close();
          assert.throws(() => b.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
        });
      });
    });
  });
  b.bind(port, '127.0.0.1');
});

const sync = dgram.createSocket('udp4');
assert.throws(() => sync.bindSync({ address: 'localhost' }), { code: 'ERR_INVALID_ARG_VALUE' });
const address = sync.bindSync({ address: '127.0.0.1' });
assert.strictEqual(address.address, '127.0.0.1');
assert.ok(address.port > 0);
sync.connectSync(address.port, '127.0.0.1');
assert.deepStrictEqual(sync.remoteAddress(), address);
let order = '';
sync.on('listening', () => { order += 'l'; });
sync.on('connect', () => { order += 'c'; });
sync.on('message', (data) => {
  assert.strictEqual(data.toString(), 'to myself');
  assert.strictEqual(order, 'lc');
  sync.close();
});
sync.send('to myself');

// The peer is gone: Linux reports it when the next datagram is received.
const lonely = dgram.createSocket('udp4');
const gone = dgram.createSocket('udp4');
const { port } = gone.bindSync({ address: '127.0.0.1' });
gone.close(() => {
  lonely.connect(port, '127.0.0.1', () => {
    lonely.send('x');
    lonely.once('error', (err) => {
      assert.strictEqual(err.code, 'ECONNREFUSED');
      lonely.close();
    });
  });
});
