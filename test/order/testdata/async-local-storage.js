const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
const show = (name) => console.log(name, storage.getStore());
let resource;
storage.run('outer', () => {
  setImmediate(() => {
    show('immediate');
    setTimeout(() => {
      show('timer');
      require('node:fs').stat(__filename, () => {
        show('I/O');
        require('node:dns').lookup('127.0.0.1', () => show('lookup'));
      });
    }, 1);
  });
  process.nextTick(() => show('tick'));
  queueMicrotask(() => show('microtask'));
  Promise.resolve().then(() => show('promise'));
  (async () => {
    await null;
    show('await');
    storage.enterWith('entered');
    await null;
    show('await after enterWith');
  })();
  storage.run('inner', () => show('inner'));
  storage.exit(() => show('exited'));
  resource = new AsyncResource('thing');
  show('outer');
});
show('main');
resource.runInAsyncScope(show, null, 'resource');
const bound = storage.run('bound', () => AsyncLocalStorage.bind(() => show('bound')));
bound();
const snapshot = storage.run('snapshot', () => AsyncLocalStorage.snapshot());
storage.run('other', () => snapshot(() => show('snapshot')));
