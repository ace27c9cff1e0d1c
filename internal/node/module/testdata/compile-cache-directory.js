// enableCompileCache keeps compiled code in the folder that was asked for, and the next start takes it from there.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-cache-'));
try {
  const main = path.join(dir, 'main.js');
  fs.writeFileSync(main, `const m = require('module');
    console.log(m.getCompileCacheDir() === undefined, m.enableCompileCache(process.env.ASKED).status, m.enableCompileCache().status);
    console.log(m.getCompileCacheDir().startsWith(process.env.ASKED + '/'), require('./lib').x);`);
  fs.writeFileSync(path.join(dir, 'lib.js'), 'exports.x = 1;');
  const asked = path.join(dir, 'asked');
  const run = (env) => spawnSync(process.execPath, [main], { env: { ...process.env, ASKED: asked, NODE_DEBUG_NATIVE: 'COMPILE_CACHE', ...env }, encoding: 'utf8' });
  let child = run();
  assert.strictEqual(child.stdout, 'true 1 2\ntrue 1\n');
  assert.match(child.stderr, /writing cache for CommonJS .*lib\.js.*success/);
  child = run();
  assert.match(child.stderr, /cache for CommonJS .*lib\.js was accepted/);
  fs.writeFileSync(path.join(dir, 'lib.js'), 'exports.x = 2;');
  child = run();
  assert.match(child.stderr, /code hash mismatch/);
  assert.match(child.stdout, /true 2\n$/);
  const { status, message } = JSON.parse(spawnSync(process.execPath, ['-p', 'JSON.stringify(require("module").enableCompileCache("/dev/null/x"))'], { encoding: 'utf8' }).stdout);
  assert.deepStrictEqual([status, message], [0, 'Cannot create cache directory: not a directory']);
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
