process.on('exit', (code) => console.log('exit', code));
setImmediate(() => console.log('never'));
process.nextTick(() => console.log('tick'));
Promise.reject(new Error('nobody handles this'));
Promise.resolve().then(() => console.log('promise'));
