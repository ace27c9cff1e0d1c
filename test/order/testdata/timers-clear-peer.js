const second = setTimeout(() => console.log('never'), 5);
const first = setTimeout(() => {
  console.log('first');
  clearTimeout(third);
  clearTimeout(first);
}, 5);
const third = setTimeout(() => console.log('never either'), 5);
setTimeout(() => console.log('last'), 5);
clearTimeout(second);
clearTimeout(undefined);
clearTimeout(null);
clearTimeout({});
clearTimeout('no such timer');
const byNumber = setTimeout(() => console.log('cleared by number'), 5);
clearTimeout(+byNumber);
const byString = setTimeout(() => console.log('cleared by string'), 5);
clearTimeout(`${+byString}`);
