process.nextTick(console.log, 'one', 2, { three: 3 });
process.nextTick(function () { console.log(this === undefined, arguments.length); }, 1, 2);
process.nextTick((...all) => console.log(all.length), 1, 2, 3, 4, 5, 6);
try {
  process.nextTick('not a function');
} catch (error) {
  console.log(error.code);
}
