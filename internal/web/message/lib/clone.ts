// Structured clone: values to bytes and back, with platform objects and transfer.
// https://html.spec.whatwg.org/multipage/structured-data.html
//
// A class takes part by a method under Symbol.for('roost.clone') on its prototype: it returns [specifier, export, data], and the clone is
// what that export of that builtin makes of the cloned data. With a fourth entry, true, the data is a reference to a Go value that isolates
// share (see shared in message.go), and is passed as it is. A class that is transferred has one under Symbol.for('messaging_transfer_symbol') as well,
// called in its place when the object is in the transfer list.
import { cloneValue, isUntransferable, packetDeserialize, packetRelease, packetSerialize, setCallback } from 'native:engine';
import { messageNew, messageOpen, messagePut } from 'native:web/message';
import { codes } from 'internal:errors';
import { load } from 'internal:load';

export const kClone = Symbol.for('roost.clone');
export const kTransfer = Symbol.for('messaging_transfer_symbol');

const { defineProperty } = Object;

/** A DOMException named DataCloneError. */
export function dataCloneError(message: string): any {
  return new (load('internal:web/domexception').DOMException)(message, 'DataCloneError');
}

/** A serialized value. Its packet lives outside the heap until dispose, or until messageOf hands it on. */
export interface Serialized {
  packet: number;
  hosts: any[]; // [specifier, export, serialized data or transferred state] of platform objects
}

let writing: { hosts: any[]; transferred: Map<any, any> } | undefined;

// RT_CB_HOST_OBJECT_WRITE(object) -> index
function writeHost(object: any): number {
  const current = writing!;
  let entry = current.transferred.get(object);
  if (entry === undefined) {
    const method = object[kClone];
    if (typeof method !== 'function') {
      throw dataCloneError(method === null ? 'Object that needs transfer was found in message but not listed in transferList'
        : 'Cannot clone object of unsupported type.');
    }
    const [specifier, name, data, shared] = method.call(object);
    entry = [specifier, name, shared === true ? data : write(data, [])];
  }
  return current.hosts.push(entry) - 1;
}
setCallback(7, writeHost);

// Runs a native that serializes, while writeHost puts platform objects into hosts.
function writeWith(hosts: any[], transferred: Map<any, any>, value: any, native: (value: any) => any): any {
  const before = writing;
  // Differs from Node: V8 serializes errors without asking, so a DOMException keeps its class only when it is the value itself.
  if (value instanceof Error && load('internal:web/domexception').isDOMException(value)) {
    value = new ClonedException(value);
  }
  writing = { hosts, transferred };
  try {
    return native(value);
  } catch (err: any) {
    hosts.forEach(disposeHost);
    if (err instanceof Error && err.name === 'DataCloneError' && (err as any).code === 25 && !load('internal:web/domexception').isDOMException(err)) {
      const cloneable = load('internal:web/message/env').withoutEnv(value);
      if (cloneable !== value) {
        hosts.length = 0;
        return writeWith(hosts, transferred, cloneable, native);
      }
      throw dataCloneError(err.message);
    }
    throw err;
  } finally {
    writing = before;
  }
}

const none = new Map<any, any>();

function write(value: any, buffers: ArrayBuffer[], transferred: Map<any, any> = none): Serialized {
  const hosts: any[] = [];
  return { packet: writeWith(hosts, transferred, value, (v) => packetSerialize(v, buffers)), hosts };
}

// A clone in this isolate, nothing transferred.
function clone(value: any): any {
  const hosts: any[] = [];
  const out = writeWith(hosts, none, value, (v) => cloneValue(v, hosts));
  return hosts.length === 0 ? out : deserialize({ packet: hosts.pop(), hosts });
}

/**
 * Serializes a value; what is in the list is moved, not copied.
 * @param source the port that sends, which can't be transferred through itself
 * @throws DOMException DataCloneError, and what getters of value throw
 */
