// Calls what a builtin module exports, and the methods of what its functions make, with values that misbehave: proxies whose traps throw,
// getters that throw, objects whose conversion throws or re-enters, numbers out of range, detached buffers. Whatever is thrown is fine;
// what isn't is a crash, which the test sees by the exit code, or an internal error, which is printed.
//
//	calls.cjs MODULE
'use strict';
const name = process.argv[2];
const exported = require(name);

// They end or replace the process, wait for a terminal, or touch what is not the test's.
const forbidden = new Set(['exit', 'abort', 'kill', '_kill', 'reallyExit', 'execve', '_debugProcess', '_debugEnd', 'dlopen', 'chdir', 'setuid', 'setgid', 'seteuid', 'setegid',
  'setgroups', 'initgroups', 'umask', '_rawDebug', 'rm', 'rmSync', 'rmdir', 'rmdirSync', 'unlink', 'unlinkSync', 'setPriority', 'writeHeapSnapshot', 'getHeapSnapshot',
  'wait', 'waitForDebugger', 'open', 'openSync', 'chroot', 'watch', 'watchFile', 'setFlagsFromString', 'closeSync', 'close', 'fchmodSync', 'fchownSync', 'run', 'start', 'runMain', '_tickCallback', 'loadEnvFile', 'setHeapSnapshotNearHeapLimit',
  'runCleanup', 'symlinkSync', 'linkSync', 'renameSync', 'truncateSync', 'ftruncateSync', 'writeSync', 'writevSync', 'chmodSync', 'chownSync', 'lchownSync', 'lchmodSync', 'setSourceMapsSupport', 'setSourceMapsEnabled', 'setUncaughtExceptionCaptureCallback', 'openStdin', 'emit',
  'cpSync', 'cp', 'startCpuProfile', 'queryObjects', 'triggerUncaughtException', 'Worker', 'exec', 'fork', 'spawn', 'execFile', 'spawnSync', 'execSync', 'execFileSync', 'createInterface', 'Interface', 'REPLServer',
  // Gigabytes at a time, over and over; the tests of buffer look at sizes.
  'alloc', 'allocUnsafe', 'allocUnsafeSlow', 'Buffer', 'SlowBuffer']);

class Hostile extends Error {}
const bad = () => { throw new Hostile('hostile'); };
const traps = Object.fromEntries(['get', 'set', 'has', 'deleteProperty', 'ownKeys', 'getPrototypeOf', 'setPrototypeOf', 'isExtensible', 'preventExtensions', 'getOwnPropertyDescriptor', 'defineProperty', 'apply', 'construct'].map((t) => [t, bad]));
const detached = new ArrayBuffer(16);
const detachedView = new Uint8Array(detached);
structuredClone(detached, { transfer: [detached] });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const endless = { length: 2 ** 40 }; // as an argument only: methods that loop over it would not end
const shrinking = () => {
  const memory = new ArrayBuffer(64, { maxByteLength: 64 });
  const view = new Uint8Array(memory);
  return { view, memory };
};
const values = () => {
  const { view, memory } = shrinking();
  const cyclic = {};
  cyclic.self = cyclic;
  return [
    undefined, null, true, 0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308, 10n, -(2n ** 70n), '', 'utf8', '\ud800', 'a\0b', 'x'.repeat(70000),
    Symbol('s'), () => {}, bad, async () => bad(), class A {}, [], [1, , 3], {}, Object.create(null), cyclic,
    new Proxy({}, traps), new Proxy(function f() {}, traps), new Proxy([], traps), revoked.proxy, new Proxy({}, {}), new Proxy(new Uint8Array(8), {}),
    { get length() { return bad(); } }, endless, { length: -1 }, { valueOf: bad, toString: bad, [Symbol.toPrimitive]: bad }, { then: bad }, { get then() { return bad(); } },
    { [Symbol.iterator]: bad }, { [Symbol.asyncIterator]: bad }, { valueOf() { memory.resize(0); return 8; }, toString() { memory.resize(0); return 'utf8'; } },
    new Uint8Array(0), new Uint8Array(8), Buffer.from('text'), detachedView, detached, view, new DataView(new ArrayBuffer(8), 2), new Float64Array(4), new SharedArrayBuffer(8),
    new Date(NaN), /x/g, new Map([[1, 2]]), new Error('e'), new AbortController().signal, AbortSignal.abort(), Promise.reject(1), new WeakMap(), (function() { return arguments; })(1, 2),
    Object.freeze({}), { highWaterMark: NaN }, { encoding: 'nope' }, { signal: new Proxy({}, traps) }, new URL('file:///none'), globalThis,
  ];
};

