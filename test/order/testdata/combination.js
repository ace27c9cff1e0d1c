// Everything at once, as far as the order is fixed.
const fs = require('node:fs');
console.log('main');
setImmediate(() => {
  console.log('immediate');
  process.nextTick(() => console.log('tick in immediate'));
  setTimeout(() => {
    console.log('timer in immediate');
    fs.stat(__filename, () => {
      console.log('stat');
      setTimeout(() => {
        console.log('timer in stat');
        queueMicrotask(() => {
          console.log('microtask in timer');
          process.nextTick(() => console.log('tick in microtask'));
          queueMicrotask(() => console.log('microtask in microtask'));
        });
      }, 0);
      setImmediate(async () => {
        console.log('immediate in stat');
        await null;
        console.log('await in immediate');
      });
    });
  }, 2);
});
process.nextTick(async () => {
  console.log('tick');
  await new Promise((resolve) => process.nextTick(resolve));
  console.log('after awaited tick');
});
(async () => {
  console.log('async');
  await 1;
  console.log('async after await');
})().finally(() => console.log('async done'));
