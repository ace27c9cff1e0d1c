// The program ends while a child runs and its pipes are busy.
'use strict';
const { spawn } = require('child_process');
const child = spawn('cat');
child.stdin.write('x'.repeat(1 << 20));
child.stdout.once('data', () => {
  child.kill('SIGKILL');
  process.exit(0);
});
