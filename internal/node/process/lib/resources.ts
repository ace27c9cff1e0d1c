// internal:process/resources: what keeps the program alive.
// https://nodejs.org/docs/latest-v24.x/api/process.html#processgetactiveresourcesinfo
import { activeHandles } from 'internal:handle';
import { activeRequests } from 'internal:request';
import { activeImmediates, activeTimers } from 'internal:timers';

// The types of async_hooks, as getActiveResourcesInfo() calls them. A type that is missing here is told as it is.
const names: Record<string, string> = {
  DIRHANDLE: 'DirHandle', FSEVENTWRAP: 'FSEventWrap', FSREQCALLBACK: 'FSReqCallback', FSREQPROMISE: 'FSReqPromise',
  GETADDRINFOREQWRAP: 'GetAddrInfoReqWrap', GETNAMEINFOREQWRAP: 'GetNameInfoReqWrap', MESSAGEPORT: 'MessagePort', PIPESERVERWRAP: 'PipeServerWrap',
  PIPEWRAP: 'PipeWrap', PROCESSWRAP: 'ProcessWrap', QUERYWRAP: 'QueryReqWrap', SIGNALWRAP: 'SignalWrap', TCPSERVERWRAP: 'TCPServerWrap',
  TCPWRAP: 'TCPSocketWrap', TLSWRAP: 'TLSWrap', TTYWRAP: 'TTYWrap', UDPWRAP: 'UDPWrap', WORKER: 'Worker', ZLIB: 'Zlib',
};

/** Names of the requests, handles, timers and immediates that the loop waits for. */
export function activeResources(): string[] {
  const out = [...activeRequests(), ...activeHandles().map(({ type }) => type)].map((type) => names[type] ?? type);
  for (let i = activeTimers(); i > 0; i--) {
    out.push('Timeout');
  }
  for (let i = activeImmediates(); i > 0; i--) {
    out.push('Immediate');
  }
  return out;
}

/** The sockets, servers and other owners of the handles: what process._getActiveHandles() gives. */
export function handleOwners(): any[] {
  return activeHandles().map(({ target }) => target.owner ?? target);
}
