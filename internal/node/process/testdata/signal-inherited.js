// A signal that is ignored when the program begins (nohup, a shell's background) ends it all the same, and its children.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

const ignoring = (signal, code) => spawnSync('sh', ['-c', `trap '' ${signal}; exec "$0" "$@"`, process.execPath, '-e', code], { encoding: 'utf8' });
for (const signal of ['HUP', 'INT', 'QUIT', 'TERM']) {
  const itself = ignoring(signal, `
    process.on('SIG${signal}', () => {}).removeAllListeners('SIG${signal}');
    process.kill(process.pid, 'SIG${signal}');
    setTimeout(() => console.log('alive'), 5000);`);
  assert.deepStrictEqual([itself.signal, itself.stdout, itself.stderr], [`SIG${signal}`, '', '']);
  const child = ignoring(signal, `
    const child = require('node:child_process').spawn('sleep', ['5']);
    child.on('spawn', () => child.kill('SIG${signal}')).on('exit', (code, signal) => console.log(code, signal));`);
  assert.deepStrictEqual([child.signal, child.stdout, child.stderr], [null, `null SIG${signal}\n`, '']);
}
const heard = ignoring('HUP', `
  const timer = setInterval(() => {}, 1000);
  process.once('SIGHUP', (name, number) => { clearInterval(timer); console.log(name, number); });
  process.kill(process.pid, 'SIGHUP');`);
assert.strictEqual(heard.stdout, 'SIGHUP 1\n');
