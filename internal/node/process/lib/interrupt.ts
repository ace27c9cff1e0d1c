// internal:process/interrupt: --trace-sigint and util.setTraceSigInt(). https://nodejs.org/docs/latest-v24.x/api/cli.html#--trace-sigint
import { traceInterrupt } from 'native:process';
import { codes } from 'internal:errors';
import { load } from 'internal:load';

/** @throws ERR_WORKER_UNSUPPORTED_OPERATION */
export function setTraceSigInt(enable: boolean): void {
  if (!load('internal:workerthreads/state').state.isMainThread) {
    throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION('Calling util.setTraceSigInt');
  }
  traceInterrupt(enable);
}
