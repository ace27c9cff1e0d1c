// structuredClone: values, platform objects, transfer, errors.
const assert = require('node:assert');
const value = { date: new Date(0), map: new Map([[1, new Set([2])]]), re: /x/g, big: 1n, typed: new Float64Array([1.5]), list: [, 1] };
value.self = value;
const copy = structuredClone(value);
assert.deepStrictEqual(copy, value);
assert.notStrictEqual(copy, value);
assert.strictEqual(copy.self, copy);
const buffer = new ArrayBuffer(8);
const moved = structuredClone({ buffer }, { transfer: [buffer] });
assert.strictEqual(moved.buffer.byteLength, 8);
assert.strictEqual(buffer.byteLength, 0);
for (const bad of [() => {}, Symbol('x'), new WeakMap(), { f() {} }, new Proxy({}, {})]) {
  assert.throws(() => structuredClone(bad), (err) => err instanceof DOMException && err.name === 'DataCloneError' && err.code === 25);
}
assert.throws(() => structuredClone(), { code: 'ERR_MISSING_ARGS' });
const exception = structuredClone(new DOMException('text', 'AbortError'));
assert.ok(exception instanceof DOMException);
assert.strictEqual(`${exception.name} ${exception.message} ${exception.code}`, 'AbortError text 20');
const error = structuredClone(Object.assign(new RangeError('x', { cause: 1 }), { extra: 1 }));
assert.ok(error instanceof RangeError);
assert.deepStrictEqual([error.message, error.cause, error.extra], ['x', 1, undefined]);
class Point { constructor() { this.x = 1; } }
assert.strictEqual(Object.getPrototypeOf(structuredClone(new Point())), Object.prototype);
assert.throws(() => structuredClone({ get x() { throw new Error('getter'); } }), { message: 'getter' });
structuredClone(new Blob(['abc'], { type: 'a/b' })).text().then((text) => assert.strictEqual(text, 'abc'));
assert.strictEqual(structuredClone(new Blob(['abc'], { type: 'a/b' })).type, 'a/b');
