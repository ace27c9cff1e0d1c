// node:perf_hooks. https://nodejs.org/docs/latest-v24.x/api/perf_hooks.html
import {
  eventLoopUtilization, Performance, performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver,
  PerformanceObserverEntryList, PerformanceResourceTiming, timerify,
} from 'internal:perfhooks';
import { createHistogram, monitorEventLoopDelay } from 'internal:perfhooks/histogram';

const constants: any = {};
for (const [name, value] of [
  ['NODE_PERFORMANCE_GC_MAJOR', 4], ['NODE_PERFORMANCE_GC_MINOR', 1], ['NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP', 2], ['NODE_PERFORMANCE_GC_INCREMENTAL', 8], ['NODE_PERFORMANCE_GC_WEAKCB', 16],
  ['NODE_PERFORMANCE_GC_FLAGS_NO', 0], ['NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED', 2], ['NODE_PERFORMANCE_GC_FLAGS_FORCED', 4],
  ['NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING', 8], ['NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE', 16],
  ['NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY', 32], ['NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE', 64],
] as const) {
  Object.defineProperty(constants, name, { value, enumerable: true, writable: false, configurable: false });
}

const perfHooks: any = {
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  PerformanceResourceTiming,
  monitorEventLoopDelay,
  eventLoopUtilization,
  timerify,
  createHistogram,
  performance,
};
Object.defineProperty(perfHooks, 'constants', { value: constants, enumerable: true, writable: false, configurable: false });
export default perfHooks;
