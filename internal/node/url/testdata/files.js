// Paths and file: URLs, both ways.
const assert = require('assert');
const { fileURLToPath, pathToFileURL } = require('url');
for (const path of ['/a/b.js', '/with space/%41', '/q?u#e', '/tab\tline\n', '/\u00e9/\u{1f600}', '/back\\slash', '/a/']) {
  assert.strictEqual(fileURLToPath(pathToFileURL(path)), path);
}
assert.throws(() => fileURLToPath('file:///a%2Fb'), { code: 'ERR_INVALID_FILE_URL_PATH' });
assert.throws(() => fileURLToPath('http://a/'), { code: 'ERR_INVALID_URL_SCHEME' });
assert.throws(() => fileURLToPath('file://host/a'), { code: 'ERR_INVALID_FILE_URL_HOST' });
