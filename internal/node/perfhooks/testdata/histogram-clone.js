// A clone of a histogram is the same histogram, on other threads too; of a delay monitor it can be read alone.
'use strict';
const assert = require('node:assert');
const { createHistogram, monitorEventLoopDelay } = require('node:perf_hooks');
const { MessageChannel, Worker } = require('node:worker_threads');

const histogram = createHistogram();
histogram.record(5);
const copy = structuredClone(histogram);
assert.strictEqual(copy.count, 1);
copy.record(7);
assert.strictEqual(histogram.count, 2);
assert.strictEqual(histogram.max, 7);
copy.add(histogram);
assert.strictEqual(histogram.count, 4);

const delay = monitorEventLoopDelay();
delay.enable();
const read = structuredClone(delay);
assert.strictEqual(read.enable, undefined);
assert.strictEqual(read.record, undefined);
assert.strictEqual(read.constructor.name, 'Histogram');

const worker = new Worker(`const { parentPort } = require('node:worker_threads');
  parentPort.once('message', (h) => { for (let i = 0; i < 100000; i++) h.record(i % 100 + 1); parentPort.postMessage(h.count); });`, { eval: true });
worker.postMessage(histogram);
for (let i = 0; i < 100000; i++) histogram.record(50);
worker.on('message', (count) => assert.ok(count >= 100004));
worker.on('exit', () => {
  assert.strictEqual(histogram.count, 200004);
  delay.disable();
  const { port1, port2 } = new MessageChannel();
  port2.on('message', (one) => {
    assert.strictEqual(one.count, histogram.count);
    port2.close();
  });
  port1.postMessage(histogram);
});
