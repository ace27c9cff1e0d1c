// Order of events, streams, signals, errors of a child.
'use strict';
const assert = require('assert');
const { exec, execFileSync, spawn, spawnSync } = require('child_process');
const events = [];
const child = spawn('cat');
child.on('spawn', () => events.push('spawn'));
child.stdout.on('data', (data) => events.push(`data ${data}`));
child.on('exit', (code, signal) => events.push(`exit ${code} ${signal}`));
child.on('close', (code) => {
  events.push(`close ${code}`);
  assert.strictEqual(events[0], 'spawn');
  assert.strictEqual(events.at(-1), 'close 0');
  assert.ok(events.includes('data hello'));
  assert.ok(events.includes('exit 0 null'));
});
child.stdin.end('hello');

const missing = spawn('no-such-program', ['a']);
assert.strictEqual(missing.pid, undefined);
missing.on('error', (err) => {
  assert.strictEqual(err.message, 'spawn no-such-program ENOENT');
  assert.deepStrictEqual(err.spawnargs, ['a']);
});

const sleeper = spawn('sleep', ['60']);
sleeper.on('exit', (code, signal) => assert.strictEqual(`${code} ${signal}`, 'null SIGTERM'));
assert.strictEqual(sleeper.kill(), true);

const controller = new AbortController();
spawn('sleep', ['60'], { signal: controller.signal }).on('error', (err) => assert.strictEqual(err.name, 'AbortError'));
controller.abort();

exec('echo out; echo err >&2; exit 3', (err, stdout, stderr) => {
  assert.strictEqual(err.code, 3);
  assert.strictEqual(stdout, 'out\n');
  assert.strictEqual(stderr, 'err\n');
});

assert.strictEqual(spawnSync('cat', { input: 'x'.repeat(300000) }).stdout.length, 300000);
assert.strictEqual(spawnSync('sleep', ['60'], { timeout: 20 }).error.code, 'ETIMEDOUT');
assert.strictEqual(spawnSync('yes', { maxBuffer: 1000 }).error.code, 'ENOBUFS');
assert.strictEqual(execFileSync('pwd', { cwd: '/', encoding: 'utf8' }), '/\n');
assert.strictEqual(execFileSync('env', { env: { PATH: process.env.PATH, A: 'b c' }, encoding: 'utf8' }).includes('A=b c'), true);
assert.throws(() => execFileSync('sh', ['-c', 'echo no >&2; exit 2'], { stdio: 'pipe' }), { status: 2, message: /^Command failed: sh -c .*\nno\n$/s });
