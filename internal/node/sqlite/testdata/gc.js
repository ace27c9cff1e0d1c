// Statements, databases and sessions that nobody holds are closed when they are collected, in any order; an iterator keeps its statement.
const assert = require('node:assert');
const { DatabaseSync } = require('node:sqlite');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)');
db.function('collect', (x) => {
  gc(); // inside of a running statement
  return x;
});
for (let round = 0; round < 20; round++) {
  const iterator = db.prepare('SELECT a FROM t').iterate();
  for (let i = 0; i < 50; i++) {
    db.prepare('SELECT 1').get();
    const own = new DatabaseSync(':memory:');
    own.exec('CREATE TABLE x(a PRIMARY KEY)');
    own.createSession();
    own.function('f', () => own); // a cycle through a closure
    own.prepare('SELECT f FROM (SELECT 1 AS f)').iterate().next();
  }
  assert.deepStrictEqual(db.prepare('SELECT collect(a) AS a FROM t').all().map((r) => r.a), [1, 2]);
  assert.deepStrictEqual(iterator.toArray().map((r) => r.a), [1, 2]);
}
setImmediate(() => {
  gc();
  assert.strictEqual(db.prepare('SELECT count(*) AS n FROM t').get().n, 2);
});
