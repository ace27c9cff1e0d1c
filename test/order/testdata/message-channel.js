const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => {
  console.log('message', message);
  process.nextTick(() => console.log('tick of', message));
  Promise.resolve().then(() => console.log('promise of', message));
  if (message === 3) port1.close();
});
port1.on('close', () => console.log('close 1'));
port2.on('close', () => console.log('close 2'));
port1.postMessage(1);
port1.postMessage(2);
port1.postMessage(3);
process.nextTick(() => console.log('tick of main'));
Promise.resolve().then(() => console.log('promise of main'));
console.log('main');
