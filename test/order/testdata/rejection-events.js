// Reported once the microtasks are done; handling it later is reported too.
process.on('unhandledRejection', (reason, promise) => {
  console.log('unhandled', reason.message, promise instanceof Promise);
  setImmediate(() => promise.catch(() => console.log('handled at last')));
});
process.on('rejectionHandled', (promise) => console.log('rejectionHandled', promise instanceof Promise));
const late = Promise.reject(new Error('handled in a microtask'));
Promise.resolve().then(() => late.catch(() => console.log('in time')));
const tick = Promise.reject(new Error('handled in a tick'));
process.nextTick(() => tick.catch(() => console.log('in time too')));
Promise.reject(new Error('never handled in time'));
process.nextTick(() => console.log('tick'));
setImmediate(() => console.log('immediate'));
