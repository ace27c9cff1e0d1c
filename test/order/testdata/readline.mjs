import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
const lines = createInterface({ input: Readable.from(['one\ntw', 'o\r\nthree']) });
lines.on('line', (line) => {
  console.log('line', line);
  process.nextTick(() => console.log('tick of', line));
});
lines.on('close', async () => {
  console.log('close');
  for await (const line of createInterface({ input: Readable.from(['a\nb\n']) })) console.log('loop', line);
});
