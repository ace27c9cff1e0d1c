// The code cache of user code, and lines of its sources for reports.
export { saveCache, saveLater, sourceLine } from 'native:module/cjs';
