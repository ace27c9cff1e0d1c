// process.report is not there yet.
import { unavailable } from 'internal:errors';

export const report = {
  compact: false,
  directory: '',
  filename: '',
  reportOnFatalError: false,
  reportOnSignal: false,
  reportOnUncaughtException: false,
  excludeNetwork: false,
  signal: 'SIGUSR2',
  getReport: () => unavailable('process.report.getReport'),
  writeReport: () => unavailable('process.report.writeReport'),
};
