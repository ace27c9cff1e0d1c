// A listener that throws doesn't stop the others: the error is uncaught, in a tick.
process.on('uncaughtException', (error) => console.log('caught', error.message));
const target = new EventTarget();
target.addEventListener('x', () => { throw new Error('listener'); });
target.addEventListener('x', () => console.log('second'));
process.nextTick(() => console.log('tick'));
target.dispatchEvent(new Event('x'));
console.log('after dispatch');
