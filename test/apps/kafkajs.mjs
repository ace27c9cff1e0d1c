// Kafka's protocol through kafkajs: topics, producing with keys, headers and gzip, a consumer group that reads and commits, offsets.
import { Kafka, CompressionTypes, logLevel } from 'kafkajs';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const brokers = process.env.APPS_KAFKA_BROKERS.split(',');
const topic = `topic-${process.pid}`;
const kafka = new Kafka({ brokers, clientId: 'apps', logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 8 } });

const producer = kafka.producer({ createPartitioner: () => ({ message }) => Number(message.headers?.to ?? 0) });
await producer.connect();
const blob = bytes(300_000);
const sent = await producer.send({ topic, messages: [{ key: 'a', value: 'é猫', headers: { to: '1', x: 'y' } }, { key: 'b', value: blob, headers: { to: '1' } }] });
print('sent', sent.map((r) => [r.partition, r.errorCode, r.baseOffset]));
await producer.send({ topic, compression: CompressionTypes.GZIP, messages: Array.from({ length: 500 }, (_, i) => ({ key: `k${i}`, value: JSON.stringify({ i, text: 'x'.repeat(i % 100) }), headers: { to: '2' } })) });
await producer.send({ topic, messages: [{ key: 'null', value: null, headers: { to: '1' } }] });
await producer.disconnect();

const admin = kafka.admin();
await admin.connect();
const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
print('metadata', metadata.topics[0].partitions.map((p) => p.partitionId).sort(), (await admin.describeCluster().catch(() => ({ brokers: [] }))).brokers.length);
print('offsets', (await admin.fetchTopicOffsets(topic)).map((o) => [o.partition, o.low, o.high]).sort((a, b) => a[0] - b[0]));

const consumer = kafka.consumer({ groupId: `group-${process.pid}`, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 200 });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const got = { 1: [], 2: [] };
let finished;
const all = new Promise((resolve) => (finished = resolve));
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ partition, message }) => {
    got[partition].push(message);
    if (got[1].length === 3 && got[2].length === 500) finished();
  },
});
await all;
print('consumed', got[1].map((m) => [m.offset, m.key.toString(), m.value && digest(m.value)]), got[1][0].value.toString(), got[1][0].headers.x.toString(), got[1][1].value.equals(blob));
print('gzip', got[2].length, got[2].reduce((sum, m) => sum + JSON.parse(m.value).text.length, 0), got[2].every((m, i) => m.key.toString() === `k${i}`));
await consumer.commitOffsets([{ topic, partition: 1, offset: '3' }, { topic, partition: 2, offset: '500' }]);
await consumer.stop();
await consumer.disconnect();
print('committed', (await admin.fetchOffsets({ groupId: `group-${process.pid}`, topics: [topic] }))[0].partitions.map((p) => [p.partition, p.offset]).sort((a, b) => a[0] - b[0]));
await admin.disconnect();
const nobody = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
await nobody.connect().catch((error) => print('nobody there', error.name, error.message));
print('bye');
