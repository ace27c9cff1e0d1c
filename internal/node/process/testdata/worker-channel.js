// A worker of a program without a channel to a parent has none of the names of one; with NODE_CHANNEL_FD they refuse.
'use strict';
const assert = require('node:assert');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

const names = ['channel', 'connected', 'send', 'disconnect'];
if (isMainThread) {
  for (const env of [{}, { NODE_CHANNEL_FD: 'x' }]) {
    new Worker(__filename, { env }).on('message', (seen) => {
      assert.deepStrictEqual(seen, env.NODE_CHANNEL_FD === undefined ? names.map(() => 'absent') : names.map(() => 'ERR_WORKER_UNSUPPORTED_OPERATION'));
    });
  }
} else {
  parentPort.postMessage(names.map((name) => {
    if (!(name in process)) return 'absent';
    try {
      return typeof process[name]();
    } catch (err) {
      return err.code;
    }
  }));
}
