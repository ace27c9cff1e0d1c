// native:perfhooks — the clock, milestones, what the loop measures, histograms.

/** milliseconds since timeOrigin() */
export function now(): number;
/** milliseconds of Unix time at which the program started */
export function timeOrigin(): number;
/** v8Start, environment, bootstrapComplete, loopStart, loopExit in milliseconds since timeOrigin(); -1: not yet */
/** Microseconds of the steady clock → milliseconds since the origin of performance.now(). */
export function sinceOrigin(micros: number): number;
export function milestones(): Float64Array;
/** turns, events, events that waited, idle milliseconds */
export function loopMetrics(): Float64Array;

/** A histogram, or a delay monitor, which has one. */
export type Histogram = object;
export function histogramNew(lowest: number | bigint, highest: number | bigint, figures: number): Histogram;
export function histogramRecord(histogram: Histogram, value: number | bigint): void;
export function histogramRecordDelta(histogram: Histogram): void;
export function histogramAdd(histogram: Histogram, other: Histogram): void;
export function histogramReset(histogram: Histogram): void;
/** count, exceeds, min, max, mean, standard deviation; the first four as BigInt when `big` */
export function histogramNumbers(histogram: Histogram, big: boolean): Float64Array | bigint[];
export function histogramPercentile(histogram: Histogram, percentile: number, big: boolean): number | bigint;
/** level, value, level, value, ... */
export function histogramShare(histogram: Histogram): Histogram;
export function histogramPercentiles(histogram: Histogram): Float64Array;

/** A stopped monitor of the loop's delay; resolution in milliseconds. */
export function delayNew(resolution: number): Histogram;
export function delayEnable(delay: Histogram, on: boolean): void;
