const first = setImmediate(() => {
  console.log('first');
  clearImmediate(second);
  clearImmediate(first);
});
const second = setImmediate(() => console.log('never'));
const third = setImmediate(() => console.log('third'));
const fourth = setImmediate(() => console.log('never either'));
clearImmediate(fourth);
clearImmediate(undefined);
