// Structured clone: values to bytes and back, with platform objects and transfer.
// https://html.spec.whatwg.org/multipage/structured-data.html
//
// A class takes part by a method under Symbol.for('roost.clone') on its prototype: it returns [specifier, export, data], and the clone is
// what that export of that builtin makes of the cloned data. A class that is transferred has one under Symbol.for('roost.transfer') as well,
// called in its place when the object is in the transfer list.
import { isUntransferable, setCallback, structuredDeserialize, structuredSerialize } from 'native:engine';
import { codes } from 'internal:errors';
import { load } from 'internal:load';

export const kClone = Symbol.for('roost.clone');
export const kTransfer = Symbol.for('roost.transfer');

const { defineProperty } = Object;

/** A DOMException named DataCloneError. */
export function dataCloneError(message: string): any {
  return new (load('internal:web/domexception').DOMException)(message, 'DataCloneError');
}

/** A serialized value: what a message is while it waits. */
export interface Serialized {
  bytes: Uint8Array;
  buffers: ArrayBuffer[]; // transferred memory
  shared: any[]; // SharedArrayBuffers
  hosts: any[]; // [specifier, export, serialized data or transferred state] of platform objects
}

let writing: { hosts: any[]; transferred: Map<any, any> } | undefined;

// RT_CB_HOST_OBJECT_WRITE(object) → index
function writeHost(object: any): number {
  const current = writing!;
  let entry = current.transferred.get(object);
  if (entry === undefined) {
    const method = object[kClone];
    if (typeof method !== 'function') {
      throw dataCloneError(method === null ? 'Object that needs transfer was found in message but not listed in transferList'
        : 'Cannot clone object of unsupported type.');
    }
    const [specifier, name, data] = method.call(object);
    entry = [specifier, name, write(data, [])];
  }
  return current.hosts.push(entry) - 1;
}
setCallback(7, writeHost);

function write(value: any, buffers: ArrayBuffer[], transferred: Map<any, any> = new Map()): Serialized {
  const before = writing;
  const hosts: any[] = [];
  // Differs from Node: V8 serializes errors without asking, so a DOMException keeps its class only when it is the value itself.
  if (value instanceof Error && load('internal:web/domexception').isDOMException(value)) {
    value = { [kClone]: cloneDOMException, name: value.name, message: value.message, stack: value.stack };
  }
  writing = { hosts, transferred };
  try {
    const [bytes, moved, shared] = structuredSerialize(value, buffers);
    return { bytes, buffers: moved, shared, hosts };
  } catch (err: any) {
    if (err instanceof Error && err.name === 'DataCloneError' && (err as any).code === 25 && !load('internal:web/domexception').isDOMException(err)) {
      throw dataCloneError(err.message);
    }
    throw err;
  } finally {
    writing = before;
  }
}

/**
 * Serializes a value; what is in the list is moved, not copied.
 * @param source the port that sends, which can't be transferred through itself
 * @throws DOMException DataCloneError, and what getters of value throw
 */
export function serialize(value: any, list: any[], source?: any): Serialized {
  preparePlatformObjects();
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
    const method = item[kTransfer];
    if (typeof method !== 'function' || isUntransferable(item)) {
      throw dataCloneError('Cannot transfer object of unsupported type.');
    }
    if (transferred.has(item)) {
      throw dataCloneError(`Transfer list contains duplicate ${item.constructor.name}`);
    }
    if (item === source) {
      throw dataCloneError('Transfer list contains source port');
    }
    // [specifier, export, state, commit]: commit() detaches the object once everything could be serialized.
    const [specifier, name, state, commit] = method.call(item);
    transferred.set(item, [specifier, name, state]);
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

function read(from: Serialized): any {
  const objects: any[] = [];
  for (const [specifier, name, data] of from.hosts) {
    objects.push(load(specifier)[name](data?.bytes instanceof Uint8Array ? read(data) : data));
  }
  return structuredDeserialize(from.bytes, from.buffers, from.shared, objects);
}

/** The value of serialize's result. Transferred memory is used up. */
export function deserialize(from: Serialized): any {
  preparePlatformObjects();
  return read(from);
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
  return deserialize(serialize(value, list));
}

export function invalidArgument(message: string): TypeError {
  const err: any = new TypeError(message);
  err.code = 'ERR_INVALID_ARG_TYPE';
  return err;
}

// ---- platform objects of other builtins ----

let prepared = false;
function preparePlatformObjects(): void {
  if (prepared) {
    return;
  }
  prepared = true;
  const { Blob, File, blobParts } = load('internal:web/blob');
  const method = (value: Function) => ({ value, writable: true, enumerable: false, configurable: true });
  defineProperty(Blob.prototype, kClone, method(function clone(this: any) {
    const parts = blobParts(this);
    if (parts === undefined) {
      throw dataCloneError('Blob that reads from a file could not be cloned.');
    }
    const isFile = this instanceof File;
    return ['internal:web/message/clone', 'makeBlob',
      { parts: parts.parts, type: parts.type, file: isFile, name: isFile ? this.name : '', lastModified: isFile ? this.lastModified : 0 }];
  }));
}

function cloneDOMException(this: any): any {
  return ['internal:web/message/clone', 'makeDOMException', { name: this.name, message: this.message, stack: this.stack }];
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
