// node:cluster in a worker: its servers ask the primary for a place to listen. Loaded at the worker's start.
// https://nodejs.org/docs/latest-v24.x/api/cluster.html
import { EventEmitter } from 'internal:events';
import { clearTimeout, setTimeout } from 'internal:timers';
import { load } from 'internal:load';
import type { Channel } from 'internal:childprocess/channel';
import { closeDescriptor } from 'internal:childprocess/pipe';
import { Correspondence } from 'internal:cluster/messages';
import { becomeWorker } from 'internal:cluster/role';
import { Worker } from 'internal:cluster/worker';

/** Something that listens, at a place that the primary gave. */
interface Entry {
  handle: any;
  owner: any; // the server or socket
  place: any; // what the primary was asked for
}

const entries = new Map<string, Entry>();
/** By place: the numbers of this worker's servers there. */
const numbers = new Map<string, Set<number>>();

let process: any; // the global one
let correspondence: Correspondence;
let cluster: any; // the module's public object
let worker: any;

// ---------------------------------------------------------------------------------------------------------------
// Listening
// ---------------------------------------------------------------------------------------------------------------

/** The smallest number that no server of ours on this place has. */
function takeNumber(place: string): number {
  let taken = numbers.get(place);
  if (taken === undefined) numbers.set(place, taken = new Set());
  let n = 0;
  while (taken.has(n)) n++;
  taken.add(n);
  return n;
}

/**
 * Asks the primary where owner, a server or a UDP socket, is to listen. Packages call it as cluster._getServer.
 * callback(errno, handle): errno is 0 or negative
 */
function getServer(owner: any, options: any, callback: (errno: number, handle: any) => void): void {
  const { address, port, addressType, fd } = options;
  const place = `${address}:${port}:${addressType}:${fd}`;
  const index = takeNumber(place);
  const answer = (message: any, received: any): void => {
    if (message === undefined) return; // the primary is gone
    const { data, errno, key, sockname } = message;
    if (errno) {
      numbers.get(place)?.delete(index);
      callback(errno, null);
      return;
    }
    if (data != null) owner._setServerData?.(data);
    const handle = received ?? fed(sockname, address);
    entries.set(key, { handle, owner, place: options });
    // However it is closed, the primary hears of it.
    const { close } = handle;
    handle.close = (...args: any[]) => {
      if (entries.delete(key)) {
        numbers.get(place)?.delete(index);
        correspondence.post({ act: 'close', key });
      }
      return close.apply(handle, args);
    };
    owner.once('listening', () => announce(owner, options));
    callback(0, handle);
  };
  correspondence.post({ act: 'queryServer', index, data: owner._getServerData?.() ?? null, ...options }, { answer });
}

/** The primary accepts: connections come as messages. */
function fed(sockname: any, path: any): any {
  const { FedHandle } = load('internal:net/fed');
  return new FedHandle(sockname === undefined ? path ?? '' : [sockname.address, sockname.family, sockname.port]);
}

/** Tells the primary that owner listens. */
function announce(owner: any, { address, addressType, port, fd }: any): void {
  worker.state = 'listening';
  const actual = owner.address();
  correspondence.post({ act: 'listening', address, addressType, port: actual?.port || port, fd });
}

function shareServer(server: any, place: any, answer: (handle: any, syscall?: string) => void): void {
  const { address, port, path, fd, flags, backlog, mode } = place;
  const where: any = { address, port, addressType: address !== null && load('internal:net/handle').isIP(address) === 6 ? 6 : 4, flags, backlog };
  if (path !== null) {
    where.address = load('internal:path').posix.resolve(path);
    where.port = where.addressType = -1;
    where.readableAll = (mode & 0o444) !== 0;
    where.writableAll = (mode & 0o222) !== 0;
  } else if (fd >= 0) {
    where.port = where.addressType = null;
    where.fd = fd;
  }
  cluster._getServer(server, where, (failed: number, handle: any) => {
    if (failed) {
      answer(failed, 'bind');
      return;
    }
    const errno = handle.listen(backlog);
    if (errno !== 0) handle.close();
    answer(errno === 0 ? handle : errno, 'listen');
  });
}

function shareSocket(socket: any, { address, port, type, fd, flags }: any, answer: (handle: any) => void): void {
  cluster._getServer(socket, { address, port, addressType: type, fd, flags }, (errno: number, handle: any) => answer(errno || handle));
}

// ---------------------------------------------------------------------------------------------------------------
// Connections that the primary has accepted
// ---------------------------------------------------------------------------------------------------------------

/** A server that has enough leaves a connection to the other workers, unless it wants to drop it itself. */
function isFull({ maxConnections, _connections, dropMaxConnection }: any): boolean {
  return maxConnections != null && _connections >= maxConnections && !dropMaxConnection;
}

