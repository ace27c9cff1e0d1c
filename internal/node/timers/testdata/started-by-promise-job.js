// A timer that a promise job starts right after the timers phase must not wait for a longer one that was there before.
const start = Date.now();
const long = setTimeout(() => {
  console.error('the long timer came first');
  process.exit(1);
}, 3000);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  for (let i = 0; i < 5; i++) await sleep(10);
  clearTimeout(long);
})();
// A timer cleared by a promise job must not keep the loop alive.
setTimeout(() => Promise.resolve().then(() => clearTimeout(endless)), 5);
const endless = setTimeout(() => process.exit(2), 100000);
process.on('exit', () => {
  if (Date.now() - start > 60000) process.exitCode = 3;
});
