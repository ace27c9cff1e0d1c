// A module's body runs in a microtask: its promise jobs come before its ticks.
console.log('main 1');
process.nextTick(() => console.log('tick'));
queueMicrotask(() => console.log('microtask'));
Promise.resolve().then(() => console.log('promise'));
console.log('main 2');
