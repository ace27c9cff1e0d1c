// fetch trusts what tls.setDefaultCACertificates() names, from the next connection on, in this thread alone.
'use strict';
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const { Worker } = require('worker_threads');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const server = https.createServer({ key: read('server-key.pem'), cert: read('server.pem') }, (req, res) => {
  res.setHeader('Connection', 'close');
  res.end('hello');
});
server.listen(0, async () => {
  const url = `https://localhost:${server.address().port}/`;
  await assert.rejects(fetch(url));
  tls.setDefaultCACertificates([read('ca.pem').toString()]);
  assert.strictEqual(await (await fetch(url)).text(), 'hello');
  const worker = new Worker(`fetch(${JSON.stringify(url)}).then(() => process.exit(1), () => process.exit(0));`, { eval: true });
  assert.strictEqual(await new Promise((resolve) => worker.on('exit', resolve)), 0);
  tls.setDefaultCACertificates([]);
  await assert.rejects(fetch(url));
  server.close();
});
