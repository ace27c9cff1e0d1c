import { setImmediate as immediate, setInterval as interval, setTimeout as timeout, scheduler } from 'node:timers/promises';
process.nextTick(() => console.log('tick'));
console.log(await timeout(2, 'timeout'));
console.log(await immediate('immediate'));
let n = 0;
for await (const value of interval(2, 'interval')) {
  console.log(value, ++n);
  if (n === 3) break;
}
await scheduler.wait(1);
await scheduler.yield();
const controller = new AbortController();
timeout(10_000, null, { signal: controller.signal }).catch((error) => console.log(error.name, error.code));
controller.abort();
console.log('aborted');
await timeout(1, null, { ref: true });
