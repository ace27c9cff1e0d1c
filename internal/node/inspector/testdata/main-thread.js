// A worker debugs the main thread: busy, paused at a breakpoint, and waiting; console and its end.
'use strict';
const assert = require('node:assert');
const { Session } = require('node:inspector');
const { Session: PromiseSession } = require('node:inspector/promises');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

function toDebug(shared) {
  let a = 20;
  a += 1; // the breakpoint, line 9 from 0
  Atomics.store(shared, 1, a);
  return a;
}

if (isMainThread) {
  assert.throws(() => new Session().connectToMainThread(), { code: 'ERR_INSPECTOR_NOT_WORKER', message: 'Current thread is not a worker' });
  const shared = new Int32Array(new SharedArrayBuffer(16));
  const worker = new Worker(__filename, { workerData: shared });
  worker.on('message', (message) => {
    if (message === 'spin') while (Atomics.load(shared, 0) === 0); // answers come in the middle of it
    else if (message === 'breakpoint') assert.strictEqual(toDebug(shared), 21);
    else if (message === 'log') console.log('hello', 42);
  });
  worker.on('exit', (code) => {
    assert.strictEqual(code, 0);
    assert.strictEqual(Atomics.load(shared, 1), 21);
    // A worker that ends with its session open leaves nothing behind.
    const other = new Worker(`const s = new (require('inspector').Session)(); s.connectToMainThread();
      s.post('Runtime.evaluate', { expression: '6 * 7' }, (e, r) => { if (r.result.value !== 42) throw e; process.exit(5); });
      setTimeout(() => {}, 1e6);`, { eval: true });
    other.on('exit', (end) => assert.strictEqual(end, 5));
  });
} else {
  const alive = setInterval(() => {}, 1e6); // a session doesn't keep the worker alive
  (async () => {
    const session = new PromiseSession();
    session.connectToMainThread();
    assert.throws(() => session.connectToMainThread(), { code: 'ERR_INSPECTOR_ALREADY_CONNECTED' });
    await assert.rejects(session.post('Nonsense.method'), { code: 'ERR_INSPECTOR_COMMAND' });
    await session.post('Runtime.enable');
    await session.post('Debugger.enable');

    parentPort.postMessage('spin');
    const { result } = await session.post('Runtime.evaluate', { expression: 'process.pid' });
    assert.strictEqual(result.value, process.pid);
    Atomics.store(workerData, 0, 1);

    const url = require('node:url').pathToFileURL(__filename).href;
    const { locations } = await session.post('Debugger.setBreakpointByUrl', { lineNumber: 9, url });
    assert.strictEqual(locations.length, 1);
    const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
    parentPort.postMessage('breakpoint');
    const { callFrameId, functionName } = (await paused).params.callFrames[0];
    assert.strictEqual(functionName, 'toDebug');
    const value = await session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'a * 100' });
    assert.strictEqual(value.result.value, 2000);
    await session.post('Debugger.resume');

    const called = new Promise((resolve) => session.once('Runtime.consoleAPICalled', resolve));
    parentPort.postMessage('log');
    assert.deepStrictEqual((await called).params.args.map((arg) => arg.value), ['hello', 42]);

    const plain = new Session();
    plain.connectToMainThread();
    plain.post('Runtime.evaluate', { expression: '1' }, (error) => assert.strictEqual(error.code, 'ERR_INSPECTOR_CLOSED'));
    plain.disconnect();
    session.disconnect();
    await assert.rejects(async () => session.post('Runtime.enable'), { code: 'ERR_INSPECTOR_NOT_CONNECTED' });
    clearInterval(alive);
  })();
}
