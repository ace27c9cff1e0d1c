// What registerHooks' hooks get and must give: text for require() and bytes for import, shortCircuit, a URL, a source; conditions they change count.
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { registerHooks } = require('node:module');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hooks-'));
const file = path.join(directory, 'file.cjs');
fs.writeFileSync(file, 'exports.own = true;');
const pkg = path.join(directory, 'node_modules', 'pkg');
fs.mkdirSync(pkg, { recursive: true });
fs.writeFileSync(path.join(pkg, 'package.json'), '{"exports":{"mine":"./mine.cjs","default":"./default.cjs"}}');
fs.writeFileSync(path.join(pkg, 'mine.cjs'), 'exports.which = "mine"');
fs.writeFileSync(path.join(pkg, 'default.cjs'), 'exports.which = "default"');
fs.writeFileSync(path.join(directory, 'main.cjs'), 'exports.load = () => require("pkg"); exports.import = () => import("pkg");');
const main = require(path.join(directory, 'main.cjs'));

const withHooks = (hooks, run) => {
  const registered = registerHooks(hooks);
  try {
    return run();
  } finally {
    registered.deregister();
  }
};
const invalid = (property) => ({ code: 'ERR_INVALID_RETURN_PROPERTY_VALUE', message: new RegExp(`"${property}" from the`) });

withHooks({ load(url, context, nextLoad) {
  const result = nextLoad(url, context);
  assert.strictEqual(result.source, 'exports.own = true;');
  return result;
} }, () => assert.strictEqual(require(file).own, true));
delete require.cache[file];

assert.throws(() => withHooks({ load: () => ({ format: 'commonjs', source: '' }) }, () => require(file)), invalid('shortCircuit'));
assert.throws(() => withHooks({ resolve: () => ({ url: 'test:a' }) }, () => require('a')), invalid('shortCircuit'));
assert.throws(() => withHooks({ resolve: () => ({ shortCircuit: true }) }, () => require('a')), invalid('url'));
for (const source of [undefined, null, 1, true, {}, [], () => {}]) {
  assert.throws(() => withHooks({ resolve: (specifier) => ({ url: `test:${specifier}`, shortCircuit: true }), load: () => ({ source, shortCircuit: true }) },
    () => require('a')), invalid('source'));
}
// Text without a format is looked at.
withHooks({ resolve: (specifier, context, next) => (specifier === 'text' ? { url: 'test:text', shortCircuit: true } : next(specifier, context)),
  load: (url, context, next) => (url === 'test:text' ? { source: 'export const a = 1', shortCircuit: true } : next(url, context)) },
() => assert.strictEqual(require('text').a, 1));

(async () => {
  const hooks = registerHooks({ resolve(specifier, context, nextResolve) {
    context.conditions = ['mine', ...context.conditions];
    return nextResolve(specifier, context);
  } });
  assert.strictEqual(main.load().which, 'mine');
  assert.strictEqual((await main.import()).which, 'mine');
  hooks.deregister();
  await assert.rejects(async () => {
    const broken = registerHooks({ resolve: (specifier, context, next) => next(specifier, { ...context, conditions: 'text' }) });
    try {
      await import('another');
    } finally {
      broken.deregister();
    }
  }, { code: 'ERR_INVALID_ARG_VALUE' });
  fs.rmSync(directory, { recursive: true });
})();
