// 1,000 workers one after another, each with work, a timer and a message: memory, threads and descriptors are back at the end.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const { Worker } = require('node:worker_threads');

const linux = process.platform === 'linux';
const descriptors = () => (linux ? fs.readdirSync('/proc/self/fd').length : 0);
const threads = () => (linux ? fs.readdirSync('/proc/self/task').length : 0);
const source = `const { parentPort } = require('node:worker_threads');
  const list = Array.from({ length: 5000 }, (_, i) => ({ i, text: 'x' + i }));
  setTimeout(() => {}, 10000);
  parentPort.once('message', (message) => { parentPort.postMessage(list.length + message); process.exit(3); });`;

async function one() {
  const worker = new Worker(source, { eval: true });
  worker.postMessage(7);
  let answer;
  worker.on('message', (message) => { answer = message; });
  const code = await new Promise((resolve) => worker.on('exit', resolve));
  assert.strictEqual(answer, 5007);
  assert.strictEqual(code, 3);
}

(async () => {
  for (let i = 0; i < 200; i++) await one();
  const before = { rss: process.memoryUsage().rss, descriptors: descriptors(), threads: threads() };
  for (let i = 200; i < 1000; i++) await one();
  const { rss } = process.memoryUsage();
  assert.ok(rss - before.rss < 24 * 2 ** 20, `grew by ${((rss - before.rss) / 2 ** 20).toFixed(1)} MB`);
  assert.ok(descriptors() <= before.descriptors + 2, `${before.descriptors} descriptors became ${descriptors()}`);
  assert.ok(threads() <= before.threads + 4, `${before.threads} threads became ${threads()}`);
})();
