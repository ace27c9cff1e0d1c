// require() of an ES module is synchronous: its body runs at once.
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('promise'));
const { a } = require('./lib/cycle-a.mjs');
console.log('required', a());
import('./lib/cycle-a.mjs').then((module) => console.log('imported', module.a === a));
try {
  require('./lib/waits.mjs');
} catch (error) {
  console.log(error.code);
}
