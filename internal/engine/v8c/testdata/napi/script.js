// Runs as a function of (addon, gc, check, done, LEAVE_SCOPES, EXTERNAL_BUFFERS): synchronous checks first, then those that need the loop. The last two are where
// Node differs from us: 0 (it ends the process when scopes are left open: replace LeaveScopes there) and '0 0' (its V8 has no sandbox).
'use strict';
const { Counter } = addon;
function same(got, want, what) { check(JSON.stringify(got) === JSON.stringify(want), `${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`); }
function throws(f, name, code, message, what) {
  try { f(); } catch (e) {
    same([e?.name ?? e, e?.code ?? null, e?.message ?? null], [name, code, message], what);
    return;
  }
  check(false, what + ': nothing was thrown');
}

// values
same([undefined, null, true, 1, 'a', Symbol(), {}, () => {}, 1n, addon.tail].map(addon.Typeof), [0, 1, 2, 3, 4, 5, 6, 7, 9, 8], 'typeof');
const read = (v) => Object.entries(addon.Read(v)).filter(([, r]) => r[0] === 0).map(([k, r]) => `${k}=${r[1]}`).join(' ');
same(read(1.9), 'double=1.9 int32=1 uint32=1 int64=1', 'read 1.9');
same(read(-1), 'double=-1 int32=-1 uint32=4294967295 int64=-1', 'read -1');
same(read(2 ** 32 + 5), 'double=4294967301 int32=5 uint32=5 int64=4294967301', 'read 2**32+5');
same(read(Infinity), 'double=null int32=0 uint32=0 int64=0'.replace('null', 'Infinity'), 'read Infinity');
same(read(1e300).split(' ').pop(), 'int64=9223372036854776000', 'read 1e300');
same(read(NaN), 'double=NaN int32=0 uint32=0 int64=0', 'read NaN');
same(read(false), 'bool=false', 'read false');
same(read(-5n), 'bigint64=-5', 'read -5n');
same(read(new Date(86400000)), 'date=86400000', 'read date');
same(addon.Read('x').double, [6, null], 'number expected');
same(addon.Copy('héllo €', 2, -1), [10], 'utf8 length');
same(addon.Copy('€€', 2, 6), [3, '€'], 'utf8 stops before half a character');
same(addon.Copy('héllo', 1, 4), [3, 'hél'], 'latin1');
same(addon.Copy('h€llo', 3, 4), [3, 'h€l'], 'utf16');
same(addon.Copy('abc', 2, 0), [0], 'no room');
same(addon.Copy('\ud800x', 2, 20), [4, '\ufffdx'], 'a lone surrogate');
same(addon.Copy(5, 2, 20), [-3], 'string expected');
for (const b of [0n, 1n, -1n, 2n ** 64n, -(2n ** 200n) + 12345n]) same(String(addon.Words(b)), String(b), 'words of ' + b);
same(addon.Coerce(0, ''), false, 'to bool');
same(addon.Coerce(1, '12'), 12, 'to number');
same(addon.Coerce(3, { toString: () => 'obj' }), 'obj', 'to string');
throws(() => addon.Coerce(1, Symbol('s')), 'TypeError', null, 'Cannot convert a Symbol value to a number', 'symbol to number');
throws(() => addon.Coerce(3, { toString() { throw new RangeError('mine'); } }), 'RangeError', null, 'mine', 'toString throws');
same(addon.InstanceOf(new Date(), Date), true, 'instanceof');
throws(() => addon.InstanceOf({}, {}), 'TypeError', 'ERR_NAPI_CONS_FUNCTION', 'Constructor must be a function', 'instanceof no function');

