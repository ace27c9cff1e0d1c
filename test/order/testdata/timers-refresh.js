const refreshed = setTimeout(() => console.log('refreshed'), 40);
setTimeout(() => {
  console.log('refreshing', refreshed.hasRef());
  console.log(refreshed.refresh() === refreshed);
}, 25);
setTimeout(() => console.log('between'), 52);
let again = 2;
const loop = setTimeout(() => {
  console.log('fired', again);
  if (again-- > 0) loop.refresh();
}, 5);