// Differs from Node: connections that the primary gives are no 'internalMessage' events.
/** Takes a connection before an object is made of it: the server's listener does that in its own way. */
function claim(message: any, fd: number): boolean {
  if (message?.cmd !== 'NODE_CLUSTER' || message.act !== 'newconn') return false;
  const entry = entries.get(message.key);
  const accepted = entry !== undefined && typeof entry.handle.feed === 'function' && !isFull(entry.owner);
  correspondence.post({ ack: message.seq, accepted });
  if (accepted) entry.handle.feed(fd);
  else closeDescriptor(fd);
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// A supervisor that was replaced
// ---------------------------------------------------------------------------------------------------------------

/** Another supervisor has taken this process over: it hears what the one before knew. */
function introduce(): void {
  correspondence.post({ act: 'online' });
  for (const { owner, place } of entries.values()) if (isListening(owner)) announce(owner, place);
  correspondence.repeat();
}

function isListening(owner: any): boolean {
  try {
    return owner.address() != null;
  } catch {
    return false; // a UDP socket that isn't bound yet
  }
}

/** It asks for a socket that it doesn't have, so that the next worker can have it. */
function share({ key, seq }: any): void {
  const handle = entries.get(key)?.handle;
  const isShared = handle !== undefined && typeof handle.feed !== 'function';
  correspondence.post({ ack: seq, key, found: isShared }, isShared ? { handle } : {});
}

// ---------------------------------------------------------------------------------------------------------------
// The end
// ---------------------------------------------------------------------------------------------------------------

function hangUp(): void {
  if (process.connected) process.disconnect();
}

/** A supervisor holds the listening sockets: they are the worker's too, and it serves on when the supervisor is gone. */
let supervised = false;

/** So long an idle connection may wait for a last request, in milliseconds. */
const LAST_REQUEST = 1000;
const LOOK_AGAIN = 100;

/**
 * Closes a server so that no client sees a connection end under its request: HTTP connections that are kept alive end with their next answer, which
 * says so. Those that are idle until LAST_REQUEST is over are closed.
 */
function drain(server: any, closed: () => void): void {
  if (typeof server.closeIdleConnections !== 'function') {
    server.close(closed);
    return;
  }
  server.prependListener('request', (_request: any, response: any) => {
    response.shouldKeepAlive = false;
  });
  let timer: any = null;
  server.closeIdleConnections = () => {}; // close() would call it
  server.close(() => {
    clearTimeout(timer);
    closed();
  });
  const look = (): void => {
    delete server.closeIdleConnections;
    server.closeIdleConnections();
    timer = setTimeout(look, LOOK_AGAIN);
  };
  timer = setTimeout(look, LAST_REQUEST);
}

/** Closes every server, waits for their connections, and leaves. */
function disconnect(askedByPrimary: boolean): void {
  worker.exitedAfterDisconnect = true;
  let open = 1;
  const closed = (): void => {
    if (--open > 0) return;
    if (askedByPrimary || !correspondence.post({ act: 'exitedAfterDisconnect' }, { answer: hangUp })) hangUp();
  };
  for (const { owner } of [...entries.values()]) {
    open++;
    if (supervised) drain(owner, closed);
    else owner.close(closed);
  }
  closed();
}

const methods = Worker.prototype as any;

methods.disconnect = function(this: any): any {
  if (this.state !== 'disconnecting' && this.state !== 'destroying') {
    this.state = 'disconnecting';
    disconnect(false);
  }
  return this;
};

methods.destroy = function(this: any): void {
  if (this.state === 'destroying') return;
  this.exitedAfterDisconnect = true;
  if (!this.isConnected()) process.exit(0);
  this.state = 'destroying';
  process.once('disconnect', () => process.exit(0));
  correspondence.post({ act: 'exitedAfterDisconnect' }, { answer: hangUp });
};

/** The process was forked by cluster.fork(): called before the program runs, with the channel to the primary. */
export function start(channel: Channel): void {
  ({ process } = load('internal:process'));
  worker = new (Worker as any)({ id: +process.env.NODE_UNIQUE_ID | 0, process, state: 'online' });
  delete process.env.NODE_UNIQUE_ID;
  supervised = process.env.ROOST_HOST_LEAVES !== undefined;
  delete process.env.ROOST_HOST_LEAVES;
  cluster = new (EventEmitter as any)();
  Object.assign(cluster, { isWorker: true, isMaster: false, isPrimary: false, worker, Worker, _getServer: getServer });
  correspondence = new Correspondence(process, (message) => {
    if (message.act === 'disconnect') disconnect(true);
    else if (message.act === 'share') share(message);
  });
  process.once('disconnect', () => {
    worker.emit('disconnect');
    // Without the primary there is nothing to do, unless it was meant so.
    if (!worker.exitedAfterDisconnect && !supervised) process.exit(0);
  });
  channel.claim = claim;
  channel.returned = introduce;
  becomeWorker({ cluster, shareServer, shareSocket });
  correspondence.post({ act: 'online' });
}
