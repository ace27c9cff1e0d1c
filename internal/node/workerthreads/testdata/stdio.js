// Standard streams of a worker: the parent's, or streams of the parent.
'use strict';
const assert = require('assert');
const { Worker } = require('worker_threads');
const { spawnSync } = require('child_process');

if (process.argv[2] === 'child') {
  new Worker("console.log('out'); console.error('err'); process.stdout.write('x'.repeat(200000) + '\\n'); process.exit()", { eval: true });
} else {
  const { stdout, stderr, status } = spawnSync(process.execPath, [__filename, 'child'], { encoding: 'utf8', maxBuffer: 1e7 });
  assert.strictEqual(stdout, `out\n${'x'.repeat(200000)}\n`);
  assert.strictEqual(stderr, 'err\n');
  assert.strictEqual(status, 0);

  const worker = new Worker('process.stdin.pipe(process.stdout)', { eval: true, stdin: true, stdout: true });
  const size = 1 << 20;
  let got = 0;
  worker.stdout.on('data', (chunk) => { got += chunk.length; });
  worker.stdout.on('end', () => assert.strictEqual(got, size));
  for (let i = 0; i < 64; i++) worker.stdin.write(Buffer.alloc(size / 64, i));
  worker.stdin.end();
  worker.on('exit', (code) => assert.strictEqual(code, 0));
}
