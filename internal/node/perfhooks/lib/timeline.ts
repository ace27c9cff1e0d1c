// The timeline of entries and its observers. https://w3c.github.io/performance-timeline/
import { sinceOrigin } from 'native:perfhooks';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { setImmediate } from 'internal:timers';
import { customInspectSymbol } from 'internal:util/inspect';
import { validateFunction, validateObject } from 'internal:validators';
import { createNodeEntry, inspectAs, isEntry, kInternal } from 'internal:perfhooks/entry';
import { observed } from 'internal:perfhooks/observed';

const { defineProperties, defineProperty, freeze } = Object;

// Differs from Node: entries of the kind quic aren't made, so it is not among the supported types.
const supported: readonly string[] = freeze(Object.keys(observed));

/** More marks or measures than this give a warning. */
const warnAt = 1e6;

let marks: any[] = [];
let measures: any[] = [];
let resources: any[] = [];
const lastMark = new Map<string, number>(); // start time of the newest mark of a name
const warned = new Set<string>();

const byStart = (a: any, b: any) => a.startTime - b.startTime;

// ---- observers ----
const observers = new Set<PerformanceObserver>();
const pending = new Set<PerformanceObserver>();
let scheduled = false;

function deliver(): void {
  scheduled = false;
  const list = [...pending];
  pending.clear();
  for (const observer of list) {
    observer[kDispatch]();
  }
}

function queue(observer: PerformanceObserver): void {
  pending.add(observer);
  if (!scheduled) {
    scheduled = true;
    setImmediate(deliver);
  }
}

// The first observer of collections makes the engine record them, the last one ends it.
function watchCollections(on: boolean): void {
  const { ignore, observe } = load('internal:v8/collections');
  if (on) {
    observe(addCollection, false);
  } else {
    ignore(addCollection);
  }
}
function addCollection({ type, flags, begin, micros }: any): void {
  const entry = createNodeEntry('gc', 'gc', sinceOrigin(begin), micros / 1e3, { kind: type, flags });
  // Deprecated (DEP0152), still there.
  defineProperties(entry, { kind: { get: () => type, enumerable: false, configurable: true }, flags: { get: () => flags, enumerable: false, configurable: true } });
  enqueue(entry);
}

/** Whether somebody observes entries of this type: what makes entries asks before it measures. */
export function hasObserver(type: string): boolean {
  return observed[type] > 0;
}

/** Hands an entry to the observers of its type. */
export function enqueue(entry: any): void {
  if (!isEntry(entry)) {
    throw new codes.ERR_INVALID_ARG_TYPE('entry', 'PerformanceEntry', entry);
  }
  const type = entry.entryType;
  for (const observer of observers) {
    observer[kMaybeBuffer](entry, type);
  }
}

const kDispatch = Symbol('kDispatch');
const kMaybeBuffer = Symbol('kMaybeBuffer');

export class PerformanceObserverEntryList {
  #entries: any[];
  constructor(key?: any, entries?: any) {
    if (key !== kInternal) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    this.#entries = entries.sort(byStart);
  }
  static #check(self: any): void {
    if (typeof self !== 'object' || self === null || !(#entries in self)) {
      throw new codes.ERR_INVALID_THIS('PerformanceObserverEntryList');
    }
  }
  getEntries(): any[] {
    PerformanceObserverEntryList.#check(this);
    return this.#entries.slice();
  }
  getEntriesByType(type: any): any[] {
    PerformanceObserverEntryList.#check(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('type');
    }
    type = `${type}`;
    return this.#entries.filter((entry) => entry.entryType === type);
  }
  getEntriesByName(name: any, type: any = undefined): any[] {
    PerformanceObserverEntryList.#check(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    name = `${name}`;
    if (type != null) {
      type = `${type}`;
    }
    return this.#entries.filter((entry) => entry.name === name && (type == null || entry.entryType === type));
  }
  [customInspectSymbol](depth: number, options: any): string {
    return inspectAs(this, 'PerformanceObserverEntryList', this.#entries, depth, options);
  }
}
const enumerable = { enumerable: true };
defineProperties(PerformanceObserverEntryList.prototype, {
  getEntries: enumerable,
  getEntriesByType: enumerable,
  getEntriesByName: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'PerformanceObserverEntryList' },
} as any);
defineProperty(PerformanceObserverEntryList, 'length', { value: 0, configurable: true });

export class PerformanceObserver {
  #callback: Function;
  #buffer: any[] = [];
  #types = new Set<string>();
  #mode: 'single' | 'multiple' | undefined;

  constructor(callback: any) {
    validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  static get supportedEntryTypes(): readonly string[] { return supported; }

  observe(options: any = {}): void {
    validateObject(options, 'options');
    const { entryTypes, type, buffered } = { ...options };
    if (entryTypes === undefined && type === undefined) {
      throw new codes.ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    }
    if (entryTypes != null && type != null) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.entryTypes', entryTypes, 'options.entryTypes can not set with options.type together');
    }
    const mode = entryTypes !== undefined ? 'multiple' : 'single';
    if (this.#mode !== undefined && this.#mode !== mode) {
      const message = this.#mode === 'single' ?
        'PerformanceObserver can not change to multiple observations' :
        'PerformanceObserver can not change to single observation';
      throw load('internal:util').lazyDOMException(message, 'InvalidModificationError');
    }
    if (mode === 'multiple' && !Array.isArray(entryTypes)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
    }
    this.#mode = mode;
    if (mode === 'multiple') {
      this.#forget();
      for (const wanted of entryTypes) {
        this.#want(`${wanted}`);
      }
    } else {
      const wanted = `${type}`;
      this.#want(wanted);
      if (buffered) {
        const past = entriesByType(wanted);
        if (past.length > 0) {
          this.#buffer.push(...past);
          queue(this);
        }
      }
    }
    if (this.#types.size > 0) {
      observers.add(this);
    } else {
      this.disconnect();
    }
  }

