// node:dgram. https://nodejs.org/docs/latest-v24.x/api/dgram.html
// A Socket is the events and the checks of arguments; its Endpoint owns the handle and knows where binding and connecting stand.
import { worker } from 'internal:cluster/role';
import { UDP, bindTo, descriptorKind, kEndpoint } from 'internal:dgram/handle';
import { EventEmitter, addAbortListener } from 'internal:events';
import { BlockList, isIP } from 'internal:net';
import { Buffer, FastBuffer } from 'internal:buffer';
import { deprecate } from 'internal:util';
import { channel } from 'internal:diagnosticschannel';
import { nextTick } from 'internal:process/task';
import { load } from 'internal:load';
import { codes, errnoException, exceptionWithHostPort, uvErrmapGet } from 'internal:errors';
import {
  validateAbortSignal, validateFunction, validateNumber, validateObject, validatePort, validateString,
} from 'internal:validators';

const { assign, defineProperty, setPrototypeOf } = Object;
const { isArray } = Array;
const { isInteger } = Number;
const { isView } = ArrayBuffer;

const byteTypes = ['Buffer', 'TypedArray', 'DataView', 'string'];
const created = channel('udp.socket');

/** How far binding, or connecting, got. */
const NO = 0;
const SOON = 1;
const YES = 2;

/** What differs between the two kinds of sockets. flag is what their block lists and errors call them. */
interface Kind { family: number; any: string; own: string; flag: string }
const kinds: Record<string, Kind> = {
  __proto__: null as never,
  udp4: { family: 4, any: '0.0.0.0', own: '127.0.0.1', flag: 'ipv4' },
  udp6: { family: 6, any: '::', own: '::1', flag: 'ipv6' },
};

function handleFor(type: any, lookup: any = load('node:dns').default.lookup): any {
  validateFunction(lookup, 'lookup');
  const kind = typeof type === 'string' ? kinds[type] : undefined;
  if (kind === undefined) throw new codes.ERR_SOCKET_BAD_TYPE();
  const handle: any = new UDP(kind.family === 6);
  handle.lookup = (name: any, done: any) => lookup(name || kind.own, kind.family, done);
  return handle;
}

function throwIf(errno: number, syscall: string): void {
  if (errno) throw errnoException(errno, syscall);
}

type Job = () => void;

class Endpoint {
  handle: any;
  receiving = false;
  bindState = NO;
  connectState = NO;
  /** What waits for the end of binding. */
  queue: Job[] | undefined;
  reuseAddr: any;
  #options: any;
  #socket: any;

  constructor(socket: any, handle: any, options: any) {
    this.#socket = socket;
    this.#options = options;
    this.reuseAddr = options.reuseAddr;
    this.own(handle);
  }

  /** The endpoint of a socket that isn't closed. */
  static running(socket: any): Endpoint {
    const endpoint: Endpoint = socket[kEndpoint];
    if (!endpoint.handle) throw new codes.ERR_SOCKET_DGRAM_NOT_RUNNING();
    return endpoint;
  }

