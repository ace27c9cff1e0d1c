// Prints what a worker costs: milliseconds until its first message, and megabytes while it lives; medians and means of COUNT workers.
'use strict';
const { Worker } = require('node:worker_threads');
const COUNT = 16;
const program = "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => {}); parentPort.postMessage(1);";
const rss = () => process.memoryUsage.rss() / 2 ** 20;

async function main() {
  const workers = [];
  const times = [];
  const start = async () => {
    const began = performance.now();
    const worker = new Worker(program, { eval: true });
    workers.push(worker);
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    times.push(performance.now() - began);
  };
  await start(); // fills caches
  times.length = 0;
  const before = rss();
  for (let i = 0; i < COUNT; i++) await start();
  const each = (rss() - before) / COUNT;
  times.sort((a, b) => a - b);
  await Promise.all(workers.map((worker) => worker.terminate()));
  console.log(`${times[COUNT / 2].toFixed(3)} ${each.toFixed(3)}`);
}
main();
