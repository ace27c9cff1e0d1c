// Flags of its own: Storage, sessionStorage and localStorage, with items as properties, the order of names, the quota, and a file that lasts.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
if (process.argv[2] === undefined) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'storage-'));
  process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
  const run = (...args) => spawnSync(process.execPath, ['--no-warnings', ...args], { cwd: dir, encoding: 'utf8' });
  const first = run('--experimental-webstorage', '--localstorage-file=items', __filename, 'inside');
  assert.strictEqual(first.stderr, '');
  assert.strictEqual(first.stdout, '');
  assert.deepStrictEqual(fs.readdirSync(dir), ['items']);
  assert.strictEqual(run('--experimental-webstorage', '--localstorage-file=items', '-p', 'JSON.stringify(localStorage) + sessionStorage.length').stdout, '{"kept":"4","more":"x"}0\n');
  assert.match(run('--experimental-webstorage', '-e', 'localStorage').stderr, /TypeError \[ERR_INVALID_ARG_VALUE\]: The argument '--localstorage-file' is an invalid localStorage location\. Received ''/);
  assert.match(run('--experimental-webstorage', '--localstorage-file=no/such/file', '-e', 'localStorage.length').stderr, /unable to open database file[^]*code: 'ERR_INVALID_STATE'/);
  assert.strictEqual(run('-p', 'typeof localStorage + typeof sessionStorage + typeof Storage').stdout, 'undefinedundefinedundefined\n');
  assert.match(spawnSync(process.execPath, ['--experimental-webstorage', '-e', 'sessionStorage'], { encoding: 'utf8' }).stderr, /ExperimentalWarning: Web Storage is an experimental feature/);
  return;
}
assert.throws(() => new Storage(), { name: 'Error', code: 'ERR_ILLEGAL_CONSTRUCTOR', message: 'Illegal constructor' });
assert.throws(() => Storage.prototype.getItem.call({}, 'a'), { name: 'TypeError', message: 'Illegal invocation' });
for (const s of [sessionStorage, localStorage]) {
  assert.ok(s instanceof Storage);
  assert.throws(() => s.setItem('a'), { name: 'TypeError', code: 'ERR_MISSING_ARGS', message: "Failed to execute 'setItem' on 'Storage': 2 arguments required" });
  assert.strictEqual(s.setItem('b', 1), undefined);
  s.a = { toString: () => 'object' };
  s[5] = 6;
  assert.deepStrictEqual(Object.entries(s), [['5', '6'], ['a', 'object'], ['b', '1']]);
  assert.strictEqual(s.length, 3);
  assert.deepStrictEqual([s.key(0), s.key('1'), s.key(3), s.key(-1)], ['5', 'a', null, null]);
  assert.deepStrictEqual([s.getItem('no'), s.no, 'a' in s, 'no' in s, s.b], [null, undefined, true, false, '1']);
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(s, 'a'), { value: 'object', writable: true, enumerable: true, configurable: true });
  assert.strictEqual(require('util').inspect(s), "Storage { '5': '6', a: 'object', b: '1' }");
  s.getItem = 'hidden'; // the method stays, the item is there
  assert.strictEqual(s.getItem('getItem'), 'hidden');
  assert.ok(!Object.keys(s).includes('getItem'));
  assert.ok(delete s.a);
  assert.strictEqual(s.a, undefined);
  assert.throws(() => Object.preventExtensions(s), { name: 'TypeError', message: 'Cannot prevent extensions' });
  s.setItem('u\ud800', '\udfff\0');
  assert.strictEqual(s['u\ud800'], '\udfff\0');
  const half = 'x'.repeat(2.5 * 1024 * 1024);
  s.clear();
  assert.strictEqual(s.length, 0);
  s.one = half;
  assert.throws(() => { s.two = half; }, { name: 'QuotaExceededError', code: 22, message: 'Setting the value exceeded the quota' });
  assert.deepStrictEqual(Object.keys(s), ['one']);
  s.one = '';
  s.two = half;
  s.clear();
  s.more = 'x';
  s.kept = '3';
  s.kept = '4';
}
