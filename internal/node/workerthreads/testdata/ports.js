// Ports and broadcast channels between threads.
'use strict';
const assert = require('assert');
const { Worker, MessageChannel, BroadcastChannel, receiveMessageOnPort, moveMessagePortToContext, postMessageToThread, threadId } = require('worker_threads');
const once = (target, name) => new Promise((resolve) => target.once(name, resolve));

(async () => {
  // Two workers speak over a channel of the main thread; the end of one closes the other's port.
  const { port1, port2 } = new MessageChannel();
  const a = new Worker("require('worker_threads').parentPort.once('message', ({ port }) => port.on('message', (n) => port.postMessage(n + 1)))", { eval: true });
  const b = new Worker(`const { parentPort } = require('worker_threads'); parentPort.once('message', ({ port }) => {
    port.on('close', () => parentPort.postMessage('closed'));
    port.on('message', (n) => (n < 1000 ? port.postMessage(n + 1) : parentPort.postMessage(n)));
    port.postMessage(0); })`, { eval: true });
  a.postMessage({ port: port1 }, [port1]);
  b.postMessage({ port: port2 }, [port2]);
  assert.strictEqual(await once(b, 'message'), 1001);
  const closed = once(b, 'message');
  await a.terminate();
  assert.strictEqual(await closed, 'closed');
  await b.terminate();
  // What was sent before the end arrives before 'exit'.
  const c = new Worker("const { parentPort } = require('worker_threads'); for (let i = 0; i < 100; i++) parentPort.postMessage(i); process.exit(3)", { eval: true });
  let count = 0;
  c.on('message', () => count++);
  assert.strictEqual(await once(c, 'exit'), 3);
  assert.strictEqual(count, 100);
  // A channel by name.
  const channel = new BroadcastChannel('ports');
  const workers = [1, 2, 3].map(() => new Worker(`const c = new (require('worker_threads').BroadcastChannel)('ports');
    c.onmessage = ({ data }) => { if (data.n) { c.postMessage(data.n * 2); c.close(); } }; c.postMessage('ready')`, { eval: true }));
  let ready = 0;
  let sum = 0;
  await new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data === 'ready' && ++ready === 3) channel.postMessage({ n: 7 });
      if (typeof data === 'number' && (sum += data) === 42) resolve();
    };
  });
  channel.close();
  await Promise.all(workers.map((worker) => (worker.threadId < 0 ? 0 : once(worker, 'exit'))));
  // Without the loop.
  const direct = new MessageChannel();
  direct.port1.postMessage({ x: 1 });
  assert.deepStrictEqual(receiveMessageOnPort(direct.port2), { message: { x: 1 } });
  assert.strictEqual(receiveMessageOnPort(direct.port2), undefined);
  direct.port1.close();
  // In another context.
  const vm = require('vm');
  const context = vm.createContext({ result: null });
  const moving = new MessageChannel();
  context.port = moveMessagePortToContext(moving.port1, context);
  vm.runInContext('port.onmessage = ({ data }) => { port.postMessage([data instanceof Object, port instanceof Object]); port.close(); }', context);
  moving.port2.postMessage({});
  assert.deepStrictEqual(await once(moving.port2, 'message'), [true, true]);
  // Between threads that are no parent and child.
  await assert.rejects(postMessageToThread(threadId, 1), { code: 'ERR_WORKER_MESSAGING_SAME_THREAD' });
  await assert.rejects(postMessageToThread(99999, 1), { code: 'ERR_WORKER_MESSAGING_FAILED' });
  const d = new Worker("process.on('workerMessage', (m, from) => { if (m === 'throw') throw new Error(); require('worker_threads').parentPort.postMessage([m, from]) }); setInterval(() => {}, 1)", { eval: true });
  await once(d, 'online');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const got = once(d, 'message');
  await postMessageToThread(d.threadId, { a: 1 });
  assert.deepStrictEqual(await got, [{ a: 1 }, threadId]);
  await assert.rejects(postMessageToThread(d.threadId, 'throw'), { code: 'ERR_WORKER_MESSAGING_ERRORED' });
  await d.terminate();
})();
