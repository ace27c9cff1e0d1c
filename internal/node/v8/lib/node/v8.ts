// node:v8. https://nodejs.org/docs/latest-v24.x/api/v8.html
import { heapCode, heapSpaceNames, heapSpaces } from 'native:engine';
import { heapStatistics } from 'native:runtime';
import { cacheVersion, setFlags } from 'native:v8';
import { addPromiseHooks } from 'internal:asynchooks/promisehooks';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import * as types from 'internal:util/types';
import { validateFunction, validateOneOf, validateString, validateUint32 } from 'internal:validators';
import { GCProfiler, queryObjects, startCpuProfile } from 'internal:v8/profile';
import { DefaultDeserializer, DefaultSerializer, deserialize, Deserializer, serialize, Serializer } from 'internal:v8/format';

const statistics = [
  'total_heap_size', 'total_heap_size_executable', 'total_physical_size', 'total_available_size', 'used_heap_size', 'heap_size_limit',
  'malloced_memory', 'peak_malloced_memory', 'does_zap_garbage', 'number_of_native_contexts', 'number_of_detached_contexts',
  'total_global_handles_size', 'used_global_handles_size', 'external_memory',
];

/** Sizes in bytes. */
function getHeapStatistics(): any {
  const numbers = heapStatistics();
  const out: any = {};
  for (let i = 0; i < statistics.length; i++) {
    out[statistics[i]] = numbers[i];
  }
  return out;
}
function cachedDataVersionTag(): number {
  return cacheVersion();
}
function setFlagsFromString(flags: any): void {
  validateString(flags, 'flags');
  setFlags(flags);
}

// Differs from Node: a string of two-byte representation whose characters would all fit into one byte is told to be one-byte.
function isStringOneByteRepresentation(content: any): boolean {
  validateString(content, 'content');
  // eslint-disable-next-line no-control-regex
  return !/[^\x00-\xff]/.test(content);
}

/** Writes what NODE_V8_COVERAGE has counted. */
function takeCoverage(): void {
  if (load('internal:process').process.env.NODE_V8_COVERAGE) {
    load('internal:inspector/coverage').takeCoverage();
  }
}
/** Ends the counting of NODE_V8_COVERAGE. */
function stopCoverage(): void {
  if (load('internal:process').process.env.NODE_V8_COVERAGE) {
    load('internal:inspector/coverage').stopCoverage();
  }
}

/** Sizes of each space of the heap, in bytes. */
function getHeapSpaceStatistics(): any[] {
  const sizes = heapSpaces();
  return heapSpaceNames().map((space_name: string, i: number) => ({
    space_name, space_size: sizes[i * 4], space_used_size: sizes[i * 4 + 1], space_available_size: sizes[i * 4 + 2], physical_space_size: sizes[i * 4 + 3],
  }));
}
/** Sizes of what belongs to code, in bytes. */
function getHeapCodeStatistics(): any {
  const [code_and_metadata_size, bytecode_and_metadata_size, external_script_source_size, cpu_profiler_metadata_size] = heapCode();
  return { code_and_metadata_size, bytecode_and_metadata_size, external_script_source_size, cpu_profiler_metadata_size };
}
// Roost has nothing on V8's C++ heap, so it has none: all is zero.
function getCppHeapStatistics(type: any = 'detailed'): any {
  validateOneOf(type, 'type', ['brief', 'detailed']);
  return {
    __proto__: null, committed_size_bytes: 0, resident_size_bytes: 0, used_size_bytes: 0, space_statistics: [], type_names: [], detail_level: type,
  };
}
/** From now on at most limit snapshots are written as the heap comes near its limit. Only the first call counts, and none after --heapsnapshot-near-heap-limit. */
function setHeapSnapshotNearHeapLimit(limit: any): void {
  validateUint32(limit, 'limit', true);
  load('internal:v8/commandline').snapshotNearHeapLimit(limit);
}
const getHeapSnapshot = (options?: any): any => load('internal:v8/snapshot').getHeapSnapshot(options);
const writeHeapSnapshot = (filename?: any, options?: any): string => load('internal:v8/snapshot').writeHeapSnapshot(filename, options);

// ---- promiseHooks ----

function checkHook(hook: any, name: string): void {
  validateFunction(hook, name);
  // A hook that makes promises would call itself without end.
  if (types.isAsyncFunction(hook)) {
    throw new codes.ERR_INVALID_ARG_TYPE(name, 'function', hook);
  }
}
const only = (event: string) => (hook: any): (() => void) => {
  checkHook(hook, `${event}Hook`);
  return addPromiseHooks({ [event]: hook });
};
const promiseHooks = {
  createHook({ init, before, after, settled }: any = {}): () => void {
    for (const [event, hook] of Object.entries({ init, before, after, settled })) {
      if (hook !== undefined) {
        checkHook(hook, `${event}Hook`);
      }
    }
    return addPromiseHooks({ init, before, after, settled });
  },
  onInit: only('init'),
  onBefore: only('before'),
  onAfter: only('after'),
  onSettled: only('settled'),
};

// No program of Roost is ever one that builds a startup snapshot.
function notBuilding(): never { throw new codes.ERR_NOT_BUILDING_SNAPSHOT(); }
const startupSnapshot = {
  addDeserializeCallback(_callback: any, _data: any): never { return notBuilding(); },
  addSerializeCallback(_callback: any, _data: any): never { return notBuilding(); },
  setDeserializeMainFunction(_callback: any, _data: any): never { return notBuilding(); },
  isBuildingSnapshot(): boolean { return false; },
};

export default {
  cachedDataVersionTag,
  getHeapSnapshot,
  getHeapStatistics,
  getHeapSpaceStatistics,
  getHeapCodeStatistics,
  getCppHeapStatistics,
  setFlagsFromString,
  Serializer,
  Deserializer,
  DefaultSerializer,
  DefaultDeserializer,
  deserialize,
  takeCoverage,
  stopCoverage,
  serialize,
  writeHeapSnapshot,
  promiseHooks,
  queryObjects,
  startupSnapshot,
  setHeapSnapshotNearHeapLimit,
  GCProfiler,
  isStringOneByteRepresentation,
  startCpuProfile,
};