  get kind(): Kind {
    return kinds[this.#socket.type];
  }

  own(handle: any): void {
    this.handle = handle;
    handle.setOwner(this);
  }

  // What the handle reports.

  onmessage(data: any, rinfo: any): void {
    if (this.#options.receiveBlockList?.check(rinfo.address, rinfo.family.toLowerCase())) return;
    this.#socket.emit('message', data, rinfo);
  }

  onreceiveerror(errno: number): void {
    this.#socket.emit('error', errnoException(errno, 'recvmsg'));
  }

  // Binding.

  mustBeUnbound(): void {
    if (this.bindState !== NO) throw new codes.ERR_SOCKET_ALREADY_BOUND();
  }

  /** The bits of os.constants.UV_UDP_*; 8 shares the port. */
  get #flags(): number {
    let flags = this.#options.ipv6Only ? 1 : 0;
    if (this.reuseAddr) flags += 4;
    if (this.#options.reusePort) flags += 8;
    return flags;
  }

  /** Binds to an IP address; gives an errno. */
  bindTo(ip: string, port: number): number {
    return this.handle.bind(ip, port, this.#flags);
  }

  /** Whether workers of a cluster share the socket, unless `exclusive` says no. */
  isShared(exclusive: any): boolean {
    return worker !== undefined && !exclusive && !this.#options.reusePort;
  }

  /** Asks the primary of the cluster for the bound socket: at an IP address and port, or over its descriptor fd. */
  share(ip: string | null, port: number | null, fd: number): void {
    this.bindState = SOON;
    const place = { address: ip, port, type: this.#socket.type, fd, flags: ip === null ? null : this.#flags };
    worker!.shareSocket(this.#socket, place, (handle) => {
      if (typeof handle === 'number') {
        if (this.handle) this.unbound(exceptionWithHostPort(handle, 'bind', ip, port));
      } else if (this.handle) {
        this.replace(handle);
        this.announce();
      } else {
        handle.close(); // we are closed
      }
    });
  }

  /** Another handle takes the place of ours. */
  replace(handle: any): void {
    const before = this.handle;
    handle.lookup = before.lookup;
    before.close();
    this.own(handle);
  }

  /** The handle is bound: from now on it receives. */
  receive(): void {
    this.handle.recvStart();
    this.receiving = true;
    this.bindState = YES;
    const { recvBufferSize, sendBufferSize } = this.#options;
    if (recvBufferSize) this.bufferSize(true, recvBufferSize);
    if (sendBufferSize) this.bufferSize(false, sendBufferSize);
  }

  /** Binding ended well: tells so and does what waited. */
  announce(): void {
    this.receive();
    try {
      this.#socket.emit('listening');
    } finally {
      const jobs = this.queue;
      this.queue = undefined;
      if (jobs !== undefined) for (const job of jobs) job();
    }
  }

  /** Binding failed: what waited for it is dropped. */
  unbound(error: Error): void {
    this.bindState = NO;
    this.queue = undefined;
    this.#socket.emit('error', error);
  }

  bindLater(address: string, port: any, exclusive: any): void {
    this.bindState = SOON;
    this.handle.lookup(address, (error: any, ip: any) => {
      if (!this.handle) return; // closed meanwhile
      if (!error && this.isShared(exclusive)) {
        this.share(ip, port || 0, -1);
        return;
      }
      if (!error) {
        const errno = this.bindTo(ip, port || 0);
        if (errno) error = exceptionWithHostPort(errno, 'bind', ip, port);
      }
      if (error) this.unbound(error);
      else this.announce();
    });
  }

  bindNow(ip: string, port: number): void {
    const errno = this.bindTo(ip, port);
    if (errno) throw exceptionWithHostPort(errno, 'bind', ip, port);
    this.receive();
    this.emitSoon('listening');
  }

  /** Does a job now if the socket is bound, else when it is; begins to bind if nobody did. */
  whenBound(job: Job): void {
    // The public method: programs replace it.
    if (this.bindState === NO) this.#socket.bind({ port: 0, exclusive: true }, null);
    if (this.bindState === YES) {
      job();
    } else {
      (this.queue ??= []).push(job);
    }
  }

  // Connecting and sending.

  mustBeUnconnected(): void {
    if (this.connectState !== NO) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
  }

  mustBeConnected(): void {
    if (this.connectState !== YES) throw new codes.ERR_SOCKET_DGRAM_NOT_CONNECTED();
  }

  blocked(ip: string): Error | undefined {
    return this.#options.sendBlockList?.check(ip, this.kind.flag) ? new codes.ERR_IP_BLOCKED(ip) : undefined;
  }

  /** Connects to an IP address; gives what went wrong. host is the name that the user knows. */
  connectTo(ip: string, host: string, port: number): Error | undefined {
    const refused = this.blocked(ip);
    if (refused !== undefined) return refused;
    const errno = this.handle.connect(ip, port);
    if (errno) return exceptionWithHostPort(errno, 'connect', host, port);
    this.connectState = YES;
    return undefined;
  }

  /** Sends to an IP address, or to the peer without one. */
  transmit(list: any[], ip: string | undefined, host: any, port: any, done: any): void {
    const refused = ip === undefined ? undefined : this.blocked(ip);
    if (refused !== undefined) {
      this.report(refused, done);
      return;
    }
    const settle = done && ((result: number) => {
      if (result < 0) done(exceptionWithHostPort(result, 'send', host, port));
      else done(null, result);
    });
    // The handle gives 0 when it will call, an errno, or the sum of 1 and the bytes that are sent already.
    const result = this.handle.send(ip, port, list, (errno: number, bytes: number) => settle?.(errno < 0 ? errno : bytes));
    if (settle && result !== 0) nextTick(settle, result < 0 ? result : result - 1);
  }

  /** Gives an error to the callback, or to who listens when there is none. */
  report(error: Error, done: any): void {
    nextTick(() => {
      if (done) done.call(this.#socket, error);
      else this.#socket.emit('error', error);
    });
  }

  emitSoon(event: string): void {
    nextTick(() => {
      if (this.handle) this.#socket.emit(event);
    });
  }

  /** Sets, or with size 0 asks, the size of one of the kernel's buffers. */
  bufferSize(ofReceive: boolean, size: any): number {
    if (size !== size >>> 0) throw new codes.ERR_SOCKET_BAD_BUFFER_SIZE();
    const answer = this.handle.bufferSize(ofReceive, size);
    if (answer >= 0) return answer;
    const [code, message] = uvErrmapGet(answer);
    throw new codes.ERR_SOCKET_BUFFER_SIZE({ errno: answer, code, message, syscall: ofReceive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size' });
  }

  /** The name of one side of the socket. */
  nameOf(side: 'getsockname' | 'getpeername'): any {
    const name = {};
    throwIf(this.handle[side](name), side);
    return name;
  }

  close(): void {
    const { handle } = this;
    this.handle = null;
    this.receiving = false;
    handle.close();
    handle.setOwner(null);
    nextTick(() => this.#socket.emit('close'));
  }
}

function checkOptions(options: any): void {
  for (const name of ['recvBufferSize', 'sendBufferSize']) {
    if (options[name]) validateNumber(options[name], `options.${name}`);
  }
  for (const name of ['receiveBlockList', 'sendBlockList']) {
    const list = options[name];
    if (list && !(BlockList as any).isBlockList(list)) throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', list);
  }
}

function Socket(this: any, type: any, listener?: any): any {
  (EventEmitter as any).call(this);
  const options = type !== null && typeof type === 'object' ? type : { type };
  checkOptions(options);
  const handle = handleFor(options.type, options.lookup);
  this.type = options.type;
  if (typeof listener === 'function') this.on('message', listener);
  const { ipv6Only, receiveBlockList, recvBufferSize, reuseAddr, reusePort, sendBlockList, sendBufferSize, signal } = options;
  this[kEndpoint] = new Endpoint(this, handle, { ipv6Only, receiveBlockList, recvBufferSize, reuseAddr, reusePort, sendBlockList, sendBufferSize });
  if (signal !== undefined) {
    validateAbortSignal(signal, 'options.signal');
    closeOnAbort(this, signal);
  }
  if (created.hasSubscribers) created.publish({ socket: this });
}
setPrototypeOf(Socket, EventEmitter);
setPrototypeOf(Socket.prototype, EventEmitter.prototype);

function closeOnAbort(socket: any, signal: any): void {
  if (signal.aborted) {
    socket.close();
    return;
  }
  const listening = addAbortListener(signal, () => {
    if (socket[kEndpoint].handle) socket.close();
  });
  socket.once('close', () => listening[Symbol.dispose]());
}

/** Calls back when binding ends well; forgets it when anything fails before. */
function onceListening(socket: any, callback: any): void {
  const events: Record<string, any> = {
    error: () => drop(),
    listening() {
      drop();
      callback.call(socket);
    },
  };
  const drop = () => {
    for (const event in events) socket.removeListener(event, events[event]);
  };
  for (const event in events) socket.on(event, events[event]);
}

/** The IP address of a call that can't resolve names; standard when none is given. */
function numericAddress(address: any, name: string, method: string, standard: string): string {
  if (address == null || address === '') return standard;
  validateString(address, name);
  if (isIP(address) !== 0) return address;
  throw new codes.ERR_INVALID_ARG_VALUE(name, address, `must be a numeric IP address; ${method} does not perform DNS resolution`);
}

const bytesOf = (value: any): any => (typeof value === 'string' ? Buffer.from(value) : isView(value) ? value : undefined);

/** The part of a message that offset and length name. */
function windowOf(message: any, from: any, size: any): any {
  const bytes = bytesOf(message);
  if (bytes === undefined) throw new codes.ERR_INVALID_ARG_TYPE('buffer', byteTypes, message);
  const start = from >>> 0;
  const length = size >>> 0;
  const { buffer, byteLength, byteOffset } = bytes;
  if (start > byteLength) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (byteLength - start < length) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new (FastBuffer as any)(buffer, byteOffset + start, length);
}

/** A message as the list of its parts. */
function partsOf(message: any): any[] {
  const whole = !isArray(message);
  return Array.from(whole ? [message] : message, (part) => {
    const bytes = bytesOf(part);
    if (bytes === undefined) throw new codes.ERR_INVALID_ARG_TYPE(whole ? 'buffer' : 'buffer list arguments', byteTypes, message);
    return bytes;
  });
}

assign(Socket.prototype, {
  // bind([port][, address][, callback]), bind(options[, callback]), bind(handle)
  bind(this: any, ...args: any[]): any {
    const endpoint = Endpoint.running(this);
    endpoint.mustBeUnbound();
    const callback = args.at(-1);
    if (typeof callback === 'function') onceListening(this, callback);
    const [port, address] = args.map((arg) => (typeof arg === 'function' ? undefined : arg));
    const options = port !== null && typeof port === 'object' ? port : { port: port === undefined ? 0 : port, address };
    if (options instanceof UDP) {
      endpoint.replace(options);
      endpoint.announce();
    } else if (isInteger(options.fd) && options.fd > 0) {
      const kind = descriptorKind(options.fd);
      if (kind !== 'UDP') throw new codes.ERR_INVALID_FD_TYPE(kind);
      if (endpoint.isShared(options.exclusive)) {
        endpoint.share(null, null, options.fd);
      } else {
        throwIf(endpoint.handle.open(options.fd), 'open');
        endpoint.announce();
      }
    } else {
      endpoint.bindLater(options.address || endpoint.kind.any, options.port, options.exclusive);
    }
    return this;
  },

  bindSync(this: any, options: any = {}): any {
    const endpoint = Endpoint.running(this);
    endpoint.mustBeUnbound();
    validateObject(options, 'options');
    const port = options.port == null ? 0 : validatePort(options.port, 'options.port');
    endpoint.bindNow(numericAddress(options.address, 'options.address', 'bindSync', endpoint.kind.any), port);
    return this.address();
  },

  // connect(port[, address][, callback])
  connect(this: any, port: any, ...args: any[]): void {
    const to = validatePort(port, 'Port', false);
    if (typeof args[0] === 'function') args.unshift('');
    const [host = '', callback] = args;
    validateString(host, 'address');
    const endpoint = Endpoint.running(this);
    endpoint.mustBeUnconnected();
    endpoint.connectState = SOON;
    const listener = typeof callback === 'function' ? callback : undefined;
    endpoint.whenBound(() => {
      if (listener) this.once('connect', listener);
      endpoint.handle?.lookup(host, (unresolved: any, ip: any) => {
        if (!endpoint.handle) return;
        const error = unresolved || endpoint.connectTo(ip, host, to);
        if (!error) {
          nextTick(() => this.emit('connect'));
          return;
        }
        endpoint.connectState = NO;
        if (listener) this.removeListener('connect', listener);
        endpoint.report(error, listener);
      });
    });
  },

  connectSync(this: any, port: any, address?: any): void {
    const to = validatePort(port, 'Port', false);
    const ip = numericAddress(address, 'address', 'connectSync', kinds[this.type].own);
    const endpoint = Endpoint.running(this);
    endpoint.mustBeUnconnected();
    if (endpoint.bindState === SOON) throw new codes.ERR_SOCKET_ALREADY_BOUND();
    const refused = endpoint.blocked(ip);
    if (refused === undefined && endpoint.bindState === NO) endpoint.bindNow(endpoint.kind.any, 0);
    const error = refused ?? endpoint.connectTo(ip, ip, to);
    if (error !== undefined) throw error;
    endpoint.emitSoon('connect');
  },

  disconnect(this: any): void {
    const endpoint = Endpoint.running(this);
    endpoint.mustBeConnected();
    throwIf(endpoint.handle.disconnect(), 'connect');
    endpoint.connectState = NO;
  },

  // send(message[, offset, length][, port][, address][, callback]); neither port nor address when there is a peer
  send(this: any, message: any, ...args: any[]): void {
    const endpoint: Endpoint = this[kEndpoint];
    const toPeer = endpoint.connectState === YES;
    const [first, second, third, fourth] = args;
    const part = toPeer ? typeof second === 'number' : Boolean(fourth || (third && typeof third !== 'function'));
    if (part) {
      message = windowOf(message, first, second);
      args = args.slice(2);
    }
    let port: any;
    let host: any;
    let callback: any;
    if (toPeer) {
      const early = !part || typeof third === 'function';
      callback = early ? args[0] : args[2];
      if (fourth || (third && !(part && early))) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
    } else {
      [port, host, callback] = args;
      if (typeof host === 'function') [host, callback] = [undefined, host];
    }
    const list = partsOf(message);
    if (!toPeer) port = validatePort(port, 'Port', false);
    if (host != null) validateString(host, 'address');
    const done = typeof callback === 'function' ? callback : undefined;
    Endpoint.running(this);
    endpoint.whenBound(() => {
      const { handle } = Endpoint.running(this);
      if (toPeer) {
        endpoint.transmit(list, undefined, undefined, 0, done);
        return;
      }
      handle.lookup(host, (error: any, ip: any) => {
        if (error) endpoint.report(error, done);
        else if (endpoint.handle) endpoint.transmit(list, ip, host, port, done);
      });
    });
  },

  sendto(this: any, message: any, offset: any, length: any, ...target: any[]): void {
    const [port, address, callback] = target;
    for (const [name, value] of [['offset', offset], ['length', length], ['port', port]]) validateNumber(value, name);
    validateString(address, 'address');
    this.send(message, offset, length, port, address, callback);
  },

  close(this: any, callback?: any): any {
    if (typeof callback === 'function') this.on('close', callback);
    const { queue } = this[kEndpoint];
    if (queue) queue.push(() => this.close());
    else Endpoint.running(this).close();
    return this;
  },

  async [Symbol.asyncDispose](this: any): Promise<void> {
    if (this[kEndpoint].handle) await new Promise<void>((resolve) => { this.close(resolve); });
  },

  address(this: any): any {
    return Endpoint.running(this).nameOf('getsockname');
  },

  remoteAddress(this: any): any {
    const endpoint = Endpoint.running(this);
    endpoint.mustBeConnected();
    return endpoint.nameOf('getpeername');
  },

  ref(this: any): any {
    this[kEndpoint].handle?.ref();
    return this;
  },

  unref(this: any): any {
    this[kEndpoint].handle?.unref();
    return this;
  },
});

/** Gives every socket a method. */
function method(name: string, body: (this: any, ...args: any[]) => any): void {
  (Socket.prototype as any)[name] = defineProperty(body, 'name', { value: name });
}

// Options that the handle has under the same name: how a value is checked, whether it is given back.
const anything = () => {};
for (const [name, check, returns] of [
  ['setBroadcast', anything, false],
  ['setMulticastInterface', (value: any) => validateString(value, 'interfaceAddress'), false],
  ['setMulticastLoopback', anything, true],
  ['setMulticastTTL', (value: any) => validateNumber(value, 'ttl'), true],
  ['setTTL', (value: any) => validateNumber(value, 'ttl'), true],
] as [string, (value: any) => void, boolean][]) {
  method(name, function(value) {
    check(value);
    throwIf(Endpoint.running(this).handle[name](value), name);
    return returns ? value : undefined;
  });
}

for (const [verb, joins] of [['add', true], ['drop', false]] as [string, boolean][]) {
  const ofAny = `${verb}Membership`;
  method(ofAny, function(group, local) {
    const { handle } = Endpoint.running(this);
    if (!group) throw new codes.ERR_MISSING_ARGS('multicastAddress');
    throwIf(handle.membership(joins, group, local), ofAny);
  });
  const ofOne = `${verb}SourceSpecificMembership`;
  method(ofOne, function(source, group, local) {
    const { handle } = Endpoint.running(this);
    validateString(source, 'sourceAddress');
    validateString(group, 'groupAddress');
    throwIf(handle.sourceMembership(joins, source, group, local), ofOne);
  });
}

for (const [side, ofReceive] of [['Recv', true], ['Send', false]] as [string, boolean][]) {
  method(`set${side}BufferSize`, function(size) { this[kEndpoint].bufferSize(ofReceive, size); });
  method(`get${side}BufferSize`, function() { return this[kEndpoint].bufferSize(ofReceive, 0); });
}
for (const name of ['getSendQueueSize', 'getSendQueueCount']) {
  method(name, function() { return this[kEndpoint].handle[name](); });
}

function createSocket(type: any, listener?: any): any {
  return new (Socket as any)(type, listener);
}

/** A handle that is bound to an address, or to what fd is; a negative errno when that fails. */
function socketHandle(address: any, port: any, type: any, fd?: any, flags?: any): any {
  const handle = handleFor(type);
  const errno = bindTo(handle, address, port, fd, flags);
  if (errno >= 0) return handle;
  handle.close();
  return errno;
}

// What older programs use. DEP0112.
const old = (body: any, name: string): any => deprecate(body, `${name} is deprecated`, 'DEP0112');
for (const key of ['handle', 'receiving', 'bindState', 'queue', 'reuseAddr']) {
  const name = `Socket.prototype._${key}`;
  defineProperty(Socket.prototype, `_${key}`, {
    __proto__: null,
    get: old(function(this: any) { return this[kEndpoint][key]; }, name),
    set: old(function(this: any, value: any) { this[kEndpoint][key] = value; }, name),
  } as any);
}
assign(Socket.prototype, {
  _healthCheck: old(function(this: any) { Endpoint.running(this); }, 'Socket.prototype._healthCheck()'),
  _stopReceiving: old(function(this: any) {
    const endpoint: Endpoint = this[kEndpoint];
    if (endpoint.receiving) endpoint.handle?.recvStop();
    endpoint.receiving = false;
  }, 'Socket.prototype._stopReceiving()'),
});

export default { _createSocketHandle: old(socketHandle, 'dgram._createSocketHandle()'), createSocket, Socket };
