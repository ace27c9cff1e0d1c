const order = [];
const mark = (name) => order.push(name);
queueMicrotask(() => { mark('a'); queueMicrotask(() => mark('c')); });
Promise.resolve().then(() => { mark('b'); return { then(done) { mark('then'); done(); } }; }).then(() => mark('d'));
process.nextTick(() => mark('tick'));
setImmediate(() => console.log(structuredClone(order).join(' ')));
