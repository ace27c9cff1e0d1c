// A chain of promise jobs runs to its end before the next tick that was queued meanwhile.
let left = 5;
function again() {
  console.log('job', left);
  if (left === 3) process.nextTick(() => console.log('tick from the middle'));
  if (--left) Promise.resolve().then(again);
}
Promise.resolve().then(again);
process.nextTick(() => console.log('first tick'));
setImmediate(() => console.log('immediate'));
