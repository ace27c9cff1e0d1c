// V8's serialization format, version 15, as node:v8 gives it out: values that structured clone knows, with hooks for host objects.
// https://nodejs.org/docs/latest-v24.x/api/v8.html#serialization-api
//
// A value is a tag byte and its parts. Whole numbers are little-endian base-128 ("varint"); an object gets the next number when its
// tag is written, and a later occurrence is a reference to this number.
import { packetRelease, packetSerialize, shortText } from 'native:engine';
import { Buffer, FastBuffer } from 'internal:buffer';
import * as types from 'internal:util/types';

const { defineProperty, hasOwn, keys } = Object;
const { isArray } = Array;
const { isInteger } = Number;

const version = 15;

// Tags.
const UNDEFINED = 0x5f, NULL = 0x30, TRUE = 0x54, FALSE = 0x46, INT32 = 0x49, UINT32 = 0x55, DOUBLE = 0x4e, BIGINT = 0x5a;
const UTF8 = 0x53, ONE_BYTE = 0x22, TWO_BYTE = 0x63, PADDING = 0x00, HOLE = 0x2d, REFERENCE = 0x5e;
const OBJECT = 0x6f, END_OBJECT = 0x7b, SPARSE = 0x61, END_SPARSE = 0x40, DENSE = 0x41, END_DENSE = 0x24;
const DATE = 0x44, TRUE_OBJECT = 0x79, FALSE_OBJECT = 0x78, NUMBER_OBJECT = 0x6e, BIGINT_OBJECT = 0x7a, STRING_OBJECT = 0x73, REGEXP = 0x52;
const MAP = 0x3b, END_MAP = 0x3a, SET = 0x27, END_SET = 0x2c;
const ARRAY_BUFFER = 0x42, RESIZABLE_BUFFER = 0x7e, TRANSFERRED = 0x74, VIEW = 0x56, HOST = 0x5c, ERROR = 0x72;
const HEADER = 0xff;

// The classes of views by their tag.
const views: [number, any][] = [
  [0x62, Int8Array], [0x42, Uint8Array], [0x43, Uint8ClampedArray], [0x77, Int16Array], [0x57, Uint16Array], [0x64, Int32Array], [0x44, Uint32Array],
  [0x66, Float32Array], [0x46, Float64Array], [0x71, BigInt64Array], [0x51, BigUint64Array], [0x3f, DataView],
];
if (typeof (globalThis as any).Float16Array === 'function') {
  views.push([0x68, (globalThis as any).Float16Array]);
}
// By the internal name, which user code can't change.
const viewTag = new Map<string, number>(views.map(([tag, of]) => [of.name, tag]));
const typedName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get as () => string;
function viewName(view: any): string {
  return types.isDataView(view) ? 'DataView' : Reflect.apply(typedName, view, []);
}

const errorTags: [number, any][] = [[0x45, EvalError], [0x52, RangeError], [0x46, ReferenceError], [0x53, SyntaxError], [0x54, TypeError], [0x55, URIError]];
const MESSAGE = 0x6d, STACK = 0x73, CAUSE = 0x63, END_ERROR = 0x2e;

// Bits of a RegExp's flags.
const flagBits = 'gimyus\0dv';

const index = /^(?:0|[1-9][0-9]{0,9})$/;

