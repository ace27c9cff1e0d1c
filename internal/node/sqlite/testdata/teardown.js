// A program may end inside of a function, with statements, sessions and a backup open; what was committed stays.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { DatabaseSync, backup } = require('node:sqlite');

if (process.argv[2]) {
  const db = new DatabaseSync(process.argv[2]);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)');
  db.createSession();
  db.prepare('SELECT a FROM t').iterate().next();
  backup(db, `${process.argv[2]}.copy`, { rate: 1 });
  db.function('leave', () => process.exit(7));
  db.exec('INSERT INTO t SELECT leave()');
  throw new Error('not reached');
}
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-'));
const file = path.join(dir, 'db');
const child = spawnSync(process.execPath, [__filename, file], { encoding: 'utf8' });
assert.strictEqual(child.status, 7, child.stderr);
const db = new DatabaseSync(file);
assert.strictEqual(db.prepare('SELECT count(*) AS n FROM t').get().n, 2);
db.close();
fs.rmSync(dir, { recursive: true });
