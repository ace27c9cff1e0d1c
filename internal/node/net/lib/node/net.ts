// node:net. https://nodejs.org/docs/latest-v24.x/api/net.html
import {
  BlockList, Server, Socket, SocketAddress, connect, createServer, getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout,
  isIP, isIPv4, isIPv6, normalizeArgs, setDefaultAutoSelectFamily, setDefaultAutoSelectFamilyAttemptTimeout,
} from 'internal:net';

export default {
  _normalizeArgs: normalizeArgs,
  BlockList,
  SocketAddress,
  connect,
  createConnection: connect,
  createServer,
  isIP,
  isIPv4,
  isIPv6,
  Server,
  Socket,
  Stream: Socket,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