function viewArgument(value: any, name: string): void {
  if (!ArrayBuffer.isView(value)) {
    const error: any = new TypeError(`${name} must be a TypedArray or a DataView`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
}
function bufferArgument(value: any): void {
  if (!types.isAnyArrayBuffer(value)) {
    const error: any = new TypeError('arrayBuffer must be an ArrayBuffer');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
}
function bytesOf(view: any): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

class Writer {
  bytes = new Uint8Array(64);
  view = new DataView(this.bytes.buffer);
  length = 0;
  ids = new Map<object, number>();
  transferred = new Map<object, number>();
  viewsAreHostObjects = false;
  owner: any;
  constructor(owner: any) {
    this.owner = owner;
  }
  room(n: number): number {
    const at = this.length;
    if (at + n > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(2 * this.bytes.length, at + n));
      bytes.set(this.bytes.subarray(0, at));
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
    }
    this.length = at + n;
    return at;
  }
  byte(b: number): void {
    const at = this.room(1);
    this.bytes[at] = b;
  }
  varint(n: number): void {
    while (n > 0x7f) {
      this.byte(n % 128 | 0x80);
      n = Math.floor(n / 128);
    }
    this.byte(n);
  }
  double(n: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, n, true);
  }
  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }
  fail(value: any): never {
    // V8 makes the message.
    let message = `${shortText(value)} could not be cloned.`;
    try {
      packetRelease(packetSerialize(value, undefined));
    } catch (error: any) {
      message = error.message;
    }
    throw new (this.owner._getDataCloneError ?? Error)(message);
  }

  int(n: number): void {
    this.byte(INT32);
    this.varint(((n << 1) ^ (n >> 31)) >>> 0);
  }
  string(text: string): void {
    let oneByte = true;
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > 0xff) {
        oneByte = false;
        break;
      }
    }
    if (oneByte) {
      this.byte(ONE_BYTE);
      this.varint(text.length);
      const at = this.room(text.length);
      for (let i = 0; i < text.length; i++) {
        this.bytes[at + i] = text.charCodeAt(i);
      }
      return;
    }
    const size = 2 * text.length;
    let digits = 1;
    for (let n = size; n > 0x7f; n >>>= 7) {
      digits++;
    }
    if ((this.length + 1 + digits) & 1) {
      this.byte(PADDING); // so that the characters begin at an even place
    }
    this.byte(TWO_BYTE);
    this.varint(size);
    const at = this.room(size);
    for (let i = 0; i < text.length; i++) {
      this.view.setUint16(at + 2 * i, text.charCodeAt(i), true);
    }
  }
  bigint(n: bigint): void {
    let rest = n < 0n ? -n : n;
    const words: bigint[] = [];
    for (; rest > 0n; rest >>= 64n) {
      words.push(rest & 0xffffffffffffffffn);
    }
    this.varint(words.length * 16 + (n < 0n ? 1 : 0));
    for (const word of words) {
      const at = this.room(8);
      this.view.setBigUint64(at, word, true);
    }
  }
  key(key: string): void {
    if (index.test(key) && +key < 2 ** 32 - 1) {
      this.number(+key);
    } else {
      this.string(key);
    }
  }
  number(n: number): void {
    if ((n | 0) === n && !Object.is(n, -0)) {
      this.int(n);
    } else {
      this.byte(DOUBLE);
      this.double(n);
    }
  }

  value(value: any): void {
    switch (typeof value) {
      case 'undefined': this.byte(UNDEFINED); return;
      case 'boolean': this.byte(value ? TRUE : FALSE); return;
      case 'number': this.number(value); return;
      case 'bigint': this.byte(BIGINT); this.bigint(value); return;
      case 'string': this.string(value); return;
      case 'object':
        if (value === null) {
          this.byte(NULL);
        } else {
          this.object(value);
        }
        return;
    }
    this.fail(value);
  }
  object(value: any): void {
    const known = this.ids.get(value);
    if (known !== undefined) {
      this.byte(REFERENCE);
      this.varint(known);
      return;
    }
    const isView = ArrayBuffer.isView(value);
    if (isView && !this.viewsAreHostObjects) {
      this.object(value.buffer);
    }
    this.ids.set(value, this.ids.size);
    if (isView) {
      if (this.viewsAreHostObjects) {
        this.host(value);
        return;
      }
      this.byte(VIEW);
      this.byte(viewTag.get(viewName(value)) as number);
      this.varint(value.byteOffset);
      this.varint(value.byteLength);
      this.varint(0); // neither length-tracking nor of a resizable buffer
      return;
    }
    if (types.isProxy(value)) {
      this.fail(value);
    } else if (isArray(value)) {
      this.array(value);
    } else if (types.isDate(value)) {
      this.byte(DATE);
      this.double(Date.prototype.getTime.call(value));
    } else if (types.isBoxedPrimitive(value)) {
      this.boxed(value);
    } else if (types.isRegExp(value)) {
      this.byte(REGEXP);
      this.string(value.source);
      let bits = 0;
      for (const flag of value.flags) {
        bits |= 1 << flagBits.indexOf(flag);
      }
      this.varint(bits);
    } else if (types.isMap(value)) {
      this.byte(MAP);
      const entries = [...Map.prototype.entries.call(value)];
      for (const [k, v] of entries) {
        this.value(k);
        this.value(v);
      }
      this.byte(END_MAP);
      this.varint(2 * entries.length);
    } else if (types.isSet(value)) {
      this.byte(SET);
      const entries = [...Set.prototype.values.call(value)];
      for (const v of entries) {
        this.value(v);
      }
      this.byte(END_SET);
      this.varint(entries.length);
    } else if (types.isAnyArrayBuffer(value)) {
      this.arrayBuffer(value);
    } else if (types.isNativeError(value)) {
      this.error(value);
    } else if (
      types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || types.isGeneratorObject(value) || types.isMapIterator(value) ||
      types.isSetIterator(value) || types.isExternal(value) || types.isModuleNamespaceObject(value) || value instanceof WeakRef
    ) {
      this.fail(value);
    } else {
      this.byte(OBJECT);
      const n = this.properties(value, keys(value));
      this.byte(END_OBJECT);
      this.varint(n);
    }
  }
  properties(object: any, names: string[]): number {
    let n = 0;
    for (const name of names) {
      if (!hasOwn(object, name)) {
        continue; // a getter took it away
      }
      const value = object[name];
      this.key(name);
      this.value(value);
      n++;
    }
    return n;
  }
  array(array: any[]): void {
    const { length } = array;
    const names = keys(array);
    const dense = length === 0 || names.length >= length && names[length - 1] === String(length - 1);
    if (!dense) {
      this.byte(SPARSE);
      this.varint(length);
      const n = this.properties(array, names);
      this.byte(END_SPARSE);
      this.varint(n);
      this.varint(length);
      return;
    }
    this.byte(DENSE);
    this.varint(length);
    for (let i = 0; i < length; i++) {
      if (hasOwn(array, i)) {
        this.value(array[i]);
      } else {
        this.byte(HOLE);
      }
    }
    const n = this.properties(array, names.slice(length));
    this.byte(END_DENSE);
    this.varint(n);
    this.varint(length);
  }
  boxed(value: any): void {
    const inner = value.valueOf === Object.prototype.valueOf ? value : unbox(value);
    switch (typeof inner) {
      case 'boolean': this.byte(inner ? TRUE_OBJECT : FALSE_OBJECT); return;
      case 'number': this.byte(NUMBER_OBJECT); this.double(inner); return;
      case 'bigint': this.byte(BIGINT_OBJECT); this.bigint(inner); return;
      case 'string': this.byte(STRING_OBJECT); this.string(inner); return;
    }
    this.fail(value);
  }
  arrayBuffer(value: any): void {
    const id = this.transferred.get(value);
    if (id !== undefined) {
      this.byte(TRANSFERRED);
      this.varint(id);
      return;
    }
    if (types.isSharedArrayBuffer(value)) {
      if (typeof this.owner._getSharedArrayBufferId === 'function') {
        this.byte(0x75);
        this.varint(this.owner._getSharedArrayBufferId(value) >>> 0);
        return;
      }
      this.fail(value);
    }
    if (value.detached) {
      throw new (this.owner._getDataCloneError ?? Error)('An ArrayBuffer is detached and could not be cloned.');
    }
    if (value.resizable) {
      this.byte(RESIZABLE_BUFFER);
      this.varint(value.byteLength);
      this.varint(value.maxByteLength);
    } else {
      this.byte(ARRAY_BUFFER);
      this.varint(value.byteLength);
    }
    this.raw(new Uint8Array(value));
  }
  error(value: any): void {
    this.byte(ERROR);
    const name = String(value.name);
    const tag = errorTags.find(([, of]) => of.name === name);
    if (tag !== undefined) {
      this.byte(tag[0]);
    }
    const message = Object.getOwnPropertyDescriptor(value, 'message');
    if (message !== undefined && 'value' in message) {
      this.byte(MESSAGE);
      this.string(String(message.value));
    }
    const { stack } = value;
    if (typeof stack === 'string') {
      this.byte(STACK);
      this.string(stack);
    }
    if (hasOwn(value, 'cause')) {
      this.byte(CAUSE);
      this.value(value.cause);
    }
    this.byte(END_ERROR);
  }
  host(value: any): void {
    this.byte(HOST);
    if (typeof this.owner._writeHostObject !== 'function') {
      throw new (this.owner._getDataCloneError ?? Error)(`${value} could not be cloned.`);
    }
    this.owner._writeHostObject(value);
  }
}

