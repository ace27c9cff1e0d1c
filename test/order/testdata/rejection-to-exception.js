process.on('uncaughtException', (error, origin) => console.log(origin, error.message ?? error));
Promise.reject(new Error('an error'));
setTimeout(() => Promise.reject('a string'), 1);
setTimeout(() => console.log('still here'), 10);
