// The report tells the version of glibc: by it packages choose between addons for glibc and for musl.
'use strict';
const assert = require('node:assert');

const { header, sharedObjects } = process.report.getReport();
if (sharedObjects.some((path) => /\/libc[.-][^/]*so/.test(path) && !path.includes('musl'))) {
  assert.match(header.glibcVersionRuntime, /^\d+\.\d+/);
  assert.match(header.glibcVersionCompiler, /^\d+\.\d+/);
} else {
  assert.ok(!('glibcVersionRuntime' in header));
}
