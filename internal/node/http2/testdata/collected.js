// Sessions that are over leave nothing behind.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer((req, res) => res.end('x'));
let gone = 0;
const registry = new FinalizationRegistry(() => gone++);
require('v8').setFlagsFromString('--expose-gc');
const gc = require('vm').runInNewContext('gc');
server.on('session', (session) => registry.register(session, 1));
server.listen(0, async () => {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => {
      const client = http2.connect(`http://localhost:${server.address().port}`);
      client.request().resume().on('close', () => client.close(resolve));
    });
  }
  for (let i = 0; i < 50 && gone < 15; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
  }
  assert.ok(gone >= 15, `${gone}`);
  server.close();
});
