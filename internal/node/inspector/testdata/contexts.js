// Debuggers see contexts of node:vm with name and origin.
'use strict';
const assert = require('node:assert');
const vm = require('node:vm');
const { Session } = require('node:inspector');

const session = new Session();
session.connect();
const seen = [];
session.on('Runtime.executionContextCreated', ({ params: { context: { name, origin, auxData } } }) => seen.push([name, origin, auxData.isDefault]));
session.post('Runtime.enable');
vm.createContext();
vm.runInNewContext('1', {}, { contextName: 'mine', contextOrigin: 'https://origin.example' });
vm.createContext({}, { origin: 'https://nodejs.org' });
assert.ok(seen[0][0].endsWith(`[${process.pid}]`));
assert.deepStrictEqual(seen, [[seen[0][0], '', true], ['VM Context 1', '', false], ['mine', 'https://origin.example', false],
  ['VM Context 2', 'https://nodejs.org', false]]);
session.disconnect();
