// Messages between ports: delivery, transfer, close, and what the thread of a program may await.
const assert = require('node:assert');
const { MessageChannel, receiveMessageOnPort, BroadcastChannel, MessagePort } = require('node:worker_threads');
const log = [];
const { port1, port2 } = new MessageChannel();
assert.throws(() => new MessagePort(), { code: 'ERR_CONSTRUCT_CALL_INVALID' });
port1.postMessage('queued');
assert.deepStrictEqual(receiveMessageOnPort(port2), { message: 'queued' });
assert.strictEqual(receiveMessageOnPort(port2), undefined);
const inner = new MessageChannel();
port1.postMessage({ port: inner.port1 }, [inner.port1]);
port1.postMessage('unmentioned', { transfer: [new MessageChannel().port1] });
assert.throws(() => port1.postMessage(1, [inner.port1]), { name: 'DataCloneError', code: 25 });
port2.onmessage = ({ data, ports, target }) => {
  assert.strictEqual(target, port2);
  log.push(data.port ? 'port' : data, ports.length);
  if (data.port) {
    data.port.on('message', (text) => {
      log.push(text);
      data.port.close();
      port1.close();
    });
    inner.port2.postMessage('through');
  }
};
port1.on('close', () => log.push('close 1'));
port2.on('close', () => log.push('close 2'));
const a = new BroadcastChannel('x');
const b = new BroadcastChannel('x');
b.onmessage = ({ data }) => {
  assert.deepStrictEqual(data, { all: true });
  log.push('broadcast');
  a.close();
  b.close();
};
a.postMessage({ all: true });
process.on('exit', () => {
  assert.deepStrictEqual(log.filter((entry) => entry !== 'broadcast'), ['port', 1, 'unmentioned', 1, 'through', 'close 1', 'close 2']);
  assert.ok(log.includes('broadcast'));
});
