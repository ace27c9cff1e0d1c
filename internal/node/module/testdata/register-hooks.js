// Hooks see require and import, may answer for files that don't exist, and stop when they are taken away.
const assert = require('node:assert');
const { registerHooks } = require('node:module');
const seen = [];
const hooks = registerHooks({
  resolve(specifier, context, next) {
    seen.push(specifier);
    if (specifier === 'virtual') {
      return { url: 'virtual:x', format: 'commonjs', shortCircuit: true };
    }
    if (specifier === 'virtual-module') {
      return { url: 'virtual:y', format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (url === 'virtual:x') {
      return { format: 'commonjs', source: 'module.exports = 42', shortCircuit: true };
    }
    if (url === 'virtual:y') {
      return { format: 'module', source: 'export const answer = 43', shortCircuit: true };
    }
    return next(url, context);
  },
});
const inner = registerHooks({
  load(url, context, next) {
    const result = next(url, context);
    if (url === 'virtual:x') {
      return { ...result, source: result.source + ' + 1' };
    }
    return result;
  },
});
assert.strictEqual(require('virtual'), 43);
assert.strictEqual(require('node:path'), require('path'));
assert.deepStrictEqual(seen.slice(0, 3), ['virtual', 'node:path', 'path']);
import('virtual-module').then((ns) => {
  assert.strictEqual(ns.answer, 43);
  inner.deregister();
  hooks.deregister();
  assert.throws(() => require('virtual-nothing'), { code: 'MODULE_NOT_FOUND' });
  assert.strictEqual(seen.includes('virtual-nothing'), false);
  assert.throws(() => registerHooks({ load: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});
