for (const name of ['a', 'b', 'c']) {
  setTimeout(() => {
    console.log('timer', name);
    process.nextTick(() => console.log('tick of', name));
    Promise.resolve().then(() => console.log('promise of', name));
  }, 5);
}
