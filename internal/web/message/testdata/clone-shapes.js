// Clones of plain data are made by shape; every clone has the same keys, values, order, prototype and attributes as one of any other origin.
const assert = require('assert');
const v8 = require('v8');

// A fixed sequence, so that a failure comes again.
let state = 12345;
const random = (n) => {
  state = (state * 1103515245 + 12345) & 0x7fffffff;
  return (state >>> 8) % n;
};
const names = ['id', 'name', 'a', 'b', 'constructor', 'toString', '__proto__', 'valueOf', '0', '17', '4294967295', '', ' ', 'naïve', '漢字', 'x'.repeat(127),
  'y'.repeat(128), 'z'.repeat(300), '-1', '1.5', 'a"b', 'o', '{', 'get', 'hasOwnProperty'];
const leaves = [0, -0, 1, -1, 2 ** 30, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 1.5, NaN, Infinity, '', 'text', 'größe', '漢字', 'w'.repeat(5000), true, false, null,
  undefined, 12n, -(2n ** 70n)];

let known = [];
let records = false; // whether only what records are made of is used
function make(depth) {
  const kind = random(depth > 4 ? 3 : 14);
  if (kind < 3) return leaves[random(leaves.length - (records ? 2 : 0))];
  if (kind === 3 && known.length > 0) return known[random(known.length)]; // shared, or a cycle
  if (kind === 4) return keep(new Date(random(1e9)));
  if (kind === 5) {
    const map = keep(new Map());
    for (let i = random(4); i > 0; i--) map.set(make(depth + 1), make(depth + 1));
    return map;
  }
  if (kind === 6) {
    const set = keep(new Set());
    for (let i = random(4); i > 0; i--) set.add(make(depth + 1));
    return set;
  }
  if (kind === 7 && !records) return keep(/a+/gi);
  if (kind === 8 && !records) return keep(new Uint8Array([1, 2, random(256)]));
  if (kind < 11) {
    const list = keep([]);
    for (let i = random(6); i > 0; i--) list.push(make(depth + 1));
    if (random(10) === 0 && !records) list[list.length + 2] = 'after a hole';
    if (random(10) === 0 && !records) list.extra = make(depth + 1);
    return list;
  }
  const object = keep({});
  const count = random(20) === 0 && !records ? 80 : random(7);
  const few = records || random(3) > 0; // mostly the same shapes
  for (let i = 0; i < count; i++) {
    const key = count === 80 ? `key${i}` : few ? names[(i * 3 + count) % 6] : names[random(names.length)];
    if (!Object.hasOwn(object, key)) Object.defineProperty(object, key, { value: make(depth + 1), writable: random(2) > 0, enumerable: true, configurable: random(2) > 0 });
  }
  if (random(6) === 0) Object.defineProperty(object, 'hidden', { value: 1, enumerable: false });
  if (random(6) === 0) object[Symbol('s')] = 1;
  return object;
}
function keep(value) {
  known.push(value);
  return value;
}

function sameAttributes(a, b, seen = new Set()) {
  if (typeof a !== 'object' || a === null || seen.has(a)) return;
  seen.add(a);
  assert.strictEqual(Object.getPrototypeOf(a), Object.getPrototypeOf(b));
  assert.deepStrictEqual(Reflect.ownKeys(a), Reflect.ownKeys(b));
  if (ArrayBuffer.isView(a)) return;
  for (const key of Reflect.ownKeys(a)) {
    const one = Object.getOwnPropertyDescriptor(a, key);
    const two = Object.getOwnPropertyDescriptor(b, key);
    assert.deepStrictEqual([one.writable, one.enumerable, one.configurable], [two.writable, two.enumerable, two.configurable]);
    sameAttributes(one.value, two.value, seen);
  }
  if (a instanceof Map) sameAttributes([...a], [...b], seen);
  if (a instanceof Set) sameAttributes([...a], [...b], seen);
}

for (let i = 0; i < 3000; i++) {
  known = [];
  records = i % 8 !== 0;
  const value = make(0);
  const clone = structuredClone(value);
  const other = v8.deserialize(v8.serialize(value));
  assert.deepStrictEqual(clone, other);
  sameAttributes(clone, other);
}

// What programs did to Object.prototype has no part in it, and getters run once, in order.
Object.defineProperty(Object.prototype, 'taken', { set() { throw new Error('a setter was called'); }, get() { return 'inherited'; }, configurable: true });
Object.defineProperty(Object.prototype, 'fixed', { value: 1, writable: false, configurable: true });
const order = [];
for (let i = 0; i < 5; i++) {
  const source = { get a() { order.push('a'); delete this.gone; return { get b() { order.push('b'); return 1; } }; }, gone: 1, get c() { order.push('c'); return 2; },
    taken: i, fixed: i };
  const clone = structuredClone(source);
  assert.deepStrictEqual(Object.entries(clone), [['a', { b: 1 }], ['c', 2], ['taken', i], ['fixed', i]]);
  assert.deepStrictEqual(order.splice(0), ['a', 'b', 'c']);
}
