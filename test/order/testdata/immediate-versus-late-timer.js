// A timer that is due when the loop starts comes before the immediates.
setImmediate(() => console.log('immediate'));
setTimeout(() => console.log('timer'), 1);
const until = Date.now() + 10;
while (Date.now() < until);
