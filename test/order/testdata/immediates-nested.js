setImmediate(() => {
  console.log('1');
  setImmediate(() => console.log('1.1, next turn'));
  process.nextTick(() => console.log('tick of 1'));
});
setImmediate(() => {
  console.log('2');
  Promise.resolve().then(() => console.log('promise of 2'));
});
setImmediate(() => console.log('3'));