export function serialize(value: any, list: any[], source?: any): Serialized {
  if (list.length === 0) {
    return write(value, []);
  }
  const buffers: ArrayBuffer[] = [];
  const transferred = new Map<any, any>();
  const commits: (() => void)[] = [];
  for (const item of list) {
    if ((typeof item !== 'object' && typeof item !== 'function') || item === null) {
      throw dataCloneError('Found invalid value in transferList.');
    }
    if (item instanceof ArrayBuffer) {
      if (isUntransferable(item) || (item as any).detached) {
        throw dataCloneError('Cannot transfer object of unsupported type.');
      }
      if (buffers.includes(item)) {
        throw dataCloneError('Transfer list contains duplicate ArrayBuffer');
      }
      buffers.push(item);
      continue;
    }
    const method = item[kTransfer] ?? transferOfStream(item);
    if (typeof method !== 'function' || isUntransferable(item)) {
      throw dataCloneError('Cannot transfer object of unsupported type.');
    }
    if (transferred.has(item)) {
      throw dataCloneError(`Transfer list contains duplicate ${item.constructor.name}`);
    }
    if (item === source) {
      throw dataCloneError('Transfer list contains source port');
    }
    // [specifier, export, state, commit, list]: commit() detaches the object once everything could be serialized. The state is an end of a
    // channel, or with a list a value that is cloned with this transfer list.
    let made = method.call(item);
    if (!Array.isArray(made)) {
      // User code that imitates a builtin: the receiver will refuse it.
      made = [`${made?.deserializeInfo}`, '', made?.data, () => {}, []];
    }
    const [specifier, name, state, commit, inner] = made;
    transferred.set(item, [specifier, name, inner === undefined ? state : serialize(state, inner)]);
    commits.push(commit);
  }
  const out = write(value, buffers, transferred);
  for (const commit of commits) {
    commit();
  }
  // What was transferred without being mentioned in the value arrives all the same (as event.ports).
  for (const entry of transferred.values()) {
    if (!out.hosts.includes(entry)) {
      out.hosts.push(entry);
    }
  }
  return out;
}

// Streams are rarely transferred: the code for it is loaded then.
function transferOfStream(item: any): Function | undefined {
  return /^(?:Readable|Writable|Transform)Stream$/.test(item?.[Symbol.toStringTag]) ? load('internal:web/message/streams').transferOf(item) : undefined;
}

// A platform object's data is a Serialized; that of a port is its end.
function isSerialized(data: any): boolean {
  return typeof data === 'object' && data !== null && typeof data.packet === 'number' && Array.isArray(data.hosts);
}
function disposeHost(host: any): void {
  if (isSerialized(host[2])) {
    dispose(host[2]);
  }
}
/** Ends a value that nobody will read. */
export function dispose(from: Serialized): void {
  packetRelease(from.packet);
  from.hosts.forEach(disposeHost);
}

// What may make an object from a message.
const makers = new Set(['internal:web/message makePort', 'internal:web/message/clone makeBlob', 'internal:web/message/clone makeDOMException',
  'internal:web/message/streams readable', 'internal:web/message/streams writable', 'internal:web/message/streams transform',
  'internal:fs/promises receivedHandle', 'internal:events/transfer receive', 'internal:crypto/keys wrapKey',
  'internal:crypto/cryptokey receivedCryptoKey', 'internal:net/blocklist cloneAddress', 'internal:net/blocklist shareRules', 'internal:perfhooks/histogram receiveHistogram',
  'internal:perfhooks/histogram receiveRecordable']);

function read(from: Serialized, realm?: object): any {
  const objects: any[] = [];
  try {
    for (const [specifier, name, data] of from.hosts) {
      if (realm !== undefined && name !== 'makePort') {
        throw new codes.ERR_MESSAGE_TARGET_CONTEXT_UNAVAILABLE();
      }
      if (!makers.has(`${specifier} ${name}`)) {
        throw new Error(/^[a-z_]+:/.test(specifier) ? `Unknown deserialize spec ${specifier}` : `Missing internal module '${specifier}'`);
      }
      objects.push(load(specifier)[name](isSerialized(data) ? read(data) : data));
    }
    return packetDeserialize(from.packet, objects, realm);
  } finally {
    packetRelease(from.packet);
  }
}

