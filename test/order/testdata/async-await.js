async function plain() {
  console.log('plain 1');
  await 0;
  console.log('plain 2');
  await Promise.resolve();
  console.log('plain 3');
}
async function thenable() {
  await { then(resolve) { console.log('then called'); resolve(); } };
  console.log('thenable done');
}
async function returns() {
  return Promise.resolve('returned promise');
}
async function returnsAwaited() {
  return await Promise.resolve('returned awaited');
}
plain();
thenable();
returns().then(console.log);
returnsAwaited().then(console.log);
(async () => 'returned value')().then(console.log);
let count = 0;
(function job() {
  if (count++ < 5) Promise.resolve().then(() => { console.log('job', count); job(); });
})();
console.log('main');
