// timers/promises: values, abort, intervals.
import assert from 'node:assert';
import { scheduler, setImmediate, setInterval, setTimeout } from 'node:timers/promises';
assert.strictEqual(await setTimeout(1, 'a'), 'a');
assert.strictEqual(await setImmediate('b'), 'b');
await scheduler.wait(1);
await scheduler.yield();
let n = 0;
for await (const value of setInterval(1, 'c')) {
  assert.strictEqual(value, 'c');
  if (++n === 3) break;
}
const controller = new AbortController();
const waiting = setTimeout(100000, null, { signal: controller.signal });
controller.abort('why');
await assert.rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
await assert.rejects(setTimeout(1, 1, { signal: AbortSignal.abort() }), { name: 'AbortError' });
await assert.rejects(setTimeout('x'), { code: 'ERR_INVALID_ARG_TYPE' });
await assert.rejects(setInterval(1, 1, { signal: AbortSignal.abort() }).next(), { name: 'AbortError' });
