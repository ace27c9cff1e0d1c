// Flags: --expose-gc
// What V8 tells of its inside: spaces, code, snapshots, collections, CPU profiles, objects by constructor, memory by context.
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { PerformanceObserver } = require('node:perf_hooks');

const spaces = v8.getHeapSpaceStatistics();
assert.ok(spaces.some((space) => space.space_name === 'old_space' && space.space_used_size > 0));
assert.deepStrictEqual(Object.keys(spaces[0]), ['space_name', 'space_size', 'space_used_size', 'space_available_size', 'physical_space_size']);
assert.ok(v8.getHeapCodeStatistics().bytecode_and_metadata_size > 0);
assert.strictEqual(v8.getCppHeapStatistics('brief').detail_level, 'brief');

class Needle { field = 'findme'; }
const kept = [new Needle(), new Needle(), new Needle()];
assert.strictEqual(v8.queryObjects(Needle), 3);
assert.deepStrictEqual(v8.queryObjects(Needle, { format: 'summary' }), Array(3).fill("Needle { field: 'findme' }"));
assert.throws(() => v8.queryObjects(Needle, { format: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inside-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const file = path.join(folder, 'a.heapsnapshot');
assert.strictEqual(v8.writeHeapSnapshot(file), file);
const snapshot = JSON.parse(fs.readFileSync(file, 'utf8'));
assert.ok(snapshot.strings.includes('Needle'));
assert.ok(snapshot.nodes.length > 1000);
assert.throws(() => v8.writeHeapSnapshot(path.join(folder, 'no', 'x')), { code: 'ENOENT' });

let text = '';
v8.getHeapSnapshot().setEncoding('utf8').on('data', (chunk) => { text += chunk; });
process.on('exit', () => assert.ok(JSON.parse(text).strings.includes('Needle')));

const profiler = new v8.GCProfiler();
assert.strictEqual(profiler.stop(), undefined);
profiler.start();
gc();
const report = profiler.stop();
assert.strictEqual(report.version, 1);
const full = report.statistics.find((one) => one.gcType === 'MarkSweepCompact');
assert.ok(full.cost > 0 && full.beforeGC.heapStatistics.usedHeapSize > 0);
assert.strictEqual(full.afterGC.heapSpaceStatistics.length, spaces.length);

let entry;
new PerformanceObserver((list, self) => { entry = list.getEntries()[0]; self.disconnect(); }).observe({ type: 'gc' });
gc();
setTimeout(() => {}, 20);
process.on('exit', () => {
  assert.strictEqual(entry.entryType, 'gc');
  assert.strictEqual(entry.detail.kind, 4);
  assert.ok(entry.startTime > 0 && entry.startTime < performance.now());
});

const handle = v8.startCpuProfile();
function hot(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i); return sum; }
while (hot(1e6) && process.uptime() < 0.5);
const profile = JSON.parse(handle.stop());
assert.ok(profile.nodes.some((node) => node.callFrame.functionName === 'hot'));
assert.strictEqual(handle.stop(), undefined);

const seen = [];
const stop = v8.promiseHooks.createHook({ init: (promise) => seen.push(promise) });
const promise = Promise.resolve();
stop();
Promise.resolve();
assert.deepStrictEqual(seen, [promise]);
assert.throws(() => v8.promiseHooks.onInit(async () => {}), { code: 'ERR_INVALID_ARG_TYPE' });

let memory;
vm.measureMemory({ execution: 'eager' }).then((result) => { memory = result; });
process.on('exit', () => { assert.ok(memory.total.jsMemoryEstimate > 0); assert.strictEqual(kept.length, 3); });
