// A signal in a transfer list aborts with the one that was sent, also in another thread, and keeps nothing alive.
const assert = require('assert');
const { transferableAbortController, transferableAbortSignal } = require('util');
const { Worker } = require('worker_threads');
const controller = transferableAbortController();
const worker = new Worker(`const { parentPort } = require('worker_threads');
  setInterval(() => {}, 1000);
  parentPort.once('message', (signal) => {
    parentPort.postMessage(signal.aborted);
    signal.onabort = () => parentPort.postMessage(signal.reason);
  });`, { eval: true });
worker.postMessage(controller.signal, [controller.signal]);
const seen = [];
worker.on('message', (m) => {
  seen.push(m);
  if (m === false) controller.abort('why');
  else worker.terminate();
});
worker.on('exit', () => assert.deepStrictEqual(seen, [false, 'why']));
assert.throws(() => transferableAbortSignal({}), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => structuredClone(controller.signal), { name: 'DataCloneError' });
