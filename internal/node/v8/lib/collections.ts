// internal:v8/collections: who wants to know of garbage collections: v8.GCProfiler and performance's 'gc' entries.
import { heapSpaceNames, observeCollections, setCallback, takeCollections } from 'native:engine';

/** One collection. Sizes are there when somebody asked for them. */
export interface Collection {
  type: number; // V8's GCType: 1 scavenge, 2 minor mark-sweep, 4 mark-sweep-compact, 8 incremental marking, 16 weak callbacks
  flags: number; // V8's GCCallbackFlags
  begin: number; // microseconds of the steady clock
  micros: number; // how long it took
  before: Float64Array;
  after: Float64Array;
}
type Listener = (collection: Collection) => void;

// A Map keeps each listener's own wish for sizes.
const listeners = new Map<Listener, boolean>();

/** Gives the listeners what was recorded until now. */
export function deliver(): void {
  for (const [type, flags, begin, micros, before, after] of takeCollections()) {
    const collection: Collection = { type, flags, begin, micros, before, after };
    for (const listener of [...listeners.keys()]) {
      listener(collection);
    }
  }
}
function update(): void {
  observeCollections(listeners.size > 0, [...listeners.values()].includes(true));
}

/** From now on listener hears of every collection, on a later turn of the loop or at deliver(). */
export function observe(listener: Listener, sizes: boolean): void {
  setCallback(9, deliver); // RT_CB_COLLECTED
  deliver(); // what came before is not for it
  listeners.set(listener, sizes);
  update();
}
/** Ends it, after what was recorded has been delivered. */
export function ignore(listener: Listener): void {
  deliver();
  listeners.delete(listener);
  update();
}

const spaceFields = 4;
// The order of the numbers that V8's heap statistics come in here, before those of the spaces.
const heapFields = [
  'totalHeapSize', 'totalHeapSizeExecutable', 'totalPhysicalSize', 'totalAvailableSize', 'totalGlobalHandlesSize', 'usedGlobalHandlesSize',
  'usedHeapSize', 'heapSizeLimit', 'mallocedMemory', 'externalMemory', 'peakMallocedMemory',
];

/** Sizes as GCProfiler's report has them. */
export function describeSizes(sizes: Float64Array): any {
  const heapStatistics: any = {};
  heapFields.forEach((name, i) => { heapStatistics[name] = sizes[i]; });
  const heapSpaceStatistics = heapSpaceNames().map((spaceName: string, i: number) => {
    const at = heapFields.length + i * spaceFields;
    return { spaceName, spaceSize: sizes[at], spaceUsedSize: sizes[at + 1], spaceAvailableSize: sizes[at + 2], physicalSpaceSize: sizes[at + 3] };
  });
  return { heapStatistics, heapSpaceStatistics };
}