// objects
same(addon.Properties({}, 'k', 1), [0, 0, 0, 0, 0, 0, 0, 0, 0], 'properties');
same(addon.Properties(undefined, 'k', 1), [2, 2, 2, 2, 2, 2, 2, 2, 2], 'properties of undefined');
same(addon.Properties({}, 5, 1)[3], 4, 'has own by number');
const parent = { p: 1 };
const child = Object.create(parent, { hidden: { value: 1 }, 7: { value: 1, enumerable: true }, own: { value: 1, enumerable: true } });
child[Symbol.iterator] = 1;
same(addon.Keys(child, 1, 2 | 16, 1), ['7', 'own'], 'own keys');
same(addon.Keys(child, 0, 2 | 16, 0), [7, 'own', 'p'], 'all keys');
same(addon.Keys(child, 1, 16, 1), ['7', 'hidden', 'own'], 'hidden keys');
same(addon.Keys(child, 1, 8, 1).length, 1, 'symbols');
const tagged = {};
same([addon.Tag(tagged, 0), addon.HasTag(tagged, 0), addon.HasTag(tagged, 1), addon.Tag(tagged, 1)], [0, true, false, 1], 'tags');
same([addon.Tag(addon.tail, 0), addon.HasTag(addon.tail, 0), addon.HasTag(addon.tail, 1), addon.Tag(addon.tail, 1)], [0, true, false, 1], 'tags of an external');
same(addon.Properties(addon.tail, 'k', 1), [0, 0, 0, 0, 0, 0, 0, 0, 0], 'properties of an external');
same([addon.HasTag({}, 0), addon.Tag(Object.freeze({}), 2)], [false, 0], 'no tag, frozen object');

// functions and errors
same(addon.Call((a, b) => a + b, null, 2, 3), 5, 'call');
const caught = addon.Call(() => { throw new Error('inner'); }, null);
same([caught.caught.message, caught.refused], ['inner', 10], 'pending exception');
throws(() => addon.CallThrough(() => { throw 'raw'; }, null), 'raw', null, null, 'an exception passes through');
throws(() => addon.Throw(0, 5), 5, null, null, 'throw 5');
throws(() => addon.Throw(1), 'Error', 'E_ONE', 'one', 'throw 1');
throws(() => addon.Throw(2), 'TypeError', null, 'two', 'throw 2');
throws(() => addon.Throw(3), 'RangeError', 'E_THREE', 'three', 'throw 3');
throws(() => addon.Throw(4), 'SyntaxError', 'E_FOUR', 'four', 'throw 4');
const made = addon.MakeError('m', 'C');
same([made instanceof TypeError, made.message, made.code], [true, 'm', 'C'], 'error with code');
same([addon.MakeError(5), addon.MakeError('m', 5)], [3, 3], 'error of no string');
same(addon.LastError('x'), 'A number was expected', 'last error');
same(addon.LastError(1), undefined, 'no last error');
same([addon.NewTarget(), typeof new addon.NewTarget()], [true, 'object'], 'new.target');
for (let i = 0; i < 100; i++) same(addon.LeaveScopes(), LEAVE_SCOPES, 'open scopes are closed');
same(addon.Escape(), { twice: 12 }, 'escape');
throws(() => { (function f(n) { addon.CallThrough(() => f(n + 1), null); })(0); }, 'RangeError', null, 'Maximum call stack size exceeded', 'deep recursion through native code');

// classes
{
  const c = new Counter(41);
  same([c.increment(), c.value, c.readOnly], [42, 42, 42], 'class');
  c.value = 7;
  same(c.value, 7, 'setter');
  throws(() => { c.readOnly = 1; }, 'TypeError', null, 'Cannot set property readOnly of #<Counter> which has only a getter', 'read-only');
  same([Counter.make(), Counter.name, Object.keys(Counter.prototype)], ['static', 'Counter', ['value', 'list']], 'class members');
  same(Array.isArray(Counter.prototype.list), true, 'object value on a class');
  throws(() => c.increment.call({}), 'TypeError', null, 'Illegal invocation', 'wrong receiver');
  class Sub extends Counter {}
  same([new Sub(1).increment(), new Sub(2) instanceof Counter], [2, true], 'subclass');
  throws(() => Counter.call(c, 1), 'Error', null, 'wrapped twice', 'wrapped twice');
  same([addon.Unwrap(c), addon.Unwrap(c), c.value], [0, 1, undefined], 'remove wrap');
}

