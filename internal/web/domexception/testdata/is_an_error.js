// DOMException is an Error for everybody, though Function.prototype is its parent.
'use strict';
const assert = require('node:assert');

const err = new DOMException('text', { name: 'AbortError', cause: 3 });
assert.ok(err instanceof Error);
assert.strictEqual(Object.getPrototypeOf(DOMException), Function.prototype);
assert.deepStrictEqual([err.name, err.message, err.code, err.cause], ['AbortError', 'text', 20, 3]);
assert.strictEqual(Object.prototype.toString.call(err), '[object DOMException]');
assert.strictEqual(String(err), 'AbortError: text');
assert.match(err.stack, /^AbortError: text\n {4}at /);
assert.strictEqual(DOMException.ABORT_ERR, 20);
assert.strictEqual(new DOMException('x', 'Unheard').code, 0);
assert.throws(() => DOMException.prototype.name, { code: 'ERR_INVALID_THIS' });
class Sub extends DOMException {}
assert.ok(new Sub('m') instanceof Sub);