  disconnect(): void {
    observers.delete(this);
    pending.delete(this);
    this.#buffer = [];
    this.#forget();
    this.#mode = undefined;
  }

  takeRecords(): any[] {
    const list = this.#buffer;
    this.#buffer = [];
    return list;
  }

  #want(type: string): void {
    if (supported.includes(type) && !this.#types.has(type)) {
      this.#types.add(type);
      observed[type]++;
      if (type === 'gc' && observed[type] === 1) {
        watchCollections(true);
      }
    }
  }

  #forget(): void {
    for (const type of this.#types) {
      observed[type]--;
      if (type === 'gc' && observed[type] === 0) {
        watchCollections(false);
      }
    }
    this.#types.clear();
  }

  [kMaybeBuffer](entry: any, type: string): void {
    if (this.#types.has(type)) {
      this.#buffer.push(entry);
      queue(this);
    }
  }

  [kDispatch](): void {
    const entries = this.takeRecords();
    if (entries.length > 0) {
      this.#callback(new PerformanceObserverEntryList(kInternal, entries), this);
    }
  }

  [customInspectSymbol](depth: number, options: any): string {
    return inspectAs(this, 'PerformanceObserver', {
      connected: observers.has(this),
      pending: pending.has(this),
      entryTypes: [...this.#types],
      buffer: this.#buffer,
    }, depth, options);
  }
}
defineProperties(PerformanceObserver.prototype, {
  observe: enumerable,
  disconnect: enumerable,
  takeRecords: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'PerformanceObserver' },
} as any);

// ---- the timeline ----

function warnFull(type: string, list: any[]): void {
  if (list.length > warnAt && !warned.has(type)) {
    warned.add(type);
    const warning: any = new Error(
      `Possible perf_hooks memory leak detected. ${list.length} ${type} entries added to the global performance entry buffer. Use ` +
        `${type === 'mark' ? 'performance.clearMarks' : 'performance.clearMeasures'} to clear the buffer.`,
    );
    warning.name = 'MaxPerformanceEntryBufferExceededWarning';
    warning.entryType = type;
    warning.count = list.length;
    load('internal:process/warning').emitWarning(warning);
  }
}

export function addMark(mark: any): void {
  lastMark.set(mark.name, mark.startTime);
  enqueue(mark);
  marks.push(mark);
  warnFull('mark', marks);
}

export function addMeasure(measure: any): void {
  enqueue(measure);
  measures.push(measure);
  warnFull('measure', measures);
}

/** Start time of the newest mark of this name. */
export function markTime(name: string): number | undefined {
  return lastMark.get(name);
}

export function clear(type: 'mark' | 'measure' | 'resource', name: any): void {
  if (name !== undefined) {
    name = `${name}`;
  }
  const rest = (list: any[]) => (name === undefined ? [] : list.filter((entry) => entry.name !== name));
  if (type === 'mark') {
    marks = rest(marks);
    if (name === undefined) {
      lastMark.clear();
    } else {
      lastMark.delete(name);
    }
  } else if (type === 'measure') {
    measures = rest(measures);
  } else {
    resources = rest(resources);
  }
}

export function entries(): any[] {
  return marks.concat(measures, resources).sort(byStart);
}

export function entriesByType(type: string): any[] {
  const list = type === 'mark' ? marks : type === 'measure' ? measures : type === 'resource' ? resources : [];
  return list.slice().sort(byStart);
}

export function entriesByName(name: string, type: string | undefined): any[] {
  const list = type === undefined ? entries() : entriesByType(type);
  return list.filter((entry) => entry.name === name);
}

// ---- resource timing buffer: https://w3c.github.io/resource-timing/#sec-extensions-performance-interface ----
let resourceLimit = 250;
let waiting: any[] = [];
let fullPending = false;
let announce: () => void = () => {};

/** Registers what dispatches resourcetimingbufferfull. */
export function onResourcesFull(dispatch: () => void): void {
  announce = dispatch;
}

export function setResourceLimit(limit: any): void {
  resourceLimit = limit >>> 0;
}

export function addResource(entry: any): void {
  enqueue(entry);
  if (resources.length < resourceLimit && !fullPending) {
    resources.push(entry);
    return;
  }
  waiting.push(entry);
  if (!fullPending) {
    fullPending = true;
    setImmediate(resourcesFull);
  }
}

function resourcesFull(): void {
  while (waiting.length > 0) {
    const before = waiting.length;
    if (resources.length >= resourceLimit) {
      announce();
    }
    while (waiting.length > 0 && resources.length < resourceLimit) {
      resources.push(waiting.shift());
    }
    // The listener made no room: what waits is lost.
    if (waiting.length >= before) {
      waiting = [];
    }
  }
  fullPending = false;
}
