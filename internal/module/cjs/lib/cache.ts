// The code cache of user code, and lines of its sources for reports.
export { cacheFolder, codeToSave, compiled, flushCache, noCodeCache, saveCode, saveLater, sourceLine, useCacheFolder } from 'native:module/cjs';
