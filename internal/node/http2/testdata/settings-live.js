// Settings and pings between two ends.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer({ settings: { maxConcurrentStreams: 7, enableConnectProtocol: true, customSettings: { 1244: 456 } } });
// Settings of other numbers are those that were sent, acknowledged or not.
server.on('session', (session) => assert.strictEqual(session.localSettings.customSettings[1244], 456));
server.on('session', (session) => session.on('remoteSettings', (s) => assert.strictEqual(s.initialWindowSize, 70000)));
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`, { settings: { initialWindowSize: 70000 } });
  client.once('remoteSettings', (s) => {
    assert.strictEqual(s.maxConcurrentStreams, 7);
    assert.strictEqual(s.enableConnectProtocol, true);
    client.settings({ enablePush: false }, (err, settings) => {
      assert.ifError(err);
      assert.strictEqual(settings.enablePush, false);
      assert.strictEqual(client.localSettings.enablePush, false);
      client.ping(Buffer.from('12345678'), (err, ms, payload) => {
        assert.ifError(err);
        assert.strictEqual(payload.toString(), '12345678');
        client.close();
        server.close();
      });
    });
  });
});
