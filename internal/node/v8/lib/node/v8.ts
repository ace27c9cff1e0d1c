// node:v8. https://nodejs.org/docs/latest-v24.x/api/v8.html
import { heapStatistics } from 'native:runtime';
import { cacheVersion, setFlags } from 'native:v8';
import { codes, unavailable } from 'internal:errors';
import { validateFunction, validateString } from 'internal:validators';
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

// Coverage is collected only under NODE_V8_COVERAGE, which Roost doesn't know: as in Node without it, nothing happens.
function takeCoverage(): void {}
function stopCoverage(): void {}

// Differs from Node: statistics of spaces and code, snapshots, profiles and object queries aren't there.
function getHeapSpaceStatistics(): never { return unavailable('v8.getHeapSpaceStatistics()'); }
function getHeapCodeStatistics(): never { return unavailable('v8.getHeapCodeStatistics()'); }
function getCppHeapStatistics(): never { return unavailable('v8.getCppHeapStatistics()'); }
function getHeapSnapshot(_options: any): never { return unavailable('v8.getHeapSnapshot()'); }
function writeHeapSnapshot(_filename: any, _options: any): never { return unavailable('v8.writeHeapSnapshot()'); }
function setHeapSnapshotNearHeapLimit(_limit: any): never { return unavailable('v8.setHeapSnapshotNearHeapLimit()'); }
function queryObjects(ctor: any): never { validateFunction(ctor, 'constructor'); return unavailable('v8.queryObjects()'); }
function startCpuProfile(): never { return unavailable('v8.startCpuProfile()'); }
class GCProfiler {
  start(): never { return unavailable('v8.GCProfiler.start()'); }
  /** What a profiler that wasn't started has. */
  stop(): undefined { return undefined; }
}
const promiseHooks = {
  createHook(): never { return unavailable('v8.promiseHooks.createHook()'); },
  onInit(_hook: any): never { return unavailable('v8.promiseHooks.onInit()'); },
  onBefore(_hook: any): never { return unavailable('v8.promiseHooks.onBefore()'); },
  onAfter(_hook: any): never { return unavailable('v8.promiseHooks.onAfter()'); },
  onSettled(_hook: any): never { return unavailable('v8.promiseHooks.onSettled()'); },
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
