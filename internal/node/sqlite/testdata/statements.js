// Values, parameters, rows and errors of statements.
const assert = require('node:assert');
const { DatabaseSync } = require('node:sqlite');

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, b BLOB)');
const insert = db.prepare('INSERT INTO t (i, r, s, b) VALUES (?, $r, :s, ?)');
assert.deepStrictEqual(insert.run({ r: 1.5, s: 'é\0☃' }, -7n, Uint8Array.of(1, 2)), { changes: 1, lastInsertRowid: 1 });
const row = { __proto__: null, id: 1, i: -7, r: 1.5, s: 'é\0☃', b: Uint8Array.of(1, 2) };
const select = db.prepare('SELECT * FROM t');
assert.deepStrictEqual(select.get(), row);
assert.deepStrictEqual([...select.iterate()], [row]);

// A table that changes its columns under a prepared statement.
db.exec('ALTER TABLE t ADD COLUMN extra DEFAULT 5');
assert.deepStrictEqual(select.get(), { ...row, __proto__: null, extra: 5 });
assert.deepStrictEqual(select.columns().map((c) => c.name), ['id', 'i', 'r', 's', 'b', 'extra']);

// More rows than cross at once.
db.exec('CREATE TABLE many(a); BEGIN');
const one = db.prepare('INSERT INTO many VALUES (?)');
for (let i = 0; i < 2000; i++) one.run(i);
db.exec('COMMIT');
const all = db.prepare('SELECT a FROM many').all();
assert.strictEqual(all.length, 2000);
all.forEach((r, i) => assert.strictEqual(r.a, i));

// An iterator ends when the statement is used again.
const many = db.prepare('SELECT a FROM many');
const iterator = many.iterate();
assert.strictEqual(iterator.next().value.a, 0);
many.get();
assert.throws(() => iterator.next(), { code: 'ERR_INVALID_STATE', message: 'iterator was invalidated' });

assert.throws(() => db.prepare('SELECT 9007199254740992').get(), { code: 'ERR_OUT_OF_RANGE' });
assert.strictEqual(db.prepare('SELECT 9007199254740992 AS n', { readBigInts: true }).get().n, 9007199254740992n);
assert.throws(() => db.prepare('INSERT INTO t(id) VALUES (1)').run(), {
  code: 'ERR_SQLITE_ERROR', errcode: 1555, errstr: 'constraint failed', message: 'UNIQUE constraint failed: t.id',
});
assert.throws(() => db.prepare('SELECT ?').get(1, 2), { errcode: 25 });
assert.throws(() => db.prepare(' -- nothing'), { code: 'ERR_INVALID_ARG_VALUE' });
db.close();
assert.throws(() => select.get(), { message: 'statement has been finalized' });
