let rounds = 0;
process.on('beforeExit', (code) => {
  console.log('beforeExit', code, ++rounds);
  if (rounds === 1) setTimeout(() => console.log('once more'), 1);
  if (rounds === 2) setImmediate(() => console.log('and once more'));
});
process.on('exit', (code) => {
  console.log('exit', code);
  process.nextTick(() => console.log('a tick still runs'));
  Promise.resolve().then(() => console.log('a promise job'));
  setTimeout(() => console.log('a timer'), 0);
  process.exitCode = 3;
});
process.exitCode = 2;
console.log('main');
