// gRPC with @grpc/grpc-js at both ends: the four kinds of call, metadata, status codes, deadlines, cancelling, compression, 16 MB messages, many calls at once.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { bytes, digest, ends, print } from './ends.mjs';

const { Echo } = grpc.loadPackageDefinition(loader.loadSync(new URL('echo.proto', import.meta.url).pathname, { longs: String, defaults: true })).apps;
const sizes = { 'grpc.max_receive_message_length': 32 << 20, 'grpc.max_send_message_length': 32 << 20 };

async function serve() {
  const server = new grpc.Server(sizes);
  let cancelled = 0;
  server.addService(Echo.service, {
    unary(call, done) {
      const trailer = new grpc.Metadata();
      trailer.set('at-the-end', 'yes');
      trailer.set('bytes-bin', Buffer.from([0, 255]));
      const head = new grpc.Metadata();
      head.set('got', String(call.metadata.get('x-id')));
      call.sendMetadata(head);
      done(null, call.request, trailer);
    },
    down(call) {
      const count = Number(call.request.number);
      let i = 0;
      (function more() {
        while (i < count) if (!call.write({ text: `${i}`, number: i++, data: Buffer.alloc(1000, i) })) return call.once('drain', more);
        call.end();
      })();
    },
    up(call, done) {
      let number = 0;
      let length = 0;
      call.on('data', (item) => {
        number++;
        length += item.data.length;
      });
      call.on('end', () => done(null, { number, text: String(length) }));
    },
    both(call) {
      call.on('data', (item) => (item.text === 'end' ? call.end() : call.write({ ...item, text: item.text.toUpperCase() })));
      call.on('end', () => call.end());
    },
    late(call, done) {
      if (call.request.text === 'how many') return done(null, { number: cancelled });
      const timer = setTimeout(() => done(null, call.request), 20_000);
      call.on('cancelled', () => {
        cancelled++;
        clearTimeout(timer);
      });
    },
    fails(call, done) {
      const metadata = new grpc.Metadata();
      metadata.set('why', 'asked');
      if (call.request.text === 'throw') throw new Error('thrown');
      done({ code: grpc.status.NOT_FOUND, details: 'no such é', metadata });
    },
  });
  const port = await new Promise((resolve, reject) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, p) => (error ? reject(error) : resolve(p))));
  return { port, close: () => new Promise((resolve) => server.tryShutdown(resolve)) };
}

async function client(port) {
  const stub = new Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), sizes);
  const call = (method, request, ...rest) => new Promise((resolve, reject) => stub[method](request, ...rest, (error, response) => (error ? reject(error) : resolve(response))));
  await new Promise((resolve, reject) => stub.waitForReady(Date.now() + 5000, (error) => (error ? reject(error) : resolve())));

  const metadata = new grpc.Metadata();
  metadata.set('x-id', '7');
  const unary = await new Promise((resolve, reject) => {
    const seen = {};
    const c = stub.unary({ text: 'é猫', data: Buffer.from([1, 2]), number: '9007199254740993', list: ['a', 'b'], counts: { x: 1 } }, metadata, (error, response) => (error ? reject(error) : (seen.response = response)));
    c.on('metadata', (m) => (seen.head = m.get('got')));
    c.on('status', (s) => resolve({ ...seen, code: s.code, trailer: s.metadata.get('at-the-end'), bin: s.metadata.get('bytes-bin') }));
  });
  print('unary', unary);
  const big = bytes(16 << 20);
  const answer = await call('unary', { data: big });
  print('16 MB', answer.data.length, answer.data.equals(big), digest(answer.data));
  print('many', (await Promise.all(Array.from({ length: 300 }, (_, i) => call('unary', { number: i })))).reduce((sum, r) => sum + Number(r.number), 0));

  let sum = 0;
  let n = 0;
  for await (const item of stub.down({ number: 5000 })) {
    sum += Number(item.number);
    if (++n % 1000 === 0) await new Promise(setImmediate);
  }
  print('down', n, sum);
  const up = await new Promise((resolve, reject) => {
    const c = stub.up((error, response) => (error ? reject(error) : resolve(response)));
    let i = 0;
    (function more() {
      while (i < 2000) {
        i++;
        if (!c.write({ data: Buffer.alloc(2000, i) })) return c.once('drain', more);
      }
      c.end();
    })();
  });
  print('up', up.number, up.text);
  const both = stub.both();
  const texts = [];
  for (let i = 0; i < 5; i++) {
    both.write({ text: `word ${i}` });
    texts.push(await new Promise((resolve) => both.once('data', (item) => resolve(item.text))));
  }
  both.end();
  both.resume();
  await new Promise((resolve) => both.on('end', resolve));
  print('both', texts);
  const ended = stub.both();
  ended.write({ text: 'end' });
  ended.resume();
  print('ended by the server', await new Promise((resolve) => ended.on('status', (s) => resolve(s.code))));

  await call('fails', {}).catch((error) => print('error', error.code, error.details, error.metadata.get('why'), error.message));
  await call('fails', { text: 'throw' }).catch((error) => print('thrown', error.code, error.details));
  await call('late', {}, { deadline: Date.now() + 50 }).catch((error) => print('deadline', error.code, error.details.startsWith('Deadline exceeded')));
  const c = stub.late({}, (error) => print('cancelled', error.code, error.details));
  setTimeout(() => c.cancel(), 20);
  await new Promise((resolve) => c.on('status', resolve));
  const stream = stub.down({ number: 1_000_000 });
  await new Promise((resolve) => {
    stream.once('data', () => stream.cancel());
    stream.once('error', (error) => {
      print('stream cancelled', error.code);
      resolve();
    });
  });
  for (let i = 0; i < 100 && Number((await call('late', { text: 'how many' })).number) < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  print('the server saw', (await call('late', { text: 'how many' })).number);
  const small = new Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { 'grpc.max_receive_message_length': 1000 });
  await new Promise((resolve) => small.unary({ data: Buffer.alloc(5000) }, (error) => {
    print('too large', error.code);
    resolve();
  }));
  small.close();
  const packed = new Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { ...sizes, 'grpc.default_compression_algorithm': 2 });
  print('compressed', await new Promise((resolve, reject) => packed.unary({ text: 'y'.repeat(200_000) }, (error, r) => (error ? reject(error) : resolve(r.text.length)))));
  packed.close();
  const nobody = new Echo('127.0.0.1:1', grpc.credentials.createInsecure());
  await new Promise((resolve) => nobody.unary({}, (error) => {
    print('nobody there', error.code);
    resolve();
  }));
  nobody.close();
  stub.close();
  print('bye');
}

await ends({ serve, client });