function unbox(value: any): any {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  return value;
}

const kWriter = Symbol('writer');
const kReader = Symbol('reader');

function hide(target: any, key: symbol, value: any): void {
  defineProperty(target, key, { value, enumerable: false, writable: true, configurable: false });
}

// Writes values into a growing buffer.
// Differs from Node: the format is written in TypeScript, and only arrays with holes are written as sparse.
export class Serializer {
  constructor() {
    hide(this, kWriter, new Writer(this));
  }
  writeHeader(): void {
    const w: Writer = (this as any)[kWriter];
    w.byte(HEADER);
    w.varint(version);
  }
  writeValue(value: any): boolean {
    (this as any)[kWriter].value(value);
    return true;
  }
  releaseBuffer(): any {
    const w: Writer = (this as any)[kWriter];
    const out = Buffer.from(w.bytes.buffer, 0, w.length);
    hide(this, kWriter, new Writer(this));
    return out;
  }
  transferArrayBuffer(id: any, arrayBuffer: any): void {
    bufferArgument(arrayBuffer);
    (this as any)[kWriter].transferred.set(arrayBuffer, id >>> 0);
  }
  writeUint32(value: any): void { (this as any)[kWriter].varint(value >>> 0); }
  writeUint64(high: any, low: any): void {
    let n = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    const w: Writer = (this as any)[kWriter];
    for (; n > 0x7fn; n >>= 7n) {
      w.byte(Number(n & 0x7fn) | 0x80);
    }
    w.byte(Number(n));
  }
  writeDouble(value: any): void { (this as any)[kWriter].double(Number(value)); }
  writeRawBytes(source: any): void {
    viewArgument(source, 'source');
    (this as any)[kWriter].raw(bytesOf(source));
  }
  _setTreatArrayBufferViewsAsHostObjects(flag: any): void { (this as any)[kWriter].viewsAreHostObjects = Boolean(flag); }
  declare _getDataCloneError: any;
}
Serializer.prototype._getDataCloneError = Error;

