// The code cache of user code, and lines of its sources for reports.
export { cacheFolder, compiled, flushCache, noCodeCache, saveLater, sourceLine, useCacheFolder } from 'native:module/cjs';
