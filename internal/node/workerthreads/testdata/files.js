// Descriptors of a worker: closed with it, unless it is told not to; a FileHandle that was transferred belongs to its receiver.
'use strict';
const assert = require('assert');
const fs = require('fs');
const { Worker } = require('worker_threads');
const code = "const fs = require('fs'); require('worker_threads').parentPort.postMessage(fs.openSync(require('worker_threads').workerData))";

const fdOf = (options) => new Promise((resolve) => {
  const worker = new Worker(code, { eval: true, workerData: __filename, ...options });
  let fd;
  worker.on('message', (message) => { fd = message; });
  worker.on('exit', () => resolve(fd));
});

(async () => {
  const kept = await fdOf({ trackUnmanagedFds: false });
  fs.fstatSync(kept);
  fs.closeSync(kept);
  for (const options of [{}, { trackUnmanagedFds: true }]) {
    const fd = await fdOf(options);
    assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
  }
  const worker = new Worker(`const { parentPort, workerData } = require('worker_threads');
    require('fs').promises.open(workerData).then((h) => { parentPort.postMessage(h, [h]); parentPort.postMessage(h.fd); })`, { eval: true, workerData: __filename });
  const messages = [];
  worker.on('message', (message) => messages.push(message));
  await new Promise((resolve) => worker.on('exit', resolve));
  assert.strictEqual(messages[1], -1);
  assert.strictEqual(await messages[0].readFile('utf8'), fs.readFileSync(__filename, 'utf8'));
  await messages[0].close();
})();
