// When a worker says 'exit', no port of its keeps the program alive any more.
'use strict';
const assert = require('assert');
const { createHook } = require('async_hooks');
const { Worker } = require('worker_threads');

const ports = new Map();
createHook({
  init(id, type, trigger, resource) {
    if (type === 'MESSAGEPORT') ports.set(id, resource);
  },
  destroy(id) {
    ports.delete(id);
  },
}).enable();

let left = 40;
(function next() {
  const worker = new Worker('', { eval: true });
  worker.ref();
  worker.on('exit', (code) => {
    assert.strictEqual(code, 0);
    for (const port of ports.values()) assert.strictEqual(port.hasRef(), false);
    if (--left > 0) next();
  });
})();
