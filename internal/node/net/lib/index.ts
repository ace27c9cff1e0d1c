// What other builtins import of net.
export { Handle, events, isIP, isIPv4, isIPv6 } from 'internal:net/handle';
export {
  Socket, connect, normalizeArgs, getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
} from 'internal:net/socket';
export { Server, createServer, kListening } from 'internal:net/server';
export { BlockList, SocketAddress } from 'internal:net/blocklist';