/**
 * The value of serialize's result, which is used up.
 * @param realm an object of the context in which the value is made
 */
export function deserialize(from: Serialized, realm?: object): any {
  return read(from, realm);
}

/**
 * Hands a serialized value to Go, which may carry it to another thread.
 * @returns the packet's number when that is all, else a reference to the message
 */
export function messageOf(from: Serialized): any {
  const { hosts } = from;
  if (hosts.length === 0) {
    return from.packet;
  }
  const names: string[] = [];
  for (const [specifier, name] of hosts) {
    names.push(specifier, name);
  }
  const message = messageNew(from.packet, names);
  for (let i = 0; i < hosts.length; i++) {
    const data = hosts[i][2];
    messagePut(message, i, isSerialized(data) ? messageOf(data) : data);
  }
  return message;
}
/** messageOf as a reference in every case. */
export function parcelOf(from: Serialized): any {
  const message = messageOf(from);
  return typeof message === 'number' ? messageNew(message, []) : message;
}
/** The opposite of messageOf: what a native gave, a packet's number or [packet, [specifier, export, data]...]. */
export function received(message: any): Serialized {
  if (typeof message === 'number') {
    return { packet: message, hosts: [] };
  }
  const hosts: any[] = [];
  for (let i = 1; i < message.length; i++) {
    const [specifier, name, data] = message[i];
    hosts.push([specifier, name, typeof data === 'number' || Array.isArray(data) ? received(data) : data]);
  }
  return { packet: message[0], hosts };
}
/** The opposite of parcelOf. */
export function openParcel(parcel: any, realm?: object): any {
  return deserialize(received(messageOpen(parcel)), realm);
}

/** structuredClone(value[, {transfer}]). https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone */
export function structuredClone(value: any, options?: any): any {
  if (arguments.length === 0) {
    throw new codes.ERR_MISSING_ARGS('The value argument must be specified');
  }
  let list: any[] = [];
  if (options !== undefined && options !== null) {
    if (typeof options !== 'object' && typeof options !== 'function') {
      throw invalidArgument("Failed to execute 'structuredClone': Options cannot be converted to a dictionary");
    }
    const { transfer } = options;
    if (transfer !== undefined) {
      if (transfer === null || (typeof transfer !== 'object' && typeof transfer !== 'function') || typeof transfer[Symbol.iterator] !== 'function') {
        throw invalidArgument("Failed to execute 'structuredClone': transfer in Options can not be converted to sequence.");
      }
      list = [...transfer];
    }
  }
  if (((typeof value !== 'object' || value === null) && typeof value !== 'function' && typeof value !== 'symbol') && list.length === 0) {
    return value;
  }
  if (list.length === 0) {
    return clone(value);
  }
  const out = serialize(value, list);
  // What is transferred leaves its old object as in a message: the end of a channel would be closed with the old port.
  return out.hosts.length > 0 ? openParcel(parcelOf(out)) : deserialize(out);
}

export function invalidArgument(message: string): TypeError {
  const err: any = new TypeError(message);
  err.code = 'ERR_INVALID_ARG_TYPE';
  return err;
}

// ---- platform objects of other builtins ----

// Stands for a DOMException while it is written.
class ClonedException {
  #state: { name: string; message: string; stack: string };
  constructor({ name, message, stack }: any) {
    this.#state = { name, message, stack };
  }
  [kClone](): any {
    return ['internal:web/message/clone', 'makeDOMException', this.#state];
  }
}
export function makeDOMException({ name, message, stack }: any): any {
  const out = new (load('internal:web/domexception').DOMException)(message, name);
  defineProperty(out, 'stack', { value: stack, writable: true, enumerable: false, configurable: true });
  return out;
}
export function makeBlob({ parts, type, file, name, lastModified }: any): any {
  const { Blob, File } = load('internal:web/blob');
  return file ? new File(parts, name, { type, lastModified }) : new Blob(parts, { type });
}
