// Errors of system calls name call, path and destination, and are the same in all three forms.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-errors-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
process.chdir(dir);
fs.writeFileSync('f', 'x');
const cases = [
  ['open', ['none', 'r'], "ENOENT: no such file or directory, open 'none'"],
  ['rename', ['none', 'other'], "ENOENT: no such file or directory, rename 'none' -> 'other'"],
  ['mkdir', ['f'], "EEXIST: file already exists, mkdir 'f'"],
  ['readdir', ['f'], "ENOTDIR: not a directory, scandir 'f'"],
  ['readFile', ['.'], 'EISDIR: illegal operation on a directory, read'],
  ['copyFile', ['none', 'other'], "ENOENT: no such file or directory, copyfile 'none' -> 'other'"],
  ['truncate', ['none'], "ENOENT: no such file or directory, open 'none'"],
  ['lutimes', ['none', 1, 1], "ENOENT: no such file or directory, lutime 'none'"],
  ['stat', ['f/x'], "ENOTDIR: not a directory, stat 'f/x'"],
];
let pending = cases.length;
for (const [name, args, message] of cases) {
  const check = (err) => {
    assert.strictEqual(err.message, message);
    assert.strictEqual(err.code, message.slice(0, message.indexOf(':')));
    assert.strictEqual(typeof err.errno, 'number');
  };
  assert.throws(() => fs[`${name}Sync`](...args), (err) => (check(err), true));
  fs[name](...args, (err) => {
    check(err);
    fs.promises[name](...args).then(() => assert.fail(name), check).then(() => pending--);
  });
}
process.on('exit', () => assert.strictEqual(pending, 0));
assert.throws(() => fs.openSync('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.strictEqual(fs.statSync('none', { throwIfNoEntry: false }), undefined);
