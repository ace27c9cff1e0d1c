// All due at once: still by due time, not by creation.
setTimeout(() => console.log('4'), 4);
setTimeout(() => console.log('2'), 2);
setTimeout(() => console.log('3'), 3);
setTimeout(() => console.log('1'), 1);
setTimeout(() => console.log('2 again'), 2);
const until = Date.now() + 20;
while (Date.now() < until);
setImmediate(() => console.log('immediate'));
process.nextTick(() => console.log('tick'));
