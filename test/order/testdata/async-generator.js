async function* numbers(name) {
  try {
    for (let i = 0; i < 3; i++) {
      console.log(name, 'yields', i);
      yield i;
    }
  } finally {
    console.log(name, 'done');
  }
}
async function take(name) {
  for await (const number of numbers(name)) {
    console.log(name, 'got', number);
    if (name === 'short' && number === 1) break;
  }
  console.log(name, 'after');
}
take('long');
take('short');
(async () => {
  for await (const value of [Promise.resolve('a'), 'b']) console.log('array', value);
})();
process.nextTick(() => console.log('tick'));
