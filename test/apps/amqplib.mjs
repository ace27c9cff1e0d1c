// RabbitMQ through amqplib: queues, exchanges, confirms, acknowledgements, prefetch, dead letters, request and reply, large messages, errors of channels.
import amqp from 'amqplib';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const connection = await amqp.connect(process.env.APPS_AMQP_URL);
const channel = await connection.createChannel();

const { queue } = await channel.assertQueue('', { exclusive: true });
const received = (count, q, options, each = () => {}) => new Promise((resolve, reject) => {
  const messages = [];
  channel.consume(q, (message) => {
    messages.push(message);
    each(message);
    if (messages.length === count) channel.cancel(message.fields.consumerTag).then(() => resolve(messages), reject);
  }, options).catch(reject);
});

for (let i = 0; i < 100; i++) channel.sendToQueue(queue, Buffer.from(`message ${i}`), { headers: { i, nested: { list: [1, 'two', true] } }, contentType: 'text/plain', messageId: String(i) });
const plain = await received(100, queue, { noAck: true });
print('received', plain.length, plain.map((m) => m.content.toString()).at(-1), plain[7].properties.headers, plain[7].properties.contentType, plain.every((m, i) => m.properties.messageId === String(i)));

const big = bytes(3_000_000);
channel.sendToQueue(queue, big);
channel.sendToQueue(queue, Buffer.alloc(0));
const [large, empty] = await received(2, queue, { noAck: true });
print('large', digest(large.content), large.content.equals(big), empty.content.length);

await channel.assertExchange('topics', 'topic', { durable: false, autoDelete: true });
const bound = (await channel.assertQueue('', { exclusive: true })).queue;
await channel.bindQueue(bound, 'topics', 'cat.#');
for (const key of ['cat.black', 'dog.black', 'cat', 'cat.a.b']) channel.publish('topics', key, Buffer.from(key));
print('topics', (await received(3, bound, { noAck: true })).map((m) => m.fields.routingKey));

await channel.prefetch(5);
let open = 0;
let most = 0;
for (let i = 0; i < 50; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
await received(50, queue, {}, (m) => {
  most = Math.max(most, ++open);
  setTimeout(() => {
    open--;
    channel.ack(m);
  }, 2);
});
print('prefetch', most <= 5, most > 1);
while (open) await new Promise((resolve) => setTimeout(resolve, 5));

await channel.assertQueue('dead', { autoDelete: true });
const fragile = (await channel.assertQueue('', { exclusive: true, deadLetterExchange: '', deadLetterRoutingKey: 'dead' })).queue;
channel.sendToQueue(fragile, Buffer.from('reject me'));
await received(1, fragile, {}, (m) => channel.nack(m, false, false));
const [dead] = await received(1, 'dead', { noAck: true });
print('dead letter', dead.content.toString(), dead.properties.headers['x-death'][0].reason);

const confirmed = await connection.createConfirmChannel();
for (let i = 0; i < 200; i++) confirmed.sendToQueue(queue, Buffer.from(String(i)));
await confirmed.waitForConfirms();
print('confirmed', (await channel.checkQueue(queue)).messageCount, await channel.purgeQueue(queue));
confirmed.on('return', (m) => print('returned', m.fields.replyText, m.fields.routingKey));
await new Promise((resolve, reject) => confirmed.publish('', 'no-such-queue', Buffer.from('x'), { mandatory: true }, (error) => (error ? reject(error) : resolve())));
print('get', await channel.get(queue, { noAck: true }));

// request and reply
const server = (await channel.assertQueue('rpc', { autoDelete: true })).queue;
await channel.consume(server, (m) => {
  channel.sendToQueue(m.properties.replyTo, Buffer.from(String(Number(m.content) ** 2)), { correlationId: m.properties.correlationId });
  channel.ack(m);
});
const replies = (await channel.assertQueue('', { exclusive: true })).queue;
const answers = received(20, replies, { noAck: true });
for (let i = 0; i < 20; i++) channel.sendToQueue(server, Buffer.from(String(i)), { replyTo: replies, correlationId: String(i) });
print('replies', (await answers).reduce((sum, m) => sum + Number(m.content), 0));

const broken = await connection.createChannel();
const closed = new Promise((resolve) => broken.once('close', resolve));
broken.on('error', (error) => print('channel error', error.code));
await broken.checkQueue('nowhere').catch((error) => print('no queue', error.code, error.message.replace(/"/g, "'").slice(0, 80)));
await closed;
await confirmed.close();
await channel.close();
const ended = new Promise((resolve) => connection.once('close', resolve));
await connection.close();
await ended;
await amqp.connect(process.env.APPS_AMQP_URL.replace('guest:guest', 'guest:wrong')).catch((error) => print('wrong password', error.message.slice(0, 60)));
await amqp.connect('amqp://127.0.0.1:1').catch((error) => print('nobody there', error.code));
print('bye');
