// Heap snapshots as the heap comes near its limit, by option and by call; at most as many as were asked for.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
for (const [limit, code] of [[0, 'ERR_OUT_OF_RANGE'], [-1, 'ERR_OUT_OF_RANGE'], ['1', 'ERR_INVALID_ARG_TYPE'], [undefined, 'ERR_INVALID_ARG_TYPE']]) {
  assert.throws(() => v8.setHeapSnapshotNearHeapLimit(limit), { code });
}
{
  // Numbers are no nodes of a snapshot: it stays small.
  const grow = 'const list = [{ marked: 1 }]; for (;;) list.push(new Array(1000).fill(0.5));';
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'near-'));
  const { status, signal, stderr } = spawnSync(process.execPath, ['--max-old-space-size=30', '--heapsnapshot-near-heap-limit=1', '-e', `v8.setHeapSnapshotNearHeapLimit(3); ${grow}`], { cwd, encoding: 'utf8' });
  assert.ok(status === 134 || signal === 'SIGABRT', stderr);
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
{
  const { status, stderr } = spawnSync(process.execPath, ['--heapsnapshot-near-heap-limit=-1', '-e', '1'], { encoding: 'utf8' });
  assert.strictEqual(status, 9);
  assert.match(stderr, /--heapsnapshot-near-heap-limit must not be negative/);
}
