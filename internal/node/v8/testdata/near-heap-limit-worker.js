// A heap snapshot as a worker's heap comes near its limit: the worker is ended, the program isn't.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const grow = 'const list = [{ marked: 1 }]; for (;;) list.push("x".repeat(10000).split(""));';
const worker = `new (require('worker_threads').Worker)(${JSON.stringify(`require('v8').setHeapSnapshotNearHeapLimit(1);${grow}`)}, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 30 } })
  .on('error', (error) => { console.error(error.code); process.exit(7); });`;
{
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'near-'));
  const { status, stderr } = spawnSync(process.execPath, ['--max-old-space-size=30', '-e', worker], { cwd, encoding: 'utf8' });
  assert.strictEqual(status, 7, stderr);
  assert.match(stderr, /ERR_WORKER_OUT_OF_MEMORY/);
  const names = fs.readdirSync(cwd);
  if (!/too risky/.test(stderr)) {
    assert.strictEqual(names.length, 1, stderr);
    assert.match(names[0], /^Heap\.\d{8}\.\d{6}\.\d+\.\d+\.001\.heapsnapshot$/);
    assert.match(stderr, /Wrote snapshot to \/.*\.heapsnapshot\n/);
    const { snapshot, strings } = JSON.parse(fs.readFileSync(path.join(cwd, names[0]), 'utf8'));
    assert.ok(snapshot.node_count > 1000 && strings.includes('marked'));
  }
  fs.rmSync(cwd, { recursive: true });
}
