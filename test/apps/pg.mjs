// PostgreSQL through pg: queries, types, prepared statements, transactions, errors, LISTEN/NOTIFY, COPY, a pool, TLS, a Unix socket.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const client = new pg.Client();
await client.connect();
const one = async (text, values) => (await client.query(text, values)).rows[0];

print('select', await one('select 1 as one, $1::text as text, $2::int[] as list', ['é猫', [1, 2, 3]]));
print('types', await one(`select 1.50::numeric as numeric, 9007199254740993::bigint as bigint, true as bool, null as nothing, 'NaN'::float8 as nan,
  '{"a":[1,{"b":null}]}'::jsonb as jsonb, '2024-02-29 12:34:56.789Z'::timestamptz as stamp, interval '1 day 2 hours' as interval, '\\xdeadbeef'::bytea as bytea,
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301'::uuid as uuid, point(1,2) as point`));

await client.query('create temp table item (id serial primary key, name text unique, price numeric(10,2), data bytea, doc jsonb, at timestamptz)');
const blob = bytes(200_000);
const inserted = await client.query({
  name: 'insert-item', text: 'insert into item (name, price, data, doc, at) values ($1,$2,$3,$4,$5) returning *',
  values: ['first', '12.30', blob, { nested: { list: [1, 'two', null] } }, new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4))],
});
const row = inserted.rows[0];
print('inserted', row.id, row.name, row.price, digest(row.data), row.data.equals(blob), row.doc, row.at);
for (let i = 0; i < 5; i++) {
  await client.query({ name: 'insert-item', values: [`item ${i}`, i, Buffer.from([i]), null, null], text: 'insert into item (name, price, data, doc, at) values ($1,$2,$3,$4,$5) returning *' });
}
print('prepared once', (await one("select count(*)::int as n from pg_prepared_statements where name = 'insert-item'")).n);
print('array rows', (await client.query({ text: 'select id, name from item order by id', rowMode: 'array' })).rows);
print('several statements', (await client.query("select 1 as a; select 2 as b; update item set price = 1 where id = 1")).map((r) => [r.command, r.rowCount, r.rows]));

try {
  await client.query("insert into item (name) values ('first')");
} catch (error) {
  print('duplicate', error.constructor.name, error.code, error.constraint, error.detail, error.message);
}
try {
  await client.query('select * from nowhere');
} catch (error) {
  print('no table', error.code, error.position, error.severity, error.message);
}

await client.query('begin');
await client.query("update item set name = 'changed' where id = 1");
await client.query('savepoint s');
await client.query('select 1/0').catch((error) => print('in the transaction', error.code, error.message));
await client.query('select 1').catch((error) => print('aborted', error.code));
await client.query('rollback to s');
await client.query('rollback');
print('rolled back', await one('select name from item where id = 1'));

// COPY in and out
await client.query('create temp table wide (id int, text text)');
const lines = Array.from({ length: 20_000 }, (_, i) => `${i}\tline ${i} ${'x'.repeat(i % 50)}\n`);
await pipeline(Readable.from(lines), client.query(copy.from('copy wide from stdin')));
print('copied in', await one('select count(*)::int as n, sum(id)::int as sum, sum(length(text))::int as length from wide'));
const chunks = [];
const out = client.query(copy.to('copy (select * from wide order by id) to stdout'));
for await (const chunk of out) chunks.push(chunk);
print('copied out', Buffer.concat(chunks).length, digest(Buffer.concat(chunks)), Buffer.concat(chunks).toString() === lines.join(''));
await pipeline(Readable.from(['1\tok\n', 'two\tbad\n']), client.query(copy.from('copy wide from stdin'))).catch((error) => print('copy of bad data', error.code));
print('after it', await one('select count(*)::int as n from wide'));

// LISTEN and NOTIFY
const listener = new pg.Client();
await listener.connect();
const heard = [];
const all = new Promise((resolve) => {
  listener.on('notification', (m) => {
    heard.push([m.channel, m.payload]);
    if (heard.length === 3) resolve();
  });
});
await listener.query('listen news');
for (const payload of ['a', 'b', '猫'.repeat(100)]) await client.query("select pg_notify('news', $1)", [payload]);
await all;
print('notified', heard);
listener.on('error', () => {});
const { pid } = (await listener.query('select pg_backend_pid() as pid')).rows[0];
const ended = new Promise((resolve) => listener.once('end', resolve));
await client.query('select pg_terminate_backend($1)', [pid]);
await ended;
print('terminated');

// notices, cancel by timeout
client.on('notice', (notice) => print('notice', notice.severity, notice.message));
await client.query("do $$ begin raise warning 'careful %', 1; end $$");
const impatient = new pg.Client({ statement_timeout: 50 });
await impatient.connect();
await impatient.query('select pg_sleep(10)').catch((error) => print('statement timeout', error.code));
await impatient.end();

// a pool of ten under 200 queries at once
const pool = new pg.Pool({ max: 10 });
const pids = new Set();
const results = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
  const { rows } = await pool.query('select $1::int * 2 as double, pg_backend_pid() as pid, repeat($2, 1000) as text', [i, String(i % 10)]);
  pids.add(rows[0].pid);
  return rows[0].double + rows[0].text.length;
}));
print('pool', results.reduce((a, b) => a + b, 0), pids.size <= 10, pool.totalCount <= 10, pool.waitingCount);
const lent = await pool.connect();
print('lent', (await lent.query('select current_database() as db')).rows[0].db);
lent.release();
await pool.end();
print('pool ended', pool.totalCount);

// TLS and a Unix socket
const ca = process.env.APPS_CERT;
const secure = new pg.Client({ ssl: { ca } });
await secure.connect();
print('TLS', (await secure.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()')).rows[0]);
print('TLS bytes', digest((await secure.query("select $1::bytea as b", [bytes(3_000_000, 7)])).rows[0].b));
await secure.end();
await new pg.Client({ ssl: true }).connect().catch((error) => print('untrusted', error.code, error.message));
const local = new pg.Client({ host: process.env.APPS_PG_SOCKET });
await local.connect();
print('Unix socket', (await local.query('select inet_client_addr() is null as local')).rows[0]);
await local.end();
await new pg.Client({ password: 'wrong' }).connect().catch((error) => print('wrong password', error.code, error.message));
await new pg.Client({ port: 1 }).connect().catch((error) => print('nobody there', error.code, error.syscall, error.address, error.port));

print('bye', await one('select count(*)::int as n from item'));
await client.end();
