// Error.prepareStackTrace of the program serves the contexts that have none of their own.
'use strict';
const assert = require('node:assert');
const vm = require('node:vm');

const context = vm.createContext({});
const make = vm.runInContext('(function make() { return new Error("inner") })', context);
Error.prepareStackTrace = (error, sites) => `program ${error.message} ${sites[0].getFunctionName()}`;
assert.strictEqual(make().stack, 'program inner make');
vm.runInContext('Error.prepareStackTrace = (error) => `context ${error.message}`', context);
assert.strictEqual(make().stack, 'context inner');
vm.runInContext('Error.prepareStackTrace = 5', context);
assert.strictEqual(make().stack, 'program inner make');
Error.prepareStackTrace = undefined;
assert.match(make().stack, /^Error: inner\n {4}at make /);
