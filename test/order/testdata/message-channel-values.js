const { port1, port2 } = new MessageChannel();
const shared = { list: [1, 2] };
port2.onmessage = ({ data, target }) => {
  console.log(data.buffer?.byteLength ?? data, target === port2);
  if (data.last) port2.close();
};
port1.postMessage({ map: new Map([['a', new Date(0)]]), self: shared, again: shared });
const buffer = new ArrayBuffer(8);
port1.postMessage({ buffer }, [buffer]);
console.log('detached', buffer.byteLength);
try {
  port1.postMessage(() => {});
} catch (error) {
  console.log(error.name, error.code);
}
port1.postMessage({ last: true });