// externals, references
same([addon.ReadExternal({}), addon.ReadExternal(1)], [-1, -1], 'not an external');
same(addon.ReadExternal(addon.External()), 7, 'external');
{
  let o = { kept: true };
  same([addon.Keep(o, 1), addon.KeepRef(), addon.KeepUnref(), addon.Kept()], [0, 2, 1, { kept: true }], 'strong reference');
  o = null;
  gc();
  same(addon.Kept(), { kept: true }, 'strong reference after gc');
  same([addon.KeepUnref(), addon.KeepUnref()], [0, -9], 'weak');
  same(addon.KeepDelete(), 0, 'delete');
  same([addon.Keep('string', 1), addon.Keep(Symbol('s'), 1)], [1, 0], 'references of primitives before version 10');
  addon.KeepDelete();
}

// buffers
const buffer = addon.Buffer();
same([buffer instanceof Uint8Array, Array.from(buffer)], [true, [104, 101, 108, 108, 111]], 'buffer');
same(addon.SumBytes(new Uint8Array([0, 1, 2, 250]).subarray(2)), 252, 'bytes of a view');
same(addon.SumBytes({}), -1, 'bytes of no view');
const ab = new ArrayBuffer(32);
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];
for (const [i, K] of kinds.entries()) {
  const v = addon.View(i, ab, 2, 8);
  same([v instanceof K, v.length, v.byteOffset], [true, 2, 8], K.name);
}
throws(() => addon.View(5, ab, 2, 3), 'RangeError', 'ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT', 'start offset of Int32Array should be a multiple of 4', 'alignment');
throws(() => addon.View(8, ab, 5, 0), 'RangeError', 'ERR_NAPI_INVALID_TYPEDARRAY_LENGTH', 'Invalid typed array length', 'length');
throws(() => addon.View(-1, ab, 20, 20), 'RangeError', 'ERR_NAPI_INVALID_DATAVIEW_ARGS', 'byte_offset + byte_length should be less than or equal to the size in bytes of the array passed in', 'dataview');
same(addon.View(-1, ab, 16, 16).byteLength, 16, 'dataview');
same([addon.Detach(ab), ab.byteLength], [true, 0], 'detach');
same(addon.ExternalBuffers(), EXTERNAL_BUFFERS, 'external buffers');

// env
same(addon.RunScript('6 * 7'), 42, 'run script');
throws(() => addon.RunScript('throw new RangeError("s")'), 'RangeError', null, 's', 'run a throwing script');
check(addon.Filename().startsWith('file:///') && addon.Filename().endsWith('.node'), 'file name ' + addon.Filename());
same(addon.Versions(), '10 24 node', 'versions');
same(addon.MakeCallback({ a: 3 }, function (b) { return this.a + b; }, 4), 7, 'make callback');

// asynchronous
async function later() {
  same(await Promise.all([addon.Square(3), addon.Square(4), addon.Square(5), addon.Square(6), addon.Square(7), addon.Square(8)]), [9, 16, 25, 36, 49, 64], 'async work');
  const cancelled = await addon.Square(3, true).catch((s) => s);
  check(cancelled === 9 || cancelled === 11, 'cancel: ' + cancelled);
  for (const limit of [0, 1, 3]) {
    const seen = new Set();
    await new Promise((resolve) => addon.Threads((n) => seen.add(n), 3, 500, limit, resolve));
    same(seen.size, 1500, 'calls from threads, limit ' + limit);
  }
  const start = addon.Finalized();
  for (let i = 0; i < 200; i++) { new Counter(i); new Counter(i, true); addon.External(); }
  for (let i = 0; i < 20 && addon.Finalized() < start + 600; i++) {
    gc();
    await addon.Square(1);
  }
  // What a stack slot still holds may stay.
  check(addon.Finalized() >= start + 590, 'finalizers ran: ' + (addon.Finalized() - start));
  globalThis.survivor = new Counter(1);
  addon.LeaveOpen(() => {});
}
later().then(() => done(), (e) => { check(false, 'later: ' + (e && e.stack || e)); done(); });
