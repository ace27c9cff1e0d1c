// Performance entries. https://w3c.github.io/performance-timeline/ and https://w3c.github.io/user-timing/
import { packetDeserialize, packetRelease, packetSerialize } from 'native:engine';
import { codes } from 'internal:errors';
import { customInspectSymbol, inspect } from 'internal:util/inspect';
import { lazyDOMException } from 'internal:util';
import { now } from 'native:perfhooks';

const { defineProperties, defineProperty } = Object;

/** The argument by which builtins make what user code can't construct. */
export const kInternal = Symbol('internal');

/** Inspects as a class name with properties. */
export function inspectAs(self: object, name: string, properties: object, depth: number, options: any): string {
  if (depth < 0) {
    return `[${self.constructor.name}]`;
  }
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${name} ${inspect(properties, inner)}`;
}

/** A value as `detail` keeps it: a structured clone. */
export function cloneDetail(value: any): any {
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') {
    return value;
  }
  try {
    const packet = packetSerialize(value, undefined);
    try {
      return packetDeserialize(packet);
    } finally {
      packetRelease(packet);
    }
  } catch (error: any) {
    if (error?.name === 'DataCloneError') {
      throw lazyDOMException(error.message, 'DataCloneError');
    }
    throw error;
  }
}

export class PerformanceEntry {
  #name: string;
  #type: string;
  #start: number;
  #duration: number;
  #detail: any;

  constructor(key?: any, name?: any, type?: any, start?: any, duration?: any, detail?: any) {
    if (key !== kInternal) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    this.#name = name;
    this.#type = type;
    this.#start = start;
    this.#duration = duration;
    this.#detail = detail;
  }

  static is(value: any): boolean { return typeof value === 'object' && value !== null && #name in value; }
  static detailOf(entry: PerformanceEntry): any { return entry.#detail; }

  get name(): string { PerformanceEntry.#check(this); return this.#name; }
  get entryType(): string { PerformanceEntry.#check(this); return this.#type; }
  get startTime(): number { PerformanceEntry.#check(this); return this.#start; }
  get duration(): number { PerformanceEntry.#check(this); return this.#duration; }

  toJSON(): any {
    PerformanceEntry.#check(this);
    return { name: this.#name, entryType: this.#type, startTime: this.#start, duration: this.#duration };
  }

  [customInspectSymbol](depth: number, options: any): string {
    return inspectAs(this, this.constructor.name, this.toJSON(), depth, options);
  }

  static #check(value: any): void {
    if (!isEntry(value)) {
      throw new codes.ERR_INVALID_THIS('PerformanceEntry');
    }
  }
}
/** Whether value is an entry (of any class). */
export const isEntry = PerformanceEntry.is;
const detailOf = PerformanceEntry.detailOf;
delete (PerformanceEntry as any).is;
delete (PerformanceEntry as any).detailOf;

const enumerable = { enumerable: true };
defineProperties(PerformanceEntry.prototype, { name: enumerable, entryType: enumerable, startTime: enumerable, duration: enumerable, toJSON: enumerable });

function needEntry(value: any, type: string, name: string): void {
  if (!isEntry(value) || value.entryType !== type) {
    throw new codes.ERR_INVALID_THIS(name);
  }
}

/** What the names of nodeTiming's milestones stand for; set by internal:perfhooks. */
export const milestone: { names: Set<string>; read(name: string): number } = { names: new Set(), read: () => 0 };

export class PerformanceMark extends PerformanceEntry {
  constructor(name: any, options: any = undefined) {
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    name = `${name}`;
    if (milestone.names.has(name)) {
      throw new codes.ERR_INVALID_ARG_VALUE('name', name);
    }
    if (options != null && typeof options !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    const start = options?.startTime ?? now();
    if (typeof start !== 'number') {
      throw new codes.ERR_INVALID_ARG_TYPE('startTime', 'number', start);
    }
    if (start < 0) {
      throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(start);
    }
    super(kInternal, name, 'mark', start, 0, cloneDetail(options?.detail));
  }
  get detail(): any { needEntry(this, 'mark', 'PerformanceMark'); return detailOf(this); }
  toJSON(): any { return { ...super.toJSON(), detail: this.detail }; }
}

export class PerformanceMeasure extends PerformanceEntry {
  constructor(key?: any, name?: any, start?: any, duration?: any, detail?: any) {
    super(key, name, 'measure', start, duration, detail);
  }
  get detail(): any { needEntry(this, 'measure', 'PerformanceMeasure'); return detailOf(this); }
  toJSON(): any { return { ...super.toJSON(), detail: this.detail }; }
}

for (const [entryClass, name] of [[PerformanceMark, 'PerformanceMark'], [PerformanceMeasure, 'PerformanceMeasure']] as any) {
  defineProperty(entryClass.prototype, 'detail', enumerable);
  defineProperty(entryClass.prototype, Symbol.toStringTag, { configurable: true, value: name });
}
defineProperty(PerformanceMark, 'length', { value: 1, configurable: true });
defineProperty(PerformanceMeasure, 'length', { value: 0, configurable: true });
defineProperty(PerformanceEntry, 'length', { value: 0, configurable: true });

/** Entries of Node's own kinds: function, http, net, dns, gc. `detail` is their data. */
export class PerformanceNodeEntry extends PerformanceEntry {
  constructor(key: any, name: string, type: string, start: number, duration: number, detail: any) {
    super(key, name, type, start, duration, detail);
  }
  get detail(): any { return detailOf(this); }
  toJSON(): any { return { ...super.toJSON(), detail: this.detail }; }
}

/** For builtins: an entry of one of Node's own kinds. Times in milliseconds since timeOrigin. */
export function createNodeEntry(name: string, type: string, start: number, duration: number, detail: any): PerformanceEntry {
  return new PerformanceNodeEntry(kInternal, name, type, start, duration, detail);
}
