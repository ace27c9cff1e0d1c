'use strict';
// An agent resumes sessions of its hosts, as many as it may keep.
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const ca = read('ca.pem');
const server = https.createServer({ key: read('server-key.pem'), cert: read('server.pem') }, (req, res) => res.end(`${req.socket.isSessionReused()}`));

function ask(agent, options) {
  return new Promise((resolve, reject) => {
    https.get({ port: server.address().port, host: '127.0.0.1', ca, agent, ...options }, (res) => {
      let text = '';
      res.on('data', (chunk) => { text += chunk; });
      res.socket.on('close', () => resolve(text));
    }).on('error', reject);
  });
}

server.listen(0, '127.0.0.1', async () => {
  const agent = new https.Agent({ maxCachedSessions: 1 });
  assert.strictEqual(await ask(agent), 'false');
  assert.strictEqual(await ask(agent), 'true');
  assert.strictEqual(await ask(agent, { servername: 'localhost' }), 'false'); // takes the only place
  assert.strictEqual(await ask(agent, { servername: 'localhost' }), 'true');
  assert.strictEqual(await ask(agent), 'false');
  const none = new https.Agent({ maxCachedSessions: 0 });
  assert.strictEqual(await ask(none), 'false');
  assert.strictEqual(await ask(none), 'false');
  server.close();
});
