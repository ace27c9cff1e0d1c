// Clones of a BlockList share its rules, on another thread too; a SocketAddress is copied.
const assert = require('assert');
const { Worker } = require('worker_threads');
const net = require('net');
const list = new net.BlockList();
list.addAddress('1.2.3.4');
const copy = structuredClone({ list, address: new net.SocketAddress({ address: '::1', family: 'ipv6', port: 80, flowlabel: 3 }) });
assert.ok(net.BlockList.isBlockList(copy.list) && copy.list !== list);
assert.ok(net.SocketAddress.isSocketAddress(copy.address));
assert.deepStrictEqual(copy.address.toJSON(), { address: '::1', port: 80, family: 'ipv6', flowlabel: 3 });
copy.list.addSubnet('10.0.0.0', 8);
assert.ok(list.check('10.1.1.1'));
assert.deepStrictEqual(list.rules.sort(), ['Address: IPv4 1.2.3.4', 'Subnet: IPv4 10.0.0.0/8']);
assert.throws(() => list.fromJSON([1]), { code: 'ERR_INVALID_ARG_TYPE' });
list.fromJSON(['no rule']);
assert.strictEqual(list.rules.length, 2);
const worker = new Worker(`
  const { parentPort, workerData } = require('worker_threads');
  require('assert').ok(workerData.check('1.2.3.4'));
  workerData.addRange('5.5.5.1', '5.5.5.9');
  parentPort.postMessage(workerData);`, { eval: true, workerData: list });
worker.on('message', (back) => {
  assert.ok(back.check('5.5.5.5') && list.check('5.5.5.5') && copy.list.check('5.5.5.5'));
});
