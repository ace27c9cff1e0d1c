// Histograms. https://nodejs.org/docs/latest-v24.x/api/perf_hooks.html#class-histogram
import { codes } from 'internal:errors';
import { customInspectSymbol } from 'internal:util/inspect';
import { validateInteger, validateNumber, validateObject } from 'internal:validators';
import * as native from 'native:perfhooks';
import { inspectAs, kInternal } from 'internal:perfhooks/entry';

const { defineProperty } = Object;

const kClone = Symbol.for('roost.clone');

export class Histogram {
  #ref: native.Histogram;
  constructor(key?: any, ref?: any) {
    if (key !== kInternal) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
    this.#ref = ref;
  }
  static refOf(value: any): native.Histogram | undefined {
    return typeof value === 'object' && value !== null && #ref in value ? value.#ref : undefined;
  }
  static #number(self: any, i: number): number { return native.histogramNumbers(need(self), false)[i] as number; }
  static #big(self: any, i: number): bigint { return native.histogramNumbers(need(self), true)[i] as bigint; }

  get count(): number { return Histogram.#number(this, 0); }
  get countBigInt(): bigint { return Histogram.#big(this, 0); }
  get min(): number { return Histogram.#number(this, 2); }
  get minBigInt(): bigint { return Histogram.#big(this, 2); }
  get max(): number { return Histogram.#number(this, 3); }
  get maxBigInt(): bigint { return Histogram.#big(this, 3); }
  get mean(): number { return Histogram.#number(this, 4); }
  get exceeds(): number { return Histogram.#number(this, 1); }
  get exceedsBigInt(): bigint { return Histogram.#big(this, 1); }
  get stddev(): number { return Histogram.#number(this, 5); }

  percentile(percentile: any): number {
    const ref = need(this);
    validatePercentile(percentile);
    return native.histogramPercentile(ref, percentile, false) as number;
  }
  percentileBigInt(percentile: any): bigint {
    const ref = need(this);
    validatePercentile(percentile);
    return native.histogramPercentile(ref, percentile, true) as bigint;
  }
  get percentiles(): Map<number, number> {
    const map = new Map<number, number>();
    const list = native.histogramPercentiles(need(this));
    for (let i = 0; i < list.length; i += 2) {
      map.set(list[i], list[i + 1]);
    }
    return map;
  }
  get percentilesBigInt(): Map<number, bigint> {
    const map = new Map<number, bigint>();
    const list = native.histogramPercentiles(need(this));
    for (let i = 0; i < list.length; i += 2) {
      map.set(list[i], BigInt(list[i + 1]));
    }
    return map;
  }
  reset(): void { native.histogramReset(need(this)); }

  /** A clone is the same histogram for who may only read it. */
  [kClone](): any {
    return ['internal:perfhooks/histogram', 'receiveHistogram', native.histogramShare(need(this)), true];
  }

  toJSON(): any {
    const [count, exceeds, min, max, mean, stddev] = native.histogramNumbers(need(this), false) as Float64Array;
    const percentiles: any = {};
    for (const [level, value] of this.percentiles) {
      percentiles[level] = value;
    }
    return { count, min, max, mean, exceeds, stddev, percentiles };
  }
  [customInspectSymbol](depth: number, options: any): string {
    if (refOf(this) === undefined) {
      return this as any;
    }
    const [count, exceeds, min, max, mean, stddev] = native.histogramNumbers(need(this), false) as Float64Array;
    return inspectAs(this, 'Histogram', { min, max, mean, exceeds, stddev, count, percentiles: this.percentiles }, depth, options);
  }
}
const refOf = Histogram.refOf;
delete (Histogram as any).refOf;
defineProperty(Histogram, 'length', { value: 0, configurable: true });

function need(self: any): native.Histogram {
  const ref = refOf(self);
  if (ref === undefined) {
    throw new codes.ERR_INVALID_THIS('Histogram');
  }
  return ref;
}

function validatePercentile(value: any): void {
  validateNumber(value, 'percentile');
  if (!(value > 0 && value <= 100)) {
    throw new codes.ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', value);
  }
}

/** Whether value is a histogram that record() accepts numbers for. */
export function isRecordable(value: any): boolean {
  return value instanceof RecordableHistogram && refOf(value) !== undefined;
}

export class RecordableHistogram extends Histogram {
  constructor(key?: any, ref?: any) { super(key, ref); }
  record(value: any): void {
    const ref = needRecordable(this);
    if (typeof value !== 'bigint') {
      validateInteger(value, 'val', 1);
    } else if (value < 1n || value > 9223372036854775807n) {
      throw new codes.ERR_OUT_OF_RANGE('val', '>= 1 && <= 9223372036854775807n', value);
    }
    native.histogramRecord(ref, value);
  }
  [kClone](): any {
    return ['internal:perfhooks/histogram', 'receiveRecordable', native.histogramShare(needRecordable(this)), true];
  }
  recordDelta(): void { native.histogramRecordDelta(needRecordable(this)); }
  add(other: any): void {
    const ref = needRecordable(this);
    const from = refOf(other);
    if (from === undefined || !(other instanceof RecordableHistogram)) {
      throw new codes.ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
    }
    native.histogramAdd(ref, from);
  }
}
defineProperty(RecordableHistogram, 'length', { value: 0, configurable: true });

function needRecordable(self: any): native.Histogram {
  const ref = refOf(self);
  if (ref === undefined || !(self instanceof RecordableHistogram)) {
    throw new codes.ERR_INVALID_THIS('RecordableHistogram');
  }
  return ref;
}

// What a message makes of a clone.
export function receiveHistogram(ref: any): Histogram {
  return new Histogram(kInternal, ref);
}
export function receiveRecordable(ref: any): RecordableHistogram {
  return new RecordableHistogram(kInternal, ref);
}

const MAX = Number.MAX_SAFE_INTEGER;

/** createHistogram({ lowest = 1, highest = Number.MAX_SAFE_INTEGER, figures = 3 }) */
export function createHistogram(options: any = {}): RecordableHistogram {
  validateObject(options, 'options');
  const { lowest = 1, highest = MAX, figures = 3 } = options;
  if (typeof lowest !== 'bigint') {
    validateInteger(lowest, 'options.lowest', 1, MAX);
  } else if (lowest < 1n) {
    throw new codes.ERR_OUT_OF_RANGE('options.lowest', '>= 1n', lowest);
  }
  if (typeof highest !== 'bigint') {
    validateInteger(highest, 'options.highest', 2 * Number(lowest), MAX);
  } else if (highest < 2n * BigInt(lowest)) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.highest', highest);
  }
  validateInteger(figures, 'options.figures', 1, 5);
  return new RecordableHistogram(kInternal, native.histogramNew(lowest, highest, figures));
}

class ELDHistogram extends Histogram {
  #enabled = false;
  enable(): boolean {
    if (this.#enabled) {
      return false;
    }
    native.delayEnable(need(this), true);
    this.#enabled = true;
    return true;
  }
  disable(): boolean {
    if (!this.#enabled) {
      return false;
    }
    native.delayEnable(need(this), false);
    this.#enabled = false;
    return true;
  }
}
(ELDHistogram.prototype as any)[(Symbol as any).dispose] = function dispose(this: ELDHistogram) {
  this.disable();
};
defineProperty(ELDHistogram.prototype, (Symbol as any).dispose, { enumerable: false });

/** monitorEventLoopDelay({ resolution = 10 }): a histogram in nanoseconds of the time between calls of a timer. */
export function monitorEventLoopDelay(options: any = {}): ELDHistogram {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new ELDHistogram(kInternal, native.delayNew(resolution));
}
