// node:dgram. https://nodejs.org/docs/latest-v24.x/api/dgram.html
import { unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';

// Differs from Node: UDP sockets aren't there.
function Socket(this: any, _type: any, _listener: any): void {
  unavailable('dgram.Socket');
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);
for (const name of [
  'addMembership', 'addSourceSpecificMembership', 'address', 'bind', 'close', 'connect', 'disconnect', 'dropMembership',
  'dropSourceSpecificMembership', 'getRecvBufferSize', 'getSendBufferSize', 'getSendQueueCount', 'getSendQueueSize', 'ref', 'remoteAddress', 'send',
  'setBroadcast', 'setMulticastInterface', 'setMulticastLoopback', 'setMulticastTTL', 'setRecvBufferSize', 'setSendBufferSize', 'setTTL', 'unref',
]) {
  Object.defineProperty(Socket.prototype, name, {
    value: { [name]() { unavailable(`dgram.Socket.${name}()`); } }[name],
    writable: true, enumerable: true, configurable: true,
  });
}

function createSocket(_type: any, _listener: any): never {
  return unavailable('dgram.createSocket()');
}

export default { createSocket, Socket };