process.on('uncaughtException', note);
process.on('unhandledRejection', note);
process.exitCode = 0;
let calls = 0;
const faults = new Set();
function note(err, where) {
  let text = '';
  try { text = `${err && err.message}`; } catch { return; }
  if (/internal error|runtime error|nil pointer|slice bounds|index out of range \[/.test(text)) {
    const line = `${typeof where === 'string' ? where : ''}: ${text}`;
    if (!faults.has(line)) {
      faults.add(line);
      require('fs').writeSync(1, `INTERNAL ${line}\n`);
      process.exitCode = 1;
    }
  }
}

let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;

let tracing = process.env.HOSTILE_TRACE ? (path) => { if (path !== tracing.last) require('fs').writeSync(2, `${tracing.last = path}\n`); } : () => {};

function attempt(f, receiver, args, path) {
  calls++;
  tracing(path);
  try {
    const result = Reflect.apply(f, receiver, args);
    if (result && typeof result.then === 'function') Promise.prototype.then.call(Promise.resolve(result), () => {}, (err) => note(err, path));
    return result;
  } catch (err) {
    note(err, path);
  }
  return undefined;
}

function construct(F, args, path) {
  calls++;
  try {
    return Reflect.construct(F, args);
  } catch (err) {
    note(err, path);
  }
  return undefined;
}

// The language's own methods are V8's business.
const intrinsics = new Set(Object.getOwnPropertyNames(globalThis).map((n) => { try { return globalThis[n]?.prototype; } catch { return undefined; } }).filter((p) => p && !(p instanceof Buffer)));
for (const special of [function* () {}, async function* () {}, [][Symbol.iterator](), new Uint8Array(1), async () => {}]) {
  for (let o = Object.getPrototypeOf(special); o; o = Object.getPrototypeOf(o)) intrinsics.add(o);
}
for (const web of ['URL', 'URLSearchParams', 'Blob', 'Headers', 'Request', 'Response', 'FormData', 'EventTarget', 'Event', 'AbortController', 'AbortSignal', 'TextDecoder', 'TextEncoder',
  'ReadableStream', 'WritableStream', 'TransformStream', 'MessageChannel', 'MessagePort', 'Performance', 'File', 'BroadcastChannel', 'WebSocket', 'DOMException']) intrinsics.delete(globalThis[web]?.prototype);

// Methods of an object, its accessors included, down its prototypes.
function* methods(object) {
  const seen = new Set();
  for (let o = object; o && !intrinsics.has(o); o = Object.getPrototypeOf(o)) {
    for (const key of Reflect.ownKeys(o)) {
      if (seen.has(key) || key === 'constructor') continue;
      seen.add(key);
      yield [key, Object.getOwnPropertyDescriptor(o, key)];
    }
  }
}

function exercise(f, receiver, path, depth) {
  const all = values();
  const made = [];
  const keep = (v) => { if (v && typeof v === 'object' && made.length < 3) made.push(v); };
  const isClass = /^class\b/.test(Function.prototype.toString.call(f)) || (f.prototype && Object.getOwnPropertyNames(f.prototype).length > 1);
  keep(attempt(f, receiver, [], path));
  if (isClass) keep(construct(f, [], path));
  for (const v of all) {
    if (v !== endless) attempt(f, v, [v, v], path);
    keep(attempt(f, receiver, [v], path));
    if (isClass) keep(construct(f, [v], path));
  }
  for (let i = 0; i < 60; i++) {
    const args = Array.from({ length: 1 + random(5) }, () => all[random(all.length)]);
    keep(attempt(f, receiver, args, path));
    if (isClass && i < 20) keep(construct(f, args, path));
  }
  if (depth > 0) for (const o of made) walk(o, path + '()', depth - 1);
}

const walked = new WeakSet();
function walk(object, path, depth) {
  if (object === globalThis || object === process && name !== 'process' || walked.has(object)) return;
  walked.add(object);
  for (const [key, d] of methods(object)) {
    const label = `${path}.${String(key)}`;
    if (d.get && !forbidden.has(key)) attempt(d.get, object, [], label);
    if (d.set && depth > 0 && name !== 'process') for (const v of [undefined, new Proxy({}, traps), -1, 'x']) attempt(d.set, object, [v], label);
    if (typeof d.value !== 'function') continue;
    if (!forbidden.has(key)) exercise(d.value, object, label, depth);
    if (depth > 0) {
      if (key !== 'super_') walk(d.value, label, 0);
      if (d.value.prototype) walk(d.value.prototype, `${label}.prototype`, 0);
    }
  }
}

process.stdin.destroy();
const out = process.stdout.write;
process.stdout.write = process.stderr.write = () => true; // what the calls print is not of interest
try {
  if (typeof exported === 'function') exercise(exported, undefined, name, 1);
  walk(exported, name, 1);
} catch (err) {
  require('fs').writeSync(1, `INTERNAL the test itself: ${err.stack}\n`);
  process.exitCode = 1;
}
setTimeout(() => {
  process.stdout.write = out;
  process.removeAllListeners('exit');
  require('fs').writeSync(1, `${calls} calls\n`);
  process.reallyExit(process.exitCode);
}, 300);
