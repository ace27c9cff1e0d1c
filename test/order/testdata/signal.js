process.on('SIGUSR2', (name, number) => {
  console.log('handler', name, number);
  process.nextTick(() => console.log('tick of the handler'));
  Promise.resolve().then(() => console.log('promise of the handler'));
  clearTimeout(hold);
});
const hold = setTimeout(() => console.log('never'), 10_000);
process.kill(process.pid, 'SIGUSR2');
console.log('main');
process.nextTick(() => console.log('tick'));
