// internal:v8/profile: profiles of collections, of CPU time, and objects by constructor.
import { cpuProfileStart, cpuProfileStop, queryObjects as findObjects } from 'native:engine';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateFunction, validateObject } from 'internal:validators';

const typeNames: Record<number, string> = {
  1: 'Scavenge', 2: 'MinorMarkSweep', 4: 'MarkSweepCompact', 8: 'IncrementalMarking', 16: 'ProcessWeakCallbacks', 31: 'All',
};

/** Records garbage collections between start() and stop(). */
export class GCProfiler {
  #running: { startTime: number; statistics: any[]; listener: (collection: any) => void } | undefined;
  start(): void {
    if (this.#running !== undefined) {
      return;
    }
    const { describeSizes, observe } = load('internal:v8/collections');
    const statistics: any[] = [];
    const listener = ({ type, micros, before, after }: any): void => {
      statistics.push({ gcType: typeNames[type] ?? 'Unknown', beforeGC: describeSizes(before), cost: micros, afterGC: describeSizes(after) });
    };
    this.#running = { startTime: Date.now(), statistics, listener };
    observe(listener, true);
  }
  /** What was recorded; undefined when it was not started. Costs are in microseconds, sizes in bytes, times in milliseconds of Unix time. */
  stop(): any {
    const running = this.#running;
    if (running === undefined) {
      return undefined;
    }
    load('internal:v8/collections').ignore(running.listener);
    this.#running = undefined;
    return { version: 1, startTime: running.startTime, statistics: running.statistics, endTime: Date.now() };
  }
  [Symbol.dispose](): void {
    this.stop();
  }
}

/** A CPU profile that is being recorded. */
class SyncCPUProfileHandle {
  #id: number;
  constructor(id: number) {
    this.#id = id;
  }
  /** Ends it; the profile as JSON, undefined the second time. */
  stop(): string | undefined {
    if (this.#id === 0) {
      return undefined;
    }
    const id = this.#id;
    this.#id = 0;
    return JSON.stringify(cpuProfileStop(id));
  }
  [Symbol.dispose](): void {
    this.stop();
  }
}

/**
 * Begins a CPU profile.
 * @throws ERR_CPU_PROFILE_TOO_MANY
 */
export function startCpuProfile(): SyncCPUProfileHandle {
  const id = cpuProfileStart(0);
  if (id === 0) {
    throw new codes.ERR_CPU_PROFILE_TOO_MANY();
  }
  return new SyncCPUProfileHandle(id);
}

/**
 * The live objects that have ctor's prototype on their chain: how many, or for `summary` how they print.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
export function queryObjects(ctor: any, options: any = { __proto__: null }): number | string[] {
  validateFunction(ctor, 'constructor');
  if (options !== undefined) {
    validateObject(options, 'options');
  }
  const format = options.format || 'count';
  if (format !== 'count' && format !== 'summary') {
    throw new codes.ERR_INVALID_ARG_VALUE('options.format', format);
  }
  load('internal:util/deprecate').emitExperimentalWarning('v8.queryObjects()');
  const found = findObjects(ctor.prototype) ?? [];
  if (format === 'count') {
    return found.length;
  }
  const { inspect } = load('internal:util/inspect');
  return found.map((object: any) => inspect(object, { depth: 0 }));
}
