process.on('uncaughtException', (error) => console.log('caught', error.message));
setImmediate(() => console.log('immediate 1'));
setImmediate(() => {
  Promise.resolve().then(() => console.log('promise of the failing one'));
  throw new Error('immediate 2');
});
setImmediate(() => {
  console.log('immediate 3');
  setTimeout(() => console.log('timer'), 1);
});
