// Prints what core operations cost, a line each: name, tab, microseconds of CPU an operation in all threads (the best of several batches, after
// a warm-up). CPU time, because what a neighbour on the machine takes away is not the program's.
import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const BATCHES = 15;
const BATCH_MS = 20;

const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

let sink; // results go here, so that no engine can drop the work

// Each entry runs its operation n times.
const operations = {};
const repeat = (operation) => (n) => {
  for (let i = 0; i < n; i++) sink = operation(i);
};

const text = 'The quick brown fox jumps over the lazy dog. '.repeat(23); // about 1 KiB
const wide = 'Größe, naïve, 漢字 '.repeat(60);
const ascii = Buffer.from(text);
const utf8 = Buffer.from(wide);
const copyOf = Buffer.from(text);
const target = Buffer.alloc(ascii.length);
const base64 = ascii.toString('base64');
const hex = ascii.toString('hex');
const late = Buffer.from('x'.repeat(4000) + 'needle');

Object.assign(operations, {
  'Buffer toString utf8, 1 KiB ASCII': repeat(() => ascii.toString()),
  'Buffer toString utf8, 1 KiB mixed': repeat(() => utf8.toString()),
  'Buffer toString utf8, 16 B': repeat((i) => ascii.toString('utf8', i & 15, (i & 15) + 16)),
  'Buffer toString latin1, 1 KiB': repeat(() => ascii.toString('latin1')),
  'Buffer toString base64, 1 KiB': repeat(() => ascii.toString('base64')),
  'Buffer toString hex, 1 KiB': repeat(() => ascii.toString('hex')),
  'Buffer from utf8, 1 KiB ASCII': repeat(() => Buffer.from(text)),
  'Buffer from utf8, 1 KiB mixed': repeat(() => Buffer.from(wide)),
  'Buffer from utf8, 16 B': repeat(() => Buffer.from('sixteen bytes ok')),
  'Buffer from base64, 1 KiB': repeat(() => Buffer.from(base64, 'base64')),
  'Buffer from hex, 1 KiB': repeat(() => Buffer.from(hex, 'hex')),
  'Buffer from array, 64': repeat(() => Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])),
  'Buffer alloc, 1 KiB': repeat(() => Buffer.alloc(1024)),
  'Buffer allocUnsafe, 1 KiB': repeat(() => Buffer.allocUnsafe(1024)),
  'Buffer byteLength, 1 KiB mixed': repeat(() => Buffer.byteLength(wide)),
  'Buffer write utf8, 1 KiB': repeat(() => target.write(text)),
  'Buffer indexOf string, 4 KiB': repeat(() => late.indexOf('needle')),
  'Buffer indexOf byte, 4 KiB': repeat(() => late.indexOf(0x6e)),
  'Buffer compare, 1 KiB': repeat(() => Buffer.compare(ascii, copyOf)),
  'Buffer equals, 1 KiB': repeat(() => ascii.equals(copyOf)),
  'Buffer copy, 1 KiB': repeat(() => ascii.copy(target)),
  'Buffer concat, 2 x 1 KiB': repeat(() => Buffer.concat([ascii, copyOf])),
  'Buffer readUInt32BE': repeat((i) => ascii.readUInt32BE(i & 511)),
});

const directory = mkdtempSync(join(tmpdir(), 'core-bench-'));
const small = join(directory, 'small.json');
writeFileSync(small, text);
const large = join(directory, 'large');
writeFileSync(large, Buffer.alloc(4 * 2 ** 20));
Object.assign(operations, {
  'fs.readFileSync, 1 KiB': repeat(() => readFileSync(small)),
  'fs.readFileSync utf8, 1 KiB': repeat(() => readFileSync(small, 'utf8')),
  'fs.promises.readFile, 1 KiB': async (n) => {
    for (let i = 0; i < n; i++) sink = await readFile(small);
  },
  'fs.promises.readFile, 1 KiB, 16 at once': async (n) => {
    for (let i = 0; i < n; i += 16) sink = await Promise.all(Array.from({ length: 16 }, () => readFile(small)));
  },
});

const emitter = new EventEmitter();
emitter.on('one', (a) => { sink = a; });
for (let i = 0; i < 3; i++) emitter.on('three', (a, b) => { sink = a + b; });
Object.assign(operations, {
  'EventEmitter emit, 1 listener': repeat((i) => emitter.emit('one', i)),
  'EventEmitter emit, 3 listeners': repeat((i) => emitter.emit('three', i, 1)),
  'EventEmitter once and emit': repeat((i) => {
    emitter.once('gone', () => {});
    return emitter.emit('gone', i);
  }),
});

const record = { id: 1, name: 'Ada', tags: ['a', 'b', 'c'], nested: { at: new Date(0), map: new Map([[1, 2]]) }, list: Array.from({ length: 20 }, (_, i) => ({ i })) };
Object.assign(operations, {
  'structuredClone, small object': repeat(() => structuredClone({ a: 1, b: 'two' })),
  'structuredClone, record': repeat(() => structuredClone(record)),
});

const chunk = Buffer.alloc(64 * 1024);
const flow = (n) => {
  let left = n;
  return new Readable({ highWaterMark: 256 * 1024, read() { this.push(left-- > 0 ? chunk : null); } });
};
const drain = () => new Writable({ highWaterMark: 256 * 1024, write(data, encoding, done) { sink = data; done(); } });
Object.assign(operations, {
  'stream pipeline, a chunk': (n) => pipeline(flow(n), drain()),
  'stream pipeline through Transform, a chunk': (n) => pipeline(flow(n), new Transform({ transform(data, encoding, done) { done(null, data); } }), drain()),
  'stream pipeline file to file, 4 MiB': async (n) => {
    for (let i = 0; i < n; i++) await pipeline(createReadStream(large), createWriteStream(join(directory, 'copy')));
  },
  'stream for await, a chunk': async (n) => {
    for await (const data of flow(n)) sink = data;
  },
});

Object.assign(operations, {
  'setImmediate': (n) => new Promise((resolve) => {
    const next = () => (n-- > 0 ? setImmediate(next) : resolve());
    next();
  }),
  'process.nextTick': (n) => new Promise((resolve) => {
    const next = () => (n-- > 0 ? process.nextTick(next) : resolve());
    next();
  }),
  'setTimeout and clearTimeout': repeat(() => clearTimeout(setTimeout(() => {}, 1000))),
  'new URL': repeat((i) => new URL('https://example.com:8080/a/b?c=' + (i & 7) + '#d')),
  'TextEncoder encode, 1 KiB': repeat(((e) => () => e.encode(text))(new TextEncoder())),
  'TextDecoder decode, 1 KiB': repeat(((d) => () => d.decode(ascii))(new TextDecoder())),
});

const measured = process.argv[2] ? Object.keys(operations).filter((name) => name.includes(process.argv[2])) : Object.keys(operations);
try {
  for (const name of measured) {
    const operation = operations[name];
    let n = 1;
    for (;;) { // as many as fill a batch
      const began = clock();
      await operation(n);
      const took = clock() - began;
      if (took > BATCH_MS || n >= 1e8) break;
      n = took < 1 ? n * 16 : Math.ceil((n * BATCH_MS * 1.2) / took);
    }
    let best = Infinity;
    for (let i = 0; i < BATCHES; i++) {
      const began = clock();
      await operation(n);
      best = Math.min(best, (clock() - began) / n);
    }
    console.log(`${name}\t${(best * 1000).toFixed(4)}`);
  }
} finally {
  rmSync(directory, { recursive: true });
}
