// Life of a worker: what it is given, its events and their order, its exit codes; workers in workers; what it must not do.
'use strict';
const assert = require('assert');
const { Worker, SHARE_ENV, setEnvironmentData, threadId } = require('worker_threads');

const run = (code, options = {}) => new Promise((resolve) => {
  const events = [];
  const worker = new Worker(code, { eval: true, ...options });
  for (const name of ['online', 'message', 'error']) worker.on(name, (value) => events.push(value === undefined ? name : [name, value]));
  worker.on('exit', (exit) => resolve({ events, exit, worker }));
});
const head = "const { parentPort, workerData } = require('worker_threads'); const wt = require('worker_threads');";

(async () => {
  {
    setEnvironmentData('k', { v: 1 });
    const { events, exit, worker } = await run(`${head} parentPort.postMessage([process.argv.slice(2), workerData, wt.isMainThread, wt.threadName, wt.getEnvironmentData('k')])`,
      { argv: ['a', 1], workerData: { x: new Map([[1, 2]]) }, name: 'worker' });
    assert.deepStrictEqual(events, ['online', ['message', [['a', '1'], { x: new Map([[1, 2]]) }, false, 'worker', { v: 1 }]]]);
    assert.strictEqual(exit, 0);
    assert.strictEqual(worker.threadId, -1);
    assert.strictEqual(await worker.terminate(), undefined);
    worker.postMessage('nobody');
  }
  for (const [code, exit] of [['', 0], ['process.exitCode = 3', 3], ['process.exit(4); setInterval(() => {}, 1)', 4], ["process.on('exit', () => process.exit(5))", 5],
    ["process.on('exit', () => { process.exitCode = 6 })", 6], ["setTimeout(() => process.exit(7), 1); setInterval(() => {}, 1)", 7],
    ['Promise.resolve().then(() => process.exit(8))', 8], ['process.nextTick(() => process.exit(9))', 9]]) {
    assert.strictEqual((await run(code)).exit, exit, code);
  }
  // What process.exit cuts off does not run.
  assert.deepStrictEqual((await run(`${head} process.exit(0); parentPort.postMessage(1)`)).events.filter((e) => e !== 'online'), []);
  // Environments.
  {
    const { events } = await run(`${head} process.env.B = 'b'; delete process.env.A; parentPort.postMessage({ ...process.env })`, { env: { A: 'a', C: 1 } });
    assert.deepStrictEqual(events[1], ['message', { C: '1', B: 'b' }]);
    assert.strictEqual(process.env.B, undefined);
    process.env.FROM_MAIN = '1';
    await run("process.env.FROM_WORKER = process.env.FROM_MAIN + '2'; delete process.env.FROM_MAIN", { env: SHARE_ENV });
    assert.strictEqual(process.env.FROM_WORKER, '12');
    assert.strictEqual('FROM_MAIN' in process.env, false);
    assert.ok(Object.keys(process.env).includes('FROM_WORKER'));
    assert.throws(() => new Worker('', { eval: true, env: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  // What belongs to the process is refused.
  {
    const { events } = await run(`${head} const out = []; for (const f of ['chdir', 'setuid', 'abort']) { try { process[f]('/'); } catch (e) { out.push(e.code + ' ' + e.message); } }
      try { process.umask(0); } catch (e) { out.push(e.message); } parentPort.postMessage(out)`);
    assert.deepStrictEqual(events[1][1], ['ERR_WORKER_UNSUPPORTED_OPERATION process.chdir() is not supported in workers',
      'ERR_WORKER_UNSUPPORTED_OPERATION process.setuid() is not supported in workers',
      'ERR_WORKER_UNSUPPORTED_OPERATION process.abort() is not supported in workers', 'Setting process.umask() is not supported in workers']);
  }
  // Bad arguments.
  for (const [args, code] of [[['x.js'], 'ERR_WORKER_PATH'], [[1], 'ERR_INVALID_ARG_TYPE'], [[__filename, { execArgv: ['--foo'] }], 'ERR_WORKER_INVALID_EXEC_ARGV'],
    [[__filename, { execArgv: 1 }], 'ERR_INVALID_ARG_TYPE'], [[__filename, { argv: 1 }], 'ERR_INVALID_ARG_TYPE'], [[new URL('https://a.b')], 'ERR_INVALID_URL_SCHEME']]) {
    assert.throws(() => new Worker(...args), { code });
  }
  assert.throws(() => new Worker('', { eval: true, workerData: () => {} }), { name: 'DataCloneError' });
  {
    const { events, exit } = await run('', { eval: false }).catch(() => ({ events: [], exit: 1 }));
    assert.deepStrictEqual([events, exit], [[], 1]);
  }
  // A worker's worker ends with it.
  {
    const worker = new Worker(`${head} const w = new wt.Worker("setInterval(() => {}, 1)", { eval: true }); w.on('online', () => parentPort.postMessage(w.threadId))`, { eval: true });
    const inner = await new Promise((resolve) => worker.on('message', resolve));
    assert.ok(inner > worker.threadId && worker.threadId > threadId);
    assert.strictEqual(await worker.terminate(), 1);
  }
  // unref: the program does not wait for it.
  new Worker('setInterval(() => {}, 1)', { eval: true }).unref();
})().then(() => process.on('exit', (code) => assert.strictEqual(code, 0)));
