// Headers: combining, cookies, order, normalisation, validation, iteration that sees changes.
const assert = require('assert');
const h = new Headers([['b', '1'], ['Set-Cookie', 'x=1'], ['a', ' 2\t'], ['set-cookie', 'y=2'], ['B', '3']]);
assert.deepStrictEqual([...h], [['a', '2'], ['b', '1, 3'], ['set-cookie', 'x=1'], ['set-cookie', 'y=2']]);
assert.deepStrictEqual(h.getSetCookie(), ['x=1', 'y=2']);
assert.strictEqual(h.get('SET-COOKIE'), 'x=1, y=2');
assert.strictEqual(h.get('none'), null);
h.set('set-cookie', 'z=3');
assert.deepStrictEqual(h.getSetCookie(), ['z=3']);
h.delete('Set-Cookie');
assert.deepStrictEqual(h.getSetCookie(), []);
assert.deepStrictEqual([...new Headers(h).keys()], ['a', 'b']);
assert.deepStrictEqual([...new Headers({ x: 1, Y: null }).values()], ['1', 'null']);
for (const bad of [['a b', 'x'], ['', 'x'], ['a', 'x\ny'], ['a', 'x\0'], ['a', '\u0100'], ['\u0100', 'a']]) {
  assert.throws(() => new Headers([bad]), TypeError);
  assert.throws(() => new Headers().append(...bad), TypeError);
}
for (const bad of [1, 'ab', null, [['a']], [['a', 'b', 'c']], [1]]) assert.throws(() => new Headers(bad), TypeError);
const live = new Headers({ a: '1', c: '3' });
const seen = [];
for (const [key] of live) {
  seen.push(key);
  if (key === 'a') live.append('b', '2');
}
assert.deepStrictEqual(seen, ['a', 'b', 'c']);
const each = [];
live.forEach(function (value, key, all) { each.push(key + value + (all === live) + this.t); }, { t: '!' });
assert.deepStrictEqual(each, ['a1true!', 'b2true!', 'c3true!']);
assert.throws(() => Headers.prototype.get.call({}, 'a'), { name: 'TypeError', message: 'Illegal invocation' });
assert.throws(() => structuredClone(new Headers()), { name: 'DataCloneError' });
assert.throws(() => Response.error().headers.set('a', 'b'), { message: 'immutable' });
