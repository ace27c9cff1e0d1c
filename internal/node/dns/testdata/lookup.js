'use strict';
// dns.lookup: literal addresses, localhost, a name that doesn't exist, bad arguments.
const assert = require('assert');
const dns = require('dns');

dns.lookup('127.0.0.1', (err, address, family) => {
  assert.ifError(err);
  assert.deepStrictEqual([address, family], ['127.0.0.1', 4]);
});
dns.lookup('::1', { all: true }, (err, list) => {
  assert.ifError(err);
  assert.deepStrictEqual(list, [{ address: '::1', family: 6 }]);
});
dns.promises.lookup('localhost', { family: 4 }).then((found) => assert.deepStrictEqual(found, { address: '127.0.0.1', family: 4 }));
assert.throws(() => dns.lookup('a', { family: 5 }, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => dns.lookup('a', 'b'), { code: 'ERR_INVALID_ARG_TYPE' });
const resolver = new dns.Resolver();
resolver.setServers(['127.0.0.1:5353', '[::1]:53', '1.1.1.1']);
assert.deepStrictEqual(resolver.getServers(), ['127.0.0.1:5353', '::1', '1.1.1.1']);
assert.throws(() => resolver.setServers(['nonsense:x']), { code: 'ERR_INVALID_IP_ADDRESS' });
const { promisify } = require('util');
promisify(dns.lookup)('127.0.0.1').then((found) => assert.deepStrictEqual(found, { address: '127.0.0.1', family: 4 }));
