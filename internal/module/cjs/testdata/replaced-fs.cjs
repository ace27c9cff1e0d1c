// require() reads through fs.readFileSync when that was replaced: loaders like Yarn's PnP have files in archives.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const Module = require('node:module');

const files = { '/virtual/a.js': '\ufeffexports.b = require("/virtual/b.js"); exports.c = require("/virtual/c.json");', '/virtual/b.js': 'module.exports = __filename;', '/virtual/c.json': '{"c":1}' };
const { readFileSync } = fs;
const { _resolveFilename } = Module;
fs.readFileSync = function (path, ...rest) {
  return files[path] ?? readFileSync.call(this, path, ...rest);
};
Module._resolveFilename = function (request, ...rest) {
  return request in files ? request : _resolveFilename.call(this, request, ...rest);
};
assert.deepStrictEqual(require('/virtual/a.js'), { b: '/virtual/b.js', c: { c: 1 } });
fs.readFileSync = readFileSync;
delete require.cache['/virtual/b.js'];
assert.throws(() => require('/virtual/b.js'), { code: 'ENOENT' });
