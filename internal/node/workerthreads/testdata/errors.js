// What ends a worker reaches its parent as an 'error' event, in whatever phase it was thrown.
'use strict';
const assert = require('assert');
const { Worker } = require('worker_threads');

const run = (code, options) => new Promise((resolve) => {
  const worker = new Worker(code, { eval: true, ...options });
  const errors = [];
  worker.on('error', (err) => errors.push(err));
  worker.on('exit', (exit) => resolve([errors, exit]));
});

(async () => {
  for (const code of ["throw new TypeError('x')", "setTimeout(() => { throw new TypeError('x') }, 1)", "setImmediate(() => { throw new TypeError('x') })",
    "process.nextTick(() => { throw new TypeError('x') })", "queueMicrotask(() => { throw new TypeError('x') })", "Promise.reject(new TypeError('x'))",
    "require('fs').stat('/', () => { throw new TypeError('x') })", "process.on('beforeExit', () => { throw new TypeError('x') })",
    "process.on('uncaughtExceptionMonitor', () => {}); throw new TypeError('x')",
    "require('worker_threads').parentPort.once('message', () => { throw new TypeError('x') }); require('worker_threads').parentPort.ref()"]) {
    const done = new Promise((resolve) => {
      const worker = new Worker(code, { eval: true });
      worker.postMessage(1);
      const errors = [];
      worker.on('error', (err) => errors.push(err));
      worker.on('exit', (exit) => resolve([errors, exit]));
    });
    const [errors, exit] = await done;
    assert.strictEqual(errors.length, 1, code);
    assert.ok(errors[0] instanceof TypeError, code);
    assert.strictEqual(errors[0].message, 'x');
    assert.match(errors[0].stack, /TypeError: x/);
    assert.strictEqual(exit, 1, code);
  }
  // Classes, properties and values that are no errors.
  const of = async (code) => (await run(code))[0][0];
  const err = await of("class X extends RangeError {} const e = new X('m'); e.code = 'C'; e.more = { a: [1] }; e.f = () => {}; throw e");
  assert.ok(err instanceof RangeError);
  assert.deepStrictEqual([err.code, err.more, 'f' in err], ['C', { a: [1] }, false]);
  assert.strictEqual((await of("throw new Error('a', { cause: new URIError('b') })")).cause.message, 'b');
  for (const [code, value] of [['throw 5', 5], ['throw null', null], ['throw { a: 1 }', { a: 1 }], ['throw { f() {} }', '{ f: [Function: f] }']]) {
    assert.deepStrictEqual(await of(code), value);
  }
  const syntax = await of('this is no program');
  assert.ok(syntax instanceof SyntaxError);
  assert.match(syntax.stack, /^\[worker eval\]:1\n/);
  const missing = new Worker('/no/such/file.js');
  assert.strictEqual((await new Promise((resolve) => missing.on('error', resolve))).code, 'MODULE_NOT_FOUND');
  await run("process.on('exit', () => { throw new TypeError('x') })");
  // Handled in the worker: nothing is told.
  assert.deepStrictEqual(await run("process.on('uncaughtException', () => {}); setTimeout(() => { process.exit(2) }, 5); throw 1"), [[], 2]);
  // An exception in a listener of the parent is the parent's.
  process.once('uncaughtException', (e) => assert.strictEqual(e.message, 'in exit'));
  new Worker('', { eval: true }).on('exit', () => { throw new Error('in exit'); });
})();
