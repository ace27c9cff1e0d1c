const target = new EventTarget();
target.addEventListener('x', (event) => {
  console.log('first', event.type);
  Promise.resolve().then(() => console.log('promise of first'));
  process.nextTick(() => console.log('tick of first'));
});
target.addEventListener('x', { handleEvent() { console.log('object'); } }, { once: true });
target.addEventListener('x', (event) => event.stopImmediatePropagation());
target.addEventListener('x', () => console.log('never'));
console.log(target.dispatchEvent(new Event('x')));
console.log('between');
target.dispatchEvent(new Event('x'));
const controller = new AbortController();
controller.signal.addEventListener('abort', () => console.log('abort', controller.signal.reason.name));
controller.signal.onabort = () => console.log('onabort');
controller.abort();
controller.abort();
console.log(controller.signal.aborted);
