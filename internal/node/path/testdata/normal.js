// normalize, join, resolve and relative agree with each other.
const assert = require('assert');
const path = require('path');
assert.strictEqual(path.normalize('/a/./b//../c/'), '/a/c/');
assert.strictEqual(path.normalize('../../a/..'), '../..');
assert.strictEqual(path.join('a', '', '../../b'), '../b');
assert.strictEqual(path.resolve('/a', 'b', '../c'), '/a/c');
assert.strictEqual(path.resolve('x'), path.join(process.cwd(), 'x'));
for (const [from, to] of [['/a/b/c', '/a/d'], ['/a', '/a/b'], ['/', '/x'], ['/x', '/'], ['/ab', '/a'], ['/a', '/ab/c']]) {
  assert.strictEqual(path.resolve(from, path.relative(from, to)), to, `${from} ${to}`);
}
assert.strictEqual(path.win32.join('C:\\a', '..', 'b'), 'C:\\b');
assert.ok(path.matchesGlob('src/a/b.ts', 'src/**/*.{ts,js}'));
