process.on('uncaughtException', (error) => console.log('caught', error.message));
queueMicrotask(() => { throw new Error('microtask'); });
queueMicrotask(() => console.log('next microtask'));
Promise.resolve().then(() => console.log('promise'));
process.nextTick(() => console.log('tick'));
setImmediate(() => console.log('immediate'));
