// node:dgram. https://nodejs.org/docs/latest-v24.x/api/dgram.html
import { UDP, descriptorKind } from 'internal:dgram/handle';
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

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;

const kState = Symbol('state symbol');
const kAsyncId = Symbol('async_id_symbol');

const UNBOUND = 0;
const BINDING = 1;
const BOUND = 2;

const DISCONNECTED = 0;
const CONNECTING = 1;
const CONNECTED = 2;

// libuv's flags, as os.constants has them; reusePort has none there.
const IPV6ONLY = 1;
const REUSEADDR = 4;
const REUSEPORT = 8;

const EINVAL = -22;

const created = channel('udp.socket');

interface State {
  handle: any;
  receiving: boolean;
  bindState: number;
  connectState: number;
  queue: (() => void)[] | undefined;
  reuseAddr: any;
  reusePort: any;
  ipv6Only: any;
  recvBufferSize: any;
  sendBufferSize: any;
  receiveBlockList: any;
  sendBlockList: any;
}

/** A handle for a type of socket. lookup is dns.lookup or the user's. */
function newHandle(type: any, lookup?: any): any {
  if (lookup === undefined) {
    lookup = load('node:dns').default.lookup;
  } else {
    validateFunction(lookup, 'lookup');
  }
  if (type !== 'udp4' && type !== 'udp6') throw new codes.ERR_SOCKET_BAD_TYPE();
  const handle: any = new UDP(type === 'udp6');
  const family = type === 'udp6' ? 6 : 4;
  const own = type === 'udp6' ? '::1' : '127.0.0.1';
  handle.lookup = (address: any, callback: any) => lookup(address || own, family, callback);
  return handle;
}

/** A handle that is bound to an address, or to what fd is; a negative errno when that fails. */
function createSocketHandle(address: any, port: any, type: any, fd?: any, flags?: any): any {
  const handle = newHandle(type);
  let err = 0;
  if (Number.isInteger(fd) && fd > 0) {
    err = descriptorKind(fd) === 'UDP' ? handle.open(fd) : EINVAL;
  } else if (port || address) {
    err = handle.bind(address, port || 0, flags | 0);
  }
  if (err < 0) {
    handle.close();
    return err;
  }
  return handle;
}

function checkBlockList(value: any, name: string): any {
  if (value && !(BlockList as any).isBlockList(value)) throw new codes.ERR_INVALID_ARG_TYPE(name, 'net.BlockList', value);
  return value;
}

function Socket(this: any, type: any, listener?: any): any {
  (EventEmitter as any).call(this);
  let options: any;
  let lookup;
  if (type !== null && typeof type === 'object') {
    options = type;
    ({ type, lookup } = options);
    if (options.recvBufferSize) validateNumber(options.recvBufferSize, 'options.recvBufferSize');
    if (options.sendBufferSize) validateNumber(options.sendBufferSize, 'options.sendBufferSize');
    checkBlockList(options.receiveBlockList, 'options.receiveBlockList');
    checkBlockList(options.sendBlockList, 'options.sendBlockList');
  }
  const handle = newHandle(type, lookup);
  this[kAsyncId] = handle.getAsyncId();
  this.type = type;
  if (typeof listener === 'function') this.on('message', listener);
  const state: State = {
    handle,
    receiving: false,
    bindState: UNBOUND,
    connectState: DISCONNECTED,
    queue: undefined,
    reuseAddr: options?.reuseAddr,
    reusePort: options?.reusePort,
    ipv6Only: options?.ipv6Only,
    recvBufferSize: options?.recvBufferSize,
    sendBufferSize: options?.sendBufferSize,
    receiveBlockList: options?.receiveBlockList,
    sendBlockList: options?.sendBlockList,
  };
  this[kState] = state;
  handle.setOwner(new Receiver(this));
  if (options?.signal !== undefined) {
    const { signal } = options;
    validateAbortSignal(signal, 'options.signal');
    const abort = () => {
      if (this[kState].handle) this.close();
    };
    if (signal.aborted) {
      abort();
    } else {
      const disposable = addAbortListener(signal, abort);
      this.once('close', disposable[Symbol.dispose]);
    }
  }
  if (created.hasSubscribers) created.publish({ socket: this });
}
setPrototypeOf(Socket.prototype, EventEmitter.prototype);
setPrototypeOf(Socket, EventEmitter);

