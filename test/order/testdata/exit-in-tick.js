process.on('exit', (code) => {
  console.log('exit', code);
  process.exit(6);
});
process.nextTick(() => {
  console.log('tick');
  process.exit(5);
});
process.nextTick(() => console.log('never'));
Promise.resolve().then(() => console.log('never'));
console.log('main');
