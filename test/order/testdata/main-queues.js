// The main script, then ticks, then microtasks.
console.log('main 1');
queueMicrotask(() => console.log('microtask'));
Promise.resolve().then(() => console.log('promise'));
process.nextTick(() => console.log('tick'));
console.log('main 2');
