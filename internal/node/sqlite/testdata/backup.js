// A backup copies in steps while the program goes on, reports progress, and ends when its database is closed.
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { DatabaseSync, backup } = require('node:sqlite');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-'));
const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t(a)');
const insert = db.prepare('INSERT INTO t VALUES (?)');
for (let i = 0; i < 500; i++) insert.run('x'.repeat(1000));

(async () => {
  let steps = 0;
  const pages = await backup(db, path.join(dir, 'a'), {
    rate: 10,
    progress({ totalPages, remainingPages }) {
      assert.ok(remainingPages < totalPages);
      steps++;
    },
  });
  assert.ok(pages > 100);
  assert.strictEqual(steps, Math.ceil(pages / 10) - 1);
  const copy = new DatabaseSync(path.join(dir, 'a'));
  assert.strictEqual(copy.prepare('SELECT count(*) AS n FROM t').get().n, 500);
  copy.close();
  await assert.rejects(backup(db, path.join(dir, 'no', 'b')), { code: 'ERR_SQLITE_ERROR', errcode: 14 });
  await assert.rejects(backup(db, path.join(dir, 'c'), { rate: 1, progress() { throw new TypeError('enough'); } }), { message: 'enough' });
  if (process.versions.roost) await assert.rejects(backup(db, path.join(dir, 'd'), { rate: 1, progress: () => db.close() }), { code: 'ERR_INVALID_STATE' });
  fs.rmSync(dir, { recursive: true });
})();
