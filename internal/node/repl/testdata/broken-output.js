// A REPL whose output has gone ends; it does not try for ever to show why.
const assert = require('assert');
const { spawn } = require('child_process');
const child = spawn(process.execPath, ['-i'], { stdio: ['pipe', 'pipe', 'pipe'] });
child.stdin.on('error', () => {});
child.stdout.once('data', () => {
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.write('1\n');
});
const timer = setTimeout(() => child.kill('SIGKILL'), 20000);
child.on('exit', (code) => {
  clearTimeout(timer);
  assert.strictEqual(code, 1);
});
