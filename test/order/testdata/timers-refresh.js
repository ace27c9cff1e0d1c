let again = 2;
const loop = setTimeout(() => {
  console.log('fired', again);
  if (again-- > 0) loop.refresh();
  else postpone();
}, 5);
function postpone() {
  const refreshed = setTimeout(() => console.log('refreshed'), 200);
  setTimeout(() => console.log('refreshing', refreshed.refresh() === refreshed), 100);
  setTimeout(() => console.log('between'), 250);
}
