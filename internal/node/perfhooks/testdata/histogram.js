// Histograms, timerify and the delay of the loop.
const assert = require('assert');
const { createHistogram, monitorEventLoopDelay, performance, PerformanceObserver } = require('perf_hooks');
const h = createHistogram();
assert.strictEqual(h.min, 9223372036854776000);
assert.strictEqual(h.max, 0);
assert.ok(Number.isNaN(h.mean));
h.record(5);
h.record(1000n);
assert.deepStrictEqual([h.count, h.min, h.max, h.mean, h.stddev, h.exceeds], [2, 5, 1000, 502.5, 497.5, 0]);
assert.strictEqual(h.countBigInt, 2n);
assert.deepStrictEqual([...h.percentiles], [[0, 5], [50, 5], [75, 1000], [100, 1000]]);
assert.strictEqual(h.percentile(100), 1000);
const other = createHistogram();
other.record(7);
h.add(other);
assert.strictEqual(h.count, 3);
h.reset();
assert.strictEqual(h.count, 0);
const small = createHistogram({ lowest: 1, highest: 100, figures: 2 });
small.record(1000);
assert.strictEqual(small.exceeds + small.count, 1);
assert.throws(() => createHistogram({ figures: 6 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => h.record(0), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => h.percentile(101), { code: 'ERR_OUT_OF_RANGE' });

const timed = performance.timerify(function add(a, b) { return a + b; }, { histogram: h });
assert.strictEqual(timed.name, 'timerified add');
assert.strictEqual(timed.length, 2);
let entries = 0;
new PerformanceObserver((list) => {
  const [entry] = list.getEntriesByType('function');
  assert.strictEqual(entry.name, 'add');
  assert.deepStrictEqual(entry.detail, [1, 2]);
  entries++;
}).observe({ type: 'function' });
assert.strictEqual(timed(1, 2), 3);
assert.strictEqual(h.count, 1);

const delay = monitorEventLoopDelay({ resolution: 5 });
assert.strictEqual(delay.enable(), true);
assert.strictEqual(delay.enable(), false);
const poll = setInterval(() => {
  if (delay.count === 0) {
    return;
  }
  clearInterval(poll);
  assert.ok(delay.min >= 1e6);
  assert.strictEqual(delay.disable(), true);
  assert.strictEqual(delay.disable(), false);
  const u = performance.eventLoopUtilization();
  assert.ok(u.utilization > 0 && u.utilization < 1);
}, 20);
// It doesn't keep the program alive.
monitorEventLoopDelay().enable();
process.on('exit', () => assert.strictEqual(entries, 1));