/** Gives what a handle reports to its socket. */
class Receiver {
  #socket: any;
  constructor(socket: any) {
    this.#socket = socket;
  }
  onmessage(data: any, rinfo: any): void {
    const list = this.#socket[kState].receiveBlockList;
    if (list && list.check(rinfo.address, rinfo.family.toLowerCase())) return;
    this.#socket.emit('message', data, rinfo);
  }
  onreceiveerror(errno: number): void {
    this.#socket.emit('error', errnoException(errno, 'recvmsg'));
  }
}

function createSocket(type: any, listener?: any): any {
  return new (Socket as any)(type, listener);
}

const S: any = Socket.prototype;

/** The state of a socket that isn't closed. */
function running(socket: any): State {
  const state: State = socket[kState];
  if (!state.handle) throw new codes.ERR_SOCKET_DGRAM_NOT_RUNNING();
  return state;
}

function bindFlags(state: State): number {
  return (state.reuseAddr ? REUSEADDR : 0) | (state.ipv6Only ? IPV6ONLY : 0) | (state.reusePort ? REUSEPORT : 0);
}

/** The socket is bound: it receives from now on. */
function prepare(socket: any): void {
  const state: State = socket[kState];
  state.handle.recvStart();
  state.receiving = true;
  state.bindState = BOUND;
  if (state.recvBufferSize) bufferSize(socket, state.recvBufferSize, true);
  if (state.sendBufferSize) bufferSize(socket, state.sendBufferSize, false);
}

function startListening(socket: any): void {
  prepare(socket);
  socket.emit('listening');
}

// Differs from Node: `exclusive` changes nothing, there are no cluster workers to share a socket with.
S.bind = function(this: any, port_?: any, address_?: any, ...rest: any[]): any {
  const state = running(this);
  if (state.bindState !== UNBOUND) throw new codes.ERR_SOCKET_ALREADY_BOUND();
  let port = port_;
  const last = rest.length > 0 ? rest[rest.length - 1] : typeof address_ === 'function' ? address_ : port_;
  if (typeof last === 'function') {
    const forget = () => {
      this.removeListener('error', forget);
      this.removeListener('listening', listening);
    };
    const listening = () => {
      forget();
      last.call(this);
    };
    this.on('error', forget);
    this.on('listening', listening);
  }
  if (port instanceof UDP) {
    state.handle.close();
    (port as any).lookup = state.handle.lookup;
    state.handle = port;
    port.setOwner(new Receiver(this));
    this[kAsyncId] = port.getAsyncId();
    startListening(this);
    return this;
  }
  if (port !== null && typeof port === 'object' && Number.isInteger(port.fd) && port.fd > 0) {
    const kind = descriptorKind(port.fd);
    if (kind !== 'UDP') throw new codes.ERR_INVALID_FD_TYPE(kind);
    const err = state.handle.open(port.fd);
    if (err) throw errnoException(err, 'open');
    startListening(this);
    return this;
  }
  state.bindState = BINDING;
  let address: any;
  if (port !== null && typeof port === 'object') {
    address = port.address || '';
    port = port.port;
  } else {
    address = typeof address_ === 'function' ? '' : address_;
    if (typeof port === 'function') port = 0;
  }
  if (!address) address = this.type === 'udp4' ? '0.0.0.0' : '::';
  state.handle.lookup(address, (err: any, ip: any) => {
    if (!state.handle) return; // closed meanwhile
    if (err) {
      state.bindState = UNBOUND;
      this.emit('error', err);
      return;
    }
    const errno = state.handle.bind(ip, port || 0, bindFlags(state));
    if (errno) {
      state.bindState = UNBOUND;
      this.emit('error', exceptionWithHostPort(errno, 'bind', ip, port));
      return;
    }
    startListening(this);
  });
  return this;
};

function bindNow(socket: any, address: string, port: number): void {
  const state: State = socket[kState];
  const errno = state.handle.bind(address, port, bindFlags(state));
  if (errno) throw exceptionWithHostPort(errno, 'bind', address, port);
  prepare(socket);
  nextTick(() => {
    if (state.handle) socket.emit('listening');
  });
}

S.bindSync = function(this: any, options: any = {}): any {
  const state = running(this);
  if (state.bindState !== UNBOUND) throw new codes.ERR_SOCKET_ALREADY_BOUND();
  validateObject(options, 'options');
  const port = options.port == null ? 0 : validatePort(options.port, 'options.port');
  let { address } = options;
  if (address == null || address === '') {
    address = this.type === 'udp4' ? '0.0.0.0' : '::';
  } else {
    validateString(address, 'options.address');
    if (isIP(address) === 0) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.address', address, 'must be a numeric IP address; bindSync does not perform DNS resolution');
    }
  }
  bindNow(this, address, port);
  return this.address();
};

