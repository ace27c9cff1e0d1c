const stream = new ReadableStream({
  start(controller) { console.log('start'); controller.enqueue('a'); },
  pull(controller) { console.log('pull'); controller.enqueue('b'); controller.close(); },
}, { highWaterMark: 1 });
process.nextTick(() => console.log('tick'));
for await (const chunk of stream) console.log(chunk);
const { readable, writable } = new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk * 2); } });
const writer = writable.getWriter();
writer.write(21).then(() => console.log('written'));
writer.close().then(() => console.log('closed'));
console.log((await readable.getReader().read()).value);
