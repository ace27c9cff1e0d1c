// --cpu-prof, --heap-prof and --heapsnapshot-signal write their files, in workers too.
'use strict';
const assert = require('node:assert');
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'profiles-'));
try {
  const program = path.join(directory, 'program.js');
  fs.writeFileSync(program, `
    function busyWork() { const keep = []; for (let i = 0; i < 3e5; i++) keep.push({ i, text: 'x' + i }); return keep; }
    for (const f = { 'quote"back\\\\slash'() { for (let i = 0; i < 1e7; i++); } }['quote"back\\\\slash']; process.uptime() < 0.3;) f();
    const kept = busyWork();
    process.exit(kept.length === 3e5 ? 0 : 1);`);
  const profiles = path.join(directory, 'made', 'here');
  const { status, stderr } = spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', profiles, '--heap-prof', '--heap-prof-dir', profiles, '--heap-prof-interval=4096', program], { encoding: 'utf8' });
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: '' });
  const files = fs.readdirSync(profiles).sort();
  assert.match(files[0], /^CPU\.\d{8}\.\d{6}\.\d+\.0\.\d{3}\.cpuprofile$/);
  assert.match(files[1], /^Heap\.\d{8}\.\d{6}\.\d+\.0\.\d{3}\.heapprofile$/);
  const cpu = JSON.parse(fs.readFileSync(path.join(profiles, files[0])));
  assert.ok(cpu.nodes.some((node) => node.callFrame.functionName === 'busyWork' && node.callFrame.url.endsWith('program.js')));
  assert.strictEqual(cpu.samples.length, cpu.timeDeltas.length);
  const names = [];
  const collect = (node) => {
    if (node.selfSize > 0) names.push(node.callFrame.functionName);
    node.children.forEach(collect);
  };
  const heap = JSON.parse(fs.readFileSync(path.join(profiles, files[1])));
  collect(heap.head);
  assert.ok(names.includes('busyWork'), `${names}`);
  assert.ok(heap.samples.every(({ size, nodeId }) => size > 0 && nodeId > 0));

  assert.strictEqual(spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-name', 'mine.cpuprofile', '-e', '0'], { cwd: directory }).status, 0);
  assert.ok(JSON.parse(fs.readFileSync(path.join(directory, 'mine.cpuprofile'))).nodes.length > 0);

  const child = spawn(process.execPath, ['--heapsnapshot-signal=SIGUSR2', '-e', 'setInterval(() => {}, 1000); console.log("up")'], { cwd: directory });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.stdout.once('data', () => child.kill('SIGUSR2'));
  const timer = setInterval(() => {
    const file = fs.readdirSync(directory).find((name) => name.endsWith('.heapsnapshot'));
    let snapshot;
    try {
      snapshot = JSON.parse(fs.readFileSync(path.join(directory, file)));
    } catch {
      return; // not written to its end
    }
    assert.ok(snapshot.nodes.length > 0);
    clearInterval(timer);
    child.kill('SIGKILL');
  }, 50);
  process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
  ended.then(() => clearInterval(timer));
} catch (err) {
  fs.rmSync(directory, { recursive: true, force: true });
  throw err;
}
