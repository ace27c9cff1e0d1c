// JavaScript functions inside of SQL: values, errors that pass through, re-entry.
const assert = require('node:assert');
const { DatabaseSync, constants } = require('node:sqlite');

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)');
db.function('twice', (x) => x * 2);
assert.deepStrictEqual(db.prepare('SELECT twice(a) AS x FROM t').all().map((r) => r.x), [2, 4, 6]);

// A function may use other statements and other databases, whose functions fail on their own.
const other = new DatabaseSync(':memory:');
const boom = new Error('boom');
other.function('boom', () => { throw boom; });
db.function('nested', (a) => {
  assert.throws(() => other.exec('SELECT boom()'), boom);
  return db.prepare('SELECT twice(?) AS x').get(a).x;
});
assert.deepStrictEqual(db.prepare('SELECT nested(a) AS x FROM t').all().map((r) => r.x), [2, 4, 6]);

// The JavaScript error is what is thrown, and the database works on.
db.function('fails', () => { throw boom; });
assert.throws(() => db.exec('INSERT INTO t SELECT fails()'), (err) => err === boom);
assert.strictEqual(db.prepare('SELECT count(*) AS n FROM t').get().n, 3);

db.aggregate('list', { start: () => [], step: (acc, a) => [...acc, a], result: (acc) => acc.join() });
assert.strictEqual(db.prepare('SELECT list(a) AS x FROM t').get().x, '1,2,3');
assert.strictEqual(db.prepare('SELECT list(a) AS x FROM t WHERE 0').get().x, '');
db.aggregate('bad', { start: 0, step: (acc, a) => { throw boom; } });
assert.throws(() => db.prepare('SELECT bad(a) FROM t').get(), (err) => err === boom);

db.setAuthorizer((action) => (action === constants.SQLITE_DELETE ? constants.SQLITE_DENY : constants.SQLITE_OK));
assert.throws(() => db.exec('DELETE FROM t'), /not authorized/);
db.setAuthorizer(null);

if (process.versions.roost) { // Node crashes on these
  db.function('close', () => { db.close(); });
  assert.throws(() => db.exec('SELECT close()'), { code: 'ERR_INVALID_STATE' });
  assert.strictEqual(db.isOpen, true);
  let again;
  db.function('again', () => again.all());
  again = db.prepare('SELECT again()');
  assert.throws(() => again.all(), { code: 'ERR_INVALID_STATE' });
}
db.close();

// A function that calls itself through SQL ends with the error of a full stack, whoever meets it first.
const deep = new DatabaseSync(':memory:');
deep.function('deep', (x) => deep.prepare('SELECT deep(?) AS a').get(x + 1).a);
assert.throws(() => deep.prepare('SELECT deep(0)').get(), /Maximum call stack size exceeded/);
assert.strictEqual(deep.prepare('SELECT 1 AS a').get().a, 1);