class Reader {
  bytes: Uint8Array;
  view: DataView;
  at = 0;
  version = 0;
  objects: any[] = [];
  transferred = new Map<number, any>();
  owner: any;
  constructor(bytes: Uint8Array, owner: any) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.owner = owner;
  }
  fail(): never {
    throw new Error('Unable to deserialize cloned data.');
  }
  take(n: number): number {
    const at = this.at;
    if (!(n <= this.bytes.length - at)) {
      this.fail();
    }
    this.at = at + n;
    return at;
  }
  byte(): number { return this.bytes[this.take(1)]; }
  peek(): number { return this.at < this.bytes.length ? this.bytes[this.at] : -1; }
  varint(): number {
    let n = 0;
    for (let unit = 1; ; unit *= 128) {
      const b = this.byte();
      if (unit < 2 ** 32) {
        n += (b & 0x7f) * unit;
      }
      if (b < 0x80) {
        return n >>> 0;
      }
    }
  }
  double(): number { return this.view.getFloat64(this.take(8), true); }
  tag(): number {
    let t = this.byte();
    while (t === PADDING) {
      t = this.byte();
    }
    return t;
  }
  text(tag: number): string {
    if (tag === ONE_BYTE || tag === UTF8) {
      const n = this.varint();
      const at = this.take(n);
      return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, n).toString(tag === UTF8 ? 'utf8' : 'latin1');
    }
    if (tag === TWO_BYTE) {
      const n = this.varint();
      if (n % 2 !== 0) {
        this.fail();
      }
      const at = this.take(n);
      return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, n).toString('utf16le');
    }
    return this.fail();
  }
  string(): string { return this.text(this.tag()); }
  bigint(): bigint {
    const field = this.varint();
    const size = field >>> 1;
    const at = this.take(size);
    let hex = '';
    for (let i = at + size - 1; i >= at; i--) {
      hex += this.bytes[i].toString(16).padStart(2, '0');
    }
    const n = BigInt(hex === '' ? 0 : `0x${hex}`);
    return field & 1 ? -n : n;
  }
  add<T>(object: T): T {
    this.objects.push(object);
    return object;
  }

  value(): any {
    const value = this.inner(this.tag());
    // A view follows its buffer.
    if (types.isAnyArrayBuffer(value) && this.peek() === VIEW) {
      this.at++;
      return this.arrayBufferView(value);
    }
    return value;
  }
  inner(tag: number): any {
    switch (tag) {
      case UNDEFINED: return undefined;
      case NULL: return null;
      case TRUE: return true;
      case FALSE: return false;
      case INT32: {
        const n = this.varint();
        return (n >>> 1) ^ -(n & 1);
      }
      case UINT32: return this.varint();
      case DOUBLE: return this.double();
      case BIGINT: return this.bigint();
      case UTF8: case ONE_BYTE: case TWO_BYTE: return this.text(tag);
      case REFERENCE: {
        const id = this.varint();
        if (id >= this.objects.length) {
          this.fail();
        }
        return this.objects[id];
      }
      case OBJECT: {
        const object = this.add({});
        this.properties(object, END_OBJECT);
        return object;
      }
      case SPARSE: {
        const array: any[] = this.add([]);
        array.length = this.varint();
        this.properties(array, END_SPARSE);
        this.varint();
        return array;
      }
      case DENSE: {
        const length = this.varint();
        if (length > this.bytes.length - this.at) {
          this.fail();
        }
        const array: any[] = this.add([]);
        array.length = length;
        for (let i = 0; i < length; i++) {
          if (this.peek() === HOLE) {
            this.at++;
          } else {
            array[i] = this.value();
          }
        }
        this.properties(array, END_DENSE);
        this.varint();
        return array;
      }
      case DATE: return this.add(new Date(this.double()));
      case TRUE_OBJECT: return this.add(Object(true));
      case FALSE_OBJECT: return this.add(Object(false));
      case NUMBER_OBJECT: return this.add(Object(this.double()));
      case BIGINT_OBJECT: return this.add(Object(this.bigint()));
      case STRING_OBJECT: return this.add(Object(this.string()));
      case REGEXP: return this.regexp();
      case MAP: {
        const map = this.add(new Map());
        let n = 0;
        while (this.peek() !== END_MAP) {
          const key = this.value();
          map.set(key, this.value());
          n += 2;
        }
        this.at++;
        if (this.varint() !== n) {
          this.fail();
        }
        return map;
      }
      case SET: {
        const set = this.add(new Set());
        let n = 0;
        while (this.peek() !== END_SET) {
          set.add(this.value());
          n++;
        }
        this.at++;
        if (this.varint() !== n) {
          this.fail();
        }
        return set;
      }
      case ARRAY_BUFFER: {
        const n = this.varint();
        const at = this.take(n);
        return this.add(this.bytes.slice(at, at + n).buffer);
      }
      case RESIZABLE_BUFFER: {
        const n = this.varint();
        const most = this.varint();
        const at = this.take(n);
        if (n > most) {
          this.fail();
        }
        const buffer = new (ArrayBuffer as any)(n, { maxByteLength: most });
        new Uint8Array(buffer).set(this.bytes.subarray(at, at + n));
        return this.add(buffer);
      }
      case TRANSFERRED: {
        const buffer = this.transferred.get(this.varint());
        if (buffer === undefined) {
          this.fail();
        }
        return this.add(buffer);
      }
      case ERROR: return this.error();
      case HOST: {
        const id = this.objects.push(undefined) - 1;
        if (typeof this.owner._readHostObject !== 'function') {
          this.fail();
        }
        const object = this.owner._readHostObject();
        if (typeof object !== 'object' || object === null) {
          throw new TypeError('readHostObject must return an object');
        }
        this.objects[id] = object;
        return object;
      }
    }
    return this.fail();
  }
  properties(object: any, end: number): void {
    let n = 0;
    for (;;) {
      const tag = this.tag();
      if (tag === end) {
        break;
      }
      const key = this.inner(tag);
      if (typeof key !== 'string' && typeof key !== 'number') {
        this.fail();
      }
      defineProperty(object, key, { __proto__: null, value: this.value(), writable: true, enumerable: true, configurable: true } as any);
      n++;
    }
    if (this.varint() !== n) {
      this.fail();
    }
  }
  regexp(): RegExp {
    const pattern = this.string();
    const bits = this.varint();
    let flags = '';
    for (let i = 0; i < flagBits.length; i++) {
      if (bits & (1 << i)) {
        flags += flagBits[i];
      }
    }
    try {
      return this.add(new RegExp(pattern, flags));
    } catch {
      return this.fail();
    }
  }
  arrayBufferView(buffer: any): any {
    const tag = this.byte();
    const offset = this.varint();
    const size = this.varint();
    if (this.version >= 14) {
      this.varint();
    }
    const found = views.find(([t]) => t === tag);
    if (found === undefined || offset > buffer.byteLength || size > buffer.byteLength - offset) {
      this.fail();
    }
    const of = (found as any)[1];
    const unit = of.BYTES_PER_ELEMENT ?? 1;
    if (offset % unit !== 0 || size % unit !== 0) {
      this.fail();
    }
    return this.add(new of(buffer, offset, size / unit));
  }
  error(): any {
    const id = this.objects.push(undefined) - 1;
    let of: any = Error;
    let message: string | undefined;
    let stack: string | undefined;
    let cause: any;
    let hasCause = false;
    for (;;) {
      const tag = this.byte();
      if (tag === END_ERROR) {
        break;
      }
      if (tag === MESSAGE) {
        message = this.string();
      } else if (tag === STACK) {
        stack = this.string();
      } else if (tag === CAUSE) {
        hasCause = true;
        cause = this.value();
      } else {
        const found = errorTags.find(([t]) => t === tag);
        if (found === undefined) {
          this.fail();
        }
        of = (found as any)[1];
      }
    }
    const error = hasCause ? new of(message, { cause }) : new of(message);
    defineProperty(error, 'stack', { __proto__: null, value: stack, writable: true, enumerable: false, configurable: true } as any);
    this.objects[id] = error;
    return error;
  }
}

