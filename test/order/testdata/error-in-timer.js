// The timers of the same list still run.
process.on('uncaughtExceptionMonitor', (error) => console.log('monitor', error.message));
process.on('uncaughtException', (error) => console.log('caught', error.message));
setTimeout(() => { throw new Error('timer 1'); }, 5);
setTimeout(() => console.log('timer 2'), 5);
setTimeout(() => { throw new Error('timer 3'); }, 5);
setTimeout(() => console.log('timer 4'), 10);
