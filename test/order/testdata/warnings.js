process.on('warning', (warning) => console.log(warning.name, warning.code, warning.message));
process.emitWarning('one', { type: 'Custom', code: 'W1' });
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('promise'));
console.log('main');
