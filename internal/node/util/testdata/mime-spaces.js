'use strict';
// Spaces before a parameter's value belong to it, spaces behind it don't; quotes count only where the value begins.
const assert = require('assert');
const { MIMEType } = require('util');
for (const [text, want] of [
  ['a/b;x= y', 'a/b;x=" y"'],
  ['a/b;x=y ', 'a/b;x=y'],
  ['a/b;x="y "', 'a/b;x="y "'],
  ['a/b;x= "y"', 'a/b;x=" \\"y\\""'],
  ['a/b;x= ', 'a/b'],
]) {
  assert.strictEqual(`${new MIMEType(text)}`, want);
}
