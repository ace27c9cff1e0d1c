// Performance measurement. https://nodejs.org/docs/latest-v24.x/api/perf_hooks.html
//
// For other builtins: performance and the classes of the global scope. Those that make entries of their own kind import hasObserver and
// enqueue from internal:perfhooks/timeline and createNodeEntry from internal:perfhooks/entry.
import { codes } from 'internal:errors';
import { defineEventHandler, Event, EventTarget } from 'internal:events/target';
import { load } from 'internal:load';
import { lazyDOMException } from 'internal:util';
import { customInspectSymbol } from 'internal:util/inspect';
import { validateFunction, validateObject } from 'internal:validators';
import { cloneDetail, createNodeEntry, inspectAs, kInternal, milestone, PerformanceEntry, PerformanceMark, PerformanceMeasure } from 'internal:perfhooks/entry';
import { PerformanceResourceTiming, markResourceTiming } from 'internal:perfhooks/resource';
import {
  addMark, addMeasure, clear, enqueue, entries, entriesByName, entriesByType, hasObserver, markTime, onResourcesFull, PerformanceObserver,
  PerformanceObserverEntryList, setResourceLimit,
} from 'internal:perfhooks/timeline';
import { loopMetrics, milestones, now, timeOrigin } from 'native:perfhooks';

export { PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, PerformanceObserverEntryList, PerformanceResourceTiming };
export { now };

const { defineProperties, defineProperty, setPrototypeOf } = Object;
const { apply, construct } = Reflect;

// ---- nodeTiming ----

const milestoneNames = ['v8Start', 'environment', 'bootstrapComplete', 'loopStart', 'loopExit'];

// Differs from Node: nodeStart is 0, the origin of the clock, which starts with the process; v8Start, environment, bootstrapComplete and
// loopExit stay -1.
function readMilestone(name: string): number {
  return name === 'nodeStart' ? 0 : milestones()[milestoneNames.indexOf(name)];
}
milestone.names = new Set(['nodeStart', ...milestoneNames]);
milestone.read = readMilestone;

function PerformanceNodeTiming(this: any) {
  const get = (read: () => any) => ({ enumerable: true, configurable: true, get: read });
  const fixed = (value: any) => ({ enumerable: true, configurable: true, value });
  const of = (name: string) => get(() => readMilestone(name));
  defineProperties(this, {
    name: fixed('node'),
    entryType: fixed('node'),
    startTime: fixed(0),
    duration: get(now),
    nodeStart: of('nodeStart'),
    v8Start: of('v8Start'),
    bootstrapComplete: of('bootstrapComplete'),
    environment: of('environment'),
    loopStart: of('loopStart'),
    loopExit: of('loopExit'),
    idleTime: get(() => loopMetrics()[3]),
    uvMetricsInfo: { enumerable: false, configurable: true, get: () => {
      const [loopCount, events, eventsWaiting] = loopMetrics();
      return { loopCount, events, eventsWaiting };
    } },
  });
}
setPrototypeOf(PerformanceNodeTiming.prototype, PerformanceEntry.prototype);
defineProperties(PerformanceNodeTiming.prototype, {
  toJSON: { configurable: true, writable: true, value: function toJSON(this: any) {
    const { name, startTime, duration, nodeStart, v8Start, bootstrapComplete, environment, loopStart, loopExit, idleTime } = this;
    return { name, entryType: 'node', startTime, duration, nodeStart, v8Start, bootstrapComplete, environment, loopStart, loopExit, idleTime };
  } },
  [customInspectSymbol]: { configurable: true, writable: true, value: function(this: any, depth: number, options: any) {
    return inspectAs(this, 'PerformanceNodeTiming', this.toJSON(), depth, options);
  } },
});

const nodeTiming: any = new (PerformanceNodeTiming as any)();

// ---- event loop utilization ----

/** eventLoopUtilization(utilization1?, utilization2?): idle and active milliseconds of the loop, since it began or between two readings. */
export function eventLoopUtilization(first?: any, second?: any): { idle: number; active: number; utilization: number } {
  const start = readMilestone('loopStart');
  if (start <= 0) {
    return { idle: 0, active: 0, utilization: 0 };
  }
  if (second) {
    const idle = first.idle - second.idle;
    const active = first.active - second.active;
    return { idle, active, utilization: active / (idle + active) };
  }
  const idle = loopMetrics()[3];
  const active = now() - start - idle;
  if (!first) {
    return { idle, active, utilization: active / (idle + active) };
  }
  const idleSince = idle - first.idle;
  const activeSince = active - first.active;
  return { idle: idleSince, active: activeSince, utilization: activeSince / (idleSince + activeSince) };
}

// ---- timerify ----

function finish(name: string, start: number, args: any[], histogram: any): void {
  const duration = now() - start;
  if (histogram !== undefined) {
    histogram.record(Math.max(1, Math.ceil(duration * 1e6)));
  }
  if (hasObserver('function')) {
    const entry: any = createNodeEntry(name, 'function', start, duration, args);
    for (let i = 0; i < args.length; i++) {
      entry[i] = args[i];
    }
    enqueue(entry);
  }
}

