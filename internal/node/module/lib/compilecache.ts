// The compile cache of node:module: code compiled by V8 in a folder that the user names, beside the one that is always kept.
// https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
import { cacheFolder, flushCache, useCacheFolder } from 'internal:module/cjs/cache';
import { codes } from 'internal:errors';
import { writeSync } from 'native:runtime';
import { load } from 'internal:load';

const { freeze } = Object;

const compileCacheStatus = freeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 });
export const constants: any = freeze({ __proto__: null, compileCacheStatus });

interface Outcome {
  status: number;
  message?: string;
  directory?: string;
}

function proc(): any {
  return load('internal:process').process;
}

/** Whether NODE_DEBUG_NATIVE asks for the log of the cache. */
function logs(): boolean {
  const { NODE_DEBUG_NATIVE } = proc().env;
  return typeof NODE_DEBUG_NATIVE === 'string' && NODE_DEBUG_NATIVE.toUpperCase().split(',').includes('COMPILE_CACHE');
}

function enable(directory: string, portable: boolean): Outcome {
  const process = proc();
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) {
    if (logs()) {
      writeSync(2, '[compile cache] Disabled by NODE_DISABLE_COMPILE_CACHE.\n');
    }
    return { status: compileCacheStatus.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  const current = cacheFolder();
  if (current !== '') {
    return { status: compileCacheStatus.ALREADY_ENABLED, directory: current };
  }
  const message = useCacheFolder(directory, process.version, portable, logs());
  if (message !== undefined) {
    return { status: compileCacheStatus.FAILED, message };
  }
  return { status: compileCacheStatus.ENABLED, directory: directory.startsWith('/') ? directory : load('node:path').default.resolve(directory) };
}

const isPortable = (): boolean => proc().env.NODE_COMPILE_CACHE_PORTABLE === '1';

/** NODE_COMPILE_CACHE, when the program starts. */
export function enableFromEnvironment(directory: string): void {
  enable(directory, isPortable());
}

/**
 * module.enableCompileCache([options]): code that is compiled from now on is kept in a folder and taken from there.
 * @param options the folder, or {directory, portable}; by default NODE_COMPILE_CACHE, or node-compile-cache in the folder of temporary files
 * @throws ERR_INVALID_ARG_TYPE
 */
export function enableCompileCache(options?: any): Outcome {
  let directory = options;
  let portable;
  if (typeof options === 'object' && options !== null) {
    ({ directory, portable } = options);
  }
  if (directory !== undefined && typeof directory !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE('cacheDir', 'string', directory);
  }
  directory ||= proc().env.NODE_COMPILE_CACHE || `${load('node:os').default.tmpdir()}/node-compile-cache`;
  return enable(directory, portable === undefined ? isPortable() : Boolean(portable));
}

/** module.getCompileCacheDir(): the folder in use; undefined when none was asked for. */
export function getCompileCacheDir(): string | undefined {
  return cacheFolder() || undefined;
}

/** module.flushCompileCache(): writes what was compiled up to now. @throws ERR_INVALID_ARG_TYPE */
export function flushCompileCache(keepDeserializedCache: boolean = false): void {
  if (typeof keepDeserializedCache !== 'boolean') {
    throw new codes.ERR_INVALID_ARG_TYPE('keepDeserializedCache', 'boolean', keepDeserializedCache);
  }
  flushCache();
}