S.connect = function(this: any, port: any, address?: any, callback?: any): void {
  port = validatePort(port, 'Port', false);
  if (typeof address === 'function') {
    callback = address;
    address = '';
  } else if (address === undefined) {
    address = '';
  }
  validateString(address, 'address');
  const state = running(this);
  if (state.connectState !== DISCONNECTED) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
  state.connectState = CONNECTING;
  if (state.bindState === UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  const go = () => lookupAndConnect(this, port, address, callback);
  if (state.bindState !== BOUND) {
    enqueue(this, go);
  } else {
    go();
  }
};

function lookupAndConnect(socket: any, port: number, address: string, callback: any): void {
  const state: State = socket[kState];
  if (typeof callback === 'function') socket.once('connect', callback);
  const { handle } = state;
  if (!handle) return;
  handle.lookup(address, (err: any, ip: any) => {
    if (!state.handle) return;
    let error = err;
    if (!error && state.sendBlockList?.check(ip, socket.type === 'udp6' ? 'ipv6' : 'ipv4')) error = new codes.ERR_IP_BLOCKED(ip);
    if (!error) {
      const errno = state.handle.connect(ip, port);
      if (errno) error = exceptionWithHostPort(errno, 'connect', address, port);
    }
    if (error) {
      state.connectState = DISCONNECTED;
      nextTick(() => {
        if (typeof callback === 'function') {
          socket.removeListener('connect', callback);
          callback.call(socket, error);
        } else {
          socket.emit('error', error);
        }
      });
      return;
    }
    state.connectState = CONNECTED;
    nextTick(() => socket.emit('connect'));
  });
}

S.connectSync = function(this: any, port: any, address?: any): void {
  port = validatePort(port, 'Port', false);
  if (address == null || address === '') {
    address = this.type === 'udp4' ? '127.0.0.1' : '::1';
  } else {
    validateString(address, 'address');
    if (isIP(address) === 0) {
      throw new codes.ERR_INVALID_ARG_VALUE('address', address, 'must be a numeric IP address; connectSync does not perform DNS resolution');
    }
  }
  const state = running(this);
  if (state.connectState !== DISCONNECTED) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
  if (state.bindState === BINDING) throw new codes.ERR_SOCKET_ALREADY_BOUND();
  if (state.sendBlockList?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) throw new codes.ERR_IP_BLOCKED(address);
  if (state.bindState === UNBOUND) bindNow(this, this.type === 'udp4' ? '0.0.0.0' : '::', 0);
  const errno = state.handle.connect(address, port);
  if (errno) throw exceptionWithHostPort(errno, 'connect', address, port);
  state.connectState = CONNECTED;
  nextTick(() => {
    if (state.handle) this.emit('connect');
  });
};

S.disconnect = function(this: any): void {
  const state = running(this);
  if (state.connectState !== CONNECTED) throw new codes.ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const errno = state.handle.disconnect();
  if (errno) throw errnoException(errno, 'connect');
  state.connectState = DISCONNECTED;
};

S.sendto = function(this: any, buffer: any, offset: any, length: any, port?: any, address?: any, callback?: any): void {
  validateNumber(offset, 'offset');
  validateNumber(length, 'length');
  validateNumber(port, 'port');
  validateString(address, 'address');
  this.send(buffer, offset, length, port, address, callback);
};

/** The part of a message that offset and length name. */
function slice(buffer: any, offset: any, length: any): any {
  if (typeof buffer === 'string') {
    buffer = Buffer.from(buffer);
  } else if (!isView(buffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
  }
  offset >>>= 0;
  length >>>= 0;
  if (offset > buffer.byteLength) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > buffer.byteLength) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new (FastBuffer as any)(buffer.buffer, buffer.byteOffset + offset, length);
}

/** A message as the list of its parts. */
function parts(buffer: any): any[] {
  if (!isArray(buffer)) {
    if (typeof buffer === 'string') return [Buffer.from(buffer)];
    if (isView(buffer)) return [buffer];
    throw new codes.ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
  }
  const list = [];
  for (let i = 0; i < buffer.length; i++) {
    const part = buffer[i];
    if (typeof part === 'string') {
      list.push(Buffer.from(part));
    } else if (isView(part)) {
      list.push(part);
    } else {
      throw new codes.ERR_INVALID_ARG_TYPE('buffer list arguments', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
    }
  }
  return list;
}

// send(msg[, offset, length][, port][, address][, callback])
S.send = function(this: any, buffer: any, offset?: any, length?: any, port?: any, address?: any, callback?: any): void {
  const state: State = this[kState];
  const connected = state.connectState === CONNECTED;
  if (!connected) {
    if (address || (port && typeof port !== 'function')) {
      buffer = slice(buffer, offset, length);
    } else {
      callback = port;
      port = offset;
      address = length;
    }
  } else {
    if (typeof length === 'number') {
      buffer = slice(buffer, offset, length);
      if (typeof port === 'function') {
        callback = port;
        port = null;
      }
    } else {
      callback = offset;
    }
    if (port || address) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
  }
  const list = parts(buffer);
  if (!connected) port = validatePort(port, 'Port', false);
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') {
    callback = address;
    address = undefined;
  } else if (address != null) {
    validateString(address, 'address');
  }
  running(this);
  if (state.bindState === UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  if (state.bindState !== BOUND) {
    enqueue(this, connected ? () => this.send(list, callback) : () => this.send(list, port, address, callback));
    return;
  }
  if (connected) {
    transmit(this, undefined, list, undefined, 0, callback);
    return;
  }
  state.handle.lookup(address, (err: any, ip: any) => {
    if (err) {
      if (callback) nextTick(callback, err);
      else nextTick(() => this.emit('error', err));
    } else if (state.handle) {
      transmit(this, ip, list, address, port, callback);
    }
  });
};

function transmit(socket: any, ip: string | undefined, list: any[], address: any, port: any, callback: any): void {
  const state: State = socket[kState];
  if (ip !== undefined && state.sendBlockList?.check(ip, socket.type === 'udp6' ? 'ipv6' : 'ipv4')) {
    const error = new codes.ERR_IP_BLOCKED(ip);
    if (callback) nextTick(callback, error);
    else nextTick(() => socket.emit('error', error));
    return;
  }
  const failed = (errno: number) => exceptionWithHostPort(errno, 'send', address, port);
  const result = state.handle.send(ip, port, list, (errno: number, bytes: number) => {
    if (callback === undefined) return;
    if (errno < 0) callback(failed(errno));
    else callback(null, bytes);
  });
  if (callback === undefined || result === 0) return;
  if (result > 0) nextTick(callback, null, result - 1);
  else nextTick(callback, failed(result));
}

/** Does something once the socket is bound. */
function enqueue(socket: any, toDo: () => void): void {
  const state: State = socket[kState];
  if (state.queue === undefined) {
    state.queue = [];
    const failed = () => {
      socket.removeListener('listening', listening);
      state.queue = undefined;
    };
    const listening = () => {
      socket.removeListener(EventEmitter.errorMonitor, failed);
      const queue = state.queue ?? [];
      state.queue = undefined;
      for (const next of queue) next();
    };
    socket.once(EventEmitter.errorMonitor, failed);
    socket.once('listening', listening);
  }
  state.queue.push(toDo);
}

S.close = function(this: any, callback?: any): any {
  const state: State = this[kState];
  if (typeof callback === 'function') this.on('close', callback);
  if (state.queue !== undefined) {
    state.queue.push(() => this.close());
    return this;
  }
  const { handle } = running(this);
  state.receiving = false;
  handle.close();
  handle.setOwner(null);
  state.handle = null;
  nextTick(() => this.emit('close'));
  return this;
};

S[Symbol.asyncDispose] = function(this: any): Promise<void> {
  if (!this[kState].handle) return Promise.resolve();
  return new Promise((resolve) => {
    this.close(() => resolve());
  });
};

S.address = function(this: any): any {
  const out = {};
  const errno = running(this).handle.getsockname(out);
  if (errno) throw errnoException(errno, 'getsockname');
  return out;
};

S.remoteAddress = function(this: any): any {
  const state = running(this);
  if (state.connectState !== CONNECTED) throw new codes.ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const out = {};
  const errno = state.handle.getpeername(out);
  if (errno) throw errnoException(errno, 'getpeername');
  return out;
};

function must(errno: number, syscall: string): void {
  if (errno) throw errnoException(errno, syscall);
}

S.setBroadcast = function(this: any, on: any): void {
  must(running(this).handle.setBroadcast(on), 'setBroadcast');
};

S.setTTL = function(this: any, ttl: any): any {
  validateNumber(ttl, 'ttl');
  must(running(this).handle.setTTL(ttl), 'setTTL');
  return ttl;
};

S.setMulticastTTL = function(this: any, ttl: any): any {
  validateNumber(ttl, 'ttl');
  must(running(this).handle.setMulticastTTL(ttl), 'setMulticastTTL');
  return ttl;
};

S.setMulticastLoopback = function(this: any, on: any): any {
  must(running(this).handle.setMulticastLoopback(on), 'setMulticastLoopback');
  return on;
};

S.setMulticastInterface = function(this: any, interfaceAddress: any): void {
  const { handle } = running(this);
  validateString(interfaceAddress, 'interfaceAddress');
  must(handle.setMulticastInterface(interfaceAddress), 'setMulticastInterface');
};

S.addMembership = function(this: any, multicastAddress: any, interfaceAddress?: any): void {
  const { handle } = running(this);
  if (!multicastAddress) throw new codes.ERR_MISSING_ARGS('multicastAddress');
  must(handle.membership(true, multicastAddress, interfaceAddress), 'addMembership');
};

S.dropMembership = function(this: any, multicastAddress: any, interfaceAddress?: any): void {
  const { handle } = running(this);
  if (!multicastAddress) throw new codes.ERR_MISSING_ARGS('multicastAddress');
  must(handle.membership(false, multicastAddress, interfaceAddress), 'dropMembership');
};

S.addSourceSpecificMembership = function(this: any, sourceAddress: any, groupAddress: any, interfaceAddress?: any): void {
  const { handle } = running(this);
  validateString(sourceAddress, 'sourceAddress');
  validateString(groupAddress, 'groupAddress');
  must(handle.sourceMembership(true, sourceAddress, groupAddress, interfaceAddress), 'addSourceSpecificMembership');
};

S.dropSourceSpecificMembership = function(this: any, sourceAddress: any, groupAddress: any, interfaceAddress?: any): void {
  const { handle } = running(this);
  validateString(sourceAddress, 'sourceAddress');
  validateString(groupAddress, 'groupAddress');
  must(handle.sourceMembership(false, sourceAddress, groupAddress, interfaceAddress), 'dropSourceSpecificMembership');
};

S.ref = function(this: any): any {
  this[kState].handle?.ref();
  return this;
};

S.unref = function(this: any): any {
  this[kState].handle?.unref();
  return this;
};

/** Sets (size 0: asks) the size of a buffer of the kernel. */
function bufferSize(socket: any, size: any, receive: boolean): number {
  if (size >>> 0 !== size) throw new codes.ERR_SOCKET_BAD_BUFFER_SIZE();
  const result = socket[kState].handle.bufferSize(receive, size);
  if (result < 0) {
    const [code, message] = uvErrmapGet(result);
    throw new codes.ERR_SOCKET_BUFFER_SIZE({ errno: result, code, message, syscall: receive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size' });
  }
  return result;
}

S.setRecvBufferSize = function(this: any, size: any): void {
  bufferSize(this, size, true);
};
S.setSendBufferSize = function(this: any, size: any): void {
  bufferSize(this, size, false);
};
S.getRecvBufferSize = function(this: any): number {
  return bufferSize(this, 0, true);
};
S.getSendBufferSize = function(this: any): number {
  return bufferSize(this, 0, false);
};
S.getSendQueueSize = function(this: any): number {
  return this[kState].handle.getSendQueueSize();
};
S.getSendQueueCount = function(this: any): number {
  return this[kState].handle.getSendQueueCount();
};

// What older programs read of a socket. DEP0112.
for (const [name, key] of [['_handle', 'handle'], ['_receiving', 'receiving'], ['_bindState', 'bindState'], ['_queue', 'queue'], ['_reuseAddr', 'reuseAddr']]) {
  const message = `Socket.prototype.${name} is deprecated`;
  defineProperty(S, name, {
    __proto__: null,
    get: deprecate(function(this: any) { return this[kState][key]; }, message, 'DEP0112'),
    set: deprecate(function(this: any, value: any) { this[kState][key] = value; }, message, 'DEP0112'),
  } as any);
}
S._healthCheck = deprecate(function(this: any): void {
  running(this);
}, 'Socket.prototype._healthCheck() is deprecated', 'DEP0112');
S._stopReceiving = deprecate(function(this: any): void {
  const state: State = this[kState];
  if (state.receiving) {
    state.handle?.recvStop();
    state.receiving = false;
  }
}, 'Socket.prototype._stopReceiving() is deprecated', 'DEP0112');

export default {
  _createSocketHandle: deprecate(createSocketHandle, 'dgram._createSocketHandle() is deprecated', 'DEP0112'),
  createSocket,
  Socket,
};
