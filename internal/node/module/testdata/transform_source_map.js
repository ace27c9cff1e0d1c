'use strict';
// The source map of stripTypeScriptTypes' transform mode, inline, and what sourceUrl changes.
const assert = require('node:assert');
const { stripTypeScriptTypes, SourceMap } = require('node:module');

const code = 'enum A { a }\n\nfunction f(x: number) { throw x }';
const withMap = (sourceUrl) => {
  const js = stripTypeScriptTypes(code, { mode: 'transform', sourceMap: true, sourceUrl });
  const [, comment] = /\n\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)$/.exec(js);
  assert.doesNotMatch(js, /sourceURL=/);
  return [js, JSON.parse(Buffer.from(comment, 'base64').toString())];
};
assert.deepStrictEqual(withMap(undefined)[1].sources, ['']);
const [js, payload] = withMap('d\u00eer/a.ts');
assert.deepStrictEqual(Object.keys(payload), ['version', 'sources', 'names', 'mappings']);
assert.deepStrictEqual(payload.sources, ['d\u00eer/a.ts']);
const lines = js.split('\n');
const line = lines.findIndex((text) => text.includes('throw'));
const entry = new SourceMap(payload).findEntry(line, lines[line].indexOf('throw'));
assert.deepStrictEqual([entry.originalLine, entry.originalColumn], [2, code.split('\n')[2].indexOf('throw')]);

assert.match(stripTypeScriptTypes(code, { mode: 'transform', sourceUrl: 'a.ts' }), /\n\n\/\/# sourceURL=a\.ts$/);
assert.doesNotMatch(stripTypeScriptTypes(code, { mode: 'transform' }), /\/\/#/);

for (const [options, error] of [
  [{ mode: 'strip', sourceMap: true }, 'ERR_INVALID_ARG_VALUE'], [{ mode: 'transform', sourceMap: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ mode: 'strip', sourceMap: 1 }, 'ERR_INVALID_ARG_TYPE'], [{ mode: 'other' }, 'ERR_INVALID_ARG_VALUE'], [{ sourceUrl: 1 }, 'ERR_INVALID_ARG_TYPE'],
]) {
  assert.throws(() => stripTypeScriptTypes('', options), { code: error });
}
