// What other builtins import of net.
export { Handle, events, isIP, isIPv4, isIPv6, localAddress, receive, remoteAddress, streamAdopt } from 'internal:net/handle';
export {
  Socket, connect, kLend, kShownAs, kTap, normalizeArgs, getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout, timerDuration,
} from 'internal:net/socket';
export { Server, createServer, kListening } from 'internal:net/server';
export { BlockList, SocketAddress } from 'internal:net/blocklist';
