// A recursion without end in callbacks of every kind is a RangeError there, and the program goes on.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const vm = require('node:vm');
const { EventEmitter } = require('node:events');
const { Readable } = require('node:stream');

const deep = () => deep() + 1;
let caught = 0;
const phases = [
  (next) => setTimeout(next, 1),
  (next) => setImmediate(next),
  (next) => process.nextTick(next),
  (next) => queueMicrotask(next),
  (next) => fs.stat(__filename, next),
  (next) => fs.promises.stat(__filename).then(next),
  (next) => {
    const server = net.createServer((socket) => {
      socket.destroy();
      server.close();
      next();
    }).listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1').on('error', () => {}));
  },
  (next) => Readable.from(['a']).on('data', next),
  (next) => new EventEmitter().once('x', next).emit('x'),
  (next) => vm.runInNewContext('f()', { f: next }),
  (next) => [2, 1].sort(() => { if (next) { const f = next; next = null; f(); } return 0; }),
  (next) => JSON.parse('[1]', (key, value) => { if (key === '0') next(); return value; }),
  (next) => new Proxy({}, { get: () => next() }).x,
  (next) => 'a'.replace(/a/, next),
];
process.on('uncaughtException', (error) => {
  assert.ok(error instanceof RangeError, error);
  caught++;
});
(async () => {
  for (const phase of phases) {
    for (const escape of [false, true]) {
      await new Promise((resolve) => {
        try {
          phase(() => {
            setTimeout(resolve, 2);
            try {
              deep();
            } catch (error) {
              assert.ok(error instanceof RangeError);
              if (escape) throw error;
            }
          });
        } catch (error) {
          assert.ok(error instanceof RangeError);
          caught++;
        }
      });
    }
  }
})();
process.on('unhandledRejection', (error) => {
  assert.ok(error instanceof RangeError, error);
  caught++;
});
process.on('exit', () => assert.strictEqual(caught, phases.length));
