// Signals that nobody listens to end the process as the kernel would, at once when it sends them to itself.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

for (const signal of ['SIGUSR2', 'SIGQUIT', 'SIGALRM', 'SIGTERM', 'SIGHUP']) {
  const child = spawnSync(process.execPath, ['-e', `
    process.on('${signal}', () => {}).removeAllListeners('${signal}');
    process.kill(process.pid, '${signal}');
    setTimeout(() => console.log('alive'), 5000);`], { encoding: 'utf8' });
  assert.strictEqual(child.signal, signal);
  assert.strictEqual(child.stdout, '');
  assert.strictEqual(child.stderr, '');
}
const heard = spawnSync(process.execPath, ['-e', `
  const timer = setInterval(() => {}, 1000);
  process.once('SIGUSR2', (name, number) => { clearInterval(timer); console.log(name, number); });
  process.kill(process.pid, 'SIGUSR2');`], { encoding: 'utf8' });
assert.strictEqual(heard.stdout, 'SIGUSR2 12\n');

assert.throws(() => process.kill(2 ** 30, 0), { message: 'kill ESRCH', code: 'ESRCH', syscall: 'kill', errno: -3 });
