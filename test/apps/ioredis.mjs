// Redis through ioredis: commands, binary values, pipelines, transactions, scripts, publish and subscribe, blocking reads, streams, scans, a Unix socket, reconnecting.
import { Redis } from 'ioredis';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const options = { host: '127.0.0.1', port: Number(process.env.APPS_REDIS_PORT), password: 'secret' };
const redis = new Redis(options);
await redis.flushall();
print('set', await redis.set('key', 'é猫', 'EX', 100), await redis.get('key'), await redis.ttl('key') > 90, await redis.get('none'));
const blob = bytes(1_000_000);
await redis.set('blob', blob);
print('buffer', digest(await redis.getBuffer('blob')), (await redis.getBuffer('blob')).equals(blob));
await redis.hset('hash', { a: 1, b: 'two' });
print('hash', await redis.hgetall('hash'));
await redis.rpush('list', 1, 2, 3);
await redis.zadd('scores', 1, 'one', 2, 'two', 1.5, 'half');
print('list and set', await redis.lrange('list', 0, -1), await redis.zrange('scores', 0, -1, 'WITHSCORES'));
await redis.incr('key').catch((error) => print('error', error.name, error.message));

const pipeline = redis.pipeline();
for (let i = 0; i < 1000; i++) pipeline.set(`p:${i}`, i).incrby(`p:${i}`, i);
const results = await pipeline.exec();
print('pipeline', results.length, results.reduce((sum, [, value]) => sum + (typeof value === 'number' ? value : 0), 0));
print('transaction', await redis.multi().set('m', 1).incr('m').lpush('m', 1).exec().then((r) => r.map(([error, value]) => error?.message ?? value)));
await redis.watch('m');
const other = redis.duplicate();
await other.set('m', 9);
await other.quit();
print('watched', await redis.multi().incr('m').exec());
print('parallel', (await Promise.all(Array.from({ length: 500 }, (_, i) => redis.get(`p:${i}`)))).reduce((a, b) => a + Number(b), 0));

redis.defineCommand('addAll', { numberOfKeys: 1, lua: "local s = 0 for i, v in ipairs(ARGV) do s = s + tonumber(v) end redis.call('set', KEYS[1], s) return {s, KEYS[1]}" });
print('script', await redis.addAll('sum', 1, 2, 3), await redis.addAll('sum', 4), await redis.get('sum'));
print('eval', await redis.eval("return {1, 'a', {2, 'b'}, false}", 0));

let scanned = 0;
for await (const keys of redis.scanStream({ match: 'p:*', count: 100 })) scanned += keys.length;
print('scanned', scanned);

const subscriber = redis.duplicate();
const heard = [];
const done = new Promise((resolve) => {
  const note = (...m) => {
    heard.push(m);
    if (heard.length === 4) resolve();
  };
  subscriber.on('message', (channel, message) => note('message', channel, message));
  subscriber.on('pmessage', (pattern, channel, message) => note('pmessage', pattern, channel, message));
});
print('subscribed', await subscriber.subscribe('news', 'other'), await subscriber.psubscribe('n*'));
print('published', await redis.publish('news', 'one'), await redis.publish('other', 'two'), await redis.publish('nothing', 'three'));
await done;
print('heard', heard.sort());
print('unsubscribed', await subscriber.unsubscribe('news', 'other'), await subscriber.punsubscribe('n*'));
await subscriber.quit();
print('quit');

const blocked = redis.duplicate();
const popped = blocked.blpop('queue', 5);
await redis.rpush('queue', 'job');
print('blocking', await popped, await blocked.blpop('queue', 0.05));
blocked.disconnect();

await redis.xadd('stream', '1-1', 'k', 'v');
await redis.xgroup('CREATE', 'stream', 'g', '0');
print('stream', await redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 1, 'STREAMS', 'stream', '>'), await redis.xack('stream', 'g', '1-1'));

const local = new Redis({ path: process.env.APPS_REDIS_SOCKET, password: 'secret' });
print('Unix socket', await local.ping());
await local.quit();

const dropped = new Redis({ ...options, retryStrategy: () => 5 });
const id = await dropped.client('ID');
const again = new Promise((resolve) => dropped.once('reconnecting', resolve));
await redis.client('KILL', 'ID', id);
await again;
print('reconnected', await dropped.ping(), (await dropped.client('ID')) !== id);
await dropped.quit();

const nobody = new Redis({ port: 1, host: '127.0.0.1', retryStrategy: null, lazyConnect: true });
nobody.on('error', (error) => print('nobody there', error.code));
await nobody.connect().catch((error) => print('connect', error.message));
const wrong = new Redis({ ...options, password: 'wrong', retryStrategy: null, lazyConnect: true });
wrong.on('error', () => {});
await wrong.ping().catch((error) => print('wrong password', error.message));
wrong.disconnect();
const timed = new Redis({ ...options, commandTimeout: 30 });
await timed.blpop('empty', 1).catch((error) => print('timed out', error.message));
timed.disconnect();
print('bye', await redis.quit());
