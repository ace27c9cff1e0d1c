// Names of a CommonJS file in an archive can be imported, where a loader (Yarn's PnP) reads it in the place of fs.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const { registerHooks } = require('node:module');
const Module = require('node:module');

const files = { '/virtual/a.js': 'exports.a = 1; exports.b = require("/virtual/b.js");', '/virtual/b.js': 'module.exports = "b";' };
const { readFileSync } = fs;
fs.readFileSync = function (path, ...rest) {
  return files[path] ?? readFileSync.call(this, path, ...rest);
};
const binding = process.binding('fs');
const { readFileUtf8 } = binding;
binding.readFileUtf8 = function (path, ...rest) {
  return files[path] ?? files[`${path}`.replace('file://', '')] ?? readFileUtf8.call(this, path, ...rest);
};
const { _resolveFilename } = Module;
Module._resolveFilename = function (request, ...rest) {
  return request in files ? request : _resolveFilename.call(this, request, ...rest);
};
registerHooks({
  resolve(specifier, context, next) {
    return specifier in files ? { url: `file://${specifier}`, format: 'commonjs', shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    return url.startsWith('file:///virtual/') ? { format: 'commonjs', source: files[url.slice(7)], shortCircuit: true } : next(url, context);
  },
});
import('/virtual/a.js').then(({ a, b }) => {
  assert.strictEqual(a, 1);
  assert.strictEqual(b, 'b');
});
