// Strings, parts of buffers, lists, and empty datagrams arrive whole and in order; callbacks get the number of bytes.
const assert = require('node:assert');
const dgram = require('node:dgram');

const server = dgram.createSocket('udp4');
const client = dgram.createSocket('udp4');
const got = [];
const sizes = [];
const want = ['hello', 'lo w', 'abc', '', 'é'];
server.on('message', (data, rinfo) => {
  assert.ok(Buffer.isBuffer(data));
  assert.deepStrictEqual(Object.keys(rinfo), ['address', 'family', 'port', 'size']);
  assert.strictEqual(rinfo.size, data.length);
  assert.strictEqual(rinfo.address, '127.0.0.1');
  assert.strictEqual(rinfo.port, client.address().port);
  got.push(data.toString());
  if (got.length === want.length) {
    assert.deepStrictEqual(got, want);
    assert.deepStrictEqual(sizes, [5, 4, 3, 0, 2]);
    server.close();
    client.close();
  }
});
server.bind(0, '127.0.0.1', () => {
  const { port } = server.address();
  const sent = (err, bytes) => {
    assert.ifError(err);
    sizes.push(bytes);
  };
  client.send('hello', port, '127.0.0.1', sent);
  client.send(Buffer.from('hello world'), 3, 4, port, '127.0.0.1', sent);
  client.send(['a', Buffer.from('b'), new DataView(Uint8Array.of(0x63).buffer)], port, '127.0.0.1', sent);
  client.send([], port, '127.0.0.1', sent);
  client.send('é', port, '127.0.0.1', sent);
});