/** Reads what a Serializer wrote. */
export class Deserializer {
  declare buffer: any;
  constructor(buffer: any) {
    viewArgument(buffer, 'buffer');
    this.buffer = buffer;
    hide(this, kReader, new Reader(bytesOf(buffer), this));
  }
  readHeader(): boolean {
    const r: Reader = (this as any)[kReader];
    const old = 'Unable to deserialize cloned data due to invalid or unsupported version.';
    if (r.peek() !== HEADER || r.bytes.length < r.at + 2) {
      throw new Error(old);
    }
    r.at++;
    r.version = r.varint();
    // Differs from Node: data of formats before 13 (Node 10 and older) is refused.
    if (r.version > version || r.version < 13) {
      throw new Error(old);
    }
    return true;
  }
  readValue(): any { return (this as any)[kReader].value(); }
  getWireFormatVersion(): number { return (this as any)[kReader].version; }
  transferArrayBuffer(id: any, arrayBuffer: any): void {
    bufferArgument(arrayBuffer);
    (this as any)[kReader].transferred.set(id >>> 0, arrayBuffer);
  }
  readUint32(): number { return or(() => (this as any)[kReader].varint(), 'ReadUint32() failed'); }
  readUint64(): [number, number] {
    const r: Reader = (this as any)[kReader];
    return or(() => {
      let n = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const b = r.byte();
        n |= BigInt(b & 0x7f) << shift;
        if (b < 0x80) {
          break;
        }
      }
      n = BigInt.asUintN(64, n);
      return [Number(n >> 32n), Number(n & 0xffffffffn)] as [number, number];
    }, 'ReadUint64() failed');
  }
  readDouble(): number { return or(() => (this as any)[kReader].double(), 'ReadDouble() failed'); }
  _readRawBytes(length: any): number {
    const n = Number(length);
    return or(() => (this as any)[kReader].take(isInteger(n) && n >= 0 ? n : NaN), 'ReadRawBytes() failed');
  }
  readRawBytes(length: any): any {
    const offset = this._readRawBytes(length);
    return Buffer.from(this.buffer.buffer, this.buffer.byteOffset + offset, length);
  }
}