/** timerify(fn, { histogram }): a function that measures each call of fn as an entry of type 'function'. */
export function timerify(fn: any, options: any = {}): any {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined && !load('internal:perfhooks/histogram').isRecordable(histogram)) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
  }
  function timerified(this: any, ...args: any[]): any {
    const start = now();
    const result = new.target ? construct(fn, args, fn) : apply(fn, this, args);
    if (!new.target && typeof result?.finally === 'function') {
      return result.finally(() => finish(fn.name, start, args, histogram));
    }
    finish(fn.name, start, args, histogram);
    return result;
  }
  defineProperties(timerified, {
    length: { configurable: false, enumerable: true, value: fn.length },
    name: { configurable: false, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

// ---- performance ----

/** A mark or a number as a time. */
function timeOf(mark: any): number {
  if (typeof mark === 'number') {
    if (mark < 0) {
      throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
    }
    return mark;
  }
  const name = `${mark}`;
  if (milestone.names.has(name)) {
    return readMilestone(name);
  }
  const time = markTime(name);
  if (time === undefined) {
    throw lazyDOMException(`The "${name}" performance mark has not been set`, 'SyntaxError');
  }
  return time;
}

function endOf(options: any, endMark: any): number {
  if (endMark !== undefined) {
    return timeOf(endMark);
  }
  if (options?.end !== undefined) {
    return timeOf(options.end);
  }
  if (options?.start !== undefined && options.duration !== undefined) {
    return timeOf(options.start) + timeOf(options.duration);
  }
  return now();
}

function startOf(options: any, mark: any, end: number): number {
  if (options?.start !== undefined) {
    return timeOf(options.start);
  }
  if (options?.duration !== undefined && options.end !== undefined) {
    return end - timeOf(options.duration);
  }
  return mark === undefined ? 0 : timeOf(mark);
}

const kMade = Symbol('performance');

export class Performance extends EventTarget {
  [kMade] = true;
  constructor(key?: any) {
    if (key !== kInternal) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    super();
    defineProperty(this, kMade, { value: true, enumerable: false });
  }

  clearMarks(name: any = undefined): void { need(this); clear('mark', name); }
  clearMeasures(name: any = undefined): void { need(this); clear('measure', name); }
  clearResourceTimings(name: any = undefined): void { need(this); clear('resource', name); }
  getEntries(): any[] { need(this); return entries(); }
  getEntriesByName(name: any, type: any = undefined): any[] {
    need(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    return entriesByName(`${name}`, type === undefined ? undefined : `${type}`);
  }
  getEntriesByType(type: any): any[] {
    need(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('type');
    }
    return entriesByType(`${type}`);
  }
  mark(name: any, options: any = {}): PerformanceMark {
    need(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    const mark = new PerformanceMark(name, options);
    addMark(mark);
    return mark;
  }
  measure(name: any, startOrOptions: any = {}, endMark: any = undefined): PerformanceMeasure {
    need(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    name = `${name}`;
    let options: any;
    let startMark: any;
    if (startOrOptions !== null && typeof startOrOptions === 'object') {
      if (Object.keys(startOrOptions).length > 0) {
        options = startOrOptions;
      }
    } else if (typeof startOrOptions === 'string') {
      startMark = startOrOptions;
    }
    if (options !== undefined) {
      if (endMark !== undefined) {
        throw new codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('endMark must not be specified');
      }
      if (options.start !== undefined && options.end !== undefined && options.duration !== undefined) {
        throw new codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('Must not have options.start, options.end, and options.duration specified');
      }
    }
    const end = endOf(options, endMark);
    const start = startOf(options, startMark, end);
    const measure = new PerformanceMeasure(kInternal, name, start, end - start, cloneDetail(options?.detail));
    addMeasure(measure);
    return measure;
  }
  now(): number { need(this); return now(); }
  setResourceTimingBufferSize(maxSize: any): void {
    need(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('maxSize');
    }
    setResourceLimit(maxSize);
  }
  get timeOrigin(): number { need(this); return timeOrigin(); }
  toJSON(): any {
    need(this);
    return { nodeTiming: this.nodeTiming, timeOrigin: this.timeOrigin, eventLoopUtilization: eventLoopUtilization() };
  }
  [customInspectSymbol](depth: number, options: any): string {
    if (!(this as any)[kMade]) {
      return this as any;
    }
    return inspectAs(this, 'Performance', { nodeTiming: this.nodeTiming, timeOrigin: this.timeOrigin }, depth, options);
  }
  declare nodeTiming: any;
}

function need(self: any): void {
  if (self?.[kMade] !== true) {
    throw new codes.ERR_INVALID_THIS('Performance');
  }
}

const enumerable = { enumerable: true };
const hidden = (value: any) => ({ value, writable: true, enumerable: false, configurable: true });
defineProperties(Performance.prototype, {
  clearMarks: enumerable,
  clearMeasures: enumerable,
  clearResourceTimings: enumerable,
  getEntries: enumerable,
  getEntriesByName: enumerable,
  getEntriesByType: enumerable,
  mark: enumerable,
  measure: enumerable,
  now: enumerable,
  setResourceTimingBufferSize: enumerable,
  timeOrigin: enumerable,
  toJSON: enumerable,
  eventLoopUtilization: hidden(eventLoopUtilization),
  nodeTiming: hidden(nodeTiming),
  markResourceTiming: hidden(markResourceTiming),
  timerify: hidden(timerify),
  [Symbol.toStringTag]: { configurable: true, value: 'Performance' },
} as any);
defineEventHandler(Performance.prototype, 'resourcetimingbufferfull');
defineProperty(Performance, 'length', { value: 0, configurable: true });

/** The global performance. */
export const performance: any = new Performance(kInternal);
onResourcesFull(() => performance.dispatchEvent(new Event('resourcetimingbufferfull')));
