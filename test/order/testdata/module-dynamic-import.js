console.log('main');
const pending = [import('./lib/cycle-b.mjs')];
pending[0].then(() => import('./lib/none.mjs')).catch((error) => console.log(error.code));
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('promise'));
Promise.all(pending).then(([b]) => console.log('both', b.b));
console.log('main end');
