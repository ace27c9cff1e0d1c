setInterval(() => console.log('never'), 10_000).unref();
setTimeout(() => console.log('never'), 10_000).unref();
const immediate = setImmediate(() => {
  console.log('immediate');
  const timer = setTimeout(() => console.log('held by ref'), 5);
  timer.unref();
  console.log(timer.hasRef());
  timer.ref();
  console.log(timer.hasRef());
});
immediate.unref();
console.log(immediate.hasRef());
immediate.ref();
process.on('exit', (code) => console.log('exit', code));