function or<T>(read: () => T, message: string): T {
  try {
    return read();
  } catch {
    throw new Error(message);
  }
}

for (const of of [Serializer, Deserializer]) {
  for (const name of Object.getOwnPropertyNames(of.prototype)) {
    if (name !== 'constructor') {
      defineProperty(of.prototype, name, { enumerable: true });
    }
  }
}

// ---- what serialize() and deserialize() use: views and Buffers as host objects of their own ----

const hostViews: any[] = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, DataView, FastBuffer,
  BigInt64Array, BigUint64Array, (globalThis as any).Float16Array,
];
const BUFFER = 10;

export class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }
  _writeHostObject(view: any): void {
    const kind = view.constructor === Buffer || view instanceof FastBuffer ? BUFFER : hostViews.findIndex((of) => of?.name === viewName(view));
    if (kind === -1) {
      throw new this._getDataCloneError(`Unserializable host object: ${describe(view)}`);
    }
    this.writeUint32(kind);
    this.writeUint32(view.byteLength);
    this.writeRawBytes(view);
  }
}
function describe(value: any): string {
  return Object.prototype.toString.call(value);
}

export class DefaultDeserializer extends Deserializer {
  _readHostObject(): any {
    const of = hostViews[this.readUint32()];
    if (of === undefined) {
      throw new Error('Unable to deserialize cloned data.');
    }
    const size = this.readUint32();
    const unit = of.BYTES_PER_ELEMENT ?? 1;
    const offset = this._readRawBytes(size) + this.buffer.byteOffset;
    if (offset % unit === 0) {
      return new of(this.buffer.buffer, offset, size / unit);
    }
    // Not aligned: a copy.
    const copy = new Uint8Array(this.buffer.buffer, offset, size).slice();
    return new of(copy.buffer, 0, size / unit);
  }
}

/** v8.serialize(value) -> Buffer */
export function serialize(value: any): any {
  const s = new DefaultSerializer();
  s.writeHeader();
  s.writeValue(value);
  return s.releaseBuffer();
}

/** v8.deserialize(buffer) -> value */
export function deserialize(buffer: any): any {
  viewArgument(buffer, 'buffer');
  const d = new DefaultDeserializer(buffer);
  d.readHeader();
  return d.readValue();
}
