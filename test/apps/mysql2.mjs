// MariaDB through mysql2: the text and the binary protocol, types, transactions, a pool, rows as a stream, TLS.
import mysql from 'mysql2';
import promise from 'mysql2/promise';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const options = { host: '127.0.0.1', port: Number(process.env.APPS_MYSQL_PORT), user: 'app', password: 'secret', database: 'app', timezone: 'Z' };
const db = await promise.createConnection(options);

print('text', (await db.query("select 1 as one, ? as text, 1.50 as price, null as nothing, cast('2024-02-29 12:34:56' as datetime) as at", ['é猫\'"']))[0]);
print('binary', (await db.execute("select ? + 1 as next, ? as text, cast(? as decimal(10,2)) as price, cast(9007199254740993 as unsigned) as big", [41, 'é猫', '1.5']))[0]);
print('big as text', (await db.query({ sql: 'select cast(9007199254740993 as unsigned) as big', supportBigNumbers: true, bigNumberStrings: true }))[0]);

await db.query('create or replace table item (id int auto_increment primary key, name varchar(100) unique, data longblob, doc json, price decimal(10,2), at datetime(3))');
const blob = bytes(300_000);
const [made] = await db.execute('insert into item (name, data, doc, price, at) values (?,?,?,?,?)', ['first', blob, JSON.stringify({ a: [1, null] }), '12.30', new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4))]);
print('inserted', made.affectedRows, made.insertId);
const [[row]] = await db.execute('select * from item where id = ?', [made.insertId]);
print('read', row.id, row.name, digest(row.data), row.data.equals(blob), row.doc, row.price, row.at);
const [many] = await db.query('insert into item (name, price) values ?', [Array.from({ length: 500 }, (_, i) => [`item ${i}`, i / 4])]);
print('bulk', many.affectedRows, (await db.query('select sum(price) as sum, count(*) as n from item'))[0]);
const [rows, fields] = await db.query({ sql: 'select id, name from item order by id limit 2', rowsAsArray: true });
print('arrays', rows, fields.map((f) => f.name));
const statement = await db.prepare('select name from item where id = ?');
for (const id of [1, 2, 3]) print('prepared', (await statement.execute([id]))[0]);
await statement.close();

await db.query("insert into item (name) values ('first')").catch((error) => print('duplicate', error.code, error.errno, error.sqlState));
await db.query('select * from nowhere').catch((error) => print('no table', error.code, error.errno, error.sqlState));
await db.query('selec 1').catch((error) => print('syntax', error.code));

await db.beginTransaction();
await db.query("update item set name = 'changed' where id = 1");
await db.rollback();
print('rolled back', (await db.query('select name from item where id = 1'))[0]);
await db.beginTransaction();
await db.query("update item set name = 'changed' where id = 1");
await db.commit();
print('committed', (await db.query('select name from item where id = 1'))[0]);

// rows as a stream, with a slow reader
const plain = mysql.createConnection({ ...options, multipleStatements: true });
let count = 0;
let length = 0;
for await (const r of plain.query("select seq, repeat('x', seq % 100) as text from seq_1_to_20000").stream({ highWaterMark: 5 })) {
  count++;
  length += r.text.length;
  if (count % 5000 === 0) await new Promise(setImmediate);
}
print('streamed', count, length);
const several = await new Promise((resolve, reject) => plain.query('select 1 as a; select 2 as b; set @x = 3', (error, results) => (error ? reject(error) : resolve(results))));
print('several', several.map((r) => (Array.isArray(r) ? r : r.affectedRows)));
await new Promise((resolve) => plain.end(resolve));

const pool = promise.createPool({ ...options, connectionLimit: 10 });
const ids = new Set();
const sums = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
  const [[r]] = await pool[i % 2 ? 'execute' : 'query']('select ? * 2 as twice, connection_id() as id', [i]);
  ids.add(r.id);
  return Number(r.twice);
}));
print('pool', sums.reduce((a, b) => a + b, 0), ids.size <= 10);
const lent = await pool.getConnection();
await lent.query('select sleep(0.01)');
lent.release();
await pool.end();

const ca = process.env.APPS_CERT;
const secure = await promise.createConnection({ ...options, ssl: { ca } });
print('TLS', (await secure.query("show status like 'Ssl_version'"))[0], digest((await secure.execute('select ? as b', [bytes(2_000_000, 3)]))[0][0].b));
await secure.end();
await promise.createConnection({ ...options, password: 'wrong' }).catch((error) => print('wrong password', error.code));
await promise.createConnection({ ...options, port: 1 }).catch((error) => print('nobody there', error.code));
const killer = await promise.createConnection(options);
db.connection.on('error', () => {});
const sleeping = db.query('select sleep(20)').catch((error) => print('killed', error.code));
await killer.query('kill ?', [db.threadId]);
await sleeping;
await killer.end();
print('bye');
