let ticks = 0;
const interval = setInterval((name) => {
  console.log(name, ++ticks);
  Promise.resolve().then(() => console.log('promise', ticks));
  if (ticks === 3) {
    clearInterval(interval);
    setTimeout(() => console.log('after'), 5);
  }
}, 3, 'interval');
