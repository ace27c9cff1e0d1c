import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
const through = new PassThrough({ objectMode: true });
through.on('close', () => console.log('close'));
const done = finished(through).then(() => console.log('finished'));
through.write({ n: 1 });
setImmediate(() => through.end({ n: 2 }));
for await (const item of through) console.log(item);
console.log('after the loop');
await done;
const early = Readable.from([1, 2, 3]);
early.on('close', () => console.log('early closed'));
for await (const item of early) {
  console.log(item);
  break;
}
console.log(early.destroyed, await Readable.from([1, 2, 3]).map((n) => n * 2).toArray());
