// process.exit() ends the program at once, with its code and its 'exit' event, from wherever it is called.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

const phases = {
  main: 'leave()',
  timer: 'setTimeout(leave, 1)',
  interval: 'setInterval(leave, 1)',
  immediate: 'setImmediate(leave)',
  tick: 'process.nextTick(leave)',
  microtask: 'queueMicrotask(leave)',
  promise: 'Promise.resolve().then(leave)',
  async: '(async () => { await null; leave(); })()',
  fs: 'require("fs").readFile(__filename || process.execPath, leave)',
  socket: 'const s = require("net").createServer(leave).listen(0, "127.0.0.1", () => require("net").connect(s.address().port, "127.0.0.1"))',
  http: 'const s = require("http").createServer(leave).listen(0, "127.0.0.1", () => require("http").get({ port: s.address().port, host: "127.0.0.1" }).on("error", () => {}))',
  close: 'const s = require("net").createServer().listen(0, "127.0.0.1", () => s.close(leave))',
  beforeExit: 'process.on("beforeExit", leave)',
  uncaught: 'process.on("uncaughtException", leave); throw new Error("x")',
  rejection: 'process.on("unhandledRejection", leave); Promise.reject(new Error("x"))',
  warning: 'process.removeAllListeners("warning"); process.on("warning", leave); process.emitWarning("w")',
  getter: 'void ({ get x() { leave(); } }).x',
  sort: '[3, 2, 1].sort(leave)',
  toString: '`${{ toString: leave }}`',
  generator: '[...(function* () { yield 1; leave(); })()]',
  worker: 'new (require("worker_threads").Worker)("for (;;);", { eval: true }).on("online", leave)',
  child: 'require("child_process").spawn(process.execPath, ["-e", "0"]).on("exit", leave)',
  crypto: 'require("crypto").pbkdf2("a", "b", 1, 8, "sha256", leave)',
  zlib: 'require("zlib").gzip("a", leave)',
  dns: 'require("dns").lookup("127.0.0.1", leave)',
  stream: 'require("stream").Readable.from(["a"]).on("data", leave)',
  finalizer: 'const r = new FinalizationRegistry(leave); r.register({}, 0); setInterval(() => gc(), 1)',
  vm: 'require("vm").runInNewContext("f()", { f: leave })',
  exit: 'process.on("exit", () => process.exit(7)); process.exit(3)',
  nested: 'process.on("exit", () => { setTimeout(() => process.exit(9)); Promise.resolve().then(() => process.exit(9)); }); leave()',
};
for (const [name, code] of Object.entries(phases)) {
  const program = `const leave = () => { process.on('exit', (c) => require('fs').writeSync(1, 'code ' + c)); process.exit(7); for (;;); };
    ${code}`;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', program], { encoding: 'utf8', timeout: 20000 });
  assert.deepStrictEqual({ name, status, signal, stderr }, { name, status: 7, signal: null, stderr: '' });
  if (name !== 'exit') assert.strictEqual(stdout, 'code 7', name);
}
