// A timer made in a timer waits for the next turn: an immediate gets in between.
const until = Date.now() + 5;
setTimeout(() => {
  console.log('outer');
  setTimeout(() => console.log('inner'), 0);
  setImmediate(() => console.log('immediate'));
  process.nextTick(() => console.log('tick'));
}, 0);
setTimeout(() => console.log('second outer'), 0);
while (Date.now() < until);
