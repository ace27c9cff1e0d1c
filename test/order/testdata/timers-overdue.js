// All due at once: still by due time, not by creation.
setTimeout(() => console.log('40'), 40);
setTimeout(() => console.log('20'), 20);
setTimeout(() => console.log('30'), 30);
setTimeout(() => console.log('10'), 10);
setTimeout(() => console.log('20 again'), 20);
const until = Date.now() + 80;
while (Date.now() < until);
setImmediate(() => console.log('immediate'));
process.nextTick(() => console.log('tick'));
