// internal:workerthreads/reports: what the workers of this thread say of themselves in its report.
export { workerReports } from 'native:workerthreads';
