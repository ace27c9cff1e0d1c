// The code cache of user code, and lines of its sources for reports.
export { cacheFolder, flushCache, saveLater, sourceLine, useCacheFolder } from 'native:module/cjs';
