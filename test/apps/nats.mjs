// NATS: publish and subscribe, wildcards, queue groups, requests, headers, JetStream with a durable consumer, a key-value bucket, draining.
import { connect, headers, JSONCodec, StringCodec, AckPolicy, ErrorCode } from 'nats';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const options = { servers: `127.0.0.1:${process.env.APPS_NATS_PORT}`, reconnect: false };
const nc = await connect(options);
const text = StringCodec();
const json = JSONCodec();
const suffix = String(process.pid);

const take = async (subscription, count) => {
  const got = [];
  for await (const m of subscription) {
    got.push(m);
    if (got.length === count) break;
  }
  return got;
};

const exact = nc.subscribe('news.one', { max: 2 });
const wild = nc.subscribe('news.*', { max: 3 });
const deep = nc.subscribe('news.>', { max: 4 });
for (const subject of ['news.one', 'news.two', 'news.two.deep', 'news.one']) nc.publish(subject, text.encode(`to ${subject} é猫`));
print('exact', (await take(exact, 2)).map((m) => text.decode(m.data)));
print('wild', (await take(wild, 3)).map((m) => m.subject));
print('deep', (await take(deep, 4)).map((m) => m.subject));

const h = headers();
h.append('x-id', '1');
h.append('x-id', '2');
const headed = nc.subscribe('headed', { max: 1 });
nc.publish('headed', json.encode({ a: [1, null] }), { headers: h });
const [m] = await take(headed, 1);
print('headers', m.headers.values('x-id'), json.decode(m.data));
const big = nc.subscribe('big', { max: 1 });
const blob = bytes(1_000_000);
nc.publish('big', blob);
const [large] = await take(big, 1);
print('1 MB', digest(large.data), Buffer.compare(Buffer.from(large.data), blob) === 0);

const counts = [0, 0, 0];
for (let i = 0; i < 3; i++) nc.subscribe('work', { queue: 'workers', callback: () => counts[i]++ });
for (let i = 0; i < 300; i++) nc.publish('work');
await nc.flush();
print('queue group', counts.reduce((a, b) => a + b), counts.every((n) => n > 0));

nc.subscribe('square', { callback: (_, msg) => msg.respond(json.encode(json.decode(msg.data) ** 2)) });
print('requests', (await Promise.all(Array.from({ length: 100 }, (_, i) => nc.request('square', json.encode(i))))).reduce((sum, r) => sum + json.decode(r.data), 0));
await nc.request('nobody').catch((error) => print('nobody', error.code === ErrorCode.NoResponders, error.code));
nc.subscribe('silent');
await nc.request('silent', undefined, { timeout: 50 }).catch((error) => print('silent', error.code));

const manager = await nc.jetstreamManager();
const stream = `events${suffix}`;
await manager.streams.add({ name: stream, subjects: [`${stream}.>`] });
const js = nc.jetstream();
for (let i = 0; i < 50; i++) {
  const ack = await js.publish(`${stream}.${i % 2 ? 'odd' : 'even'}`, text.encode(String(i)), { msgID: String(i) });
  if (i === 49) print('stored', ack.seq, ack.duplicate, (await js.publish(`${stream}.odd`, text.encode('49'), { msgID: '49' })).duplicate);
}
await manager.consumers.add(stream, { durable_name: 'd', ack_policy: AckPolicy.Explicit, filter_subject: `${stream}.odd` });
const consumer = await js.consumers.get(stream, 'd');
let sum = 0;
let n = 0;
for await (const msg of await consumer.fetch({ max_messages: 25, expires: 2000 })) {
  sum += Number(text.decode(msg.data));
  msg.ack();
  n++;
}
print('consumed', n, sum);
await nc.flush();
print('state', (await manager.streams.info(stream)).state.messages);
await manager.streams.delete(stream);

const bucket = await js.views.kv(`kv${suffix}`, { history: 3 });
await bucket.put('a', text.encode('one'));
const revision = await bucket.put('a', text.encode('two'));
await bucket.update('a', text.encode('three'), revision);
await bucket.update('a', text.encode('four'), revision).catch((error) => print('wrong revision', error.api_error?.err_code));
print('bucket', (await bucket.get('a')).string(), await bucket.get('none'));
await bucket.destroy();

await nc.drain();
print('drained', nc.isClosed());
await connect({ ...options, servers: '127.0.0.1:1', maxReconnectAttempts: 0 }).catch((error) => print('nobody there', error.code));
print('bye');
